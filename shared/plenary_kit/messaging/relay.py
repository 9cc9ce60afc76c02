"""The relay: carries outbox rows to the broker in their order, and marks them published only after the broker's confirm.

One relay leads per service: an advisory lock on PostgreSQL, a file lock beside the SQLite file. No transaction is open while the broker is spoken to.
A row that the broker refuses waits and is tried again with growing delays; later rows of its subject wait behind it, other subjects go on.
"""

import fcntl
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import IO, Any, cast
from uuid import UUID

import structlog
from sqlalchemy import Connection, select, text, update
from sqlalchemy.exc import DBAPIError

from plenary_kit.failpoints import FailpointReachedError, failpoint
from plenary_kit.messaging.brokers import Broker, BrokerDownError, Outgoing, Published
from plenary_kit.messaging.outbox import Outbox
from plenary_kit.messaging.tables import OUTBOX
from plenary_kit.persistence.database import Database

BATCH = 500
SAFETY_POLL_SECONDS = 1.0
LONGEST_DELAY = timedelta(minutes=5)
_COLUMNS = (
    OUTBOX.c.seq,
    OUTBOX.c.event_id,
    OUTBOX.c.type,
    OUTBOX.c.subject,
    OUTBOX.c.subject_id,
    OUTBOX.c.payload,
    OUTBOX.c.attempts,
    OUTBOX.c.not_before,
)
_PENDING = select(*_COLUMNS).where(OUTBOX.c.published_at.is_(None)).order_by(OUTBOX.c.seq).limit(BATCH)
log = structlog.get_logger(__name__)


class Relay:
    """Carries one service's facts. Several may run; the one that holds the lock works, the others wait."""

    def __init__(self, database: Database, broker: Broker) -> None:
        """Read `database`, publish to `broker`."""
        self._database = database
        self._broker = broker
        self._doorbell = cast("Outbox", database.outlet).doorbell
        self._leadership = Leadership(database)

    def run(self, stop: Event) -> None:
        """Carry until `stop` is set; faults of broker or database are waited out."""
        while not stop.is_set():
            try:
                if not self._leadership.held():
                    stop.wait(SAFETY_POLL_SECONDS)
                    continue
                self._broker.attend(self._database.name)
                if self.drain_once() == 0:
                    self._doorbell.wait(SAFETY_POLL_SECONDS)
            except (BrokerDownError, DBAPIError, FailpointReachedError) as error:
                log.warning("the relay pauses", service=self._database.name, error=type(error).__name__)
                self._leadership.give_up()
                stop.wait(SAFETY_POLL_SECONDS)
        self._leadership.give_up()

    def drain_once(self) -> int:
        """Carry one batch; gives how many rows were published. Raises `BrokerDownError` when nothing is known about the batch."""
        rows = self._pending()
        if not rows:
            return 0
        failpoint("relay.after_read")
        published = self._broker.publish(self._database.name, [Outgoing(row.event_id, row.type, row.subject, row.payload) for row in rows])
        failpoint("relay.after_publish")
        self._mark(rows, published)
        failpoint("relay.after_mark")
        return len(published.confirmed)

    def drain(self) -> int:
        """Carry until nothing is pending; gives how many rows were published."""
        total = 0
        while count := self.drain_once():
            total += count
        return total

    def _pending(self) -> Sequence[Any]:
        """Read the next rows that may go: in their order, without those that are refused for now and whatever waits behind these."""
        waiting, due, after = set[tuple[str, UUID]](), list[Any](), 0
        with self._leadership.reading() as connection:
            now = self._database.clock()
            while len(due) < BATCH:
                rows = connection.execute(_PENDING.where(OUTBOX.c.seq > after)).all()
                for row in rows:
                    subject = (row.subject, row.subject_id)
                    if row.not_before and row.not_before > now:
                        waiting.add(subject)
                    elif subject not in waiting:
                        due.append(row)
                if len(rows) < BATCH:
                    break
                after = rows[-1].seq
        return due[:BATCH]

    def _mark(self, rows: Sequence[Any], published: Published) -> None:
        now = self._database.clock()
        confirmed = [row.seq for row in rows if row.event_id in published.confirmed]
        with self._leadership.marking() as connection:
            connection.execute(update(OUTBOX).where(OUTBOX.c.seq.in_(confirmed)).values(published_at=now, last_error=None))
            for row in rows:
                if row.event_id in published.refused:
                    delay = min(timedelta(seconds=2**row.attempts), LONGEST_DELAY)
                    refused = {"attempts": row.attempts + 1, "not_before": now + delay, "last_error": published.refused[row.event_id]}
                    connection.execute(update(OUTBOX).where(OUTBOX.c.seq == row.seq).values(**refused))


class Leadership:
    """Who may relay for a service: the holder of a lock that its death releases."""

    def __init__(self, database: Database) -> None:
        """Compete for the lock of `database`."""
        self._database = database
        self._connection: Connection | None = None
        self._file: IO[str] | None = None

    def held(self) -> bool:
        """Try to take the lock. Whether it is still ours shows with the next statement on its connection."""
        if self._database.dialect == "postgresql":
            return self._held_in_postgres()
        return self._file is not None or self._lock_file()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give the connection to read rows with: on PostgreSQL the lock's own, so that who lost the lock reads nothing."""
        if self._connection is not None:
            yield self._connection
            return
        with self._database.reading() as session:
            yield session.connection()

    @contextmanager
    def marking(self) -> Iterator[Connection]:
        """Give the connection to mark rows with: on PostgreSQL the lock's own, each statement by itself and without waiting for the disk.

        A mark that is lost publishes once more, and inboxes absorb that.
        """
        if self._connection is not None:
            yield self._connection
            return
        with self._database.work() as work:
            yield work.session.connection()

    def give_up(self) -> None:
        """Let another relay lead."""
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None
        if self._file is not None:
            self._file.close()
            self._file = None

    def _held_in_postgres(self) -> bool:
        if self._connection is not None:
            return True
        connection = self._database.engine.execution_options(isolation_level="AUTOCOMMIT").connect()
        lock = zlib.crc32(f"plenary relay {self._database.name}".encode())
        if connection.scalar(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": lock}):
            connection.execute(text("SET synchronous_commit = off"))
            self._connection = connection
            return True
        connection.close()
        return False

    def _lock_file(self) -> bool:
        lock = Path(f"{self._database.engine.url.database}.relay-lock").open("a")  # noqa: SIM115 - held open for as long as this relay leads
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            return False
        self._file = lock
        return True
