"""Whose stars stand where."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.keyset import Part, part_of
from plenary_scheduling.stars.model import Star


@dataclass(frozen=True)
class StarRow:
    """A person's star."""

    session_id: UUID
    starred_at: datetime


def starred(session: DatabaseSession, person_id: UUID) -> frozenset[UUID]:
    """Give the sessions that a person starred."""
    return frozenset(session.scalars(select(Star.session_id).where(Star.person_id == person_id)))


def stars_part(session: DatabaseSession, person_id: UUID, part: Part) -> list[StarRow]:
    """List a part of a person's stars by session."""
    mine = select(Star.session_id, Star.starred_at).where(Star.person_id == person_id)
    return [StarRow(*row) for row in session.execute(part_of(mine, part, Star.session_id))]
