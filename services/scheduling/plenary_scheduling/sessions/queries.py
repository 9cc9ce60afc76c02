"""What people look at about sessions: what would stand against a place."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.refusal import NotFound
from plenary_scheduling.sessions.model import ACTIVE, Session, clash


def standing_against(reading: DatabaseSession, meeting_id: UUID, session_id: UUID, room_id: UUID, starts_at: datetime) -> str | None:
    """Say what stands against a place before anything is moved, or None; raises `NotFound`."""
    active = list(reading.scalars(select(Session).where(Session.meeting_id == meeting_id, Session.state == ACTIVE)))
    session = next((each for each in active if each.id == session_id), None)
    if session is None:
        raise NotFound("There is no such session.")
    return clash(session, room_id, starts_at, active)
