"""What a service listens to: facts mapped to listeners."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec

from plenary_kit.context import MessageContext, within
from plenary_kit.messaging.envelope import Envelope
from plenary_kit.messaging.facts import Fact
from plenary_kit.persistence.work import Work


@dataclass(frozen=True)
class Delivery:
    """What the backbone knows about a fact on its way: `version` is the subject's, contiguous from 1."""

    event_id: UUID
    type: str
    subject: str
    subject_id: UUID
    version: int
    occurred_at: datetime


# A listener takes (work, fact, delivery); its fact parameter is the class, or union of classes, that it is registered for.
Listener = Callable[[Work, Any, Delivery], None]


@dataclass(frozen=True)
class ByRun:
    """A listener that takes facts which follow one another at once, in their order, and announces nothing: what copies are kept by."""

    listener: Callable[[Work, Sequence[tuple[Any, Delivery]]], None]


class Subscriptions:
    """The listeners of one consuming service. Whole subjects are subscribed to, so that a subject's versions arrive without gaps."""

    def __init__(self, listeners: Mapping[type[Fact], Listener | ByRun]) -> None:
        """Listen with `listeners`; facts of the same subjects without a listener are passed over."""
        self._listeners = {fact.TYPE: listener for fact, listener in listeners.items()}
        self._decoders = {fact.TYPE: msgspec.json.Decoder(fact) for fact in listeners}
        self.subjects = frozenset(fact.SUBJECT for fact in listeners)
        self.sources = frozenset(fact.SERVICE for fact in listeners)
        self.types = frozenset(self._listeners)

    def handle(self, work: Work, envelopes: Iterable[Envelope]) -> Iterator[Sequence[Envelope]]:
        """Call the listeners of messages in their order, and give what was handled after each call.

        A payload that does not fit its contract raises `msgspec.ValidationError`.
        """
        for listener, following in groupby(envelopes, key=lambda envelope: self._listeners.get(envelope.type)):
            run = list(following)
            if isinstance(listener, ByRun):
                listener.listener(work, [(self._fact(envelope), _delivery(envelope)) for envelope in run])
                yield run
                continue
            for envelope in run:
                if listener is not None:
                    self._tell(listener, work, envelope)
                yield [envelope]

    def _tell(self, listener: Listener, work: Work, envelope: Envelope) -> None:
        with within(MessageContext(envelope.correlationid, str(envelope.id), envelope.traceparent)):
            listener(work, self._fact(envelope), _delivery(envelope))

    def _fact(self, envelope: Envelope) -> Any:
        return self._decoders[envelope.type].decode(envelope.data)


def _delivery(envelope: Envelope) -> Delivery:
    return Delivery(
        event_id=envelope.id,
        type=envelope.type,
        subject=envelope.subjecttype,
        subject_id=envelope.subject,
        version=envelope.version,
        occurred_at=envelope.time,
    )
