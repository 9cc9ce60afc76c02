"""Figures about the backbone of one service, for metrics and operators."""

from dataclasses import dataclass

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from plenary_kit.messaging.tables import GAP, HELD, OUTBOX, PARKED, RETRY
from plenary_kit.persistence.database import Database

_log = structlog.get_logger()


@dataclass(frozen=True)
class BackboneHealth:
    """Rows that wait to be published and the age of the oldest in seconds; messages held for a gap, for another try, and parked."""

    pending: int
    oldest_seconds: float
    waiting: int
    retrying: int
    parked: int


def backbone_answers(database: Database) -> bool:
    """Tell whether the tables of the backbone are there and can be read."""
    try:
        backbone_health(database)
    except SQLAlchemyError as error:
        _log.warning("health.backbone", exc_info=error)
        return False
    return True


def backbone_health(database: Database) -> BackboneHealth:
    """Read the figures."""
    with database.reading() as session:
        pending, oldest = session.execute(select(func.count(), func.min(OUTBOX.c.occurred_at)).where(OUTBOX.c.published_at.is_(None))).one()
        rows = session.execute(select(HELD.c.reason, func.count().label("number")).group_by(HELD.c.reason))
        held: dict[str, int] = {row.reason: row.number for row in rows}
    age = (database.clock() - oldest).total_seconds() if oldest else 0.0
    return BackboneHealth(pending, age, held.get(GAP, 0), held.get(RETRY, 0), held.get(PARKED, 0))
