"""The published program as the value that every export format is written from."""

from collections import Counter
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.refusal import NotFound
from plenary_scheduling.interchange.leaving import ExportPerson, ExportProgram, ExportRoom, ExportSession
from plenary_scheduling.meetings.model import Room
from plenary_scheduling.meetings.queries import MeetingRow, rooms
from plenary_scheduling.program.model import CANCELED, SCHEDULED, Release, ReleaseChange, ReleasedSession
from plenary_scheduling.program.queries import ReleaseRow, latest_release, names_of
from plenary_scheduling.sessions.model import ACTIVE, Session


def export_program(session: DatabaseSession, meeting: MeetingRow, *, public_url: str) -> ExportProgram:
    """Read the latest release; `public_url` is this installation's origin. Raises `NotFound` before the first release."""
    release = latest_release(session, meeting.id)
    if release is None:
        raise NotFound("The program of this meeting is not published yet.")
    sessions = _released(session, meeting.id, release, _address(meeting, public_url))
    return _program(session, meeting, public_url, sessions, version=str(release.number), changed_at=release.released_at)


def export_working_copy(session: DatabaseSession, meeting: MeetingRow, *, public_url: str, now: datetime) -> ExportProgram:
    """Read the working copy, unplaced sessions included; for organizers only."""
    query = select(Session, Room.name).outerjoin(Room, Room.id == Session.room_id)
    rows = session.execute(query.where(Session.meeting_id == meeting.id, Session.state == ACTIVE)).all()
    names = names_of(session, {UUID(person) for row, _ in rows for person in row.presenter_ids})
    address = _address(meeting, public_url)
    sessions = tuple(_working(row, room or "", names, address) for row, room in rows)
    return _program(session, meeting, public_url, sessions, version="working copy", changed_at=now)


def _address(meeting: MeetingRow, public_url: str) -> str:
    return f"{public_url}/scheduling/{meeting.slug}/"


def _program(
    session: DatabaseSession, meeting: MeetingRow, public_url: str, sessions: tuple[ExportSession, ...], *, version: str, changed_at: datetime
) -> ExportProgram:
    return ExportProgram(
        title=meeting.title,
        acronym=meeting.slug,
        version=version,
        time_zone=meeting.time_zone,
        url=_address(meeting, public_url),
        host=urlsplit(public_url).hostname or "localhost",
        starts_on=meeting.starts_on,
        ends_on=meeting.ends_on,
        changed_at=changed_at,
        rooms=tuple(ExportRoom(room.id, room.name, room.capacity) for room in rooms(session, meeting.id)),
        sessions=sessions,
        slot_minutes=meeting.grid,
    )


def _persons(row: Session | ReleasedSession, names: dict[str, str]) -> tuple[ExportPerson, ...]:
    return tuple(ExportPerson(UUID(person), names[person]) for person in row.presenter_ids if person in names)


def _working(row: Session, room: str, names: dict[str, str], address: str) -> ExportSession:
    return ExportSession(
        id=row.id,
        title=row.title,
        kind=row.kind,
        starts_at=row.starts_at,
        minutes=row.minutes,
        room=room,
        persons=_persons(row, names),
        track=row.track,
        abstract=row.abstract,
        url=f"{address}sessions/{row.id}",
    )


def _released(session: DatabaseSession, meeting_id: UUID, release: ReleaseRow, address: str) -> tuple[ExportSession, ...]:
    live = list(session.scalars(select(ReleasedSession).where(ReleasedSession.release_id == release.id)))
    log = _log(session, meeting_id)
    gone = _gone(session, log, {row.session_id for row in live})
    names = names_of(session, {UUID(person) for row in [*live, *gone] for person in row.presenter_ids})
    changes = Counter(change.session_id for change in log if change.what != SCHEDULED)
    exported = [_exported(row, names, changes[row.session_id], address, canceled=row.canceled_at is not None) for row in live]
    exported += [_exported(row, names, changes[row.session_id], address, canceled=True) for row in gone]
    return tuple(exported)


def _log(session: DatabaseSession, meeting_id: UUID) -> list[ReleaseChange]:
    query = select(ReleaseChange).join(Release, Release.id == ReleaseChange.release_id).where(Release.meeting_id == meeting_id)
    return list(session.scalars(query.order_by(Release.number)))


def _gone(session: DatabaseSession, log: list[ReleaseChange], live: set[UUID]) -> list[ReleasedSession]:
    """Give sessions of earlier versions that later ones dropped, as they stood last: calendars must be told to take them out."""
    dropped = {change.session_id for change in log if change.what == CANCELED} - live
    query = select(ReleasedSession).join(Release, Release.id == ReleasedSession.release_id).where(ReleasedSession.session_id.in_(dropped))
    latest = {row.session_id: row for row in session.scalars(query.order_by(Release.number))}
    return list(latest.values())


def _exported(row: ReleasedSession, names: dict[str, str], changes: int, address: str, *, canceled: bool) -> ExportSession:
    withdrawn = row.canceled_at is not None
    return ExportSession(
        id=row.session_id,
        title=row.title,
        kind=row.kind,
        starts_at=row.starts_at,
        minutes=int((row.ends_at - row.starts_at).total_seconds() // 60),
        room=row.room,
        persons=_persons(row, names),
        track=row.track,
        abstract=row.abstract,
        url=f"{address}sessions/{row.session_id}",
        sequence=changes + withdrawn,
        canceled=canceled,
    )
