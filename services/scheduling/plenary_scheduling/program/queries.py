"""What people look at: the working copy for chairs, the latest release for everybody, and the change log."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_contracts.parts import Span
from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_scheduling.meetings.model import Room
from plenary_scheduling.people.model import PersonCopy
from plenary_scheduling.program.model import Release, ReleaseChange, ReleasedSession
from plenary_scheduling.sessions.model import ACTIVE, Session


@dataclass(frozen=True)
class ProgramRow:
    """A session of a program; `canceled` when it was withdrawn after the release."""

    id: UUID
    title: str
    abstract: str
    kind: str
    track: str
    presenters: tuple[str, ...]
    room: str
    starts_at: datetime
    ends_at: datetime
    canceled: bool


@dataclass(frozen=True)
class WorkingRow:
    """A session of the working copy; unplaced without `room_id` and `starts_at`."""

    id: UUID
    title: str
    kind: str
    minutes: int
    expected: int | None
    presenters: tuple[str, ...]
    unavailable: tuple[Span, ...]
    room_id: UUID | None
    room: str | None
    starts_at: datetime | None
    ends_at: datetime | None
    version: int


@dataclass(frozen=True)
class ReleaseRow:
    """A release of a meeting's program."""

    id: UUID
    number: int
    note: str
    released_at: datetime


@dataclass(frozen=True)
class ChangeRow:
    """One line of a change log; `what` is scheduled, moved, canceled, renamed or edited, `title_before` there when the title changed."""

    session_id: UUID
    what: str
    title: str
    title_before: str | None
    room_before: str | None
    starts_before: datetime | None
    room_after: str | None
    starts_after: datetime | None


def latest_release(session: DatabaseSession, meeting_id: UUID) -> ReleaseRow | None:
    """Find the public version; None before the first release."""
    row = session.execute(_releases(meeting_id).order_by(Release.number.desc()).limit(1)).first()
    return ReleaseRow(*row) if row else None


def published(session: DatabaseSession, meeting_id: UUID, number: int | None = None) -> ReleaseRow:
    """Find version `number`, or the public one; raises `NotFound` where there is none."""
    query = _releases(meeting_id) if number is None else _releases(meeting_id).where(Release.number == number)
    row = session.execute(query.order_by(Release.number.desc()).limit(1)).first()
    if row is None:
        raise NotFound("There is no such version." if number else "The program of this meeting is not published yet.")
    return ReleaseRow(*row)


def releases(session: DatabaseSession, meeting_id: UUID) -> list[ReleaseRow]:
    """List all versions, the latest first."""
    return [ReleaseRow(*row) for row in session.execute(_releases(meeting_id).order_by(Release.number.desc()))]


def releases_part(session: DatabaseSession, meeting_id: UUID, part: Part) -> list[ReleaseRow]:
    """List a part of the versions, the latest first."""
    return [ReleaseRow(*row) for row in session.execute(part_of(_releases(meeting_id), part, Release.number, latest_first=True))]


def program(session: DatabaseSession, release_id: UUID) -> list[ProgramRow]:
    """List the sessions of a release by time and room, in three queries whatever their number."""
    return _program_rows(session, _released(release_id).order_by(ReleasedSession.starts_at, ReleasedSession.room))


def program_part(session: DatabaseSession, release_id: UUID, part: Part) -> list[ProgramRow]:
    """List a part of the sessions of a release by time."""
    return _program_rows(session, part_of(_released(release_id), part, ReleasedSession.starts_at, ReleasedSession.session_id))


def _released(release_id: UUID) -> Any:
    text = (ReleasedSession.session_id, ReleasedSession.title, ReleasedSession.abstract, ReleasedSession.kind, ReleasedSession.track)
    place = (ReleasedSession.presenter_ids, ReleasedSession.room, ReleasedSession.starts_at, ReleasedSession.ends_at, ReleasedSession.canceled_at)
    return select(*text, *place).where(ReleasedSession.release_id == release_id)


def _program_rows(session: DatabaseSession, query: Any) -> list[ProgramRow]:
    rows = session.execute(query).all()
    names = names_of(session, {UUID(person) for row in rows for person in row.presenter_ids})
    return [
        ProgramRow(
            id=row.session_id,
            title=row.title,
            abstract=row.abstract,
            kind=row.kind,
            track=row.track,
            presenters=_named(row.presenter_ids, names),
            room=row.room,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            canceled=row.canceled_at is not None,
        )
        for row in rows
    ]


def working_copy(session: DatabaseSession, meeting_id: UUID) -> list[WorkingRow]:
    """List the active sessions, the unplaced first by title, then the placed by time and room."""
    return _working_rows(session, _active(meeting_id).order_by(Session.starts_at.is_not(None), Session.starts_at, Room.position, Session.title))


