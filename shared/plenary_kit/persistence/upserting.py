"""Insert rows, or change those that are there: the same on both engines."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as DatabaseSession


def upsert(session: DatabaseSession, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert `rows`, which name the same columns; where a primary key is taken, its row gets the other values."""
    if not rows:
        return
    make: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = list(table.primary_key.columns)
    statement = make(table)
    changing = {name: statement.excluded[name] for name in rows[0] if name not in {column.name for column in key}}
    session.execute(statement.on_conflict_do_update(index_elements=key, set_=changing), list(rows))
