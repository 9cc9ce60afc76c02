"""Reads schedule.xml, the XML of Pentabarf, frab, pretalx, wafer and OSEM, leniently; see the XSD of voc/schedule for the strict form."""

import re
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from plenary_scheduling.interchange.clock_time import parse_clock, parse_zone
from plenary_scheduling.interchange.gathering import Gathering, RawItem, day_of
from plenary_scheduling.interchange.model import DangerousXml, ImportedProgram, NotAProgram, UnreadableText

GENERATOR = "plenary"
_CONTROL = bytes(code for code in range(0x20) if code not in b"\t\n\r")
_ENCODING = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_ENCODINGS = re.compile(r"utf-?8|utf-?16(le|be)?|us-ascii|ascii|iso-?8859-?\d{1,2}|latin-?1|windows-125\d|cp125\d", re.IGNORECASE)
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def read_schedule_xml(data: bytes, fallback_zone: ZoneInfo) -> ImportedProgram:
    """Read the program. Raises `DangerousXml` for declared entities, `UnreadableText` for broken XML, `NotAProgram` for another vocabulary."""
    root = _parse(data)
    if root.tag != "schedule" or root.find("day") is None:
        raise NotAProgram("The XML is not a schedule.xml: it has no <schedule> with <day> in it.")
    meeting = root.find("conference")
    meeting = etree.Element("conference") if meeting is None else meeting
    zone = parse_zone(meeting.findtext("time_zone_name") or "")
    gathering = Gathering(
        zone or fallback_zone,
        zone is not None,
        day_change=parse_clock(meeting.findtext("day_change") or "") or 0,
        markup=_generator(root) != GENERATOR,
    )
    if len(data) != len(_without_control(data)):
        gathering.warn(0, "control-characters", "The file holds control characters, which are left out.")
    for day in root.iterfind("day"):
        _read_day(day, gathering, zone)
    return gathering.program(
        title=meeting.findtext("title"),
        acronym=meeting.findtext("acronym"),
        version=root.findtext("version") or meeting.findtext("release"),
        span=(meeting.findtext("start") or "", meeting.findtext("end") or ""),
        slot=meeting.findtext("timeslot_duration") or "",
        rooms=[room.get("name") for room in root.iterfind("day/room")] if _generator(root) == GENERATOR else [],
    )


def _generator(root: etree._Element) -> str:
    found = root.find("generator")
    return "" if found is None else str(found.get("name", "")).lower()


def _without_control(data: bytes) -> bytes:
    return data if data.startswith(_WIDE) else data.translate(None, _CONTROL)


def _parse(data: bytes) -> etree._Element:
    """Parse without entities, DTDs and network."""
    data = _as_utf8(data)
    if b"<!DOCTYPE" in data and b"<!ENTITY" in data:
        raise DangerousXml("The XML declares entities, which can read other files or grow without end. Export it again without a DOCTYPE.")
    parser = etree.XMLParser(
        encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as fault:
        raise UnreadableText(f"The XML breaks off or makes no sense near line {fault.lineno or 1}. Export it again.") from fault


def _as_utf8(data: bytes) -> bytes:
    """Give the text as UTF-8, so that what is searched for entities is what libxml2 reads, whatever encoding the file declares."""
    if data.startswith(_WIDE):
        encoding = "utf-16"
    else:
        declared = _ENCODING.match(data.removeprefix(b"\xef\xbb\xbf"))
        encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if not _ENCODINGS.fullmatch(encoding):
        raise UnreadableText("The file's text encoding is unusual. Save it as UTF-8 and try again.")
    if encoding in {"utf-8", "utf8"}:
        return _without_control(data)
    try:
        return _without_control(data.decode(encoding).encode())
    except (UnicodeError, LookupError) as fault:
        raise UnreadableText(f"The file says that its text is in {encoding}, but it is not. Save it as UTF-8 and try again.") from fault


def _read_day(day: etree._Element, gathering: Gathering, zone: ZoneInfo | None) -> None:
    on = day_of(day.get("date", ""), day.get("start", ""), day.get("end", ""), zone)
    for item in day.iter("event"):
        around = item.getparent()
        room = around.get("name", "") if around is not None and around.tag == "room" else ""
        row: Any = item.sourceline
        said = {str(child.tag): str(child.text) for child in item if child.text}
        gathering.add(
            RawItem(
                row=row or 0,
                title=said.get("title"),
                guid=item.get("guid"),
                number=item.get("id") or item.get("code") or said.get("slug"),
                subtitle=said.get("subtitle"),
                kind=said.get("type"),
                track=said.get("track"),
                language=said.get("language"),
                abstract=said.get("abstract"),
                description=said.get("description"),
                names=tuple(person.text or person.get("name") for person in item.iterfind("persons/person")),
                room=said.get("room") or room,
                instant=said.get("date", ""),
                clock=said.get("start", ""),
                end=said.get("end", ""),
                length=said.get("duration", ""),
                url=said.get("url"),
                day=on,
            )
        )
