"""What leaves is valid, comes back the same, and shows the right hours in a parser that is not ours."""

import json
import os
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID

import jsonschema
import pytest
import vobject
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from lxml import etree

from plenary_scheduling.interchange.export_calendar import write_calendar
from plenary_scheduling.interchange.export_csv import write_csv_table
from plenary_scheduling.interchange.export_json import write_schedule_json
from plenary_scheduling.interchange.export_xml import write_schedule_xml
from plenary_scheduling.interchange.leaving import ExportPerson, ExportProgram, ExportRoom, ExportSession
from plenary_scheduling.interchange.model import ImportedItem
from plenary_scheduling.interchange.plain_text import clean, line
from plenary_scheduling.interchange.reading import read_program

ROOMS = (ExportRoom(UUID(int=1), "Hall A", 300), ExportRoom(UUID(int=2), "Salon <2> & é", None))
PEOPLE = tuple(ExportPerson(UUID(int=10 + n), f"Person {n}") for n in range(4))
WRITERS = {"s.xml": write_schedule_xml, "s.json": write_schedule_json, "s.csv": write_csv_table}
TEXT = st.text(max_size=30) | st.sampled_from(["=1+1", "'=x", "-", "a\x00b\x0bc", "<p>not markup</p>", 'Ünï; code, "q"', "\ud800", "&amp;"])


def session(number: int, **fields: object) -> ExportSession:
    plain = ExportSession(UUID(int=10**30 + number), "A talk", "talk", datetime(2026, 3, 7, 15, 0, tzinfo=UTC), 45, "Hall A", PEOPLE[:2])
    return replace(plain, **fields)  # type: ignore[arg-type]


def program(*sessions: ExportSession, zone: str = "America/New_York") -> ExportProgram:
    return ExportProgram(
        title="Spring Meeting",
        acronym="spring-26",
        version="v2",
        time_zone=zone,
        url="https://meet.example.org/spring/",
        host="meet.example.org",
        starts_on=date(2026, 3, 7),
        ends_on=date(2026, 3, 9),
        changed_at=datetime(2026, 1, 1, tzinfo=UTC),
        rooms=ROOMS,
        sessions=sessions,
    )


SESSIONS = st.lists(
    st.builds(
        session,
        number=st.integers(0, 10**9),
        title=TEXT.filter(lambda text: bool(line(text))),
        subtitle=TEXT,
        track=TEXT,
        abstract=TEXT,
        description=TEXT,
        language=st.sampled_from(["", "en", "de"]),
        minutes=st.integers(1, 99 * 60),
        starts_at=st.integers(0, 3 * 24 * 12 - 1).map(lambda n: datetime(2026, 3, 7, 9, tzinfo=UTC) + timedelta(minutes=5 * n)),
        room=st.sampled_from([room.name for room in ROOMS]),
        persons=st.lists(st.sampled_from(PEOPLE), unique=True).map(tuple),
    ),
    max_size=8,
    unique_by=lambda each: each.id,
)


def schema(name: str) -> bytes:
    folder = os.environ.get("PLENARY_REAL_INPUTS")
    if not folder:
        pytest.skip("PLENARY_REAL_INPUTS names no folder with the schemas of voc/schedule")
    return Path(folder, "voc_examples", name).read_bytes()


def as_read(item: ImportedItem) -> tuple[object, ...]:
    texts = (item.title, item.subtitle, item.kind, item.track, item.language, item.abstract, item.description)
    return (item.guid, *texts, tuple(person.name for person in item.persons), item.room, item.starts_at, item.minutes)


def as_written(each: ExportSession) -> tuple[object, ...]:
    texts = [line(text) for text in (each.title, each.subtitle, each.kind, each.track, each.language)]
    long = [clean(text).replace("\r\n", "\n").replace("\r", "\n").strip() for text in (each.abstract, each.description)]
    return (str(each.id), *texts, *long, tuple(person.name for person in each.persons), line(each.room), each.starts_at, each.minutes)


@pytest.mark.capability("L3")
@settings(max_examples=40, deadline=None)
@given(SESSIONS)
@pytest.mark.parametrize("zone", ["US/Eastern", "Asia/Kolkata"])
@pytest.mark.parametrize("name", ["s.xml", "s.json"])
def test_what_goes_out_comes_back(name: str, zone: str, sessions: list[ExportSession]) -> None:
    given_program = program(*sessions, zone=zone)
    back = read_program(WRITERS[name](given_program), name, fallback_zone="Pacific/Apia")
    assert sorted(map(as_read, back.items), key=str) == sorted(map(as_written, sessions), key=str)
    assert (back.title, back.version, back.time_zone) == ("Spring Meeting", "v2", zone)
    assert {item.guid: item.day for item in back.items} == {str(s.id): day.on for day in given_program.days for s in day.sessions}
    assert back.warning_count == sum(1 for each in sessions if each.minutes > 24 * 60)


