"""Small frozen values that several facts are made of."""

from datetime import datetime
from uuid import UUID

import msgspec


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A half-open stretch of time, `starts_at` inclusive, `ends_at` exclusive; both aware."""

    starts_at: datetime
    ends_at: datetime


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when a session is: a room's name and a half-open span."""

    room: str
    starts_at: datetime
    ends_at: datetime


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The imported row that a proposal came from."""

    import_id: UUID
    item_id: UUID


class NamedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as an imported file names them: `key` is the file's own identifier."""

    key: str
    name: str
