"""Hostile, broken and odd files: named refusals for what is no program, warnings that name the row for what is only odd."""

import contextlib
import gzip
import json
import time
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from plenary_kit.refusal import Refusal
from plenary_scheduling.interchange.model import DangerousXml, ImportedProgram, NotAProgram, TooLarge, UnreadableText
from plenary_scheduling.interchange.reading import read_program

ITEM = "<event id='{id}' guid=''><start>{start}</start><duration>{length}</duration><title>{title}</title></event>"
NEW_YORK = "America/New_York"


def xml(items: str, *, head: str = "", conference: str = "<title>M</title>", day: str = "2026-03-07") -> bytes:
    text = f"{head}<schedule><conference>{conference}</conference><day date='{day}'><room name='A'>{items}</room></day></schedule>"
    return text.encode()


def item(number: str = "1", start: str = "10:00", length: str = "00:30", title: str = "T") -> str:
    return ITEM.format(id=number, start=start, length=length, title=title)


def read(data: bytes, name: str = "schedule.xml", zone: str = NEW_YORK) -> ImportedProgram:
    return read_program(data, name, fallback_zone=zone)


def document(items: list[Any]) -> bytes:
    limits = {"day_start": "2026-03-07T05:00:00-05:00", "day_end": "2026-03-08T04:00:00-04:00"}
    days = [{"index": 1, "date": "2026-03-07", **limits, "rooms": {"A": items}}]
    meeting = {"title": "M", "start": "2026-03-07", "time_zone_name": NEW_YORK, "days": days}
    return json.dumps({"schedule": {"version": "1", "conference": meeting}}).encode()


LAUGHS = '<!DOCTYPE schedule [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
THIEF = '<!DOCTYPE schedule [<!ENTITY x SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [LAUGHS, THIEF, '<!DOCTYPE schedule [<!ENTITY % p SYSTEM "http://example.invalid/x.dtd"> %p;]>'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_are_refused_in_every_encoding(head: str, encoding: str) -> None:
    data = xml(item(title="&x;"), head=head).decode().encode(encoding)
    with pytest.raises(DangerousXml, match="entities"):
        read(data)


def test_a_declared_encoding_cannot_hide_entities() -> None:
    head = b"<?xml version='1.0'" + b" " * 500 + b"encoding='UTF-7'?>"
    with pytest.raises(Refusal):
        read(head + b"+ADwAIQ-DOCTYPE x [+ADwAIQ-ENTITY a 'b'+AD4AXQA+-" + xml(item()))


def test_an_external_dtd_is_never_fetched() -> None:
    assert len(read(xml(item(), head="<!DOCTYPE schedule SYSTEM 'http://example.invalid/schedule.dtd'>")).items) == 1


@pytest.mark.parametrize(
    ("data", "refusal", "words"),
    [
        (b"", NotAProgram, "empty"),
        (b"\xef\xbb\xbf \n", NotAProgram, "empty"),
        (gzip.compress(xml(item())), NotAProgram, "archive"),
        (b"PK\x03\x04rest", NotAProgram, "archive"),
        (b"%PDF-1.7", NotAProgram, "document"),
        (b"<!DOCTYPE html><html><body>Log in</body></html>", NotAProgram, "web page"),
        (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR", NotAProgram, "calendar"),
        (b"<rss><channel/></rss>", NotAProgram, "schedule.xml"),
        (xml(item())[:-30], UnreadableText, "breaks off"),
        (b"<schedule", UnreadableText, "breaks off"),
        (b'{"schedule": ', UnreadableText, "breaks off"),
        (b'{"schedule": {}}', NotAProgram, "conference"),
        (b"[1, 2]", NotAProgram, "conference"),
        (b"[" * 200_000, UnreadableText, "nested"),
        (b"dear chair, here is our program", NotAProgram, "title"),
        (b"title,start\n", NotAProgram, "no program item"),
        (bytes(range(256)) * 4, UnreadableText, "not text"),
        (b"<?xml version='1.0' encoding='UTF-7'?>" + xml(item()), UnreadableText, "encoding"),
    ],
)
def test_what_is_no_program_is_refused_by_name(data: bytes, refusal: type[Refusal], words: str) -> None:
    with pytest.raises(refusal, match=words) as caught:
        read(data, "upload")
    assert caught.value.status == 422


def test_the_limit_of_size_is_said() -> None:
    with pytest.raises(TooLarge, match="20 MB"):
        read(b" " * (20 * 1024 * 1024 + 1))
    with pytest.raises(TooLarge):
        read_program(xml(item()), "s.xml", fallback_zone="UTC", largest=10)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"", b"<schedule>", b'{"schedule":', b"title,start\n", b"\xff\xfe", xml(item())]))
def test_no_bytes_whatever_cause_anything_but_a_program_or_a_refusal(tail: bytes, head: bytes) -> None:
    with contextlib.suppress(Refusal):
        assert read(head + tail, "upload").starts_on


