"""Writes schedule.json so that it holds against the JSON schema of voc/schedule (https://c3voc.de/schedule/schema.json)."""

import json
import re
from typing import Any

from plenary_scheduling.interchange.leaving import ExportDay, ExportProgram, ExportSession, hours
from plenary_scheduling.interchange.plain_text import clean
from plenary_scheduling.interchange.schedule_json import GENERATOR

_SCHEMA_ZONE = re.compile(r"(?:[A-Z][a-z]+/[A-Z][a-z]+)|UTC\Z")


def write_schedule_json(program: ExportProgram) -> bytes:
    """Write every placed, uncanceled session under its day and room, in UTF-8."""
    meeting: dict[str, Any] = {
        "acronym": program.acronym_word,
        "title": clean(program.title),
        "start": program.starts_on.isoformat(),
        "end": program.ends_on.isoformat(),
        "daysCount": len(program.days),
        "timeslot_duration": hours(program.slot_minutes),
        "url": program.url,
        "rooms": [{"name": clean(room.name), "guid": str(room.id), "capacity": room.capacity} for room in program.rooms],
        "days": [_day(day, program) for day in program.days],
    }
    if _SCHEMA_ZONE.match(program.time_zone):
        meeting["time_zone_name"] = program.time_zone
    # The schema's pattern knows no zone such as US/Eastern, but allows anything beside the conference.
    schedule = {"version": clean(program.version), "base_url": program.url, "time_zone_name": program.time_zone, "conference": meeting}
    document = {"$schema": "https://c3voc.de/schedule/schema.json", "generator": {"name": GENERATOR}, "schedule": schedule}
    return json.dumps(document, ensure_ascii=False).encode()


def _day(day: ExportDay, program: ExportProgram) -> dict[str, Any]:
    rooms: dict[str, list[dict[str, Any]]] = {clean(room.name): [] for room in program.rooms}
    for session in day.sessions:
        if session.starts_at is not None:
            rooms.setdefault(clean(session.room), []).append(_item(session, program))
    return {
        "index": day.index,
        "date": day.on.isoformat(),
        "day_start": day.starts_at.isoformat(),
        "day_end": day.ends_at.isoformat(),
        "rooms": rooms,
    }


def _item(session: ExportSession, program: ExportProgram) -> dict[str, Any]:
    local = (session.starts_at or program.changed_at).astimezone(program.zone)
    ends_at = (session.ends_at or program.changed_at).astimezone(program.zone)
    texts = {name: clean(getattr(session, name)) for name in ("title", "subtitle", "track", "language", "abstract", "description", "room")}
    return {
        "id": program.numbers[session.id],
        "guid": str(session.id),
        "date": local.isoformat(timespec="seconds"),
        "start": local.strftime("%H:%M"),
        "end": ends_at.isoformat(timespec="seconds"),
        "duration": hours(session.minutes),
        "slug": program.slug(session),
        "url": session.url or program.url,
        "type": clean(session.kind),
        **texts,
        # One of `name` and `public_name`: with both, the schema's oneOf fails.
        "persons": [{"guid": str(person.id), "name": clean(person.name)} for person in session.persons],
        "links": [],
        "attachments": [],
    }
