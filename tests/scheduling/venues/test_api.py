"""Meetings and rooms that change: over the version that was read, without losing what stands there, and known everywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from programs import Stage, build_stage
from sqlalchemy import text as sql

TEN = "2016-05-12T10:00:00-04:00"
MEETING = {
    "title": "Annual Meeting 2016",
    "venue": "Hollywood, Florida",
    "starts_on": "2016-05-11",
    "ends_on": "2016-05-13",
    "time_zone": "America/New_York",
}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def placed(stage: Stage, title: str = "Suturing for poets", *, starts_at: str = TEN, room: int = 0) -> dict[str, Any]:
    stage.accepted(title)
    [session] = [one for one in stage.chair.pages(f"{stage.meeting}/sessions") if one["title"] == title]
    body = {"room_id": str(stage.society.rooms[room]), "starts_at": starts_at, "anyway": True}
    there: dict[str, Any] = stage.chair.does("PUT", f"{stage.meeting}/sessions/{session['id']}/place", body, If_Match=f'"v{session["version"]}"')
    return there


def room_path(stage: Stage, room: int) -> str:
    return f"{stage.meeting}/rooms/{stage.society.rooms[room]}"


def names(stage: Stage) -> list[str]:
    return [room["name"] for room in stage.chair.pages(f"{stage.meeting}/rooms")]


def test_a_meeting_that_moves_is_known_everywhere(stage: Stage) -> None:
    moved = {**MEETING, "title": "Annual Meeting in Chicago", "venue": "Chicago", "time_zone": "America/Chicago"}
    changed = stage.chair.does("PUT", stage.meeting, moved, If_Match=stage.chair.version_of(stage.meeting))
    assert {name: changed[name] for name in moved} == moved
    stage.place.settle()
    call = stage.guest.does("GET", f"/proposals/api/calls/{stage.call_id}")
    assert (call["meeting_title"], call["time_zone"]) == ("Annual Meeting in Chicago", "America/Chicago")
    with stage.place.trio.notifications.database.reading() as reading:
        copy = reading.execute(sql("SELECT title, time_zone FROM meeting_copy")).one()
    assert tuple(copy) == ("Annual Meeting in Chicago", "America/Chicago")


def test_of_two_who_change_a_meeting_the_slower_one_is_told(stage: Stage) -> None:
    read = stage.chair.version_of(stage.meeting)
    stage.chair.does("PUT", stage.meeting, {**MEETING, "venue": "Miami"}, If_Match=read)
    stage.chair.refused("PUT", stage.meeting, MEETING, status=412, code="precondition-failed", If_Match=read)
    assert stage.guest.does("GET", stage.meeting)["venue"] == "Miami"


@pytest.mark.parametrize(
    "fewer",
    [{"starts_on": "2016-05-13"}, {"ends_on": "2016-05-11"}, {"day_opens": 10 * 60 + 15}, {"day_closes": 10 * 60 + 45}, {"time_zone": "Asia/Tokyo"}],
)
def test_days_and_hours_that_leave_a_session_outside_are_refused_with_its_name(stage: Stage, fewer: dict[str, Any]) -> None:
    session = placed(stage)
    read = stage.chair.version_of(stage.meeting)
    problem = stage.chair.refused("PUT", stage.meeting, {**MEETING, **fewer}, status=409, code="leaves-sessions-outside", If_Match=read)
    assert "“Suturing for poets”" in problem["detail"]
    assert stage.chair.version_of(stage.meeting) == read
    stage.chair.does("PUT", stage.meeting, {**MEETING, **fewer, "anyway": True}, If_Match=read)
    assert stage.chair.pages(f"{stage.meeting}/sessions") == [session], "it stands where it stood"


def test_what_stood_outside_before_is_in_nobodys_way(stage: Stage) -> None:
    placed(stage, starts_at="2016-05-12T19:00:00-04:00")
    read = stage.chair.version_of(stage.meeting)
    stage.chair.does("PUT", stage.meeting, {**MEETING, "title": "Another title"}, If_Match=read)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [({"ends_on": "2016-05-10"}, "/ends_on"), ({"day_opens": 1080}, "/day_closes"), ({"ends_on": "2017-05-13"}, "/ends_on")],
)
def test_a_meeting_cannot_become_one_that_makes_no_sense(stage: Stage, wrong: dict[str, Any], pointer: str) -> None:
    body = {**MEETING, **wrong, "anyway": True}
    problem = stage.chair.refused("PUT", stage.meeting, body, status=422, code="bad-meeting", If_Match=stage.chair.version_of(stage.meeting))
    assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_rooms_are_renamed_resized_and_put_into_another_order(stage: Stage) -> None:
    for name in ("Coral", "Dolphin"):
        stage.chair.does("POST", f"{stage.meeting}/rooms", {"name": name}, status=201)
    here = room_path(stage, 0)
    changed = stage.chair.does("PUT", here, {"name": "Atlantic Hall", "capacity": 200, "position": 2}, If_Match=stage.chair.version_of(here))
    assert (changed["name"], changed["capacity"], changed["position"]) == ("Atlantic Hall", 200, 2)
    assert names(stage) == ["Biscayne", "Coral", "Atlantic Hall", "Dolphin"]
    stage.chair.does("PUT", here, {"name": "Atlantic Hall", "capacity": 200, "position": 9_999}, If_Match=stage.chair.version_of(here))
    stage.chair.does("PUT", here, {"name": "Atlantic", "capacity": None}, If_Match=stage.chair.version_of(here))
    assert names(stage) == ["Biscayne", "Coral", "Dolphin", "Atlantic"]
    stage.chair.refused("PUT", here, {"name": "Coral"}, status=422, code="address-taken", If_Match=stage.chair.version_of(here))


def test_of_two_who_change_a_room_the_slower_one_is_told(stage: Stage) -> None:
    here = room_path(stage, 0)
    read = stage.chair.version_of(here)
    stage.chair.does("PUT", here, {"name": "Faster"}, If_Match=read)
    stage.chair.refused("PUT", here, {"name": "Slower"}, status=412, code="precondition-failed", If_Match=read)
    assert names(stage) == ["Faster", "Biscayne"]


def test_a_room_is_removed_once_nothing_stands_in_it(stage: Stage) -> None:
    session = placed(stage)
    problem = stage.chair.refused("DELETE", room_path(stage, 0), status=409, code="room-in-use")
    assert "“Suturing for poets”" in problem["detail"]
    stage.chair.does("DELETE", f"{stage.meeting}/sessions/{session['id']}/place", If_Match=f'"v{session["version"]}"')
    stage.chair.does("DELETE", room_path(stage, 0), status=204)
    assert names(stage) == ["Biscayne"]
    assert stage.chair.does("POST", f"{stage.meeting}/rooms", {"name": "Coral"}, status=201)["position"] == 1
    stage.chair.refused("DELETE", room_path(stage, 0), status=404, code="not-found")


def test_a_room_of_another_meeting_is_none_of_this_one(stage: Stage) -> None:
    days = {"starts_on": "2017-05-11", "ends_on": "2017-05-13", "time_zone": "UTC"}
    body = {"society_id": str(stage.society.society_id), "slug": "next", "title": "Next", **days}
    other = stage.chair.does("POST", "/scheduling/api/meetings", body, status=201)
    elsewhere = f"/scheduling/api/meetings/{other['id']}/rooms/{stage.society.rooms[0]}"
    stage.chair.refused("DELETE", elsewhere, status=404, code="not-found")
    stage.chair.refused("PUT", elsewhere, {"name": "Mine"}, status=404, code="not-found", If_Match='"v1"')
    assert names(stage) == ["Atlantic", "Biscayne"]
