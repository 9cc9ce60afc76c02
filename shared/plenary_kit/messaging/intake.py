"""The intake: messages → effects in one service's database, each exactly once and in its subject's order.

A batch is one transaction: lanes are locked in one order, each message that is next in its lane is handled, early ones are held, late ones dropped.
When a listener raises, the batch is taken again one message at a time, and only the failing one is held: retried after growing delays, then parked.
While it waits, its successors queue behind it and every other subject goes on.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, insert, select, tuple_
from sqlalchemy.exc import InterfaceError, OperationalError

from plenary_kit.failpoints import FailpointReachedError, failpoint
from plenary_kit.messaging.envelope import Envelope, decode, fingerprint
from plenary_kit.messaging.lanes import take_in_hand
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.messaging.tables import GAP, HELD, INBOX, LANE, PARKED, RETRY
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.upserting import insert_missing, insert_rows, upsert
from plenary_kit.persistence.work import Work

LADDER = tuple(timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 3600))
_CHUNK = 500
_LOCKED = select(LANE).order_by(LANE.c.subject_id).with_for_update()
_ANY_HELD = select(HELD.c.event_id).limit(1)
_TRANSIENT = (OperationalError, InterfaceError, FailpointReachedError)
Key = tuple[str, UUID]
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Incoming:
    """A message with its bytes; made by `read`, which raises `UndecodableError`."""

    envelope: Envelope
    payload: bytes

    @property
    def key(self) -> Key:
        """The lane."""
        return self.envelope.subjecttype, self.envelope.subject


def read(payload: bytes) -> Incoming:
    """Decode one message."""
    return Incoming(decode(payload), payload)


@dataclass
class _Batch:
    """What one transaction has found out so far."""

    work: Work
    lanes: dict[Key, int]
    waiting: dict[Key, dict[int, Incoming]]
    some_held: bool
    applied: list[Incoming] = field(default_factory=list)
    early: list[Incoming] = field(default_factory=list)
    late: list[Incoming] = field(default_factory=list)


class Intake:
    """Takes messages into one service's database; several processes may do so at once."""

    def __init__(self, database: Database, subscriptions: Subscriptions) -> None:
        """Handle what `subscriptions` names."""
        self._database = database
        self.subscriptions = subscriptions

    @property
    def service(self) -> str:
        """The consuming service."""
        return self._database.name

    def take(self, batch: Sequence[Incoming]) -> None:
        """Take a batch; when this returns every message of it is applied, held or dropped durably.

        Raises only when the database itself does not work: then nothing was taken, and the whole batch must be brought again.
        """
        try:
            self._take_together(batch)
        except _TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001 - taken apart below, where the failing message is found
            log.warning("a batch is taken one by one", size=len(batch), error=type(error).__name__)
            for message in batch:
                self._take_alone(message)

    def sweep(self) -> int:
        """Take again what is due for another try; gives how many messages were tried."""
        with self._database.reading() as session:
            due = select(HELD.c.payload).where(HELD.c.reason == RETRY, HELD.c.next_at <= self._database.clock()).limit(_CHUNK)
            payloads = list(session.scalars(due))
        for payload in payloads:
            self._take_alone(read(payload))
        return len(payloads)

    def _take_alone(self, message: Incoming) -> None:
        try:
            self._take_together([message])
        except _TRANSIENT:
            raise
        except Exception as error:  # noqa: BLE001 - the last line: whatever a listener raises holds this message alone
            log.warning("a message is held", type=message.envelope.type, event_id=str(message.envelope.id), error=type(error).__name__)
            self._hold_failed(message, error)

    def _take_together(self, messages: Sequence[Incoming]) -> None:
        failpoint("consumer.received")
        with self._database.work() as work:
            keys = sorted({message.key for message in messages})
            lanes = _lock_lanes(work, keys)
            some_held = work.session.connection().scalar(_ANY_HELD) is not None
            batch = _Batch(work, lanes, _waiting(work, keys) if some_held else {}, some_held)
            handled = dict(lanes)
            take_in_hand(work, handled)
            for message in messages:
                _place(batch, message)
            for run in self.subscriptions.handle(work, [message.envelope for message in batch.applied]):
                handled.update({(envelope.subjecttype, envelope.subject): envelope.version for envelope in run})
            _write(batch)
            failpoint("consumer.before_commit")

    def _hold_failed(self, message: Incoming, error: Exception) -> None:
        with self._database.work() as work:
            attempts = work.session.scalar(select(HELD.c.attempts).where(HELD.c.event_id == message.envelope.id, HELD.c.reason != GAP)) or 0
            work.session.execute(delete(HELD).where(HELD.c.event_id == message.envelope.id))
            exhausted = attempts >= len(LADDER)
            row = _held_row(message, PARKED if exhausted else RETRY, work) | {
                "attempts": attempts + 1,
                "next_at": None if exhausted else work.now + LADDER[attempts],
                "last_error": f"{type(error).__name__}: {error}"[:500],
            }
            work.session.execute(insert(HELD).values(row))


