"""Metrics: one Prometheus registry per service, so that several services can live in one process."""

import os
from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


class Metrics:
    """What one service counts; add more to `registry`. Labels are routes and never ids or names."""

    def __init__(self, service: str, figures: Sequence[Collector] = ()) -> None:
        """Count for `service`; `figures` are read whenever somebody asks."""
        self.registry = CollectorRegistry()
        self._figures = tuple(figures)
        labels = ("service", "method", "route", "status")
        self._requests = Counter("plenary_http_requests_total", "Answered requests", labels, registry=self.registry)
        self._seconds = Histogram(
            "plenary_http_request_seconds", "Time to answer a request", ("service", "route"), registry=self.registry, buckets=BUCKETS
        )
        self._service = service

    def answered(self, *, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._requests.labels(self._service, method, route, str(status)).inc()
        self._seconds.labels(self._service, route).observe(seconds)

    def exposition(self) -> bytes:
        """Give everything in Prometheus' text format; with `PROMETHEUS_MULTIPROC_DIR` set, summed over the workers."""
        if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
            return generate_latest(self.registry) + self._read()
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call]
        return generate_latest(together) + self._read()

    def _read(self) -> bytes:
        """Read the figures that every process would find the same."""
        figures = CollectorRegistry()
        for each in self._figures:
            figures.register(each)
        return generate_latest(figures)
