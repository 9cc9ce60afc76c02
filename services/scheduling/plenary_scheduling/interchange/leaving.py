"""What leaves: a frozen program to export, and what all formats share about it: its days, its numbers and its short names."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

NIGHT_ENDS = 4 * 60
_ID_LIMIT = 2**31 - 1
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class ExportPerson:
    """A presenter as the public may see them."""

    id: UUID
    name: str


@dataclass(frozen=True, slots=True)
class ExportRoom:
    """A room in the order of the program."""

    id: UUID
    name: str
    capacity: int | None = None


@dataclass(frozen=True, slots=True)
class ExportSession:
    """A session of a published program. Without `starts_at` only the table can hold it. `sequence` grows with every change of the session."""

    id: UUID
    title: str
    kind: str
    starts_at: datetime | None
    minutes: int
    room: str
    persons: tuple[ExportPerson, ...] = ()
    subtitle: str = ""
    track: str = ""
    language: str = ""
    abstract: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    canceled: bool = False

    @property
    def ends_at(self) -> datetime | None:
        """Give the end, exclusive; None without a start."""
        return None if self.starts_at is None else self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class ExportDay:
    """A program day: from the end of the night before to the end of the night after, at the venue. `index` counts from 1."""

    index: int
    on: date
    starts_at: datetime
    ends_at: datetime
    sessions: tuple[ExportSession, ...]


@dataclass(frozen=True)
class ExportProgram:
    """A published program. `url` is where its pages begin, `host` names this installation in calendar UIDs, `changed_at` is when it was published."""

    title: str
    acronym: str
    version: str
    time_zone: str
    url: str
    host: str
    starts_on: date
    ends_on: date
    changed_at: datetime
    rooms: tuple[ExportRoom, ...]
    sessions: tuple[ExportSession, ...]
    slot_minutes: int = 5

    @cached_property
    def zone(self) -> ZoneInfo:
        """Give the venue's time zone."""
        return ZoneInfo(self.time_zone)

    @cached_property
    def days(self) -> tuple[ExportDay, ...]:
        """Give every day of the meeting and any further day with a session, each with its placed, uncanceled sessions by time and room."""
        held: dict[date, list[ExportSession]] = {self.starts_on + timedelta(days=n): [] for n in range((self.ends_on - self.starts_on).days + 1)}
        for session in self.sessions:
            if session.starts_at is not None and not session.canceled:
                night = session.starts_at.astimezone(self.zone) - timedelta(minutes=NIGHT_ENDS)
                held.setdefault(night.date(), []).append(session)
        return tuple(self._day(index, on, held[on]) for index, on in enumerate(sorted(held), start=1))

    @cached_property
    def numbers(self) -> dict[UUID, int]:
        """Give each session a positive number of its own that stays the same as long as its neighbors allow: formats from before UUIDs want one."""
        return _numbers(session.id for session in self.sessions)

    @cached_property
    def person_numbers(self) -> dict[UUID, int]:
        """Give each person a positive number of their own."""
        return _numbers({person.id for session in self.sessions for person in session.persons})

    @cached_property
    def acronym_word(self) -> str:
        """Give the acronym in lower-case letters, digits and underscores, at least four."""
        word = re.sub(r"[^a-z0-9]+", "_", _ascii(self.acronym or self.title).lower()).strip("_")
        return word if len(word) >= _SHORTEST else f"{word}_meeting".strip("_")

    def slug(self, session: ExportSession) -> str:
        """Give a short name, unique in the program: acronym, number and words of the title."""
        words = re.sub(r"[^a-z0-9]+", "-", _ascii(session.title).lower()).strip("-")[:60].strip("-")
        return f"{self.acronym_word}-{self.numbers[session.id]}-{words or 'session'}"

    def _day(self, index: int, on: date, sessions: list[ExportSession]) -> ExportDay:
        limits = [datetime.combine(each, time(), tzinfo=self.zone) + timedelta(minutes=NIGHT_ENDS) for each in (on, on + timedelta(days=1))]
        ordered = sorted(sessions, key=lambda session: (session.starts_at or self.changed_at, session.room, session.id))
        return ExportDay(index, on, limits[0], limits[1], tuple(ordered))


def hours(minutes: int, most: int = 10**6) -> str:
    """Write a length as `HH:MM`, at most `most` minutes."""
    return f"{min(minutes, most) // 60:02}:{min(minutes, most) % 60:02}"


def in_utc(instant: datetime) -> datetime:
    """Give the same instant in UTC, to the second."""
    return instant.astimezone(UTC).replace(microsecond=0)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _numbers(ids: Iterable[UUID]) -> dict[UUID, int]:
    """Fold ids to 31 bits; the rare second id on one number takes the next free one."""
    numbers: dict[UUID, int] = {}
    taken: set[int] = set()
    for each in sorted(ids):
        number = each.int % _ID_LIMIT + 1
        while number in taken:
            number = number % _ID_LIMIT + 1
        taken.add(number)
        numbers[each] = number
    return numbers
