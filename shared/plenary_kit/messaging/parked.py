"""The parking lot: messages that failed too often, for an operator to look at, mend and send on, or drop."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update

from plenary_kit.messaging.tables import HELD, LANE, PARKED, RETRY
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound


@dataclass(frozen=True)
class ParkedRow:
    """A parked message: what it is, when it came, how often it was tried and why it failed last."""

    event_id: UUID
    type: str
    subject_id: UUID
    version: int
    held_at: datetime
    attempts: int
    last_error: str


def parked(database: Database) -> list[ParkedRow]:
    """List the parked messages, the oldest first."""
    columns = (HELD.c.event_id, HELD.c.type, HELD.c.subject_id, HELD.c.version, HELD.c.held_at, HELD.c.attempts, HELD.c.last_error)
    with database.reading() as session:
        return [ParkedRow(*row) for row in session.execute(select(*columns).where(HELD.c.reason == PARKED).order_by(HELD.c.held_at))]


def payload(database: Database, event_id: UUID) -> bytes:
    """Give a parked message's bytes; raises `NotFound`."""
    with database.reading() as session:
        found: bytes | None = session.scalar(select(HELD.c.payload).where(HELD.c.event_id == event_id, HELD.c.reason == PARKED))
    if found is None:
        raise NotFound("No such message is parked.")
    return found


def replay(database: Database, event_id: UUID | None = None) -> int:
    """Make parked messages (one, or all for None) due now, their tries counted anew; the next sweep takes them. Gives their number."""
    chosen = update(HELD).where(HELD.c.reason == PARKED)
    if event_id is not None:
        chosen = chosen.where(HELD.c.event_id == event_id)
    with database.work() as work:
        return len(work.session.execute(chosen.values(reason=RETRY, attempts=0, next_at=work.now).returning(HELD.c.event_id)).all())


def drop(database: Database, event_id: UUID) -> None:
    """Give a parked message up: its lane goes on after it. Raises `NotFound`."""
    with database.work() as work:
        gone = delete(HELD).where(HELD.c.event_id == event_id, HELD.c.reason == PARKED)
        row = work.session.execute(gone.returning(HELD.c.subject, HELD.c.subject_id, HELD.c.version)).first()
        if row is None:
            raise NotFound("No such message is parked.")
        next_in_lane = (LANE.c.subject == row.subject) & (LANE.c.subject_id == row.subject_id) & (LANE.c.version == row.version - 1)
        work.session.execute(update(LANE).where(next_in_lane).values(version=row.version))
        following = (HELD.c.subject == row.subject) & (HELD.c.subject_id == row.subject_id) & (HELD.c.version == row.version + 1)
        work.session.execute(update(HELD).where(following).values(reason=RETRY, next_at=work.now))
