"""Calls for proposals, and the copy of the meetings that they belong to."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plenary_kit.refusal import Refusal
from plenary_proposals.base import Base

LONGEST_GRACE = LONGEST_SESSION = 24 * 60  # minutes


class CallNotOpen(Refusal):
    """The call takes nothing now; the sentence says since or until when."""

    code = "call-not-open"


class BadDates(Refusal):
    """A call must close after it opens."""

    code = "bad-dates"
    status = 422


class BadKinds(Refusal):
    """A call takes at least one kind, each once."""

    code = "bad-kinds"
    status = 422


class MeetingCopy(Base):
    """A meeting as scheduling described it last; `version` orders the descriptions."""

    __tablename__ = "meeting_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    society_id: Mapped[UUID] = mapped_column(index=True)
    slug: Mapped[str]
    title: Mapped[str]
    venue: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    time_zone: Mapped[str]


class Call(Base):
    """A call for proposals to one meeting.

    `closes_at` is the deadline that is shown; proposals are taken until `grace_minutes` later. `kinds` holds `{"slug", "name", "minutes"}`.
    """

    __tablename__ = "call"
    __table_args__ = (UniqueConstraint("society_id", "slug"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    society_id: Mapped[UUID] = mapped_column(index=True)
    meeting_id: Mapped[UUID] = mapped_column(index=True)
    slug: Mapped[str]
    title: Mapped[str]
    description: Mapped[str]
    kinds: Mapped[list[Any]]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    grace_minutes: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict

    def refuse_unless_sound(self) -> None:
        """Raise `BadDates` when the call would close before it opens, `BadKinds` when it takes nothing or one kind twice."""
        if self.closes_at <= self.opens_at:
            raise BadDates("The call must close after it opens.", field="closes_at")
        slugs = [entry["slug"] for entry in self.kinds]
        if not slugs or len(set(slugs)) < len(slugs):
            raise BadKinds("Name at least one kind of proposal, and each kind once.", field="kinds")

    def takes_proposals(self, now: datetime) -> bool:
        """Tell whether a submission made `now` counts."""
        return self.opens_at <= now < self.closes_at + timedelta(minutes=self.grace_minutes)

    def refuse_unless_open(self, now: datetime) -> None:
        """Raise `CallNotOpen` outside opening and deadline plus grace."""
        if now < self.opens_at:
            raise CallNotOpen(f"“{self.title}” is not open yet. Your text is kept; come back when it opens.")
        if not self.takes_proposals(now):
            raise CallNotOpen(f"“{self.title}” is closed. Your text is kept as a draft; the chairs can reopen the call.")

    def minutes_of(self, kind: str) -> int:
        """Give the length in minutes of a `kind`; an unknown kind raises `KeyError`."""
        return {str(entry["slug"]): int(entry["minutes"]) for entry in self.kinds}[kind]
