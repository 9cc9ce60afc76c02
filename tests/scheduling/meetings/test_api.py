"""Meetings and rooms."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from programs import Stage, build_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def text(stage: Stage, **changed: Any) -> dict[str, Any]:
    days = {"starts_on": "2017-05-10", "ends_on": "2017-05-12"}
    return {"society_id": str(stage.society.society_id), "slug": "sgm-2017", "title": "Next", "time_zone": "America/Chicago", **days, **changed}


def test_an_administrator_creates_a_meeting_and_everybody_finds_it(stage: Stage) -> None:
    made = stage.chair.call("POST", "/scheduling/api/meetings", text(stage, day_opens=480))
    assert made.status_code == 201
    [found] = stage.guest.pages("/scheduling/api/meetings", slug="sgm-2017")
    assert found == stage.guest.does("GET", made.headers["Location"])
    assert (found["society"], found["day_opens"], found["day_closes"], found["grid"]) == ("Society of Generous Medicine", 480, 1080, 15)


def test_nobody_else_does(stage: Stage) -> None:
    stage.samir.refused("POST", "/scheduling/api/meetings", text(stage), status=404, code="not-found")
    elsewhere = text(stage, society_id=stage.call_id)
    stage.chair.refused("POST", "/scheduling/api/meetings", elsewhere, status=404, code="not-found")


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"ends_on": "2017-05-09"}, "bad-meeting", "/ends_on"),
        ({"ends_on": "2018-05-09"}, "bad-meeting", "/ends_on"),
        ({"day_opens": 1080}, "bad-meeting", "/day_closes"),
        ({"slug": "sgm-2016"}, "address-taken", "/slug"),
    ],
)
def test_a_meeting_that_makes_no_sense_is_refused_at_the_field(stage: Stage, changed: dict[str, Any], code: str, pointer: str) -> None:
    problem = stage.chair.refused("POST", "/scheduling/api/meetings", text(stage, **changed), status=422, code=code)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_meetings_are_listed_the_latest_first(stage: Stage) -> None:
    for year in (2019, 2017, 2018):
        days = {"starts_on": f"{year}-05-10", "ends_on": f"{year}-05-12"}
        stage.chair.does("POST", "/scheduling/api/meetings", text(stage, slug=f"sgm-{year}", **days), status=201)
    assert [meeting["slug"] for meeting in stage.guest.pages("/scheduling/api/meetings")] == ["sgm-2019", "sgm-2018", "sgm-2017", "sgm-2016"]


def test_a_room_is_added_once(stage: Stage) -> None:
    rooms = f"{stage.meeting}/rooms"
    coral = stage.chair.does("POST", rooms, {"name": "Coral"}, status=201, Idempotency_Key="coral")
    assert coral == stage.chair.does("POST", rooms, {"name": "Coral"}, status=201, Idempotency_Key="coral")
    stage.chair.refused("POST", rooms, {"name": "Coral", "capacity": 9}, status=422, code="address-taken")
    assert [(room["name"], room["capacity"]) for room in stage.chair.pages(rooms)] == [("Atlantic", 120), ("Biscayne", 40), ("Coral", None)]


def test_rooms_are_the_chairs(stage: Stage) -> None:
    stage.ana.refused("GET", f"{stage.meeting}/rooms", status=404, code="not-found")
    stage.ana.refused("POST", f"{stage.meeting}/rooms", {"name": "Mine"}, status=404, code="not-found")
