"""The trace of what is being done: set by the web edge for a request and by the consumer for an event, read when a fact is announced."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field

import uuid_utils.compat


@dataclass(frozen=True)
class MessageContext:
    """One story's `correlation_id`, the event or request that caused the next step, and the W3C `traceparent` it belongs to."""

    correlation_id: str = field(default_factory=lambda: str(uuid_utils.compat.uuid7()))
    causation_id: str | None = None
    traceparent: str | None = None


def stored_context(context: MessageContext) -> dict[str, str | None]:
    """Write a context down, for a step that is taken later."""
    return asdict(context)


def restored_context(stored: Mapping[str, str | None] | None) -> MessageContext:
    """Read a context that was written down; without one a new story begins."""
    if not stored or not stored["correlation_id"]:
        return MessageContext()
    return MessageContext(stored["correlation_id"], stored["causation_id"], stored["traceparent"])


_current: ContextVar[MessageContext | None] = ContextVar("plenary_context", default=None)


def current_context() -> MessageContext:
    """Give the context of this request or event; outside of both, a new story begins."""
    return _current.get() or MessageContext()


@contextmanager
def within(context: MessageContext) -> Iterator[None]:
    """Do what follows as part of `context`."""
    token = _current.set(context)
    try:
        yield
    finally:
        _current.reset(token)
