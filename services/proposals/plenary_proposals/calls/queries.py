"""What people look at about calls."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_proposals.calls.model import Call, MeetingCopy
from plenary_proposals.people.model import Society

OPEN, COMING, PAST = "open", "coming", "past"


@dataclass(frozen=True)
class CallFilter:
    """Which calls are wanted: in a `state` at the instant `now` (open, coming or past), of one meeting, of one society; None is any."""

    now: datetime
    state: str | None = None
    meeting_id: UUID | None = None
    society_id: UUID | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        """Give what the calls must fulfill."""
        past, coming = Call.closes_at <= self.now, Call.opens_at > self.now
        by_state = {OPEN: ~past & ~coming, COMING: coming, PAST: past}
        found = [by_state[self.state]] if self.state else []
        wanted = ((Call.meeting_id, self.meeting_id), (Call.society_id, self.society_id))
        return found + [column == value for column, value in wanted if value is not None]


@dataclass(frozen=True)
class CallRow:
    """A call with the meeting and society that it belongs to."""

    id: UUID
    society_id: UUID
    society_slug: str
    society_name: str
    meeting_id: UUID
    meeting_title: str
    meeting_venue: str
    meeting_starts_on: date
    meeting_ends_on: date
    time_zone: str
    slug: str
    title: str
    description: str
    kinds: list[dict[str, Any]]
    opens_at: datetime
    closes_at: datetime
    grace_minutes: int
    version: int


@dataclass(frozen=True)
class MeetingRow:
    """A meeting, to open a call for."""

    id: UUID
    society_id: UUID
    slug: str
    title: str
    time_zone: str


def open_and_coming_calls(session: DatabaseSession, now: datetime) -> list[CallRow]:
    """List the calls that are open or will be, the nearest deadline first."""
    return [CallRow(*row) for row in session.execute(_calls().where(Call.closes_at > now).order_by(Call.closes_at))]


def past_calls(session: DatabaseSession, now: datetime) -> list[CallRow]:
    """List the calls whose deadline is over, the latest first."""
    return [CallRow(*row) for row in session.execute(_calls().where(Call.closes_at <= now).order_by(Call.closes_at.desc()))]


def calls_part(session: DatabaseSession, wanted: CallFilter, part: Part) -> list[CallRow]:
    """List a part of the calls by deadline, the earliest first."""
    return [CallRow(*row) for row in session.execute(part_of(_calls().where(*wanted.conditions()), part, Call.closes_at, Call.id))]


def call_by_slug(session: DatabaseSession, society: str, slug: str) -> CallRow:
    """Find a call by its address; raises `NotFound`."""
    row = session.execute(_calls().where(Society.slug == society, Call.slug == slug)).first()
    if row is None:
        raise NotFound("There is no such call.")
    return CallRow(*row)


def call_by_id(session: DatabaseSession, call_id: UUID) -> CallRow:
    """Find a call; raises `NotFound`."""
    row = session.execute(_calls().where(Call.id == call_id)).first()
    if row is None:
        raise NotFound("There is no such call.")
    return CallRow(*row)


def meetings(session: DatabaseSession) -> list[MeetingRow]:
    """List the meetings known here, the latest first."""
    columns = (MeetingCopy.id, MeetingCopy.society_id, MeetingCopy.slug, MeetingCopy.title, MeetingCopy.time_zone)
    return [MeetingRow(*row) for row in session.execute(select(*columns).order_by(MeetingCopy.starts_on.desc()))]


def meeting_by_id(session: DatabaseSession, meeting_id: UUID) -> MeetingRow:
    """Find a meeting; raises `NotFound`."""
    found = next((row for row in meetings(session) if row.id == meeting_id), None)
    if found is None:
        raise NotFound("There is no such meeting.")
    return found


def _calls() -> Any:
    meeting = (MeetingCopy.title, MeetingCopy.venue, MeetingCopy.starts_on, MeetingCopy.ends_on, MeetingCopy.time_zone)
    text = (Call.slug, Call.title, Call.description, Call.kinds, Call.opens_at, Call.closes_at, Call.grace_minutes, Call.version)
    joined = select(Call.id, Call.society_id, Society.slug, Society.name, Call.meeting_id, *meeting, *text)
    return joined.join(MeetingCopy, MeetingCopy.id == Call.meeting_id).join(Society, Society.id == Call.society_id)
