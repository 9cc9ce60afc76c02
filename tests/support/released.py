"""The contracts as they were released, kept as files. `make contracts` adds new facts and new optional fields, and refuses every other change."""

import json
import sys
from pathlib import Path
from typing import Any

import msgspec

from plenary.documents.contracts import read_contracts
from plenary_kit.messaging.facts import Fact

FOLDER = Path(__file__).parent.parent / "contracts"
SCHEMAS, SAMPLES = FOLDER / "released", FOLDER / "samples"
Schema = dict[str, Any]


def current() -> dict[str, Schema]:
    """Give the schema of every fact as the code has it, without its words."""
    return {contract.name: schema_of(contract.fact) for contract in read_contracts().each}


def released() -> dict[str, Schema]:
    """Give the schema of every fact as it was released."""
    return {path.stem: json.loads(path.read_text()) for path in SCHEMAS.glob("*.json")}


def schema_of(fact: type[Fact]) -> Schema:
    """Give the schema as it is on the wire: without the names of our classes, and without words."""
    (top,), parts = msgspec.json.schema_components([fact])
    return dict(json.loads(json.dumps(_on_the_wire(top, parts))))


def _on_the_wire(schema: Any, parts: Schema) -> Any:
    if isinstance(schema, list):
        return [_on_the_wire(each, parts) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return _on_the_wire(parts[schema["$ref"].rpartition("/")[2]], parts)
    plain = {key: _on_the_wire(value, parts) for key, value in schema.items() if key not in {"title", "description", "properties"}}
    fields = {name: _on_the_wire(each, parts) for name, each in schema.get("properties", {}).items()}  # a field may well be called title
    return plain | ({"properties": fields} if fields else {})


def breaks(old: Schema, new: Schema, where: str = "") -> list[str]:
    """Say what in `new` a message or a listener of `old` would stumble over."""
    if old.get("type") == new.get("type") == "object":
        return _broken_fields(old, new, where)
    if old.get("type") == new.get("type") == "array" and not {"prefixItems"} & (old.keys() | new.keys()):
        return breaks(old["items"], new["items"], f"{where}[]")
    if len(old.get("anyOf", [])) == len(new.get("anyOf", [])) > 0:
        return [problem for before, now in zip(old["anyOf"], new["anyOf"], strict=True) for problem in breaks(before, now, where)]
    return [] if old == new else [f"{where} changed"]


def _broken_fields(old: Schema, new: Schema, where: str) -> list[str]:
    before, now = old["properties"], new["properties"]
    needed_before, needed_now = set(old.get("required", [])), set(new.get("required", []))
    found = [f"{where}.{name} was removed" for name in before.keys() - now.keys()]
    found += [f"{where}.{name} is new and required" for name in needed_now - before.keys()]
    found += [
        f"{where}.{name} became {'required' if name in needed_now else 'optional'}"
        for name in needed_before ^ needed_now
        if name in before.keys() & now.keys()
    ]
    return found + [problem for name in before.keys() & now.keys() for problem in breaks(before[name], now[name], f"{where}.{name}")]


def main() -> None:
    before, now = released(), current()
    problems = [f"{name} is gone" for name in before.keys() - now.keys()]
    problems += [f"{name}: {problem}" for name in before.keys() & now.keys() for problem in breaks(before[name], now[name])]
    if problems:
        sys.exit("\n".join(["A released fact is frozen; publish a new version beside it.", *sorted(problems)]))
    for name in now:
        if before.get(name) != now[name]:
            (SCHEMAS / f"{name}.json").write_text(json.dumps(now[name], indent=1) + "\n")
            print(f"released {name}")


if __name__ == "__main__":
    main()
