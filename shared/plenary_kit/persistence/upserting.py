"""Insert a row, or change the one that is there: the same on both engines."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session as DatabaseSession


def upsert(session: DatabaseSession, table: Table, row: Mapping[str, Any], *, changing: Mapping[str, Any]) -> None:
    """Insert `row`; where its primary key is taken, set `changing` there."""
    insert: Any = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    key = list(table.primary_key.columns)
    session.execute(insert(table).values(row).on_conflict_do_update(index_elements=key, set_=changing))
