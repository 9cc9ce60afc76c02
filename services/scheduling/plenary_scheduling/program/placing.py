"""A meeting's working copy as the problem that the solver takes."""

from datetime import datetime
from uuid import UUID

from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.program.solver.model import Interval, Place, Problem, RoomToFill, SessionToPlace
from plenary_scheduling.sessions.model import Session


def placement_problem(meeting: Meeting, rooms: list[Room], sessions: list[Session]) -> Problem:
    """State what is to be placed: placed sessions are pinned, every room is open during the meeting's hours."""
    opened = tuple(Interval(start, end) for start, end in meeting.hours())
    return Problem(
        sessions=tuple(_to_place(session) for session in sessions),
        rooms=tuple(RoomToFill(room.id, room.capacity, opened) for room in rooms),
        grid_minutes=meeting.grid,
    )


def _to_place(session: Session) -> SessionToPlace:
    pinned = Place(session.room_id, session.starts_at) if session.room_id is not None and session.starts_at is not None else None
    return SessionToPlace(
        id=session.id,
        minutes=session.minutes,
        expected=session.expected,
        people=tuple(UUID(person) for person in session.presenter_ids),
        unavailable=tuple(Interval(datetime.fromisoformat(first), datetime.fromisoformat(last)) for first, last in session.unavailable),
        pinned=pinned,
    )
