"""The desk and the public program: what stands where, who may move it, and what everybody reads."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from operations import operations
from programs import Stage, build_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


TEN = "2016-05-12T10:00:00-04:00"


def session_of(stage: Stage, title: str) -> dict[str, Any]:
    [found] = [one for one in stage.chair.pages(f"{stage.meeting}/sessions") if one["title"] == title]
    assert isinstance(found, dict)
    return found


def place_at(stage: Stage, title: str, starts_at: str = TEN, room: int = 0, **options: Any) -> dict[str, Any]:
    session = session_of(stage, title)
    body = {"room_id": str(stage.society.rooms[room]), "starts_at": starts_at, "anyway": options.pop("anyway", False)}
    placed: dict[str, Any] = stage.chair.does(
        "PUT", f"{stage.meeting}/sessions/{session['id']}/place", body, If_Match=f'"v{session["version"]}"', **options
    )
    return placed


def publish(stage: Stage, note: str = "") -> dict[str, Any]:
    release: dict[str, Any] = stage.chair.does("POST", f"{stage.meeting}/releases", {"note": note}, status=201)
    stage.place.clock.forward(minutes=1)
    stage.place.settle()
    return release


def test_a_session_is_placed_moved_and_taken_out(stage: Stage) -> None:
    stage.accepted()
    session = session_of(stage, "Suturing for poets")
    assert (session["room"], session["starts_at"], session["presenters"]) == (None, None, ["Samir Lindqvist"])
    placed = place_at(stage, "Suturing for poets")
    assert (placed["room"], placed["starts_at"], placed["ends_at"]) == ("Atlantic", "2016-05-12T14:00:00Z", "2016-05-12T15:00:00Z")
    assert len(stage.chair.pages(f"{stage.meeting}/sessions", state="placed")) == 1
    here = f"{stage.meeting}/sessions/{placed['id']}/place"
    stage.chair.refused("DELETE", here, status=412, code="precondition-failed", If_Match=f'"v{session["version"]}"')
    assert stage.chair.does("DELETE", here, If_Match=f'"v{placed["version"]}"')["room_id"] is None
    assert stage.chair.pages(f"{stage.meeting}/sessions", state="placed") == []
    assert len(stage.chair.pages(f"{stage.meeting}/sessions", state="unplaced")) == 1


def test_of_two_chairs_the_slower_one_must_look_again(stage: Stage) -> None:
    stage.accepted()
    session = session_of(stage, "Suturing for poets")
    first = place_at(stage, "Suturing for poets")
    body = {"room_id": str(stage.society.rooms[1]), "starts_at": TEN}
    here = f"{stage.meeting}/sessions/{session['id']}"
    stage.chair.refused("PUT", f"{here}/place", body, status=412, code="precondition-failed", If_Match=f'"v{session["version"]}"')
    assert stage.chair.does("GET", here) == first


def test_a_clash_is_refused_unless_the_chair_insists(stage: Stage) -> None:
    for title in ("One workshop", "Another workshop"):
        stage.accepted(title)
    place_at(stage, "One workshop")
    session = session_of(stage, "Another workshop")
    body = {"room_id": str(stage.society.rooms[0]), "starts_at": TEN}
    here = f"{stage.meeting}/sessions/{session['id']}/place"
    problem = stage.chair.refused("PUT", here, body, status=409, code="clash", If_Match=f'"v{session["version"]}"')
    assert "“One workshop” stands in this room at that time." in problem["detail"]
    assert place_at(stage, "Another workshop", anyway=True)["room"] == "Atlantic"


def test_a_room_and_a_session_of_another_meeting_are_not_found(stage: Stage) -> None:
    stage.accepted()
    session = session_of(stage, "Suturing for poets")
    days = {"starts_on": "2017-05-10", "ends_on": "2017-05-12", "time_zone": "UTC"}
    body = {"society_id": str(stage.society.society_id), "slug": "other", "title": "Other", **days}
    other = f"/scheduling/api/meetings/{stage.chair.does('POST', '/scheduling/api/meetings', body, status=201)['id']}"
    foreign = stage.chair.does("POST", f"{other}/rooms", {"name": "Elsewhere"}, status=201)["id"]
    version = f'"v{session["version"]}"'
    for where, room in ((stage.meeting, foreign), (other, foreign), (stage.meeting, stage.call_id)):
        there = {"room_id": str(room), "starts_at": TEN}
        stage.chair.refused("PUT", f"{where}/sessions/{session['id']}/place", there, status=404, code="not-found", If_Match=version)
    stage.chair.refused("GET", f"{other}/sessions/{session['id']}", status=404, code="not-found")


def test_automatic_placement_says_what_it_left_and_why(stage: Stage) -> None:
    stage.drafted()
    huge = stage.samir.does("POST", "/proposals/api/proposals", {"call_id": stage.call_id, "kind": "workshop"}, status=201)
    here = f"/proposals/api/proposals/{huge['id']}"
    stage.samir.does("PUT", here, {"title": "For thousands", "abstract": "Words", "expected": 5000}, If_Match='"v1"')
    stage.samir.does("POST", f"{here}/submit")
    decision = f"/proposals/api/calls/{stage.call_id}/submissions/{huge['id']}/decision"
    stage.chair.does("PUT", decision, {"outcome": "accept"}, If_Match='"v0"')
    stage.accepted()
    outcome = stage.chair.does("POST", f"{stage.meeting}/placement", Idempotency_Key="once")
    assert outcome["placed"] == 1
    assert [left["title"] for left in outcome["left"]] == ["For thousands"]
    assert outcome["left"][0]["reason"]
    assert stage.chair.does("POST", f"{stage.meeting}/placement", Idempotency_Key="once") == outcome


def test_the_public_reads_what_was_released_and_nothing_else(stage: Stage) -> None:
    for title in ("First", "Second", "Third"):
        stage.accepted(title)
    place_at(stage, "Second")
    stage.guest.refused("GET", f"{stage.meeting}/program", status=404, code="not-found")
    publish(stage, "Only one.")
    place_at(stage, "First", "2016-05-11T10:00:00-04:00")
    assert [session["title"] for session in stage.guest.pages(f"{stage.meeting}/program")] == ["Second"]
    place_at(stage, "Third", "2016-05-13T10:00:00-04:00")
    place_at(stage, "Second", room=1)
    publish(stage, "All.")
    assert [session["title"] for session in stage.guest.pages(f"{stage.meeting}/program")] == ["First", "Second", "Third"]
    assert [(release["number"], release["note"]) for release in stage.guest.pages(f"{stage.meeting}/releases")] == [(2, "All."), (1, "Only one.")]
    changes = {change["title"]: change["what"] for change in stage.guest.pages(f"{stage.meeting}/releases/2/changes")}
    assert changes == {"First": "scheduled", "Second": "moved", "Third": "scheduled"}
    stage.chair.refused("POST", f"{stage.meeting}/releases", {}, status=409, code="nothing-changed")


def test_a_cursor_into_an_older_version_is_refused(stage: Stage) -> None:
    for number, title in enumerate(("First", "Second")):
        stage.accepted(title)
        place_at(stage, title, f"2016-05-1{number + 1}T10:00:00-04:00")
    publish(stage)
    cursor = stage.guest.does("GET", f"{stage.meeting}/program?limit=1")["next"]
    place_at(stage, "First", "2016-05-11T14:00:00-04:00")
    publish(stage)
    stage.guest.refused("GET", f"{stage.meeting}/program?limit=1&cursor={cursor}", status=400, code="cursor-unusable")


def edited(stage: Stage, proposal: str, **text: Any) -> None:
    here = f"/proposals/api/proposals/{proposal}"
    body = {"title": "Suturing for poets", "abstract": "Hands-on.", "expected": 35, **text}
    stage.samir.does("PUT", here, body, If_Match=stage.samir.version_of(here))
    stage.place.settle()


def log_of(stage: Stage, number: int) -> list[tuple[str, str, str | None]]:
    lines = stage.guest.pages(f"{stage.meeting}/releases/{number}/changes")
    return [(line["what"], line["title"], line["title_before"]) for line in lines]


def test_another_title_is_public_from_the_next_version_on_and_mailed_to_nobody(stage: Stage) -> None:
    proposal = stage.accepted()
    place_at(stage, "Suturing for poets")
    publish(stage)
    stage.place.clock.forward(hours=1)
    stage.place.settle()
    before = len(stage.place.letters("samir@example.org"))
    edited(stage, proposal, title="Suturing for painters")
    assert [one["title"] for one in stage.guest.pages(f"{stage.meeting}/program")] == ["Suturing for poets"]
    publish(stage)
    assert [one["title"] for one in stage.guest.pages(f"{stage.meeting}/program")] == ["Suturing for painters"]
    assert log_of(stage, 2) == [("renamed", "Suturing for painters", "Suturing for poets")]
    stage.place.clock.forward(hours=1)
    stage.place.settle()
    assert len(stage.place.letters("samir@example.org")) == before


def test_another_abstract_can_be_published_alone_and_a_move_outweighs_both(stage: Stage) -> None:
    proposal = stage.accepted()
    place_at(stage, "Suturing for poets")
    publish(stage)
    edited(stage, proposal, abstract="Bring a needle.")
    publish(stage)
    assert log_of(stage, 2) == [("edited", "Suturing for poets", None)]
    assert stage.guest.pages(f"{stage.meeting}/program")[0]["abstract"] == "Bring a needle."
    edited(stage, proposal, title="Suturing for painters", abstract="Bring a brush.")
    place_at(stage, "Suturing for painters", "2016-05-12T14:00:00-04:00")
    publish(stage)
    assert log_of(stage, 3) == [("moved", "Suturing for painters", "Suturing for poets")]
    stage.chair.refused("POST", f"{stage.meeting}/releases", {}, status=409, code="nothing-changed")


def test_no_operation_of_scheduling_takes_what_belongs_to_a_proposal(stage: Stage) -> None:
    theirs = {"kind", "track", "abstract", "minutes", "expected", "presenter_ids", "presenters", "unavailable"}
    takers = [one for one in operations(stage.place.site) if one.service == "scheduling" and one.body is not None]
    assert len(takers) > 5
    assert [one.name for one in takers if one.body and theirs & one.body["properties"].keys()] == []
    assert [one.name for one in takers if "/sessions" in one.path and one.body and "title" in one.body["properties"]] == []


def test_a_place_at_which_a_presenter_is_not_available_is_refused_unless_insisted_on(stage: Stage) -> None:
    proposal = stage.accepted()
    edited(stage, proposal, unavailable=[{"starts_at": "2016-05-12T09:30:00-04:00", "ends_at": "2016-05-12T10:30:00-04:00"}])
    session = session_of(stage, "Suturing for poets")
    body = {"room_id": str(stage.society.rooms[0]), "starts_at": TEN}
    place = f"{stage.meeting}/sessions/{session['id']}/place"
    problem = stage.chair.refused("PUT", place, body, status=409, code="clash", If_Match=f'"v{session["version"]}"')
    assert "is not available then" in problem["detail"]
    place_at(stage, "Suturing for poets", "2016-05-12T10:30:00-04:00")
    place_at(stage, "Suturing for poets", anyway=True)


def test_automatic_placement_goes_round_the_times_at_which_a_presenter_cannot_come(stage: Stage) -> None:
    proposal = stage.accepted()
    edited(stage, proposal, unavailable=[{"starts_at": "2016-05-11T00:00:00-04:00", "ends_at": "2016-05-13T16:00:00-04:00"}])
    stage.chair.does("POST", f"{stage.meeting}/placement")
    assert session_of(stage, "Suturing for poets")["starts_at"] >= "2016-05-13T20:00:00Z"
