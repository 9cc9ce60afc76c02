"""The unit of work: one transaction that changes state and announces facts, both or neither."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.context import MessageContext, current_context
from plenary_kit.refusal import Refusal


class Announceable(Protocol):
    """A fact about the subject `id`; `plenary_kit.messaging.facts.Fact` is the one that exists."""

    @property
    def id(self) -> UUID:
        """The subject that the fact is about."""
        ...


class Announcement(NamedTuple):
    """A fact and the story in which it was announced."""

    fact: Announceable
    context: MessageContext


class Outlet(Protocol):
    """Where announced facts go: written inside the transaction, the doorbell rung after it. The messaging kit provides it."""

    def write(self, connection: Connection, announcements: Sequence[Announcement], now: datetime) -> None:
        """Store the facts in the transaction of `connection`."""

    def ring(self) -> None:
        """Wake whoever carries stored facts onward; called after the commit."""

    def close(self) -> None:
        """Let go of connections."""


class Work:
    """What an action works with: a session, one instant for the whole action, and the facts to announce."""

    def __init__(self, session: DatabaseSession, now: datetime) -> None:
        """Bind the `session` of an open transaction and the instant `now`."""
        self.session = session
        self.now = now
        self.announced: list[Announcement] = []
        self._after: list[Callable[[], None]] = []

    def announce(self, fact: Announceable) -> None:
        """Publish `fact` if, and only if, this unit of work commits."""
        self.announced.append(Announcement(fact, current_context()))

    def flush_or_refuse(self, refusal: Refusal) -> None:
        """Write to the database now; where a unique name is taken, be it since a moment ago, raise `refusal`."""
        try:
            self.session.flush()
        except IntegrityError as error:
            raise refusal from error

    def after_commit(self, call: Callable[[], None]) -> None:
        """Run `call` once the transaction is durable; it must not fail the action."""
        self._after.append(call)

    def finished(self) -> None:
        """Run what waited for the commit."""
        for call in self._after:
            call()