def _place(batch: _Batch, message: Incoming) -> None:
    """Say what is to be done with a message: it is late, early, or the next of its lane, with whatever waited behind it."""
    lane = batch.lanes[message.key]
    if message.envelope.version <= lane:
        batch.late.append(message)
    elif message.envelope.version > lane + 1:
        batch.early.append(message)
        batch.waiting.setdefault(message.key, {})[message.envelope.version] = message
    else:
        following: Incoming | None = message
        while following is not None:
            batch.applied.append(following)
            batch.lanes[following.key] = following.envelope.version
            following = batch.waiting.get(following.key, {}).pop(following.envelope.version + 1, None)


def _lock_lanes(work: Work, keys: list[Key]) -> dict[Key, int]:
    """Lock the lanes in the order of their keys, new ones at version 0."""
    lanes = _locked(work, keys)
    missing = [key for key in keys if key not in lanes]
    if missing:
        insert_missing(work.session.connection(), LANE, [{"subject": key[0], "subject_id": key[1], "version": 0} for key in missing])
        lanes |= _locked(work, missing)
    return lanes


def _locked(work: Work, keys: list[Key]) -> dict[Key, int]:
    lanes, connection = dict[Key, int](), work.session.connection()
    for subject, ids in groupby(keys, key=itemgetter(0)):
        for part in _chunks([key[1] for key in ids]):
            rows = connection.execute(_LOCKED.where(LANE.c.subject == subject, LANE.c.subject_id.in_(part)))
            lanes |= {(row.subject, row.subject_id): row.version for row in rows}
    return lanes


def _waiting(work: Work, keys: list[Key]) -> dict[Key, dict[int, Incoming]]:
    """Find what is held for these lanes and may be taken once its turn comes: early messages, and those due for another try."""
    waiting: dict[Key, dict[int, Incoming]] = {}
    for part in _chunks(keys):
        held = select(HELD.c.payload).where(HELD.c.reason == GAP, tuple_(HELD.c.subject, HELD.c.subject_id).in_(part))
        for payload in work.session.scalars(held):
            message = read(payload)
            waiting.setdefault(message.key, {})[message.envelope.version] = message
    return waiting


def _write(batch: _Batch) -> None:
    """Store what the batch came to: inbox rows, lanes, held messages; and park whatever came again with other bytes."""
    if batch.applied:
        _record_applied(batch)
    early = [_held_row(message, GAP, batch.work) for message in batch.early if message.envelope.version > batch.lanes[message.key]]
    altered = [_held_row(message, PARKED, batch.work) | {"last_error": "came again with other content"} for message in _altered(batch)]
    if early or altered:
        insert_missing(batch.work.session, HELD, early + altered)


def _record_applied(batch: _Batch) -> None:
    connection, now = batch.work.session.connection(), batch.work.now
    insert_rows(connection, INBOX, [_inbox_row(message) | {"applied_at": now} for message in batch.applied])
    for part in _chunks([message.envelope.id for message in batch.applied] if batch.some_held else []):
        connection.execute(delete(HELD).where(HELD.c.event_id.in_(part)))
    lanes = {message.key: batch.lanes[message.key] for message in batch.applied}
    upsert(connection, LANE, [{"subject": key[0], "subject_id": key[1], "version": version} for key, version in sorted(lanes.items())])


def _altered(batch: _Batch) -> Iterable[Incoming]:
    """Pick the late messages whose id was applied with other bytes: somebody tampered, or a producer broke its word."""
    known: dict[UUID, str] = {}
    for part in _chunks([message.envelope.id for message in batch.late]):
        rows = batch.work.session.execute(select(INBOX.c.event_id, INBOX.c.fingerprint).where(INBOX.c.event_id.in_(part)))
        known |= {row.event_id: row.fingerprint for row in rows}
    return [message for message in batch.late if known.get(message.envelope.id, fingerprint(message.payload)) != fingerprint(message.payload)]


def _inbox_row(message: Incoming) -> dict[str, Any]:
    envelope = message.envelope
    return {
        "event_id": envelope.id,
        "fingerprint": fingerprint(message.payload),
        "subject": envelope.subjecttype,
        "subject_id": envelope.subject,
        "version": envelope.version,
        "type": envelope.type,
    }


def _held_row(message: Incoming, reason: str, work: Work) -> dict[str, Any]:
    return _inbox_row(message) | {
        "payload": message.payload,
        "reason": reason,
        "attempts": 0,
        "held_at": work.now,
        "next_at": None,
        "last_error": "",
    }


def _chunks(items: list[Any]) -> Iterable[list[Any]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
