"""A line of the backbone for measuring: proposals' outbox and notifications' copies, and a relay and a consumer between their two databases."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

from sqlalchemy import Connection, create_engine, text

from plenary.composition import listeners, open_one
from plenary_contracts.proposals import PersonChanged
from plenary_kit.messaging.topology import connect, declare_exchange
from plenary_kit.persistence.database import Database
from tests.benchmarks.grounds import AMQP, ROOT, databases, processes_with, processor_seconds
from tests.support.cleaning import remove

PATIENCE_SECONDS = 180
_FILLER = "Institute for Measuring Things That Meet. " * 12


@dataclass
class Line:
    """The two databases, and the processes between them while they run."""

    source: Database
    target: Database
    prefix: str
    names: tuple[str, str]
    processes: dict[str, "subprocess.Popen[bytes]"]
    stamps: Path
    announced_at: float = 0.0
    spent_before: dict[str, float] = field(default_factory=dict)

    def announce(self, people: list[UUID], count: int) -> UUID:
        """Announce `count` changes of `people` in turn, in one transaction; gives the id of the last event."""
        with self.source.work() as work:
            for number in range(count):
                work.announce(changed(people[number % len(people)], number))
            work.after_commit(self._announced)
        with self.source.reading() as session:
            last: UUID = session.scalar(text("SELECT event_id FROM outbox ORDER BY seq DESC LIMIT 1"))
        return last

    def _announced(self) -> None:
        self.announced_at, self.spent_before = time.monotonic(), self.processor_seconds()

    def await_event(self, event: UUID) -> float:
        """Wait until notifications took `event`; gives the instant."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        with self.target.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            while not _taken(connection, event):
                if time.monotonic() > deadline:
                    raise TimeoutError("the events do not arrive")
                Event().wait(0.005)
        return time.monotonic()

    def processor_seconds(self) -> dict[str, float]:
        """Tell the processor time of every part so far; the broker's includes what others make it do."""
        parts = {role: [process.pid] for role, process in self.processes.items()}
        parts |= {"broker": processes_with("beam.smp"), "postgresql": processes_with(*self.names)}
        own = {process.pid for process in self.processes.values()}
        return {part: processor_seconds(set(pids) - own if part == "postgresql" else pids) for part, pids in parts.items()}

    def committed_at(self) -> dict[str, float]:
        """End the consumer; gives the instant at which each event was committed, by its id."""
        self.end()
        return {event: instant for instant, events in json.loads(self.stamps.read_text()) for event in events}

    def end(self) -> None:
        """End both processes."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(20)
        self.processes = {}


def changed(person: UUID, number: int) -> PersonChanged:
    """Make a fact of about 1 KB."""
    return PersonChanged(id=person, name=f"Ada Example {number}", affiliation=_FILLER, email=f"ada{number}@example.org", time_zone="Europe/Vienna")


@contextmanager
def backbone_line(*, history: int = 0) -> Iterator[Line]:
    """Lay a line whose databases hold `history` events that are long carried, and whose relay and consumer are at work."""
    prefix = f"bench-{uuid4().hex[:10]}-"
    with databases("source", "target") as urls, tempfile.TemporaryDirectory() as folder:
        source, target = open_one("proposals", urls["source"]), open_one("notifications", urls["target"])
        source.migrate()
        target.migrate()
        _write_history(urls, history)
        names = (urls["source"].rpartition("/")[2], urls["target"].rpartition("/")[2])
        line = Line(source.database, target.database, prefix, names, {}, Path(folder) / "stamps")
        try:
            _start(line, urls)
            yield line
        finally:
            line.end()
            source.database.close()
            target.database.close()
            _forget(prefix)


def _start(line: Line, urls: dict[str, str]) -> None:
    connection = connect(AMQP)
    for service in ("proposals", "scheduling"):
        declare_exchange(connection.default_channel, service, line.prefix)
    connection.release()
    given = {"AMQP_URL": AMQP, "PREFIX": line.prefix, "SOURCE_URL": urls["source"], "TARGET_URL": urls["target"], "STAMPS": str(line.stamps)}
    for role in ("consume", "relay"):
        command = [sys.executable, "-m", "tests.benchmarks.carrying", role]
        line.processes[role] = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **given}, stdout=subprocess.DEVNULL)
    _until_bound(line)


def _until_bound(line: Line) -> None:
    """Let one event through: then everything is declared, connected and compiled."""
    line.await_event(line.announce([uuid4()], 1))


def _taken(connection: Connection, event: UUID) -> bool:
    return connection.execute(text("SELECT 1 FROM inbox WHERE event_id = :event"), {"event": event}).first() is not None


def _write_history(urls: dict[str, str], count: int) -> None:
    if not count:
        return
    series = f"generate_series(1, {count})"
    _execute(
        urls["source"],
        "INSERT INTO outbox (event_id, subject, subject_id, version, type, payload, occurred_at, published_at) SELECT gen_random_uuid(), "
        f"'proposals.person', gen_random_uuid(), 1, 'proposals.person.changed.v1', repeat('x', 300)::bytea, now(), now() FROM {series}",
        "INSERT INTO outbox_head SELECT subject, subject_id, version FROM outbox",
    )
    _execute(
        urls["target"],
        "INSERT INTO inbox SELECT gen_random_uuid(), repeat('0', 64), 'proposals.person', gen_random_uuid(), 1, 'proposals.person.changed.v1', now() "
        f"FROM {series}",
        "INSERT INTO inbox_lane SELECT subject, subject_id, version FROM inbox",
        "INSERT INTO person_copy (id, version, name, email, time_zone) SELECT subject_id, 1, 'Ada', NULL, 'UTC' FROM inbox",
    )


def _execute(url: str, *statements: str) -> None:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in (*statements, "ANALYZE"):
            connection.execute(text(statement))
    engine.dispose()


def _forget(prefix: str) -> None:
    connection = connect(AMQP)
    channel = connection.default_channel
    for name, subjects in listeners().items():
        remove(channel, prefix, name, subjects)
    connection.release()
