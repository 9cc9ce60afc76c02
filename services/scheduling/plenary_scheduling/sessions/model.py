"""A session of the working copy: what it is (copied from its proposal) and where it stands (ours)."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_kit.refusal import Refusal, Stale
from plenary_scheduling.base import Base

ACTIVE, WITHDRAWN = "active", "withdrawn"


class StaleSession(Stale):
    """Somebody else moved the session since this page was opened."""

    code = "stale-session"


class Clash(Refusal):
    """The place breaks a rule; the sentence names what stands against it."""

    code = "clash"


class Session(Base):
    """A program entry. It ends `minutes` after `starts_at`; without `room_id` and `starts_at` it is unplaced."""

    __tablename__ = "session"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(index=True)
    proposal_id: Mapped[UUID] = mapped_column(unique=True)
    proposal_version: Mapped[int]
    title: Mapped[str]
    abstract: Mapped[str]
    kind: Mapped[str]
    track: Mapped[str]
    minutes: Mapped[int]
    expected: Mapped[int | None]
    presenter_ids: Mapped[list[Any]]
    unavailable: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(default=ACTIVE)
    room_id: Mapped[UUID | None] = mapped_column(index=True)
    starts_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict

    @property
    def ends_at(self) -> datetime | None:
        """Give the end, exclusive; None while unplaced."""
        return None if self.starts_at is None else self.starts_at + timedelta(minutes=self.minutes)

    def place(self, room_id: UUID, starts_at: datetime) -> None:
        """Put the session somewhere."""
        self.room_id, self.starts_at = room_id, starts_at

    def unplace(self) -> None:
        """Take the session out of the grid."""
        self.room_id, self.starts_at = None, None

    def withdraw(self) -> None:
        """Take the session out of the program for good."""
        self.state = WITHDRAWN
        self.unplace()


def clash(session: Session, room_id: UUID, starts_at: datetime, others: list[Session]) -> str | None:
    """Say why the place is impossible beside `others`, or None: room taken, presenter elsewhere, presenter unavailable."""
    ends_at = starts_at + timedelta(minutes=session.minutes)
    for other in others:
        if (
            other.id == session.id
            or other.starts_at is None
            or other.ends_at is None
            or not (other.starts_at < ends_at and starts_at < other.ends_at)
        ):
            continue
        if other.room_id == room_id:
            return f"“{other.title}” stands in this room at that time."
        if set(other.presenter_ids) & set(session.presenter_ids):
            return f"A presenter of this session presents “{other.title}” at that time."
    for first, last in session.unavailable:
        if datetime.fromisoformat(first) < ends_at and starts_at < datetime.fromisoformat(last):
            return "A presenter is not available then."
    return None
