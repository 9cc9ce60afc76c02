"""What can be done with sessions: take one in, move it, unplace it, withdraw it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from plenary_contracts.proposals import ProposalAccepted, ProposalEdited
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.sessions.model import ACTIVE, Clash, Session, StaleSession, clash


def take_in(work: Work, fact: ProposalAccepted | ProposalEdited, version: int) -> Session:
    """Make an accepted proposal an unplaced session, or bring its text to `version`."""
    session = work.session.scalar(select(Session).where(Session.proposal_id == fact.id))
    if session is None:
        session = Session(id=new_id(), meeting_id=fact.meeting_id, proposal_id=fact.id, proposal_version=0, state=ACTIVE)
        work.session.add(session)
    if session.proposal_version < version:
        session.proposal_version = version
        session.title, session.abstract, session.kind, session.track = fact.title, fact.abstract, fact.kind, fact.track
        session.minutes, session.expected = fact.minutes, fact.expected
        session.presenter_ids = [str(person) for person in fact.presenter_ids]
        session.unavailable = [[span.starts_at.isoformat(), span.ends_at.isoformat()] for span in fact.unavailable]
    return session


def move_session(database: Database, *, by: UUID, session_id: UUID, version: int, room_id: UUID, starts_at: datetime, anyway: bool = False) -> None:
    """Place a session that still has `version`.

    Raises `StaleSession` when somebody was faster, `Clash` when a rule stands against it and the chair did not say `anyway`.
    """
    with database.work() as work:
        session = _session(work, session_id, by)
        _refuse_stale(session, version)
        room = work.session.get(Room, room_id, with_for_update={"read": True})  # nobody removes it meanwhile
        if room is None or room.meeting_id != session.meeting_id:
            raise NotFound("There is no such room.")
        reason = clash(session, room_id, starts_at, _placed(work, session.meeting_id))
        if reason and not anyway:
            raise Clash(f"{reason} Choose another place, or place it anyway.", field="starts_at")
        session.place(room_id, starts_at)


def unplace_session(database: Database, *, by: UUID, session_id: UUID, version: int) -> None:
    """Take a session that still has `version` out of the grid."""
    with database.work() as work:
        session = _session(work, session_id, by)
        _refuse_stale(session, version)
        session.unplace()


def _session(work: Work, session_id: UUID, by: UUID) -> Session:
    session = work.session.get(Session, session_id, with_for_update=True)
    meeting = work.session.get(Meeting, session.meeting_id) if session else None
    if session is None or meeting is None:
        raise NotFound("There is no such session.")
    refuse_unless_chair(work.session, by, meeting.id, meeting.society_id)
    return session


def _refuse_stale(session: Session, version: int) -> None:
    if session.version != version:
        raise StaleSession(
            f"Somebody else changed this session a moment ago: you saw version {version}, it is version {session.version} now. "
            "The page shows where it stands; what you chose is kept below. Send it again if you still want it."
        )


def _placed(work: Work, meeting_id: UUID) -> list[Session]:
    query = select(Session).where(Session.meeting_id == meeting_id, Session.starts_at.is_not(None), Session.state == ACTIVE)
    return list(work.session.scalars(query))