WORDS = st.sampled_from(["id", "title", "date", "start", "duration", "room", "persons", "name", "track"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8) | st.sampled_from(["2026-03-08T02:30:00", "10:00", "0001-01-01"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.lists(JSON, max_size=4))
def test_items_of_any_shape_come_in_or_are_warned_about(items: list[Any]) -> None:
    program = read(document(items), "s.json")
    assert len(program.items) + program.warning_count >= len(items)


@pytest.mark.capability("L5")
def test_a_bad_row_is_named_and_the_rest_goes_in() -> None:
    rows = "title,start,minutes,room,people\nFirst,2026-03-07 09:00,30,A,Ann; Bob\n,,,,\n"
    rows += "Second,soon,30,A,\nThird,2026-03-07 10:00,-5,A,\n,2026-03-07 11:00,5,A,\n"
    program = read(rows.encode(), "Our meeting.csv")
    assert [(each.title, each.minutes, each.row) for each in program.items] == [("First", 30, 2), ("Second", 30, 4), ("Third", 30, 5)]
    assert [(each.row, each.code) for each in program.warnings] == [(4, "no-time"), (5, "no-length"), (6, "empty-row")]
    assert program.items[0].starts_at == datetime(2026, 3, 7, 14, 0, tzinfo=UTC)
    assert [person.name for person in program.items[0].persons] == ["Ann", "Bob"]
    assert program.title == "Our meeting"


@pytest.mark.capability("L5")
def test_ten_thousand_errors_are_counted_listed_to_a_hundred_and_quick() -> None:
    rows = "title,start,minutes\nGood,2026-03-07 09:00,30\n" + "Bad,never,x\n" * 10_000
    began = time.process_time()
    program = read(rows.encode(), "bad.csv")
    assert time.process_time() - began < 5
    assert (len(program.warnings), program.warning_count, program.summary().warnings) == (100, 20_000, 20_000)


def test_ids_keep_their_zeros_and_doubles_are_told_apart() -> None:
    program = read(xml(item("000") + item("00") + item("000") + item("000#2") + item("000")))
    assert [each.key for each in program.items] == ["000", "00", "000#2", "000#2#2", "000#3"]
    assert {each.code for each in program.warnings} == {"duplicate-id", "no-time-zone"}


def test_a_time_before_the_change_of_day_is_the_night_after() -> None:
    program = read(xml(item(start="01:30"), conference="<day_change>04:00:00</day_change><time_zone_name>Europe/Rome</time_zone_name>"))
    assert (program.items[0].starts_at, program.items[0].day) == (datetime(2026, 3, 8, 0, 30, tzinfo=UTC), date(2026, 3, 7))
    assert program.summary().days == 1


def test_a_time_that_clocks_skip_or_repeat_is_warned_about() -> None:
    skipped = read(xml(item(start="02:30"), day="2026-03-08"))
    repeated = read(xml(item(start="01:30"), day="2026-11-01"))
    assert "clock-change" in {each.code for each in skipped.warnings} & {each.code for each in repeated.warnings}
    assert skipped.items[0].starts_at == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)


def test_zero_and_endless_lengths_are_kept_and_said() -> None:
    program = read(xml(item("1", length="00:00") + item("2", length="30:00") + item("3", start="11:00", length="") + item("4", start="")))
    assert [each.minutes for each in program.items] == [0, 1800, 30, 30]
    assert [each.code for each in program.warnings] == ["zero-length", "very-long", "no-length", "no-time", "no-time-zone"]
    assert program.items[3].starts_at is None
    assert program.summary().room_overlaps == 1


def test_an_end_serves_where_a_length_is_missing() -> None:
    rows = "title,date,time,end\nNight,3/7/2026,11:00 pm,1:00 am\n"
    assert read(rows.encode(), "t.csv").items[0].minutes == 120


def test_html_is_text_afterwards_and_scripts_are_gone() -> None:
    said = "<p>One <b>two</b></p><script>alert(1)</script><ul><li>a</li><li>b</li></ul>"
    said += "<a href='javascript:x'>bad</a> <a href='https://example.org/x'>good</a>"
    program = read(document([{"id": 1, "title": "T", "date": "2026-03-07T10:00:00-05:00", "duration": "0:30", "abstract": said}]), "s.json")
    assert program.items[0].abstract == "One **two**\n\n- a\n- b\n\nbad [good](https://example.org/x)"


def test_a_smaller_than_sign_is_no_html() -> None:
    program = read(document([{"title": "T", "start": "10:00", "duration": 30, "abstract": "x < 3 and y > 4, vector<int>"}]), "s.json")
    assert program.items[0].abstract == "x < 3 and y > 4, vector<int>"


def test_names_are_even_and_an_item_lists_a_person_once() -> None:
    people = [{"public_name": " Ada  Lovelace"}, {"name": "Ada Lovelace"}, {"full_name": "Grace"}, {}]
    program = read(document([{"title": "T", "start": "10:00", "duration": "30", "persons": people}]), "s.json")
    assert [person.name for person in program.items[0].persons] == ["Ada Lovelace", "Grace"]
    assert program.warnings[0].code == "no-name"


def test_spreadsheets_come_in_their_encodings_and_separators() -> None:
    rows = "Title;Start;Duration;Location;Speakers\nCafé;2026-03-07T09:00+01:00;0:45;Säle;Zoë\n"
    for data in (rows.encode("utf-8-sig"), rows.encode("utf-16"), rows.encode("cp1252")):
        program = read(data, "t.csv")
        assert (program.items[0].title, program.items[0].minutes, program.rooms) == ("Café", 45, ("Säle",))
    assert program.warnings[0].code == "guessed-encoding"


def test_control_characters_do_not_stop_xml() -> None:
    program = read(xml(item(title="A\x0bB")))
    assert (program.items[0].title, program.warnings[0].code) == ("AB", "control-characters")


def test_deep_html_is_survived() -> None:
    items = [{"title": "T", "start": "10:00", "duration": "30", "abstract": "<div>" * 50_000 + "deep"}]
    assert read(document(items), "s.json").items


def test_links_that_a_browser_would_run_are_dropped() -> None:
    items = [{"title": "T", "start": "10:00", "duration": "30", "url": "javascript:alert(1)"}]
    assert read(document(items), "s.json").items[0].url == ""
