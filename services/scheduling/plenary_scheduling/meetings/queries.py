"""What people look at about meetings."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.people.model import SocietyCopy


@dataclass(frozen=True)
class MeetingRow:
    """A meeting with its society's name; the hours of a day are minutes after midnight at the venue."""

    id: UUID
    society_id: UUID
    slug: str
    title: str
    venue: str
    starts_on: date
    ends_on: date
    time_zone: str
    day_opens: int
    day_closes: int
    grid: int
    version: int
    society: str | None


@dataclass(frozen=True)
class RoomRow:
    """A room."""

    id: UUID
    name: str
    capacity: int | None
    position: int
    version: int


@dataclass(frozen=True)
class SocietyRow:
    """A society that a meeting can be created for."""

    id: UUID
    slug: str
    name: str
    time_zone: str


def meetings(session: DatabaseSession) -> list[MeetingRow]:
    """List all meetings, the latest first."""
    return [MeetingRow(*row) for row in session.execute(_meetings().order_by(Meeting.starts_on.desc(), Meeting.slug))]


def meetings_part(session: DatabaseSession, part: Part, *, slug: str | None) -> list[MeetingRow]:
    """List a part of the meetings, the latest first; `slug` finds the one of that address."""
    wanted = _meetings() if slug is None else _meetings().where(Meeting.slug == slug)
    return [MeetingRow(*row) for row in session.execute(part_of(wanted, part, Meeting.starts_on, Meeting.id, latest_first=True))]


def meeting_by_id(session: DatabaseSession, meeting_id: UUID) -> MeetingRow:
    """Find a meeting; raises `NotFound`."""
    row = session.execute(_meetings().where(Meeting.id == meeting_id)).first()
    if row is None:
        raise NotFound("There is no such meeting.")
    return MeetingRow(*row)


def meeting_by_slug(session: DatabaseSession, slug: str) -> MeetingRow:
    """Find a meeting by its address; raises `NotFound`."""
    row = session.execute(_meetings().where(Meeting.slug == slug)).first()
    if row is None:
        raise NotFound("There is no such meeting.")
    return MeetingRow(*row)


def rooms(session: DatabaseSession, meeting_id: UUID) -> list[RoomRow]:
    """List a meeting's rooms in their order."""
    return [RoomRow(*row) for row in session.execute(_rooms(meeting_id).order_by(Room.position))]


def rooms_part(session: DatabaseSession, meeting_id: UUID, part: Part) -> list[RoomRow]:
    """List a part of a meeting's rooms in their order."""
    return [RoomRow(*row) for row in session.execute(part_of(_rooms(meeting_id), part, Room.position, Room.id))]


def room_of(session: DatabaseSession, meeting_id: UUID, room_id: UUID) -> RoomRow:
    """Find a room of a meeting; raises `NotFound`."""
    row = session.execute(_rooms(meeting_id).where(Room.id == room_id)).first()
    if row is None:
        raise NotFound("There is no such room.")
    return RoomRow(*row)


def societies(session: DatabaseSession) -> list[SocietyRow]:
    """List the societies known here by name."""
    query = select(SocietyCopy.id, SocietyCopy.slug, SocietyCopy.name, SocietyCopy.time_zone).order_by(SocietyCopy.name)
    return [SocietyRow(*row) for row in session.execute(query)]


def _meetings() -> Any:
    columns = (Meeting.id, Meeting.society_id, Meeting.slug, Meeting.title, Meeting.venue, Meeting.starts_on, Meeting.ends_on, Meeting.time_zone)
    hours = (Meeting.day_opens, Meeting.day_closes, Meeting.grid, Meeting.version)
    return select(*columns, *hours, SocietyCopy.name).outerjoin(SocietyCopy, SocietyCopy.id == Meeting.society_id)


def _rooms(meeting_id: UUID) -> Any:
    return select(Room.id, Room.name, Room.capacity, Room.position, Room.version).where(Room.meeting_id == meeting_id)