def working_part(session: DatabaseSession, meeting_id: UUID, part: Part, *, placed: bool | None) -> list[WorkingRow]:
    """List a part of the active sessions in the order in which they came; `placed` narrows it to those that stand, or do not stand, somewhere."""
    query = _active(meeting_id)
    wanted = query if placed is None else query.where(Session.starts_at.is_not(None) if placed else Session.starts_at.is_(None))
    return _working_rows(session, part_of(wanted, part, Session.id))


def working_session(session: DatabaseSession, meeting_id: UUID, session_id: UUID) -> WorkingRow:
    """Find an active session of a meeting; raises `NotFound`."""
    found = _working_rows(session, _active(meeting_id).where(Session.id == session_id))
    if not found:
        raise NotFound("There is no such session.")
    return found[0]


def _active(meeting_id: UUID) -> Any:
    columns = (Session.id, Session.title, Session.kind, Session.minutes, Session.expected, Session.presenter_ids, Session.unavailable)
    joined = select(*columns, Session.room_id, Room.name, Session.starts_at, Session.version).outerjoin(Room, Room.id == Session.room_id)
    return joined.where(Session.meeting_id == meeting_id, Session.state == ACTIVE)


def _working_rows(session: DatabaseSession, query: Any) -> list[WorkingRow]:
    rows = session.execute(query).all()
    names = names_of(session, {UUID(person) for row in rows for person in row.presenter_ids})
    return [
        WorkingRow(
            id=row.id,
            title=row.title,
            kind=row.kind,
            minutes=row.minutes,
            expected=row.expected,
            presenters=_named(row.presenter_ids, names),
            unavailable=tuple(Span(starts_at=datetime.fromisoformat(first), ends_at=datetime.fromisoformat(last)) for first, last in row.unavailable),
            room_id=row.room_id,
            room=row.name,
            starts_at=row.starts_at,
            ends_at=row.starts_at + timedelta(minutes=row.minutes) if row.starts_at else None,
            version=row.version,
        )
        for row in rows
    ]


def changes(session: DatabaseSession, release_id: UUID) -> list[ChangeRow]:
    """List a release's change log by time."""
    ordered = _changes(release_id).order_by(func.coalesce(ReleaseChange.starts_after, ReleaseChange.starts_before), ReleaseChange.title)
    return [ChangeRow(*row) for row in session.execute(ordered)]


def changes_part(session: DatabaseSession, release_id: UUID, part: Part) -> list[ChangeRow]:
    """List a part of a release's change log by session."""
    return [ChangeRow(*row) for row in session.execute(part_of(_changes(release_id), part, ReleaseChange.session_id))]


def pending_changes(session: DatabaseSession, meeting_id: UUID) -> int:
    """Count the sessions that the next release would schedule, move, cancel, rename or say otherwise."""
    latest = latest_release(session, meeting_id)
    text = ("title", "abstract", "kind", "track", "presenter_ids")
    public = select(ReleasedSession.session_id, ReleasedSession.room, ReleasedSession.starts_at, ReleasedSession.ends_at)
    shown = public.add_columns(*(getattr(ReleasedSession, name) for name in text))
    live = shown.where(ReleasedSession.release_id == latest.id, ReleasedSession.canceled_at.is_(None)) if latest else None
    before = {row.session_id: tuple(row)[1:] for row in session.execute(live)} if live is not None else {}
    working = select(Session, Room.name).join(Room, Room.id == Session.room_id)
    placed = session.execute(working.where(Session.meeting_id == meeting_id, Session.state == ACTIVE, Session.starts_at.is_not(None)))
    after = {row.id: (room, row.starts_at, row.ends_at, *(getattr(row, name) for name in text)) for row, room in placed}
    return sum(before.get(key) != after.get(key) for key in before.keys() | after.keys())


def names_of(session: DatabaseSession, people: set[UUID]) -> dict[str, str]:
    """Give the names of people by their id as text; unknown people are left out."""
    found: dict[str, str] = {}
    wanted = sorted(people)
    for start in range(0, len(wanted), 500):
        rows = session.execute(select(PersonCopy.id, PersonCopy.name).where(PersonCopy.id.in_(wanted[start : start + 500])))
        found |= {str(row.id): row.name for row in rows}
    return found


def _releases(meeting_id: UUID) -> Any:
    return select(Release.id, Release.number, Release.note, Release.released_at).where(Release.meeting_id == meeting_id)


def _changes(release_id: UUID) -> Any:
    before, after = (ReleaseChange.room_before, ReleaseChange.starts_before), (ReleaseChange.room_after, ReleaseChange.starts_after)
    query = select(ReleaseChange.session_id, ReleaseChange.what, ReleaseChange.title, ReleaseChange.title_before, *before, *after)
    return query.where(ReleaseChange.release_id == release_id)


def _named(people: list[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names[person] for person in people if person in names)
