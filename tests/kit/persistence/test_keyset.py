"""Keyset pages on both engines: every row once, in order, whatever is added meanwhile."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from plenary_kit.persistence.columns import COLUMN_TYPES, new_id, service_metadata
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.engines import make_engine
from plenary_kit.persistence.keyset import Key, Part, part_of, position

START = datetime(2016, 5, 11, 13, tzinfo=UTC)


class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map = COLUMN_TYPES


class Row(Base):
    __tablename__ = "row"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int]
    name: Mapped[str]
    day: Mapped[date]
    at: Mapped[datetime]


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    database = Database("sample", make_engine(database_url))
    Base.metadata.create_all(database.engine)
    add(database, *range(7))
    yield database
    database.close()


def add(database: Database, *numbers: int) -> None:
    """Add rows of which two at a time share everything but their ids."""
    with database.work() as work:
        for number in numbers:
            same = number // 2
            at = START + timedelta(microseconds=same)
            work.session.add(Row(id=new_id(), number=same, name=f"name {same}", day=date(2016, 5, 1 + same), at=at))


KEYS: dict[str, tuple[Key, ...]] = {name: (getattr(Row, name), Row.id) for name in ("number", "name", "day", "at")} | {"id": (Row.id,)}


@pytest.mark.parametrize("latest_first", [False, True])
@pytest.mark.parametrize("name", KEYS)
def test_every_row_comes_once_and_in_order(database: Database, name: str, latest_first: bool) -> None:
    keys, seen, after = KEYS[name], [], None
    while True:
        with database.reading() as reading:
            query = part_of(select(*keys), Part(after, 2), *keys, latest_first=latest_first)
            rows = [tuple(row) for row in reading.execute(query)]
        seen += rows[:2]
        if len(rows) <= 2:
            break
        after = position(*rows[1])
    assert len(seen) == 7
    assert seen == sorted(seen, reverse=latest_first)


def test_what_is_added_before_the_position_moves_nothing(database: Database) -> None:
    def part(after: list[str | int] | None) -> list[tuple[int, UUID]]:
        with database.reading() as reading:
            query = part_of(select(Row.number, Row.id), Part(after, 3), Row.number, Row.id, latest_first=True)
            return [(number, key) for number, key in reading.execute(query)]

    whole = part(None)
    add(database, 40, 41)
    assert part(position(*whole[2]))[0] == whole[3]
