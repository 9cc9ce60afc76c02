"""Engines: SQLite and PostgreSQL opened so that no update is lost.

SQLite: WAL, foreign keys, a busy timeout, `synchronous=FULL` (an answered write survives a power cut) and `BEGIN IMMEDIATE` for every writing
transaction: the default mode loses concurrent read-then-write updates without an error. PostgreSQL: psycopg 3 with statement and lock timeouts.
"""

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import ConnectionPoolEntry

READ_ONLY = "plenary_read_only"
BUSY_TIMEOUT_MS = 5_000
_PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}")


def make_engine(url: str) -> Engine:
    """Open the database at `url` (`sqlite:///path` or `postgresql+psycopg://...`); another kind raises `ValueError`."""
    kind = make_url(url).get_backend_name()
    if kind == "sqlite":
        return _sqlite(url)
    if kind == "postgresql":
        return _postgresql(url)
    raise ValueError(f"Plenary keeps its data in SQLite or PostgreSQL, not in {kind}")


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000, "check_same_thread": False})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    untyped: Any = connection
    untyped.isolation_level = None  # the driver must not begin transactions of its own
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    reading = connection.get_execution_options().get(READ_ONLY, False)
    connection.exec_driver_sql("BEGIN" if reading else "BEGIN IMMEDIATE")


def _postgresql(url: str) -> Engine:
    options = "-c statement_timeout=30000 -c lock_timeout=5000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
    keepalive = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}
    return create_engine(url, pool_pre_ping=True, pool_size=10, connect_args={"options": options, "connect_timeout": 10, **keepalive})
