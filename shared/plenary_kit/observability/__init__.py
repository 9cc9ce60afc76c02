"""Observability: structured logs without personal data, metrics, and the thread of a trace from request to event."""
