"""What was read from a program file: the program, its items and people, the warnings, and the summary that a chair checks before using it."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from plenary_kit.refusal import Refusal


class NotAProgram(Refusal):
    """The file is something else: another format, an archive, or a file without one program item."""

    code = "not-a-program"
    status = 422


class TooLarge(Refusal):
    """The file is larger than the limit."""

    code = "too-large"
    status = 422


class DangerousXml(Refusal):
    """The XML declares entities, by which a file can read other files or grow without end."""

    code = "dangerous-xml"
    status = 422


class UnreadableText(Refusal):
    """The format is known, but its text is broken: cut off, not well-formed, or in an unknown encoding."""

    code = "unreadable-text"
    status = 422


@dataclass(frozen=True, slots=True)
class RowWarning:
    """Something odd in a row that did not stop the import. `row` is the item's `row`, 0 for the file as a whole."""

    row: int
    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class ImportedPerson:
    """A person on an item. Files do not agree on ids, so `key` is the name with its spacing made even."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """One item of a program.

    `key` is unique in the file and the same when the file is read again. `starts_at` is UTC, None when the file gives no usable time; `day` is the
    program day, so an item at one in the morning belongs to the evening before. `row` is the line (XML, CSV) or the ordinal of the item (JSON).
    """

    key: str
    guid: str
    title: str
    subtitle: str
    kind: str
    track: str
    language: str
    abstract: str
    description: str
    persons: tuple[ImportedPerson, ...]
    room: str
    starts_at: datetime | None
    minutes: int
    url: str
    row: int
    day: date | None

    @property
    def ends_at(self) -> datetime | None:
        """Give the end, exclusive, in UTC; None without a start."""
        return None if self.starts_at is None else self.starts_at + timedelta(minutes=self.minutes)


@dataclass(frozen=True, slots=True)
class Summary:
    """What the file holds, in numbers. Overlaps are pairs of different items of one person (or room) whose half-open times overlap."""

    items: int
    people: int
    rooms: int
    days: int
    people_overlaps: int
    room_overlaps: int
    warnings: int


@dataclass(frozen=True, slots=True)
class ImportedProgram:
    """A program as its file tells it. `warnings` lists the first hundred; `warning_count` counts all."""

    title: str
    acronym: str
    version: str
    time_zone: str
    starts_on: date
    ends_on: date
    slot_minutes: int
    rooms: tuple[str, ...]
    items: tuple[ImportedItem, ...]
    warnings: tuple[RowWarning, ...]
    warning_count: int

    def summary(self) -> Summary:
        """Count items, people, rooms and days that are used, overlaps and warnings."""
        return Summary(
            items=len(self.items),
            people=len({person.key for item in self.items for person in item.persons}),
            rooms=len({item.room for item in self.items if item.room}),
            days=len({item.day for item in self.items if item.day}),
            people_overlaps=_overlaps((person, item) for item in self.items for person in {each.key for each in item.persons}),
            room_overlaps=_overlaps((item.room, item) for item in self.items if item.room),
            warnings=self.warning_count,
        )


def _overlaps(held: Iterable[tuple[Hashable, ImportedItem]]) -> int:
    """Count overlapping pairs per holder by a sweep: of the items that began earlier, those that have not ended."""
    spans: dict[Hashable, list[tuple[datetime, datetime]]] = defaultdict(list)
    for holder, item in held:
        if item.starts_at is not None and item.ends_at is not None and item.minutes > 0:
            spans[holder].append((item.starts_at, item.ends_at))
    return sum(_overlapping_pairs(each) for each in spans.values())


def _overlapping_pairs(spans: list[tuple[datetime, datetime]]) -> int:
    ends = sorted(end for _, end in spans)
    starts = sorted(start for start, _ in spans)
    return sum(earlier - bisect_right(ends, start) for earlier, start in enumerate(starts))
