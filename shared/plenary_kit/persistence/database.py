"""A service's database: the only place where transactions begin and end."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.failpoints import failpoint
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.engines import READ_ONLY
from plenary_kit.persistence.work import Announcement, Outlet, Work

Clock = Callable[[], datetime]


class Silence:
    """The outlet of a database that announces nothing: announcing there is a bug."""

    def write(self, connection: Connection, announcements: Sequence[Announcement], now: datetime) -> None:
        """Refuse: there is no outbox here."""
        raise RuntimeError("this database has no outbox to announce into")

    def ring(self) -> None:
        """Stay silent."""

    def close(self) -> None:
        """Hold nothing."""


class Database:
    """One service's engine, clock and outlet.

    `work()` is the one way to change something, `reading()` the one way to look at it.
    """

    def __init__(self, name: str, engine: Engine, *, outlet: Outlet | None = None, clock: Clock = utc_now) -> None:
        """Own `engine` under the service's `name`."""
        self.name = name
        self.engine = engine
        self.clock = clock
        self.outlet: Outlet = outlet or Silence()
        self.commits = 0  # units of work that this process committed: tells whoever keeps something that it may be old
        self._reader = engine.execution_options(**{READ_ONLY: True})

    @property
    def dialect(self) -> Literal["sqlite", "postgresql"]:
        """Tell which of the two engines this is."""
        return cast("Literal['sqlite', 'postgresql']", self.engine.dialect.name)

    @contextmanager
    def work(self) -> Iterator[Work]:
        """Open a unit of work: commit state and announced facts together, or roll both back when the block raises."""
        with DatabaseSession(self.engine, expire_on_commit=False) as session:
            work = Work(session, self.clock())
            with session.begin():
                yield work
                session.flush()
                if work.announced:
                    self.outlet.write(session.connection(), work.announced, work.now)
                failpoint("work.before_commit")
        self.commits += 1
        failpoint("work.after_commit")
        if work.announced:
            self.outlet.ring()
        work.finished()

    @contextmanager
    def reading(self) -> Iterator[DatabaseSession]:
        """Open a session that sees one consistent state and changes nothing."""
        with DatabaseSession(self._reader, autoflush=False) as session:
            try:
                yield session
            finally:
                session.rollback()

    def close(self) -> None:
        """Give back every connection."""
        self.outlet.close()
        self.engine.dispose()
