"""What can be done with meetings: create one, give it rooms."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound, Refusal
from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.people.access import refuse_unless_chair


class AddressTaken(Refusal):
    """Another meeting, or another room of the meeting, has this name."""

    code = "address-taken"
    status = 422


@dataclass(frozen=True)
class MeetingText:
    """What an organizer fills in about a meeting; hours are minutes after midnight at the venue."""

    slug: str
    title: str
    venue: str
    starts_on: date
    ends_on: date
    time_zone: str
    day_opens: int = 9 * 60
    day_closes: int = 18 * 60
    grid: int = 15


def create_meeting(database: Database, *, by: UUID, society_id: UUID, text: MeetingText) -> UUID:
    """Create a meeting of a society that `by` administers; announces `meeting.created`."""
    with database.work() as work:
        refuse_unless_chair(work.session, by, society_id)
        return add_meeting(work, society_id, text).id


def add_meeting(work: Work, society_id: UUID, text: MeetingText) -> Meeting:
    """Create a meeting inside the unit of work `work`; raises `BadMeeting` or `AddressTaken`."""
    meeting = Meeting(id=new_id(), society_id=society_id, **vars(text))
    meeting.refuse_unless_sound()
    work.session.add(meeting)
    work.flush_or_refuse(AddressTaken("Another meeting has this address. Choose another one.", field="slug"))
    work.announce(meeting.created())
    return meeting


def add_room(database: Database, *, by: UUID, meeting_id: UUID, name: str, capacity: int | None) -> UUID:
    """Give a meeting a room; rooms stand in the order in which they were added."""
    with database.work() as work:
        meeting = work.session.get(Meeting, meeting_id)
        if meeting is None:
            raise NotFound("There is no such meeting.")
        refuse_unless_chair(work.session, by, meeting.id, meeting.society_id)
        return open_room(work, meeting_id, name, capacity).id


def open_room(work: Work, meeting_id: UUID, name: str, capacity: int | None) -> Room:
    """Add a room inside the unit of work `work`; raises `AddressTaken` when the meeting has one of that name."""
    count = work.session.scalar(select(func.count()).where(Room.meeting_id == meeting_id)) or 0
    room = Room(id=new_id(), meeting_id=meeting_id, name=name, capacity=capacity, position=count)
    work.session.add(room)
    work.flush_or_refuse(AddressTaken("This meeting has a room of that name already.", field="name"))
    return room
