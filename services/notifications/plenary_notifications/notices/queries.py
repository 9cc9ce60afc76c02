"""What a person looks at in their inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_notifications.notices.model import TOLD, Notice


@dataclass(frozen=True)
class NoticeRow:
    """A notice as its person reads it; `read_at` is None while unread."""

    id: UUID
    topic: str
    title: str
    text: str
    reason: str
    told_at: datetime | None
    read_at: datetime | None


def inbox(session: DatabaseSession, person_id: UUID, limit: int = 100) -> list[NoticeRow]:
    """List what a person was told, the latest first."""
    return [NoticeRow(*row) for row in session.execute(_told(person_id).order_by(Notice.told_at.desc(), Notice.id).limit(limit))]


def inbox_part(session: DatabaseSession, person_id: UUID, part: Part, *, read: bool | None) -> list[NoticeRow]:
    """List a part of what a person was told, the latest owed first; `read` narrows it to what they have, or have not, read."""
    told = _told(person_id)
    wanted = told if read is None else told.where(Notice.read_at.is_not(None) if read else Notice.read_at.is_(None))
    return [NoticeRow(*row) for row in session.execute(part_of(wanted, part, Notice.id, latest_first=True))]


def notice_of(session: DatabaseSession, person_id: UUID, notice_id: UUID) -> NoticeRow:
    """Find what a person was told; somebody else's notice raises `NotFound` like one that does not exist."""
    row = session.execute(_told(person_id).where(Notice.id == notice_id)).first()
    if row is None:
        raise NotFound("There is no such notice.")
    return NoticeRow(*row)


def unread(session: DatabaseSession, person_id: UUID) -> int:
    """Count what a person has not read yet."""
    waiting = select(func.count()).where(Notice.person_id == person_id, Notice.state == TOLD, Notice.read_at.is_(None))
    return session.scalar(waiting) or 0


def _told(person_id: UUID) -> Any:
    columns = (Notice.id, Notice.topic, Notice.title, Notice.text, Notice.reason, Notice.told_at, Notice.read_at)
    return select(*columns).where(Notice.person_id == person_id, Notice.state == TOLD)
