"""Who sits at the desk, and what the desk remembers between two pages: the move that can be undone."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import session

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_scheduling.meetings.queries import MeetingRow, meeting_by_slug
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.program.queries import WorkingRow

_MOVED = "moved_session"


def chaired(database: Database, slug: str) -> tuple[MeetingRow, UUID]:
    """Give the meeting and its chair who asks; everybody else is refused."""
    visitor = require_visitor()
    with database.reading() as reading:
        meeting = meeting_by_slug(reading, slug)
        refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
    return meeting, visitor.person_id


def local(instant: datetime | None, zone: str) -> str:
    """Write an instant as a form's field does; nothing for None."""
    return instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M") if instant else ""


def remember(meeting: MeetingRow, before: WorkingRow, after: WorkingRow) -> None:
    """Keep where a session stood, and the version that its move made, for the next page to offer the way back."""
    what = "Taken out of the grid" if after.starts_at is None else "Moved" if before.starts_at else "Placed"
    place = {"room_id": str(before.room_id or ""), "starts_at": local(before.starts_at, meeting.time_zone)}
    session[_MOVED] = {"what": what, "id": str(before.id), "title": before.title, "version": after.version, **place}


def remembered() -> dict[str, str | int] | None:
    """Give, once, what was remembered last."""
    moved: dict[str, str | int] | None = session.pop(_MOVED, None)
    return moved
