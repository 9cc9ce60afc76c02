"""Reads schedule.json, in the older shape (days > rooms > items) and in schema 2 (one list of items beside days, rooms and tracks)."""

import json
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from plenary_scheduling.interchange.clock_time import parse_clock, parse_date, parse_instant, parse_zone
from plenary_scheduling.interchange.gathering import Gathering, RawItem, day_of
from plenary_scheduling.interchange.model import ImportedProgram, NotAProgram, UnreadableText
from plenary_scheduling.interchange.plain_text import line

GENERATOR = "plenary"
_YEAR = 366


def read_schedule_json(text: str, fallback_zone: ZoneInfo) -> ImportedProgram:
    """Read the program. Raises `UnreadableText` for broken JSON and `NotAProgram` for another vocabulary."""
    document = _mapping(_parse(text))
    schedule = _mapping(document.get("schedule")) or document
    meeting = _mapping(schedule.get("conference"))
    if not meeting or ("days" not in meeting and not isinstance(schedule.get("events"), list)):
        raise NotAProgram("The JSON is not a schedule.json: it has no schedule with a conference and its days.")
    zone = parse_zone(line(schedule.get("time_zone_name")) or line(meeting.get("time_zone_name")))
    own = line(_mapping(document.get("generator")).get("name")).lower() == GENERATOR
    gathering = Gathering(zone or fallback_zone, zone is not None, day_change=parse_clock(line(meeting.get("day_change"))) or 0, markup=not own)
    tracks = _track_names(meeting)
    for row, (day, room, item) in enumerate(_items(schedule, meeting, zone), start=1):
        if isinstance(item, dict):
            gathering.add(_raw(row, (day, room), item, tracks))
        else:
            gathering.warn(row, "not-an-item", "This entry is not an item of a program and is left out.")
    return gathering.program(
        title=meeting.get("title"),
        acronym=meeting.get("acronym"),
        version=schedule.get("version"),
        span=(line(meeting.get("start")), line(meeting.get("end"))),
        slot=line(meeting.get("timeslot_duration")),
        rooms=[_mapping(room).get("name") for room in _sequence(meeting.get("rooms"))],
    )


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except RecursionError as fault:
        raise UnreadableText("The JSON is nested too deeply to be a program.") from fault
    except ValueError as fault:
        place = f" near line {fault.lineno}" if isinstance(fault, json.JSONDecodeError) else ""
        raise UnreadableText(f"The JSON breaks off or makes no sense{place}. Export it again.") from fault


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _sequence(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _items(schedule: Mapping[str, Any], meeting: Mapping[str, Any], zone: ZoneInfo | None) -> Iterator[tuple[date | None, str, object]]:
    """Walk over (program day, room, item) in the order of the file; in schema 2 the day is found by the days' limits."""
    days = [_mapping(day) for day in _sequence(meeting.get("days"))]
    for day in days:
        on = day_of(line(day.get("date")), line(day.get("day_start")), line(day.get("day_end")), zone)
        rooms = day.get("rooms")
        for room, items in rooms.items() if isinstance(rooms, dict) else []:
            yield from ((on, str(room), item) for item in _sequence(items))
    limits = _limits(days)
    for item in _sequence(schedule.get("events")):
        instant = parse_instant(line(_mapping(item).get("start")))
        yield _day_around(instant, limits), "", item


def _limits(days: list[Mapping[str, Any]]) -> list[tuple[datetime, datetime, date]]:
    """Give the (start, end, date) of the days of schema 2, as far as they are aware instants and no more than a year of them."""
    found = [(parse_instant(line(day.get("start"))), parse_instant(line(day.get("end"))), parse_date(line(day.get("date")))) for day in days[:_YEAR]]
    return [(first, last, on) for first, last, on in found if first and last and on and first.tzinfo and last.tzinfo]


def _day_around(instant: datetime | None, limits: list[tuple[datetime, datetime, date]]) -> date | None:
    if instant is None or instant.tzinfo is None:
        return None
    return next((on for first, last, on in limits if first <= instant < last), None)


def _track_names(meeting: Mapping[str, Any]) -> dict[str, str]:
    tracks = [_mapping(track) for track in _sequence(meeting.get("tracks"))]
    return {line(track.get("slug")): line(track.get("name")) for track in tracks if track.get("slug")}


def _raw(row: int, place_in_file: tuple[date | None, str], item: Mapping[str, Any], tracks: Mapping[str, str]) -> RawItem:
    day, room = place_in_file
    track, place, start = _mapping(item.get("track")), _mapping(item.get("room")), line(item.get("start"))
    return RawItem(
        row=row,
        title=item.get("title"),
        guid=item.get("guid"),
        number=line(item.get("id")) or line(item.get("code")) or item.get("slug"),
        subtitle=item.get("subtitle"),
        kind=item.get("type"),
        track=(track.get("name") or tracks.get(line(track.get("slug")), track.get("slug"))) if track else item.get("track"),
        language=item.get("language"),
        abstract=item.get("abstract"),
        description=item.get("description"),
        names=tuple(_name(person) for person in _sequence(item.get("persons") or item.get("participants") or item.get("speakers"))),
        room=place.get("name") if place else line(item.get("room")) or room,
        instant=line(item.get("date")) or (start if parse_instant(start) else ""),
        clock=start,
        end=line(item.get("end")),
        length=line(item.get("duration")),
        url=item.get("url"),
        day=day,
    )


def _name(person: object) -> object:
    said = _mapping(person)
    return person if isinstance(person, str) else said.get("public_name") or said.get("name") or said.get("full_name")
