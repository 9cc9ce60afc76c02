"""What a person looks at in their inbox."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

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
    columns = (Notice.id, Notice.topic, Notice.title, Notice.text, Notice.reason, Notice.told_at, Notice.read_at)
    told = select(*columns).where(Notice.person_id == person_id, Notice.state == TOLD)
    return [NoticeRow(*row) for row in session.execute(told.order_by(Notice.told_at.desc(), Notice.id).limit(limit))]


def unread(session: DatabaseSession, person_id: UUID) -> int:
    """Count what a person has not read yet."""
    waiting = select(func.count()).where(Notice.person_id == person_id, Notice.state == TOLD, Notice.read_at.is_(None))
    return session.scalar(waiting) or 0
