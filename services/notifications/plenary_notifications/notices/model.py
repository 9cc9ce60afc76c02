"""Notices, and the window in which changes of one session are gathered."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plenary_contracts.parts import Place
from plenary_notifications.base import Base

OWED, TOLD = "owed", "told"
URGENT = timedelta(hours=24)


class Notice(Base):
    """What one person is to be told because of one cause, in the app and by mail; never twice. `context` is the story that it ends."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("person_id", "cause_id"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    cause_id: Mapped[UUID]
    topic: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    reason: Mapped[str]
    state: Mapped[str] = mapped_column(index=True, default=OWED)
    owed_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    context: Mapped[dict[str, Any] | None]


class SessionChange(Base):
    """What happened to a session since people were told last: where it stood `first` and where it stands `last`; None is nowhere."""

    __tablename__ = "session_change"
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(unique=True)
    meeting_id: Mapped[UUID]
    title: Mapped[str]
    presenter_ids: Mapped[list[Any]]
    first: Mapped[dict[str, Any] | None]
    last: Mapped[dict[str, Any] | None]
    changed_at: Mapped[datetime]
    due_at: Mapped[datetime] = mapped_column(index=True)
    context: Mapped[dict[str, Any] | None]

    def comes_to_nothing(self) -> bool:
        """Tell whether the session stands where it stood."""
        return self.first == self.last

    def settle_on(self, place: Place | None, *, changed_at: datetime, now: datetime) -> None:
        """Take the latest change in: it is due at once when the session is near."""
        self.last, self.changed_at = stored(place), changed_at
        if self._soonest() - now < URGENT:
            self.due_at = now

    def _soonest(self) -> datetime:
        return min(datetime.fromisoformat(place["starts_at"]) for place in (self.first, self.last) if place)


def stored(place: Place | None) -> dict[str, Any] | None:
    """Write a place as JSON values."""
    if place is None:
        return None
    return {"room": place.room, "starts_at": place.starts_at.isoformat(), "ends_at": place.ends_at.isoformat()}
