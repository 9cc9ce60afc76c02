"""What the backbone's tests announce and what their consumer does with it: a copy by version, and one account row per effect."""

import os
import signal
from uuid import UUID

from sqlalchemy import Column, Integer, Table, Uuid, insert, select, update

from plenary_kit.messaging.facts import Fact, fact
from plenary_kit.messaging.listening import Delivery
from plenary_kit.messaging.tables import OUTBOX, add_messaging_tables
from plenary_kit.persistence.columns import service_metadata
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work

METADATA = service_metadata()
add_messaging_tables(METADATA)
ACCOUNT = Table(
    "account",
    METADATA,
    Column("position", Integer, primary_key=True, autoincrement=True),
    Column("event_id", Uuid),
    Column("subject_id", Uuid),
    Column("version", Integer),
    Column("count", Integer),
)
COPY = Table("copy", METADATA, Column("id", Uuid, primary_key=True), Column("version", Integer), Column("count", Integer))
POISON, DEADLY = -1, -2


@fact("source.counter.counted.v1")
class Counted(Fact, frozen=True, kw_only=True):
    """A counter reached a count."""

    count: int


def keep(work: Work, counted: Counted, delivery: Delivery) -> None:
    if counted.count == POISON:
        raise ZeroDivisionError("poison")
    if counted.count == DEADLY:
        os.kill(os.getpid(), signal.SIGKILL)
    work.session.execute(insert(ACCOUNT).values(event_id=delivery.event_id, subject_id=counted.id, version=delivery.version, count=counted.count))
    known = work.session.scalar(select(COPY.c.version).where(COPY.c.id == counted.id))
    values = {"version": delivery.version, "count": counted.count}
    work.session.execute(
        insert(COPY).values(id=counted.id, **values) if known is None else update(COPY).where(COPY.c.id == counted.id).values(**values)
    )


def announce(database: Database, subject: UUID, *counts: int) -> None:
    for count in counts:
        with database.work() as work:
            work.announce(Counted(id=subject, count=count))


def payloads(database: Database) -> list[bytes]:
    with database.reading() as session:
        return list(session.scalars(select(OUTBOX.c.payload).order_by(OUTBOX.c.seq)))


def account(database: Database) -> list[tuple[UUID, int, int]]:
    """List (subject, version, count) of every effect in the order in which they happened."""
    with database.reading() as session:
        rows = session.execute(select(ACCOUNT.c.subject_id, ACCOUNT.c.version, ACCOUNT.c.count).order_by(ACCOUNT.c.position))
        return [tuple(row) for row in rows]


def faults(source: Database, target: Database) -> list[str]:
    """Compare what was announced with what took effect; an empty list means nothing lost, doubled, invented or out of order."""
    with source.reading() as session:
        announced = [tuple(row) for row in session.execute(select(OUTBOX.c.subject_id, OUTBOX.c.version).order_by(OUTBOX.c.seq))]
    effects = [(subject, version) for subject, version, _ in account(target)]
    found = [f"lost {item}" for item in set(announced) - set(effects)] + [f"invented {item}" for item in set(effects) - set(announced)]
    found += [f"doubled {item}" for item in set(effects) if effects.count(item) > 1] if len(effects) != len(set(effects)) else []
    last: dict[UUID, int] = {}
    for subject, version in effects:
        if version <= last.get(subject, 0):
            found.append(f"out of order {subject} {version}")
        last[subject] = version
    return found
