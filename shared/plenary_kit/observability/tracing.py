"""Tracing: one W3C trace from the browser's request through every event to the mail that results."""

from opentelemetry.propagators.textmap import Getter
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
from opentelemetry.trace import NonRecordingSpan, SpanContext, TraceFlags, get_current_span, set_span_in_context
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_HEADER = "traceparent"


class _Carrier(Getter[dict[str, str]]):
    """Reads the one header that matters here."""

    def get(self, carrier: dict[str, str], key: str) -> list[str] | None:
        """Give the values of the header `key`."""
        return [carrier[key]] if key in carrier else None

    def keys(self, carrier: dict[str, str]) -> list[str]:
        """List the headers."""
        return list(carrier)


def continue_trace(traceparent: str | None) -> str:
    """Give the `traceparent` of the next step: the same trace with a new span, or a new trace when the given one is absent or malformed."""
    propagator, ids = TraceContextTextMapPropagator(), RandomIdGenerator()
    context = propagator.extract({_HEADER: traceparent} if traceparent else {}, getter=_Carrier())
    before = get_current_span(context).get_span_context()
    trace_id = before.trace_id if before.is_valid else ids.generate_trace_id()
    flags = before.trace_flags if before.is_valid else TraceFlags(TraceFlags.SAMPLED)
    step = SpanContext(trace_id, ids.generate_span_id(), is_remote=False, trace_flags=flags)
    carrier: dict[str, str] = {}
    propagator.inject(carrier, set_span_in_context(NonRecordingSpan(step)))
    return carrier[_HEADER]


def trace_id_of(traceparent: str | None) -> str | None:
    """Give the trace id (32 hex digits) of a `traceparent`."""
    parts = (traceparent or "").split("-")
    return parts[1] if len(parts) == 4 else None  # noqa: PLR2004 - version, trace, span, flags
