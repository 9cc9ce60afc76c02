"""The outbox: facts stored in the transaction that makes them true.

Each subject's versions come from `outbox_head`, counted up under a row lock that the transaction keeps to its end: they have no gap, and a smaller
version always has a smaller `seq`.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Connection, insert
from sqlalchemy.dialects import postgresql, sqlite

from plenary_kit.messaging.doorbell import Doorbell
from plenary_kit.messaging.envelope import encode
from plenary_kit.messaging.facts import Fact
from plenary_kit.messaging.tables import HEAD, OUTBOX
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.work import Announcement

Key = tuple[str, UUID]
_CHUNK = 300


class Outbox:
    """The outlet of a service's database: writes announcements down and rings the relay's bell."""

    def __init__(self, doorbell: Doorbell) -> None:
        """Ring `doorbell` after commits."""
        self.doorbell = doorbell

    def write(self, connection: Connection, announcements: Sequence[Announcement], now: datetime) -> None:
        """Store the announcements; subjects are locked in one order, so that two transactions cannot wait for each other."""
        ordered = sorted(announcements, key=lambda announcement: _key(_fact(announcement)))
        last = _count_up(connection, Counter(_key(_fact(announcement)) for announcement in ordered))
        remaining = Counter(_key(_fact(announcement)) for announcement in ordered)
        rows = []
        for announcement in ordered:
            key = _key(_fact(announcement))
            remaining[key] -= 1
            rows.append(_row(announcement, last[key] - remaining[key], now))
        connection.execute(insert(OUTBOX), rows)

    def ring(self) -> None:
        """Wake the relay."""
        self.doorbell.ring()

    def close(self) -> None:
        """Take the bell down."""
        self.doorbell.close()


def _fact(announcement: Announcement) -> Fact:
    fact = cast("Fact", announcement.fact)
    if not fact.TYPE:
        raise TypeError(f"{type(fact).__name__} is not registered as a fact")
    return fact


def _key(fact: Fact) -> Key:
    return fact.SUBJECT, fact.id


def _count_up(connection: Connection, counts: Counter[Key]) -> dict[Key, int]:
    """Raise each subject's version by its count, and give the last version of each."""
    make: Any = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    keys = sorted(counts)
    last: dict[Key, int] = {}
    for start in range(0, len(keys), _CHUNK):
        values = [{"subject": key[0], "subject_id": key[1], "version": counts[key]} for key in keys[start : start + _CHUNK]]
        statement = make(HEAD).values(values)
        raised = statement.on_conflict_do_update(
            index_elements=[HEAD.c.subject, HEAD.c.subject_id], set_={"version": HEAD.c.version + statement.excluded.version}
        ).returning(HEAD.c.subject, HEAD.c.subject_id, HEAD.c.version)
        last |= {(row.subject, row.subject_id): row.version for row in connection.execute(raised)}
    return last


def _row(announcement: Announcement, version: int, now: datetime) -> dict[str, Any]:
    fact, event_id = _fact(announcement), new_id()
    return {
        "event_id": event_id,
        "subject": fact.SUBJECT,
        "subject_id": fact.id,
        "version": version,
        "type": fact.TYPE,
        "payload": encode(fact, event_id=event_id, version=version, now=now, context=announcement.context),
        "occurred_at": now,
    }
