"""The cards of the areas (the docstring of each area's `__init__.py`), and what the code does beside them."""

import ast
import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path

from plenary_kit.messaging.listening import ByRun
from plenary_kit.service import Service

SENTENCE = re.compile(r"\bPublishes\s+(?P<publishes>.+?);\s+listens\s+to\s+(?P<listens>.+?)(?:\.\s|\.$|:\s)", re.DOTALL)
QUOTED = re.compile(r"`([a-z_.*]+)`")
ROOMS = frozenset({"templates", "static", "migrations", "__pycache__"})


@dataclass(frozen=True)
class Card:
    """What an area says of itself: patterns of facts, without their version."""

    area: str
    publishes: frozenset[str]
    listens: frozenset[str]


class CardError(Exception):
    """The card is not written as cards are: what the area is for, then `Publishes ...; listens to ...`."""


def areas(root: Path) -> Iterator[Path]:
    """Find the areas of every service."""
    for service in sorted((root / "services").glob("*/plenary_*")):
        yield from (folder for folder in sorted(service.iterdir()) if folder.is_dir() and folder.name not in ROOMS)


def read_card(area: Path) -> Card:
    """Read an area's card; raises `CardError` when `__init__.py` holds none, two, or anything else."""
    tree = ast.parse((area / "__init__.py").read_text(encoding="utf-8"))
    card = ast.get_docstring(tree) or ""
    if len(tree.body) != 1:
        raise CardError(f"{area.name}: a card is a docstring and nothing else")
    said = SENTENCE.findall(card)
    if len(said) != 1:
        raise CardError(f"{area.name}: a card says once what the area publishes and what it listens to")
    [(publishes, listens)] = said
    for part in (publishes, listens):
        if not QUOTED.search(part) and not part.startswith("nothing"):
            raise CardError(f"{area.name}: {part!r} names no fact")
    return Card(area.name, frozenset(QUOTED.findall(publishes)), frozenset(QUOTED.findall(listens)))


def heard(service: Service) -> dict[str, set[str]]:
    """List by area which facts a service's own listeners take; those of the kit serve every service alike."""
    taken: dict[str, set[str]] = {}
    for name, listener in service.intake.subscriptions._listeners.items():
        package, _, module = (listener.listener if isinstance(listener, ByRun) else listener).__module__.partition(".")
        if package == f"plenary_{service.name}":
            taken.setdefault(module.partition(".")[0], set()).add(_unversioned(name))
    return taken


def announces(area: Path) -> bool:
    """Tell whether some module of an area announces a fact."""
    trees = (ast.parse(path.read_text(encoding="utf-8")) for path in area.rglob("*.py"))
    calls = (node.func for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call))
    return any(isinstance(call, ast.Attribute) and call.attr == "announce" for call in calls)


def unsaid(said: AbstractSet[str], done: AbstractSet[str]) -> list[str]:
    """Compare patterns with facts: what is done without being said, and what is said without being done."""
    silent = [f"{fact} is not on the card" for fact in sorted(done) if not any(fnmatchcase(fact, pattern) for pattern in said)]
    return silent + [f"{pattern} is on the card alone" for pattern in sorted(said) if not any(fnmatchcase(fact, pattern) for fact in done)]


def facts_of(service: str, registered: Mapping[str, type]) -> set[str]:
    """List the facts that a service may publish; those that tests register are none."""
    contracts = f"plenary_contracts.{service}"
    return {_unversioned(name) for name, fact in registered.items() if fact.__module__ == contracts}


def _unversioned(name: str) -> str:
    return name.rpartition(".")[0]
