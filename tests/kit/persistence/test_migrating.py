"""Migrating on both engines: from an old revision with its rows, in one piece, once for however many come at the same time."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from plenary_kit.persistence.database import Database
from plenary_kit.persistence.engines import make_engine
from plenary_kit.persistence.migrating import BrokenReference, UnknownRevision, migrate, revision_of

FIRST = """
import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table("hall", sa.Column("id", sa.Integer(), primary_key=True), sa.Column("name", sa.String(), nullable=False))
    hall = sa.Column("hall_id", sa.Integer(), sa.ForeignKey("hall.id", ondelete="CASCADE"))
    op.create_table("seat", sa.Column("id", sa.Integer(), primary_key=True), hall)
"""
SECOND = """
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    with op.batch_alter_table("hall") as hall:
        hall.add_column(sa.Column("floor", sa.Integer(), nullable=False, server_default="1"))
        hall.alter_column("name", existing_type=sa.String(), nullable=True)
    {more}
"""


@pytest.fixture
def database(database_url) -> Iterator[Database]:
    opened = Database("halls", make_engine(database_url))
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path) -> Path:
    (tmp_path / "100% ours" / "versions").mkdir(parents=True)
    write(tmp_path / "100% ours", "0001", FIRST)
    return tmp_path / "100% ours"


def write(folder: Path, number: str, content: str) -> None:
    (folder / "versions" / f"{number}.py").write_text(content)


def ask(database: Database, query: str) -> list[tuple]:
    with database.reading() as session:
        return [tuple(row) for row in session.execute(text(query))]


def filled(database: Database, folder: Path) -> None:
    migrate(database, folder)
    with database.work() as work:
        work.session.execute(text("INSERT INTO hall (id, name) VALUES (1, 'Atlantic')"))
        work.session.execute(text("INSERT INTO seat (id, hall_id) VALUES (7, 1)"))


def test_rows_of_the_previous_revision_are_kept_and_the_previous_release_goes_on_writing(database, folder):
    filled(database, folder)
    write(folder, "0002", SECOND.format(more=""))
    migrate(database, folder)
    with database.work() as work:
        work.session.execute(text("INSERT INTO hall (id, name) VALUES (2, 'Biscayne')"))
    assert ask(database, "SELECT id, name, floor FROM hall ORDER BY id") == [(1, "Atlantic", 1), (2, "Biscayne", 1)]
    assert ask(database, "SELECT id, hall_id FROM seat") == [(7, 1)]


def test_references_hold_again_after_a_table_was_replaced(database, folder):
    filled(database, folder)
    write(folder, "0002", SECOND.format(more=""))
    migrate(database, folder)
    with pytest.raises(IntegrityError), database.work() as work:
        work.session.execute(text("INSERT INTO seat (id, hall_id) VALUES (8, 99)"))


def test_a_revision_that_fails_leaves_everything_as_it_was(database, folder):
    filled(database, folder)
    write(folder, "0002", SECOND.format(more='op.execute("INSERT INTO nowhere VALUES (1)")'))
    with pytest.raises(DBAPIError):
        migrate(database, folder)
    assert ask(database, "SELECT * FROM hall") == [(1, "Atlantic")]
    write(folder, "0002", SECOND.format(more=""))
    migrate(database, folder)
    assert ask(database, "SELECT * FROM hall") == [(1, "Atlantic", 1)]


def test_a_revision_that_leaves_dangling_references_is_undone(sqlite_url, folder):
    database = Database("halls", make_engine(sqlite_url))
    filled(database, folder)
    write(folder, "0002", SECOND.format(more='op.execute("DELETE FROM hall")'))
    with pytest.raises(BrokenReference, match="1 rows of seat"):
        migrate(database, folder)
    assert ask(database, "SELECT * FROM hall") == [(1, "Atlantic")]
    database.close()


def test_a_database_that_a_newer_release_migrated_is_refused_untouched(database, folder):
    filled(database, folder)
    write(folder, "0002", SECOND.format(more=""))
    migrate(database, folder)
    (folder / "versions" / "0002.py").unlink()
    with pytest.raises(UnknownRevision, match="halls \\(revision 0002\\)"):
        migrate(database, folder)
    with database.engine.connect() as connection:
        assert revision_of(connection) == "0002"
    assert ask(database, "SELECT floor FROM hall") == [(1,)]
