"""A copy: the table in which a service keeps what it needs of another one's things."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import JSON, Table, delete, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.copies.kinds import Kind
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.upserting import upsert
from plenary_kit.persistence.work import Work


class Copy:
    """What a service keeps of a kind: a table with one row per thing, whose columns are named like the fields of the state."""

    def __init__(self, kind: Kind, table: Any, fields: Iterable[str], *, key: str = "id", version: str | None = None) -> None:
        """Keep `fields` of `kind` in `table`; `key` names the column of the thing's id, `version` the one of its version, if it is kept."""
        self.kind = kind
        self.table: Table = table
        self.fields = tuple(fields)
        self.key = self.table.c[key]
        self.version = version

    def rows(self, session: DatabaseSession, after: UUID | None, up_to: UUID | None) -> dict[UUID, dict[str, Any]]:
        """Read what is kept of a stretch of things."""
        query = select(self.key.label("key"), *(self.table.c[field] for field in self.fields))
        query = query if after is None else query.where(self.key > after)
        query = query if up_to is None else query.where(self.key <= up_to)
        return {row.key: {field: getattr(row, field) for field in self.fields} for row in session.execute(self.chosen(query))}

    def chosen(self, query: Any) -> Any:
        """Narrow a query to the rows that are copies; all of them, unless a kind of copy knows better."""
        return query

    def follow(self, work: Work, run: Sequence[tuple[Any, Delivery]]) -> None:
        """Keep up with facts that carry the whole state: the last one of each thing is written, over an older version only."""
        latest = {fact.id: self.values(delivery.version, fact) for fact, delivery in run}
        work.session.flush()
        upsert(work.session.connection(), self.table, [{self.key.name: thing, **latest[thing]} for thing in sorted(latest)], newer=self.version)
        work.session.expire_all()

    def bring(self, work: Work, thing: UUID, version: int, state: Any) -> None:
        """Make the row say what its owner states."""
        upsert(work.session, self.table, [{self.key.name: thing, **self.values(version, state)}])

    def values(self, version: int, state: Any) -> dict[str, Any]:
        """Give the values of the columns that are copied."""
        values = {field: _plain(self.table, field, getattr(state, field)) for field in self.fields}
        return values | ({self.version: version} if self.version else {})

    def remove(self, work: Work, thing: UUID) -> None:
        """Take the row away: its owner has no such thing."""
        work.session.execute(delete(self.table).where(self.key == thing))

    def forget(self, work: Work) -> None:
        """Empty the copy, to be told everything anew."""
        work.session.execute(delete(self.table))


def _plain(table: Table, field: str, value: Any) -> Any:
    return msgspec.to_builtins(value) if isinstance(table.c[field].type, JSON) else value
