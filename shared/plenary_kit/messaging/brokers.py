"""Brokers: the way of messages from one service's relay to the intakes of the others.

`DirectBroker` is the embedded shape: all services live in one process, and the relay itself hands each batch to every intake that listens. Handing
over returns after those intakes committed, so a row marked published has had its effect: nothing is kept in memory that a crash could lose.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol
from uuid import UUID

from plenary_kit.messaging.intake import Intake, read


class BrokerDownError(Exception):
    """The broker cannot be reached or did not confirm in time; nothing is known about the batch."""


@dataclass(frozen=True)
class Outgoing:
    """A message that is ready to go: its bytes are the final ones."""

    event_id: UUID
    type: str
    subject: str
    payload: bytes


@dataclass(frozen=True)
class Published:
    """What the broker said: ids it confirmed, and ids that it refused or could not route, with the reason."""

    confirmed: frozenset[UUID]
    refused: dict[UUID, str]


class Broker(Protocol):
    """Takes batches of messages of one service."""

    def attend(self, service: str) -> None:
        """Be ready to publish for `service`; called again and again while there is nothing to do. Raises `BrokerDownError`."""
        ...

    def publish(self, service: str, batch: Sequence[Outgoing]) -> Published:
        """Publish and wait for the confirms of the whole batch; raises `BrokerDownError`."""
        ...

    def close(self) -> None:
        """Let go of connections."""


class DirectBroker:
    """Hands batches over within the process."""

    def __init__(self) -> None:
        """Start without intakes."""
        self._intakes: list[Intake] = []

    def connect(self, intake: Intake) -> None:
        """Let `intake` have the subjects that it subscribes to from now on."""
        self._intakes.append(intake)

    def attend(self, service: str) -> None:
        """Be ready: there is nothing to connect to."""

    def publish(self, service: str, batch: Sequence[Outgoing]) -> Published:
        """Give each intake its part; an intake whose database fails raises, and nothing counts as confirmed."""
        del service
        for intake in self._intakes:
            wanted = [read(message.payload) for message in batch if message.subject in intake.subscriptions.subjects]
            if wanted:
                intake.take(wanted)
        return Published(frozenset(message.event_id for message in batch), {})

    def close(self) -> None:
        """Hold nothing."""
