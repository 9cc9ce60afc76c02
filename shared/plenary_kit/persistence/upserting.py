"""Insert rows, or change those that are there: the same on both engines.

On PostgreSQL the rows travel as one array a column, which costs a third of sending them one by one. JSON columns have no such arrays: tables with
them take their rows one by one, as SQLite does.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import JSON, Connection, Table, bindparam, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as DatabaseSession

Rows = Sequence[Mapping[str, Any]]


def insert_rows(at: Connection | DatabaseSession, table: Table, rows: Rows) -> None:
    """Insert `rows`, which name the same columns."""
    _execute(at, table, rows, _inserting)


def insert_missing(at: Connection | DatabaseSession, table: Table, rows: Rows) -> None:
    """Insert those of `rows`, which name the same columns, whose key is not taken."""
    _execute(at, table, rows, _inserting_missing)


def upsert(at: Connection | DatabaseSession, table: Table, rows: Rows, *, newer: str | None = None) -> None:
    """Insert `rows`, which name the same columns and differ in their keys; where a primary key is taken, its row gets the other values.

    With `newer`, a row that is there changes only where the new value of that column is greater.
    """
    _execute(at, table, rows, partial(_upserting, newer=newer))


def _execute(at: Connection | DatabaseSession, table: Table, rows: Rows, make: Callable[[str, Table, tuple[str, ...]], Any]) -> None:
    if not rows:
        return
    dialect, columns = at.dialect.name if isinstance(at, Connection) else at.get_bind().dialect.name, tuple(rows[0])
    by_column = {name: [row[name] for row in rows] for name in columns}
    at.execute(make(dialect, table, columns), by_column if _in_arrays(dialect, table, columns) else list(rows))


def _in_arrays(dialect: str, table: Table, columns: tuple[str, ...]) -> bool:
    return dialect == "postgresql" and not any(isinstance(table.c[name].type, JSON) for name in columns)


@lru_cache(maxsize=200)
def _inserting(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    """Build the statement once, as the others below: there are as many as there are tables and ways to fill them."""
    insert: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    if not _in_arrays(dialect, table, columns):
        return insert(table)
    arrays = func.unnest(*(bindparam(name, type_=postgresql.ARRAY(table.c[name].type)) for name in columns)).table_valued(*columns).render_derived()
    return insert(table).from_select(list(columns), select(*(arrays.c[name] for name in columns)))


@lru_cache(maxsize=200)
def _inserting_missing(dialect: str, table: Table, columns: tuple[str, ...]) -> Any:
    return _inserting(dialect, table, columns).on_conflict_do_nothing()


@lru_cache(maxsize=200)
def _upserting(dialect: str, table: Table, columns: tuple[str, ...], *, newer: str | None) -> Any:
    key, statement = list(table.primary_key.columns), _inserting(dialect, table, columns)
    changing = {name: statement.excluded[name] for name in columns if name not in {column.name for column in key}}
    condition = None if newer is None else table.c[newer] < statement.excluded[newer]
    return statement.on_conflict_do_update(index_elements=key, set_=changing, where=condition)
