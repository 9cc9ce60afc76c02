"""What can be done with a program: release the working copy, and cancel in public what was withdrawn."""

from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select

from plenary_contracts.scheduling import ProgramReleased, SessionCanceled, SessionMoved, SessionScheduled
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.program.model import (
    CANCELED,
    MOVED,
    SCHEDULED,
    TOLD,
    Change,
    NothingChanged,
    Release,
    ReleaseChange,
    ReleasedSession,
    difference,
)
from plenary_scheduling.program.placing import placement_problem
from plenary_scheduling.program.solver.model import Placement
from plenary_scheduling.program.solver.solve import solve
from plenary_scheduling.sessions.model import ACTIVE, Session

Announced = SessionScheduled | SessionMoved | SessionCanceled


def release_program(database: Database, *, by: UUID, meeting_id: UUID, note: str) -> int:
    """Make the working copy public as the next version; announces each session's change of place and `program.released`. Gives the number.

    Raises `NothingChanged` when the public program says the same already.
    """
    with database.work() as work:
        meeting = work.session.get(Meeting, meeting_id, with_for_update=True)
        if meeting is None:
            raise NotFound("There is no such meeting.")
        refuse_unless_chair(work.session, by, meeting.id, meeting.society_id)
        latest = _latest(work, meeting_id)
        release = Release(
            id=new_id(), meeting_id=meeting_id, number=latest.number + 1 if latest else 1, note=note, released_at=work.now, released_by=by
        )
        after = _frozen(work, release)
        changes = difference(_live(work, latest), after)
        if not changes:
            raise NothingChanged("Nothing changed since the last release.")
        work.session.add_all([release, *after.values(), *(_logged(release, change) for change in changes)])
        _announce(work, meeting, release, changes)
        return release.number


@dataclass(frozen=True)
class AutomaticPlacement:
    """What the solver did: how many sessions got a place, and (title, reason) of those that did not."""

    placed: int
    left: list[tuple[str, str]]


def place_automatically(database: Database, *, by: UUID, meeting_id: UUID, seed: int = 0) -> AutomaticPlacement:
    """Find places for the unplaced sessions; what stands already stays.

    The search runs outside of any transaction; a session that somebody placed or changed meanwhile keeps what they did,
    and a room that was removed stays empty.
    """
    with database.reading() as reading:
        meeting = reading.get(Meeting, meeting_id)
        if meeting is None:
            raise NotFound("There is no such meeting.")
        refuse_unless_chair(reading, by, meeting.id, meeting.society_id)
        sessions = list(reading.scalars(select(Session).where(Session.meeting_id == meeting_id, Session.state == ACTIVE).order_by(Session.id)))
        rooms = list(reading.scalars(select(Room).where(Room.meeting_id == meeting_id).order_by(Room.position)))
        problem = placement_problem(meeting, rooms, sessions)
        versions = {session.id: session.version for session in sessions}
        titles = {session.id: session.title for session in sessions}
        unplaced = {session.id for session in sessions if session.starts_at is None}
    solution = solve(problem, seed=seed)
    with database.work() as work:
        there = set(work.session.scalars(select(Room.id).where(Room.meeting_id == meeting_id).with_for_update(read=True)))
        chosen = [placement for placement in solution.placements if placement.session in unplaced and placement.room in there]
        placed = sum(_put(work, placement, versions[placement.session]) for placement in chosen)
    return AutomaticPlacement(placed, [(titles[each.session], each.reason) for each in solution.unplaced])


def _put(work: Work, placement: Placement, version: int) -> bool:
    """Put a session that still has `version` where the solver says; tells whether it did."""
    session = work.session.get(Session, placement.session)
    if session is None or session.version != version:
        return False
    session.place(placement.room, placement.starts_at)
    return True


def cancel_withdrawn(work: Work, proposal_id: UUID) -> None:
    """Free the place of a withdrawn proposal; one that stands in the public program is canceled there at once."""
    session = work.session.scalar(select(Session).where(Session.proposal_id == proposal_id))
    if session is None:
        return
    session.withdraw()
    latest = _latest(work, session.meeting_id)
    public = work.session.get(ReleasedSession, (latest.id, session.id)) if latest else None
    if latest is not None and public is not None and public.canceled_at is None:
        public.canceled_at = work.now
        work.announce(_fact(session.meeting_id, latest.number, Change(CANCELED, public, None)))


def _latest(work: Work, meeting_id: UUID) -> Release | None:
    return work.session.scalar(select(Release).where(Release.meeting_id == meeting_id).order_by(Release.number.desc()).limit(1))


def _live(work: Work, release: Release | None) -> dict[UUID, ReleasedSession]:
    if release is None:
        return {}
    query = select(ReleasedSession).where(ReleasedSession.release_id == release.id, ReleasedSession.canceled_at.is_(None))
    return {session.session_id: session for session in work.session.scalars(query)}


def _frozen(work: Work, release: Release) -> dict[UUID, ReleasedSession]:
    placed = select(Session, Room.name).join(Room, Room.id == Session.room_id)
    rows = work.session.execute(placed.where(Session.meeting_id == release.meeting_id, Session.state == ACTIVE, Session.starts_at.is_not(None)))
    return {session.id: _frozen_session(release, session, room) for session, room in rows}


def _frozen_session(release: Release, session: Session, room: str) -> ReleasedSession:
    return ReleasedSession(
        release_id=release.id,
        session_id=session.id,
        proposal_id=session.proposal_id,
        title=session.title,
        abstract=session.abstract,
        kind=session.kind,
        track=session.track,
        presenter_ids=session.presenter_ids,
        room=room,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )


def _logged(release: Release, change: Change) -> ReleaseChange:
    before, after = change.before, change.after
    return ReleaseChange(
        release_id=release.id,
        session_id=change.shown.session_id,
        what=change.what,
        title=change.shown.title,
        title_before=before.title if before and before.title != change.shown.title else None,
        room_before=before.room if before else None,
        starts_before=before.starts_at if before else None,
        room_after=after.room if after else None,
        starts_after=after.starts_at if after else None,
    )


def _announce(work: Work, meeting: Meeting, release: Release, changes: list[Change]) -> None:
    for change in changes:
        if change.what in TOLD:
            work.announce(_fact(meeting.id, release.number, change))
    counts = Counter(change.what for change in changes)
    work.announce(
        ProgramReleased(
            id=meeting.id, number=release.number, note=release.note, scheduled=counts[SCHEDULED], moved=counts[MOVED], canceled=counts[CANCELED]
        )
    )


def _fact(meeting_id: UUID, number: int, change: Change) -> Announced:
    shown = change.shown
    presenters = tuple(UUID(person) for person in shown.presenter_ids)
    common: dict[str, Any] = {"id": shown.session_id, "meeting_id": meeting_id, "proposal_id": shown.proposal_id, "title": shown.title}
    if change.before is None:
        return SessionScheduled(**common, presenter_ids=presenters, program_number=number, place=shown.place())
    if change.after is None:
        return SessionCanceled(**common, presenter_ids=presenters, program_number=number, before=shown.place())
    return SessionMoved(**common, presenter_ids=presenters, program_number=number, before=change.before.place(), place=shown.place())
