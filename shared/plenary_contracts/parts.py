"""Small frozen values that several facts are made of."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

# An instant with its offset; one without is refused.
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Span(msgspec.Struct, frozen=True, kw_only=True):
    """A half-open stretch of time, `starts_at` inclusive, `ends_at` exclusive; both aware."""

    starts_at: Instant
    ends_at: Instant


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """Where and when a session is: a room's name and a half-open span."""

    room: str
    starts_at: Instant
    ends_at: Instant


class Origin(msgspec.Struct, frozen=True, kw_only=True):
    """The imported row that a proposal came from."""

    import_id: UUID
    item_id: UUID


class NamedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person as an imported file names them: `key` is the file's own identifier."""

    key: str
    name: str
