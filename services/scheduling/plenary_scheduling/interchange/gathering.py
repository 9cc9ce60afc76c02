"""Gathers what a reader finds into an `ImportedProgram`: keys made unique, times resolved, oddities noted as warnings, none of them fatal."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from plenary_scheduling.interchange.clock_time import at_clock, parse_clock, parse_date, parse_instant, parse_minutes
from plenary_scheduling.interchange.model import ImportedItem, ImportedPerson, ImportedProgram, NotAProgram, RowWarning
from plenary_scheduling.interchange.plain_text import line, prose

LISTED = 100
_USUAL_MINUTES, _LONG, _ENDLESS = 30, 24 * 60, 31 * 24 * 60
_LONGEST_KEY = 100
_LONGEST_MEETING = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class RawItem:
    """One item as a reader found it, all in the file's own words. `day` is the program day it stands under, if it stands under one."""

    row: int
    title: object
    guid: object = ""
    number: object = ""
    subtitle: object = ""
    kind: object = ""
    track: object = ""
    language: object = ""
    abstract: object = ""
    description: object = ""
    names: tuple[object, ...] = ()
    room: object = ""
    instant: str = ""
    clock: str = ""
    end: str = ""
    length: str = ""
    url: object = ""
    day: date | None = None


@dataclass(slots=True)
class Gathering:
    """Collects items of one file. `zone` is the file's or, when `zone_is_known` is false, an assumption; `day_change` is minutes after midnight."""

    zone: ZoneInfo
    zone_is_known: bool
    day_change: int = 0
    markup: bool = True
    items: list[ImportedItem] = field(default_factory=list)
    warnings: list[RowWarning] = field(default_factory=list)
    warning_count: int = 0
    keys: dict[str, int] = field(default_factory=dict)

    def warn(self, row: int, code: str, sentence: str) -> None:
        """Note an oddity; beyond a hundred only the count grows."""
        self.warning_count += 1
        if len(self.warnings) < LISTED:
            self.warnings.append(RowWarning(row, code, sentence))

    def add(self, raw: RawItem) -> None:
        """Take one item in, whatever it lacks; a row without title, time and number is no item and is left out with a warning."""
        title, guid, number = line(raw.title), line(raw.guid), line(raw.number)
        if not (title or guid or number):
            self.warn(raw.row, "empty-row", "The row has no title and no number and is left out.")
            return
        if not title:
            title = line(raw.subtitle) or f"Untitled ({number or guid})"
            self.warn(raw.row, "no-title", f"The item has no title; it is called “{title}”.")
        starts_at = self._start(raw)
        room = line(raw.room)
        fallback = hashlib.sha256(f"{title}\n{room}\n{starts_at}".encode()).hexdigest()[:16]
        self.items.append(
            ImportedItem(
                key=self._unique(guid or number or fallback, raw.row, said=bool(guid or number)),
                guid=guid,
                title=title,
                subtitle=line(raw.subtitle),
                kind=line(raw.kind),
                track=line(raw.track),
                language=line(raw.language),
                abstract=prose(raw.abstract, markup=self.markup),
                description=prose(raw.description, markup=self.markup),
                persons=self._persons(raw),
                room=room,
                starts_at=starts_at,
                minutes=self._minutes(raw, starts_at),
                url=_web(line(raw.url)),
                row=raw.row,
                day=self._day(raw, starts_at),
            )
        )

    def program(
        self, *, title: object, acronym: object, version: object, span: tuple[str, str], slot: str, rooms: Iterable[object]
    ) -> ImportedProgram:
        """Close the gathering. Raises `NotAProgram` when there is neither an item nor a date."""
        if not self.zone_is_known:
            self.warn(0, "no-time-zone", f"The file names no time zone that is known; {self.zone.key} is assumed.")
        starts_on, ends_on = self._span(span)
        used = [line(room) for room in rooms] + [item.room for item in self.items]
        return ImportedProgram(
            title=line(title),
            acronym=line(acronym),
            version=line(version),
            time_zone=self.zone.key,
            starts_on=starts_on,
            ends_on=ends_on,
            slot_minutes=parse_minutes(slot) or 5,
            rooms=tuple(dict.fromkeys(room for room in used if room)),
            items=tuple(self.items),
            warnings=tuple(self.warnings),
            warning_count=self.warning_count,
        )

    def _span(self, span: tuple[str, str]) -> tuple[date, date]:
        days = [item.day for item in self.items if item.day]
        said = [day for day in map(parse_date, span) if day]
        if days and any(abs(day - min(days)) > _LONGEST_MEETING for day in said):
            self.warn(0, "odd-dates", "The dates of the meeting are far from those of its items; the items' dates are used.")
            said = []
        if not days and not said:
            raise NotAProgram("The file holds no program item with a date. Export the program again and check that it is scheduled.")
        return min(days + said), max(days + said)

    def _unique(self, key: str, row: int, *, said: bool) -> str:
        """Give the key, numbered when it was there before: `7`, `7#2`, `7#3` in the order of the file. A key that the file `said` is warned about."""
        key = key if len(key) <= _LONGEST_KEY else hashlib.sha256(key.encode()).hexdigest()
        count = self.keys[key] = self.keys.get(key, 0) + 1
        if count == 1:
            return key
        if said:
            self.warn(row, "duplicate-id", f"The number {key} stands on more than one item; this one is counted as its no. {count}.")
        while f"{key}#{count}" in self.keys:
            count += 1
        self.keys[key] = count
        self.keys[f"{key}#{count}"] = 1
        return f"{key}#{count}"

    def _persons(self, raw: RawItem) -> tuple[ImportedPerson, ...]:
        names = [line(name) for name in raw.names]
        if not all(names):
            self.warn(raw.row, "no-name", "A person on this item has no name and is left out.")
        return tuple(ImportedPerson(name, name) for name in dict.fromkeys(names) if name)

    def _start(self, raw: RawItem) -> datetime | None:
        found = parse_instant(raw.instant)
        if found is not None and found.tzinfo is not None:
            return found.astimezone(UTC)
        if found is not None:
            return self._on_clock(raw.row, found.date(), found.hour * 60 + found.minute)
        day, clock = parse_date(raw.instant) or raw.day, parse_clock(raw.clock)
        if day is None or clock is None:
            self.warn(raw.row, "no-time", "The item has no usable date and time; it goes in without a place in the program.")
            return None
        # Under a day element a time before the change of day is the following night; an item's own date is taken as it stands.
        night = not raw.instant and clock < self.day_change
        return self._on_clock(raw.row, day + timedelta(days=1) if night else day, clock)

    def _on_clock(self, row: int, day: date, clock: int) -> datetime:
        instant, once = at_clock(day, clock, self.zone)
        if not once:
            self.warn(row, "clock-change", f"Clocks in {self.zone.key} change then, so this time exists twice or not at all; check it.")
        return instant

    def _minutes(self, raw: RawItem, starts_at: datetime | None) -> int:
        minutes = parse_minutes(raw.length)
        if minutes is None and starts_at is not None and raw.end:
            minutes = self._until(raw.end, starts_at)
        if minutes is None or not 0 <= minutes <= _ENDLESS:
            self.warn(raw.row, "no-length", f"The item has no usable length; {_USUAL_MINUTES} minutes are assumed.")
            return _USUAL_MINUTES
        if minutes == 0:
            self.warn(raw.row, "zero-length", "The item lasts zero minutes.")
        elif minutes > _LONG:
            self.warn(raw.row, "very-long", f"The item lasts longer than a day ({minutes // 60} hours).")
        return minutes

    def _until(self, end: str, starts_at: datetime) -> int | None:
        found, clock = parse_instant(end), parse_clock(end)
        if found is None and clock is not None:
            local = starts_at.astimezone(self.zone)
            found, _ = at_clock(local.date(), clock, self.zone)
            found = found if found >= starts_at else found + timedelta(days=1)
        if found is None:
            return None
        aware = found if found.tzinfo else found.replace(tzinfo=self.zone)
        return int((aware.astimezone(UTC) - starts_at).total_seconds()) // 60

    def _day(self, raw: RawItem, starts_at: datetime | None) -> date | None:
        if raw.day is not None or starts_at is None:
            return raw.day
        return (starts_at.astimezone(self.zone) - timedelta(minutes=self.day_change)).date()


def day_of(label: str, first: str, last: str, zone: ZoneInfo | None) -> date | None:
    """Give the date of a program day from its label and its limits: the middle of the day decides, as limits are often written in UTC."""
    start, end = parse_instant(first), parse_instant(last)
    if zone is None or start is None or end is None or start.tzinfo is None or end.tzinfo is None or not start < end <= start + timedelta(days=2):
        return parse_date(label) or (start.date() if start else None)
    return (start + (end - start) / 2).astimezone(zone).date()


def _web(address: str) -> str:
    """Keep a web address only if a browser may safely follow it."""
    return address if address.lower().startswith(("https://", "http://")) else ""
