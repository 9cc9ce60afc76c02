"""Migrating: brings a service's database to the newest revision of its migrations folder, all of it or nothing, one process at a time.

A folder holds `versions/`; how Alembic runs and writes revisions is the same for every service and stands in `alembic/` beside this module. Revisions
speak SQL alone and keep the previous release working (add first, take away one release later), so that both run while one replaces the other; there
is no way down, and a release refuses to migrate what a newer one has migrated.
"""

import fcntl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, text

from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal

_ENVIRONMENT = Path(__file__).with_name("alembic")


class UnknownRevision(Refusal):
    """The database stands at a revision that this release does not know: a newer release migrated it."""

    code = "unknown-revision"


class BrokenReference(Exception):  # noqa: N818 - names what an operator reads
    """A revision would leave rows that refer to nothing; nothing was changed."""


def migrate(database: Database, folder: Path) -> None:
    """Run the revisions that `database` lacks; raises `UnknownRevision`. Whoever comes at the same time waits and finds nothing to do."""
    scripts = _scripts(folder)
    with _alone(database) as connection:
        present = revision_of(connection)
        if present not in {None, *_revisions(scripts)}:
            raise UnknownRevision(f"A newer release migrated the database of {database.name} (revision {present}). Start that release.")
        if present != scripts.get_current_head():
            command.upgrade(_config(folder, connection=connection), "head")


def revision_of(connection: Connection) -> str | None:
    """Give the revision that a database stands at; None before the first."""
    return MigrationContext.configure(connection).get_current_revision()


def differences(connection: Connection, metadata: MetaData) -> list[Any]:
    """List what the tables of a database lack or have too much compared with `metadata`, as Alembic's operations."""
    comparing = MigrationContext.configure(connection, opts={"compare_server_default": True})
    return list(compare_metadata(comparing, metadata))


def write_revision(database: Database, folder: Path, metadata: MetaData, message: str) -> Path | None:
    """Write the revision that leads from the migrated `database` to `metadata`; None when there is nothing to change."""
    with _alone(database) as connection:
        if not differences(connection, metadata):
            return None
        number = f"{len(_revisions(_scripts(folder))) + 1:04d}"
        written = command.revision(_config(folder, connection=connection, metadata=metadata), message, autogenerate=True, rev_id=number)
    return Path(cast("Any", written).path)


def _config(folder: Path, **attributes: Any) -> Config:
    config = Config(attributes=attributes)
    options = {"script_location": _ENVIRONMENT, "version_locations": folder / "versions", "path_separator": "newline"}
    for name, value in options.items():
        config.set_main_option(name, str(value).replace("%", "%%"))
    return config


def _scripts(folder: Path) -> ScriptDirectory:
    return ScriptDirectory.from_config(_config(folder))


def _revisions(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}


@contextmanager
def _alone(database: Database) -> Iterator[Connection]:
    """Open a transaction that no other migrating process has at the same time; it is rolled back when the block raises."""
    alone = _alone_in_postgres if database.dialect == "postgresql" else _alone_in_sqlite
    with alone(database) as connection:
        yield connection


@contextmanager
def _alone_in_postgres(database: Database) -> Iterator[Connection]:
    """Hold an advisory lock to the end of the transaction. A statement may take its time, but waits for a table no longer than readers would."""
    with database.engine.begin() as connection:
        connection.execute(text("SET LOCAL statement_timeout = 0"))
        connection.execute(text("SET LOCAL lock_timeout = 0"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": zlib.crc32(f"plenary migrations {database.name}".encode())})
        connection.execute(text("SET LOCAL lock_timeout TO DEFAULT"))
        yield connection


@contextmanager
def _alone_in_sqlite(database: Database) -> Iterator[Connection]:
    """Hold a file lock, since a long revision outlasts the busy timeout. References are checked at the end: tables are altered by replacing them."""
    with Path(f"{database.engine.url.database}.migrate-lock").open("a") as lock, database.engine.connect() as connection:
        fcntl.flock(lock, fcntl.LOCK_EX)
        raw: Any = connection.connection.driver_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        try:
            with connection.begin():
                yield connection
                broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if broken:
                    raise BrokenReference(f"{len(broken)} rows of {broken[0][0]} refer to nothing")
        finally:
            raw.execute("PRAGMA foreign_keys=ON")
