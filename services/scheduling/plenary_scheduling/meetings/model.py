"""Meetings and rooms. The venue's time zone is the truth; days are inclusive; versions guard against lost edits."""

from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plenary_contracts.scheduling import MeetingChanged, MeetingCreated
from plenary_kit.refusal import Refusal
from plenary_scheduling.base import Base

LONGEST = 31
DAY = 24 * 60
LARGEST_ROOM = 1_000_000
FINEST_GRID, COARSEST_GRID = 5, 240
# What stands beside the meetings below /scheduling/; a meeting of that address could not be reached.
RESERVED = frozenset({"api", "livez", "metrics", "new", "readyz", "sessions", "static"})


class BadMeeting(Refusal):
    """The dates, hours or the time zone make no meeting; `field` names which."""

    code = "bad-meeting"
    status = 422


class Meeting(Base):
    """A gathering. `day_opens` and `day_closes` are minutes after midnight at the venue, `grid` the step of the program in minutes."""

    __tablename__ = "meeting"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    society_id: Mapped[UUID] = mapped_column(index=True)
    slug: Mapped[str] = mapped_column(unique=True)
    title: Mapped[str]
    venue: Mapped[str]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    time_zone: Mapped[str]
    day_opens: Mapped[int] = mapped_column(default=9 * 60)
    day_closes: Mapped[int] = mapped_column(default=18 * 60)
    grid: Mapped[int] = mapped_column(default=15)
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict

    def refuse_unless_sound(self) -> None:
        """Raise `BadMeeting` for a reserved address, an unknown time zone, reversed or endless dates, or hours that do not follow one another."""
        if self.slug in RESERVED:
            example = f"{self.slug}-{self.starts_on.year}"
            raise BadMeeting(f"“{self.slug}” is an address of Plenary itself. Choose another one, such as {example}.", field="slug")
        if self.time_zone not in available_timezones():
            raise BadMeeting("Choose a time zone such as America/New_York.", field="time_zone")
        if not 0 <= (self.ends_on - self.starts_on).days < LONGEST:
            raise BadMeeting(f"A meeting ends on or after its first day and lasts at most {LONGEST} days.", field="ends_on")
        if not 0 <= self.day_opens < self.day_closes <= DAY:
            raise BadMeeting("The day must close after it opens.", field="day_closes")

    def created(self) -> MeetingCreated:
        """State the meeting as a fact."""
        return MeetingCreated(**self._described())

    def changed(self) -> MeetingChanged:
        """State the meeting as a fact, changed."""
        return MeetingChanged(**self._described())

    def _described(self) -> dict[str, Any]:
        names = ("id", "society_id", "slug", "title", "venue", "starts_on", "ends_on", "time_zone")
        return {name: getattr(self, name) for name in names}

    def hours(self) -> list[tuple[datetime, datetime]]:
        """List each day's open hours as aware instants at the venue."""
        zone = ZoneInfo(self.time_zone)
        days = [self.starts_on + timedelta(days=n) for n in range((self.ends_on - self.starts_on).days + 1)]
        return [(_at(day, self.day_opens, zone), _at(day, self.day_closes, zone)) for day in days]

    def holds(self, starts_at: datetime, ends_at: datetime) -> bool:
        """Tell whether a stretch of time lies within the hours of one of the days."""
        return any(opens <= starts_at and ends_at <= closes for opens, closes in self.hours())


class Room(Base):
    """A room of a meeting; without a `capacity` it holds any number."""

    __tablename__ = "room"
    __table_args__ = (UniqueConstraint("meeting_id", "name"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    capacity: Mapped[int | None]
    position: Mapped[int]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    extra_days, minute_of_day = divmod(minutes, 24 * 60)
    clock = time(minute_of_day // 60, minute_of_day % 60)
    return datetime.combine(day + timedelta(days=extra_days), clock, tzinfo=zone)
