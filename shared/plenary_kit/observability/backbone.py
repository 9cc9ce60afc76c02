"""The backbone's figures for Prometheus, read from the database when they are asked for: right whatever process serves them."""

from collections.abc import Iterator

import structlog
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from plenary_kit.messaging.health import BackboneHealth, backbone_health
from plenary_kit.persistence.database import Database

HELD = ("waiting", "retrying", "parked")
_log = structlog.get_logger()


class BackboneCollector(Collector):
    """What waits in one service's outbox, since when, and which messages it holds back; nothing while the database is away."""

    def __init__(self, database: Database) -> None:
        """Read `database`."""
        self._database = database

    def describe(self) -> Iterator[Metric]:
        """Name the figures without reading them."""
        yield from _families(self._database.name, None)

    def collect(self) -> Iterator[Metric]:
        """Read the figures."""
        try:
            health = backbone_health(self._database)
        except SQLAlchemyError as error:
            _log.warning("metrics.backbone", exc_info=error)
            return
        yield from _families(self._database.name, health)


def _families(service: str, health: BackboneHealth | None) -> Iterator[Metric]:
    pending = GaugeMetricFamily("plenary_outbox_pending", "Facts that wait to be published", labels=["service"])
    oldest = GaugeMetricFamily("plenary_outbox_oldest_seconds", "Age of the oldest fact that waits to be published", labels=["service"])
    held = GaugeMetricFamily(
        "plenary_inbox_held", "Messages held back: waiting for an earlier one, to be retried, parked", labels=["service", "reason"]
    )
    if health is not None:
        pending.add_metric([service], health.pending)
        oldest.add_metric([service], health.oldest_seconds)
        for reason in HELD:
            held.add_metric([service, reason], getattr(health, reason))
    yield from (pending, oldest, held)