@settings(max_examples=40, deadline=None)
@given(SESSIONS.filter(bool))
def test_a_table_comes_back(sessions: list[ExportSession]) -> None:
    back = read_program(write_csv_table(program(*sessions)), "s.csv", fallback_zone="America/New_York")
    assert sorted(map(as_read, back.items), key=str) == sorted(map(as_written, sessions), key=str)


@pytest.mark.capability("L3")
@settings(max_examples=40, deadline=None)
@given(SESSIONS)
def test_xml_and_json_hold_against_their_schemas(sessions: list[ExportSession]) -> None:
    xsd = etree.XMLSchema(etree.fromstring(schema("schedule.xml.xsd")))
    json_schema = json.loads(schema("schema.json"))
    checker = jsonschema.Draft6Validator(json_schema, format_checker=jsonschema.Draft6Validator.FORMAT_CHECKER)
    for zone in ("America/New_York", "US/Eastern"):
        given_program = program(*sessions, zone=zone)
        assert xsd.validate(etree.fromstring(write_schedule_xml(given_program))), xsd.error_log
        assert list(checker.iter_errors(json.loads(write_schedule_json(given_program)))) == []


@pytest.mark.capability("L4")
def test_no_cell_is_a_formula() -> None:
    table = write_csv_table(program(session(1, title="=cmd()", abstract="@x", subtitle="+1", track="-1", room="\tA")))
    assert table.startswith(b"\xef\xbb\xbf")
    assert b"'=cmd()" in table
    assert not any(f",{risky}".encode() in table for risky in "=+@")


def test_a_canceled_or_unplaced_session_is_not_in_the_published_files_but_in_the_table() -> None:
    given_program = program(session(1, canceled=True), session(2, starts_at=None), session(3))
    assert [len(read_program(WRITERS[name](given_program), name, fallback_zone="UTC").items) for name in WRITERS] == [1, 1, 2]
    assert write_csv_table(given_program).count(b"canceled") == 1


@pytest.fixture
def fresh_vobject(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let vobject forget zones: it keeps the first description of each that it ever read, whichever calendar that came from."""
    monkeypatch.setattr(vobject.icalendar, "__tzidMap", {})


@pytest.mark.usefixtures("fresh_vobject")
def test_calendar_shows_the_same_hours_before_and_after_clocks_change() -> None:
    before = session(1, starts_at=datetime(2026, 3, 7, 14, 0, tzinfo=UTC))
    after = session(2, starts_at=datetime(2026, 3, 8, 13, 0, tzinfo=UTC), sequence=3, canceled=True)
    feed = write_calendar(program(before, after))
    for shown, expected in zip(vobject.readOne(feed.decode()).vevent_list, (before, after), strict=True):
        assert shown.dtstart.value.astimezone(UTC) == expected.starts_at
        assert shown.dtstart.value.strftime("%H:%M") == "09:00"
        assert shown.dtend.value - shown.dtstart.value == timedelta(minutes=45)
        assert shown.uid.value == f"{expected.id}@meet.example.org"


@pytest.mark.usefixtures("fresh_vobject")
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Kolkata", "UTC"])
def test_every_zone_is_read_alike_by_another_parser(zone: str) -> None:
    sessions = [session(n, starts_at=datetime(2026, month, 1, 9, 0, tzinfo=UTC)) for n, month in enumerate(range(1, 13))]
    shown = vobject.readOne(write_calendar(program(*sessions, zone=zone)).decode()).vevent_list
    assert [each.dtstart.value.astimezone(UTC) for each in shown] == [each.starts_at for each in sessions]


@pytest.mark.capability("L3")
def test_calendar_keeps_the_rules_of_feeds() -> None:
    feed = write_calendar(program(session(1, title="Ä" * 200, abstract="a\r\nb;c,d\x0b"), session(2, canceled=True, sequence=2, minutes=0)))
    assert all(len(each) <= 75 for each in feed.split(b"\r\n"))
    calendar = Calendar.from_ical(feed)
    first, second = calendar.events
    assert ("METHOD" not in calendar, calendar["X-PUBLISHED-TTL"], str(second["STATUS"]), second["SEQUENCE"]) == (True, "PT1H", "CANCELLED", 2)
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT1H" in feed
    assert datetime(2026, 1, 1, tzinfo=UTC) == first.DTSTAMP
    assert "DTEND" not in second
    assert len(calendar.timezones) == 1
    assert len(calendar.timezones[0].to_ical()) < 1200


def test_a_program_without_a_session_is_valid_too() -> None:
    assert write_calendar(program()).count(b"BEGIN:VEVENT") == 0
    assert len(read_program(write_schedule_xml(program()), "s.xml", fallback_zone="UTC").items) == 0


def test_numbers_of_sessions_are_their_own_even_when_ids_fold_together() -> None:
    given_program = program(session(0), session(2**31 - 1), session(2 * (2**31 - 1)))
    assert len(set(given_program.numbers.values())) == 3
    assert all(number > 0 for number in given_program.numbers.values())
