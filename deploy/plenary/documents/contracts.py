"""The contracts as they are wired: every fact that a service publishes, its schema, and the services that listen to it."""

from dataclasses import dataclass
from typing import Any

import msgspec

from plenary.composition import SERVICES, all_subscriptions
from plenary_kit.messaging.envelope import Envelope
from plenary_kit.messaging.facts import Fact, registered

_PLACE = "#/components/schemas/{name}"


@dataclass(frozen=True)
class Contract:
    """One fact type and the names of the services that listen to it."""

    fact: type[Fact]
    listeners: tuple[str, ...]

    @property
    def name(self) -> str:
        """The fact's type name, which is its routing key too."""
        return self.fact.TYPE

    @property
    def sentence(self) -> str:
        """What the fact says, in words."""
        return " ".join(str(self.fact.__doc__).split())


@dataclass(frozen=True)
class Contracts:
    """All contracts in the order of services and names; `schemas` holds each fact, each part and the envelope by class name, as JSON Schema."""

    each: tuple[Contract, ...]
    schemas: dict[str, dict[str, Any]]

    def of(self, service: str) -> list[Contract]:
        """List what a service publishes."""
        return [contract for contract in self.each if service == contract.fact.SERVICE]


def read_contracts() -> Contracts:
    """Read the contracts off the code."""
    hearing = all_subscriptions()
    facts = sorted((fact for fact in registered().values() if fact.SERVICE in SERVICES), key=lambda fact: (SERVICES.index(fact.SERVICE), fact.TYPE))
    _, schemas = msgspec.json.schema_components([*facts, Envelope], ref_template=_PLACE)
    return Contracts(tuple(Contract(fact, tuple(name for name in SERVICES if fact.TYPE in hearing[name].types)) for fact in facts), schemas)
