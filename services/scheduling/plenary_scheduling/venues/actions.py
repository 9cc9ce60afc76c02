"""What can be done with a meeting that exists: change it; rename, resize, move and remove its rooms."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_scheduling.meetings.actions import AddressTaken
from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.sessions.model import ACTIVE, Session
from plenary_scheduling.venues.model import LeavesSessionsOutside, MeetingText, RoomInUse, StaleMeeting, StaleRoom, named, within


def change_meeting(database: Database, *, by: UUID, meeting_id: UUID, version: int, text: MeetingText, anyway: bool = False) -> None:
    """Change a meeting that still has `version`; announces `meeting.changed`. Sessions keep their instants and rooms.

    Raises `StaleMeeting`, `BadMeeting`, and `LeavesSessionsOutside` unless the chair wants it `anyway`.
    """
    with database.work() as work:
        meeting = _meeting(work, by, meeting_id)
        if meeting.version != version:
            raise StaleMeeting("Somebody changed this meeting while you were editing. Both versions are below.")
        before, inside = meeting.changed(), within(meeting, _placed(work, meeting_id))
        for name, value in vars(text).items():
            setattr(meeting, name, value)
        meeting.refuse_unless_sound()
        kept = within(meeting, inside)
        left = [session for session in inside if session not in kept]
        if left and not anyway:
            raise LeavesSessionsOutside(f"These sessions would stand outside of the meeting's days and hours: {named(left)}.", field="anyway")
        if meeting.changed() != before:
            work.announce(meeting.changed())


@dataclass(frozen=True)
class RoomText:
    """What a chair changes about a room: without a `capacity` it holds any number; `position` counts from 0, None leaves it where it is."""

    name: str
    capacity: int | None
    position: int | None = None


def change_room(database: Database, *, by: UUID, meeting_id: UUID, room_id: UUID, version: int, text: RoomText) -> None:
    """Rename, resize or move a room that still has `version`. Raises `StaleRoom`, or `AddressTaken` for the name of another one."""
    with database.work() as work:
        room = _room(work, by, meeting_id, room_id)
        if room.version != version:
            raise StaleRoom("Somebody changed this room while you were editing. Both versions are below.")
        room.name, room.capacity = text.name, text.capacity
        work.flush_or_refuse(AddressTaken("This meeting has a room of that name already.", field="name"))
        if text.position is not None:
            others = _others(work, room)
            _number([*others[: text.position], room, *others[text.position :]])


def remove_room(database: Database, *, by: UUID, meeting_id: UUID, room_id: UUID) -> None:
    """Take a room away in which nothing stands; raises `RoomInUse` otherwise. What was published stays as it was."""
    with database.work() as work:
        room = _room(work, by, meeting_id, room_id)
        standing = [session for session in _placed(work, meeting_id) if session.room_id == room.id]
        if standing:
            raise RoomInUse(f"Sessions stand in {room.name}: {named(standing)}. Move them first.")
        _number(_others(work, room))
        work.session.delete(room)


def _meeting(work: Work, by: UUID, meeting_id: UUID) -> Meeting:
    meeting = work.session.get(Meeting, meeting_id, with_for_update=True)
    if meeting is None:
        raise NotFound("There is no such meeting.")
    refuse_unless_chair(work.session, by, meeting.id, meeting.society_id)
    return meeting


def _room(work: Work, by: UUID, meeting_id: UUID, room_id: UUID) -> Room:
    _meeting(work, by, meeting_id)
    room = work.session.get(Room, room_id, with_for_update=True)  # whoever puts a session into it holds it too
    if room is None or room.meeting_id != meeting_id:
        raise NotFound("There is no such room.")
    return room


def _placed(work: Work, meeting_id: UUID) -> list[Session]:
    query = select(Session).where(Session.meeting_id == meeting_id, Session.state == ACTIVE, Session.starts_at.is_not(None))
    return list(work.session.scalars(query.order_by(Session.starts_at, Session.title)))


def _others(work: Work, room: Room) -> list[Room]:
    query = select(Room).where(Room.meeting_id == room.meeting_id, Room.id != room.id)
    return list(work.session.scalars(query.order_by(Room.position, Room.id)))


def _number(rooms: list[Room]) -> None:
    for position, room in enumerate(rooms):
        room.position = position
