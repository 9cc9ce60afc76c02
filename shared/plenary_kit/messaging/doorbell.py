"""Doorbells: a commit wakes the relay at once instead of waiting for its next look.

On PostgreSQL the bell is NOTIFY on a connection of its own after the commit, at most once in 2 ms per process: inside the transaction it would
serialize every commit of the cluster. It does not wait for the disk either: a ring needs not outlive the server. Who heard a ring waits only briefly
the next time, and so looks again after whatever else was committed in those 2 ms. On SQLite, where one process holds everything, the bell is an event
in memory. Missing a ring costs at most the relay's safety poll.
"""

import time
from threading import Event, Lock
from typing import Any, Protocol

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

THROTTLE = 0.002
AFTER_A_RING = 2 * THROTTLE


class Doorbell(Protocol):
    """Rung after commits, waited on by the relay."""

    def ring(self) -> None:
        """Wake whoever waits; never raises: the fact is durable whether or not the bell works."""

    def wait(self, timeout: float) -> bool:
        """Wait at most `timeout` seconds; tells whether it rang."""
        ...

    def close(self) -> None:
        """Let go of what the bell holds."""


class LocalDoorbell:
    """A bell within one process."""

    def __init__(self) -> None:
        """Hang the bell."""
        self._rung = Event()

    def ring(self) -> None:
        """Wake the waiting thread."""
        self._rung.set()

    def wait(self, timeout: float) -> bool:
        """Wait for a ring, and take it."""
        rung = self._rung.wait(timeout)
        self._rung.clear()
        return rung

    def close(self) -> None:
        """Wake the waiting thread for the last time."""
        self._rung.set()


class PostgresDoorbell:
    """A bell between processes over LISTEN and NOTIFY."""

    def __init__(self, engine: Engine) -> None:
        """Use connections of `engine`, each opened when it is first needed (and so after any fork)."""
        self._engine = engine.execution_options(isolation_level="AUTOCOMMIT")
        self._ringing: Connection | None = None
        self._listening: Connection | None = None
        self._lock = Lock()
        self._rung_at = 0.0
        self._heard = False

    def ring(self) -> None:
        """Notify, unless somebody of this process just did."""
        with self._lock:
            now = time.monotonic()
            if now - self._rung_at < THROTTLE:
                return
            self._rung_at = now
            try:
                self._ringing = self._ringing or self._connected()
                self._ringing.execute(text("NOTIFY plenary_outbox"))
            except DBAPIError:
                _drop(self._ringing)
                self._ringing = None

    def wait(self, timeout: float) -> bool:
        """Wait for a notification; raises the driver's error when the database is gone, which ends the relay."""
        if self._listening is None:
            self._listening = self._engine.connect()
            self._listening.execute(text("LISTEN plenary_outbox"))
        driver: Any = self._listening.connection.driver_connection
        patience = min(timeout, AFTER_A_RING) if self._heard else timeout
        self._heard = any(True for _ in driver.notifies(timeout=patience, stop_after=1))
        return self._heard

    def _connected(self) -> Connection:
        connection = self._engine.connect()
        connection.execute(text("SET synchronous_commit = off"))
        return connection

    def close(self) -> None:
        """Close both connections."""
        _drop(self._ringing)
        _drop(self._listening)
        self._ringing = self._listening = None


def _drop(connection: Connection | None) -> None:
    if connection is not None:
        connection.invalidate()
        connection.close()


def make_doorbell(engine: Engine) -> Doorbell:
    """Hang the bell that fits the database."""
    return PostgresDoorbell(engine) if engine.dialect.name == "postgresql" else LocalDoorbell()
