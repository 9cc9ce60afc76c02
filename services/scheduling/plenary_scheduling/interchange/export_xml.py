"""Writes schedule.xml so that it holds against the XSD of voc/schedule (https://c3voc.de/schedule/schema.xsd)."""

import re

from lxml import etree

from plenary_scheduling.interchange.leaving import ExportDay, ExportProgram, ExportSession, hours
from plenary_scheduling.interchange.plain_text import clean
from plenary_scheduling.interchange.schedule_xml import GENERATOR

_LONGEST = 99 * 60 + 59
_SHORTEST = 4


def write_schedule_xml(program: ExportProgram) -> bytes:
    """Write every placed, uncanceled session under its day and room, in UTF-8. Lengths beyond 99:59 are cut, as the format holds no more."""
    root = etree.Element("schedule")
    etree.SubElement(root, "generator", name=GENERATOR, system=clean(program.host))
    _put(root, "version", program.version)
    meeting = etree.SubElement(root, "conference")
    _put(meeting, "title", program.title)
    _put(meeting, "acronym", _acronym(program))
    _put(meeting, "start", program.starts_on.isoformat())
    _put(meeting, "end", program.ends_on.isoformat())
    _put(meeting, "days", str(len(program.days)))
    _put(meeting, "timeslot_duration", hours(program.slot_minutes))
    _put(meeting, "base_url", program.url)
    _put(meeting, "time_zone_name", program.time_zone)
    for day in program.days:
        _put_day(root, day, program)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="utf-8"))


def _acronym(program: ExportProgram) -> str:
    word = re.sub(r"[^a-z0-9_-]+", "-", clean(program.acronym).lower()).strip("-")
    return word if len(word) >= _SHORTEST else program.acronym_word


def _put(parent: etree._Element, name: str, text: str, attributes: dict[str, str] | None = None) -> etree._Element:
    element = etree.SubElement(parent, name, attributes)
    element.text = clean(text)
    return element


def _put_day(root: etree._Element, day: ExportDay, program: ExportProgram) -> None:
    limits = {"index": str(day.index), "date": day.on.isoformat(), "start": day.starts_at.isoformat(), "end": day.ends_at.isoformat()}
    element = etree.SubElement(root, "day", limits)
    known = {room.name: str(room.id) for room in program.rooms}
    by_room: dict[str, list[ExportSession]] = {name: [] for name in known}
    for session in day.sessions:
        by_room.setdefault(session.room, []).append(session)
    for name, sessions in by_room.items():
        room = etree.SubElement(element, "room", {"name": clean(name), **({"guid": known[name]} if name in known else {})})
        for session in sessions:
            _put_session(room, session, program)


def _put_session(room: etree._Element, session: ExportSession, program: ExportProgram) -> None:
    if session.starts_at is None:
        return
    local = session.starts_at.astimezone(program.zone)
    element = etree.SubElement(room, "event", id=str(program.numbers[session.id]), guid=str(session.id))
    _put(element, "date", local.isoformat(timespec="seconds"))
    _put(element, "start", local.strftime("%H:%M"))
    _put(element, "duration", hours(session.minutes, _LONGEST))
    _put(element, "room", session.room)
    _put(element, "slug", program.slug(session))
    for name in ("title", "subtitle", "track", "language", "abstract", "description"):
        _put(element, name, getattr(session, name))
    _put(element, "type", session.kind)
    persons = etree.SubElement(element, "persons")
    for person in session.persons:
        _put(persons, "person", person.name, {"id": str(program.person_numbers[person.id]), "guid": str(person.id)})
    if session.url.startswith(("https://", "http://")):
        _put(element, "url", session.url)
