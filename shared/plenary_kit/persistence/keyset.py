"""Keyset pages: the next rows after the last one that was seen, which stays right and quick however long the list is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, literal, tuple_
from sqlalchemy.orm import InstrumentedAttribute

Position = list[str | int]
Key = ColumnElement[Any] | InstrumentedAttribute[Any]
_READERS: dict[type, Callable[[Any], object]] = {UUID: UUID, datetime: datetime.fromisoformat, date: date.fromisoformat}


@dataclass(frozen=True)
class Part:
    """Which rows of a list are wanted: at most `limit` of those that stand `after` a position (from the beginning for None)."""

    after: Position | None
    limit: int


def part_of(query: Any, part: Part, *keys: Key, latest_first: bool = False) -> Any:
    """Sort a `select` by `keys` (never null, together unique) and fetch the `part`, and one row more that tells whether another part follows."""
    if part.after is not None:
        seen = tuple_(*(_value(key, written) for key, written in zip(keys, part.after, strict=True)))
        query = query.where(tuple_(*keys) < seen if latest_first else tuple_(*keys) > seen)
    return query.order_by(*(key.desc() if latest_first else key.asc() for key in keys)).limit(part.limit + 1)


def position(*values: object) -> Position:
    """Write the values that a row is sorted by, as `part_of` reads them."""
    return [value if isinstance(value, int) else str(value) for value in values]


def _value(key: Key, written: str | int) -> ColumnElement[Any]:
    read = _READERS.get(key.type.python_type)
    return literal(read(written) if read else written, key.type)
