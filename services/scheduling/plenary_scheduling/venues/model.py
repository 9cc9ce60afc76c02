"""What stands in the way when a meeting or its rooms change."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plenary_kit.refusal import Refusal, Stale
from plenary_scheduling.meetings.model import Meeting
from plenary_scheduling.sessions.model import Session

_NAMED = 10


class StaleMeeting(Stale):
    """Somebody else changed the meeting since it was read."""

    code = "stale-meeting"


class StaleRoom(Stale):
    """Somebody else changed the room since it was read."""

    code = "stale-room"


class LeavesSessionsOutside(Refusal):
    """Sessions that stand within the days and hours of the meeting would stand outside of them."""

    code = "leaves-sessions-outside"


class RoomInUse(Refusal):
    """Sessions stand in the room."""

    code = "room-in-use"


@dataclass(frozen=True)
class MeetingText:
    """What an organizer changes about a meeting; hours are minutes after midnight at the venue. Its address stays what it is."""

    title: str
    venue: str
    starts_on: date
    ends_on: date
    time_zone: str
    day_opens: int
    day_closes: int
    grid: int


def within(meeting: Meeting, sessions: Iterable[Session]) -> list[Session]:
    """List the placed sessions that stand within the meeting's days and hours."""
    return [session for session in sessions if session.starts_at and session.ends_at and meeting.holds(session.starts_at, session.ends_at)]


def named(sessions: Iterable[Session]) -> str:
    """Name sessions in a sentence, the first ones by their titles."""
    titles = [f"“{session.title}”" for session in sessions]
    more = len(titles) - _NAMED
    return ", ".join(titles[:_NAMED]) + (f" and {more} more" if more > 0 else "")
