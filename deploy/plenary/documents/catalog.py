"""The contracts as a page that people read."""

from typing import Any

from plenary.composition import SERVICES
from plenary.documents.contracts import Contract, Contracts

HEAD = """# Catalog of events

<!-- Written by `plenary events`; change the contracts in `shared/plenary_contracts`, then run it again. -->

An event is a published fact: something that happened, told once, in the past tense, as `service.subject.what_happened.v1`. That name is the routing
key, too. The message is a [CloudEvents 1.0](https://cloudevents.io) document; its `sequence` is the subject's version, counted from 1 without a gap,
and `id` in the fields below is the subject. A released fact is frozen: it may gain an optional field, anything else is a new version beside the old.

The same in a form for machines: [asyncapi.json](asyncapi.json) (AsyncAPI 3.0).

| event | listened to by |
|---|---|
"""


def catalog(contracts: Contracts) -> bytes:
    """Write the page as Markdown."""
    overview = "".join(f"| [`{contract.name}`](#{_anchor(contract.name)}) | {_who(contract)} |\n" for contract in contracts.each)
    chapters = [_chapter(service, contracts) for service in SERVICES]
    return (HEAD + overview + "".join(chapters) + _parts(contracts)).encode()


def _chapter(service: str, contracts: Contracts) -> str:
    return f"\n## Published by {service}\n" + "".join(_section(contract, contracts) for contract in contracts.of(service))


def _section(contract: Contract, contracts: Contracts) -> str:
    fields = _fields(contracts.schemas[contract.fact.__name__])
    return f"\n### {contract.name}\n\n{contract.sentence}\n\nListened to by: {_who(contract)}.\n\n{fields}"


def _parts(contracts: Contracts) -> str:
    """Describe the small values that facts are made of."""
    facts = {contract.fact.__name__ for contract in contracts.each} | {"Envelope"}
    parts = {name: schema for name, schema in sorted(contracts.schemas.items()) if name not in facts}
    sections = [f"\n### {name}\n\n{schema['description']}\n\n{_fields(schema)}" for name, schema in parts.items()]
    return "\n## Parts\n" + "".join(sections)


def _who(contract: Contract) -> str:
    return ", ".join(contract.listeners) or "nobody yet"


def _fields(schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"Written as {_words(schema)}.\n"
    required = schema.get("required", [])
    rows = [f"| `{name}` | {_words(field)}{'' if name in required else ', optional'} |\n" for name, field in schema["properties"].items()]
    return "| field | value |\n|---|---|\n" + "".join(rows)


def _words(schema: dict[str, Any]) -> str:
    """Say a JSON schema in a word or two."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return f"[{name}](#{_anchor(name)})"
    if "anyOf" in schema:
        return " or ".join(_words(each) for each in schema["anyOf"])
    if "prefixItems" in schema:
        return f"[{', '.join(_words(each) for each in schema['prefixItems'])}]"
    if schema.get("type") == "array":
        return f"list of {_words(schema['items'])}" if "items" in schema else "list"
    return str(schema.get("format") or schema.get("type", "any"))


def _anchor(heading: str) -> str:
    return heading.lower().replace(".", "")
