"""Whose stars stand where."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_scheduling.stars.model import Star


def starred(session: DatabaseSession, person_id: UUID) -> frozenset[UUID]:
    """Give the sessions that a person starred."""
    return frozenset(session.scalars(select(Star.session_id).where(Star.person_id == person_id)))
