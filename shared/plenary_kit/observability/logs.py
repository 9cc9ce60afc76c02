"""Logs: one JSON object per line, tied to the request or event, without personal data.

JSON escapes every control character, so nothing that a visitor typed can forge a line or color a terminal. Of an exception the type and the places
are kept and the message is not: messages quote what people typed.
"""

import logging
import sys
import traceback
from types import TracebackType
from typing import TextIO

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from plenary_kit.context import current_context
from plenary_kit.observability.tracing import trace_id_of

PERSONAL = frozenset(
    {
        "name",
        "email",
        "address",
        "affiliation",
        "phone",
        "token",
        "cookie",
        "authorization",
        "password",
        "code",
        "secret",
        "ip",
        "user_agent",
        "title",
        "text",
    }
)
WITHHELD = "[withheld]"


def set_up_logging(service: str, *, level: int = logging.INFO, stream: TextIO | None = None) -> None:
    """Send every log line of this process to `stream` (standard output) as JSON; call once, when a process starts."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            _saying(service),
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _thread_of_story,
            _places_of_exception,
            _without_personal_data,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(file=stream or sys.stdout),
        cache_logger_on_first_use=False,
    )


def _saying(service: str) -> Processor:
    """Name the service in every line, whichever thread writes it."""

    def say(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        event.setdefault("service", service)
        return event

    return say


def _thread_of_story(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    context = current_context()
    if context.traceparent:
        event.setdefault("correlation_id", context.correlation_id)
        event.setdefault("trace_id", trace_id_of(context.traceparent))
    return event


def _without_personal_data(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    return {key: WITHHELD if key.lower() in PERSONAL else value for key, value in event.items()}


def _places_of_exception(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    given = event.pop("exc_info", None)
    error = sys.exc_info()[1] if given is True else given
    if isinstance(error, BaseException):
        event["error"] = f"{type(error).__module__}.{type(error).__qualname__}"
        event["places"] = _places(error.__traceback__)
    return event


def _places(trace: TracebackType | None) -> list[str]:
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)[-20:]]
