"""Imports: a file is read and reported, then taken in whole or not at all."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from programs import Program, Stage, build_stage
from werkzeug.test import TestResponse


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


TABLE = b"title,start,minutes,room,speakers\nSuturing,2016-05-12 10:00,60,Atlantic,Samir\nKnots,2016-05-12 11:00,30,Coral,Wren\n"


def send(program: Program, path: str, data: bytes, name: str = "program.csv", **headers: str) -> TestResponse:
    sent = {"Authorization": f"Bearer {program.token}", **{key.replace("_", "-"): value for key, value in headers.items()}}
    return program.client.post(path, data={"file": (BytesIO(data), name)}, headers=sent)


def test_a_check_reports_and_changes_nothing(stage: Stage) -> None:
    answer = send(stage.chair, f"{stage.meeting}/imports/check", TABLE)
    assert answer.status_code == 200, answer.get_data()
    assert answer.json is not None
    assert answer.json["summary"] | {"warnings": 0} == {
        "items": 2,
        "people": 2,
        "rooms": 2,
        "days": 1,
        "people_overlaps": 0,
        "room_overlaps": 0,
        "warnings": 0,
    }
    stage.place.settle()
    assert stage.chair.pages(f"{stage.meeting}/sessions") == []
    assert len(stage.chair.pages(f"{stage.meeting}/rooms")) == 2


def test_a_file_is_taken_in_once_however_often_it_is_sent(stage: Stage) -> None:
    imports = f"{stage.meeting}/imports"
    first = send(stage.chair, imports, TABLE, Idempotency_Key="mine")
    again = send(stage.chair, imports, TABLE, Idempotency_Key="mine")
    assert (first.status_code, again.status_code) == (202, 202), first.get_data()
    assert again.get_data() == first.get_data()
    assert send(stage.chair, imports, TABLE + b"More,,5,,\n", Idempotency_Key="mine").status_code == 422
    refused = send(stage.chair, imports, TABLE)
    assert refused.status_code == 409
    assert "already-imported" in refused.get_data(as_text=True)
    stage.place.settle()
    sessions = stage.chair.pages(f"{stage.meeting}/sessions", state="placed")
    assert {(session["title"], session["room"], session["starts_at"]) for session in sessions} == {
        ("Suturing", "Atlantic", "2016-05-12T14:00:00Z"),
        ("Knots", "Coral", "2016-05-12T15:00:00Z"),
    }


def test_only_chairs_import(stage: Stage) -> None:
    for path in (f"{stage.meeting}/imports", f"{stage.meeting}/imports/check"):
        assert send(stage.ana, path, TABLE).status_code == 404
        assert send(Program(stage.place, "none"), path, TABLE).status_code == 401
        assert send(stage.chair, path.replace(str(stage.society.meeting_id), stage.call_id), TABLE).status_code == 404


@pytest.mark.parametrize("name", ["a\u0000b.csv", "x" * 300 + ".csv", "a\u2028b.csv", "\u202e"])
def test_a_name_that_cannot_be_kept_is_refused_or_harmless(stage: Stage, name: str) -> None:
    answer = send(stage.chair, f"{stage.meeting}/imports", TABLE, name)
    assert answer.status_code in {202, 422}, answer.get_data()


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "not-a-program"),
        (b"PK\x03\x04rest", "not-a-program"),
        (b"%PDF-1.7", "not-a-program"),
        (b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><schedule>&b;</schedule>', "dangerous-xml"),
        (b'{"schedule": ', "unreadable-text"),
    ],
)
def test_a_file_that_is_no_program_is_refused_in_words(stage: Stage, data: bytes, code: str) -> None:
    for path in (f"{stage.meeting}/imports", f"{stage.meeting}/imports/check"):
        answer = send(stage.chair, path, data)
        assert answer.status_code == 422, (data, answer.get_data())
        assert answer.json is not None
        assert answer.json["type"] == f"urn:plenary:problem:{code}"


def test_a_form_without_a_file_is_refused_at_the_field(stage: Stage) -> None:
    for path in (f"{stage.meeting}/imports", f"{stage.meeting}/imports/check"):
        for options in ({"data": {"file": "text"}}, {"data": {"other": (BytesIO(TABLE), "program.csv")}}, {"json": {"file": "x"}}):
            answer = stage.chair.client.post(path, headers={"Authorization": f"Bearer {stage.chair.token}"}, **options)
            assert answer.status_code == 422, answer.get_data()
            assert answer.json is not None
            assert answer.json["errors"][0]["pointer"] == "/file"
