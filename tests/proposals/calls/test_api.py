"""Calls: who may open and change them, what is refused, how they are listed."""

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


def text(**changed: Any) -> dict[str, Any]:
    kinds = [{"slug": "talk", "name": "Talk", "minutes": 20}]
    dates = {"opens_at": "2016-01-10T09:00:00-05:00", "closes_at": "2016-01-20T23:59:00-05:00"}
    return {"slug": "talks", "title": "Call for talks", "description": "Words", "kinds": kinds, **dates, "grace_minutes": 5, **changed}


def opened(stage: Stage, **changed: Any) -> dict[str, Any]:
    call: dict[str, Any] = stage.chair.does("POST", "/proposals/api/calls", text(meeting_id=str(stage.society.meeting_id), **changed), status=201)
    return call


def test_a_chair_opens_a_call_and_everybody_sees_it(stage: Stage) -> None:
    answer = stage.chair.call("POST", "/proposals/api/calls", text(meeting_id=str(stage.society.meeting_id)))
    assert answer.status_code == 201
    assert answer.headers["ETag"] == '"v1"'
    call = stage.guest.does("GET", answer.headers["Location"])
    assert (call["title"], call["opens_at"], call["time_zone"]) == ("Call for talks", "2016-01-10T14:00:00Z", "America/New_York")
    assert call["kinds"] == [{"slug": "talk", "name": "Talk", "minutes": 20}]


def test_only_chairs_open_and_change_calls(stage: Stage) -> None:
    body = text(meeting_id=str(stage.society.meeting_id))
    stage.ana.refused("POST", "/proposals/api/calls", body, status=404, code="not-found")
    stage.ana.refused("PUT", f"/proposals/api/calls/{stage.call_id}", text(), status=404, code="not-found", If_Match='"v1"')


def test_of_two_chairs_the_slower_one_is_told_and_loses_nothing(stage: Stage) -> None:
    here = f"/proposals/api/calls/{opened(stage)['id']}"
    changed = stage.chair.call("PUT", here, text(title="First"), If_Match='"v1"')
    assert (changed.status_code, changed.headers["ETag"]) == (200, '"v2"')
    stage.chair.refused("PUT", here, text(title="Second"), status=412, code="precondition-failed", If_Match='"v1"')
    assert stage.guest.does("GET", here)["title"] == "First"


def test_a_reader_who_has_the_version_is_told_so(stage: Stage) -> None:
    here = f"/proposals/api/calls/{stage.call_id}"
    answer = stage.guest.call("GET", here, If_None_Match=stage.guest.version_of(here))
    assert (answer.status_code, answer.get_data()) == (304, b"")


def test_a_call_that_makes_no_sense_is_refused_at_the_field(stage: Stage) -> None:
    twice = [{"slug": "talk", "name": "Talk", "minutes": 20}, {"slug": "talk", "name": "Long talk", "minutes": 40}]
    for changed, code, pointer in (
        ({"closes_at": "2016-01-10T14:00:00Z"}, "bad-dates", "/closes_at"),
        ({"kinds": twice}, "bad-kinds", "/kinds"),
        ({"slug": "workshops"}, "address-taken", "/slug"),
    ):
        body = text(meeting_id=str(stage.society.meeting_id), **changed)
        problem = stage.chair.refused("POST", "/proposals/api/calls", body, status=422, code=code)
        assert [error["pointer"] for error in problem["errors"]] == [pointer]


def test_a_lost_answer_is_given_again_and_nothing_is_opened_twice(stage: Stage) -> None:
    body = text(meeting_id=str(stage.society.meeting_id))
    first = stage.chair.call("POST", "/proposals/api/calls", body, Idempotency_Key="k1")
    again = stage.chair.call("POST", "/proposals/api/calls", body, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_data() == first.get_data()
    assert (again.headers["Location"], again.headers["ETag"]) == (first.headers["Location"], first.headers["ETag"])
    assert again.headers["Idempotency-Replayed"] == "true"
    other = text(meeting_id=str(stage.society.meeting_id), slug="others")
    stage.chair.refused("POST", "/proposals/api/calls", other, status=422, code="idempotency-key-reused", Idempotency_Key="k1")
    assert [call["slug"] for call in stage.guest.pages("/proposals/api/calls")] == ["talks", "workshops"]


def test_a_refused_request_frees_its_key(stage: Stage) -> None:
    wrong = text(meeting_id=str(stage.society.meeting_id), slug="workshops")
    stage.chair.refused("POST", "/proposals/api/calls", wrong, status=422, code="address-taken", Idempotency_Key="k2")
    stage.chair.does("POST", "/proposals/api/calls", {**wrong, "slug": "mended"}, status=201, Idempotency_Key="k2")


def test_calls_are_listed_by_state_and_meeting_page_by_page(stage: Stage) -> None:
    for number in range(5):
        opened(stage, slug=f"coming-{number}", closes_at=f"2016-01-2{number}T00:00:00Z")
    opened(stage, slug="past", opens_at="2016-01-01T00:00:00Z", closes_at="2016-01-02T00:00:00Z")

    def slugs(**query: str) -> list[str]:
        return [call["slug"] for call in stage.guest.pages("/proposals/api/calls", **query)]

    assert slugs(state="open") == ["workshops"]
    assert slugs(state="coming") == [f"coming-{number}" for number in range(5)]
    assert slugs(state="past") == ["past"]
    assert len(slugs(meeting_id=str(stage.society.meeting_id))) == 7
    assert len(slugs(society_id=str(stage.society.society_id))) == 7
    assert slugs(meeting_id=stage.call_id) == []


def test_the_next_page_keeps_the_filter(stage: Stage) -> None:
    for number in range(3):
        opened(stage, slug=f"coming-{number}")
    first = stage.guest.call("GET", "/proposals/api/calls?state=coming&limit=2")
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    following = stage.guest.does("GET", link[1 : link.index(">")])
    assert [call["slug"] for call in following["items"]] == ["coming-2"]
    assert following["next"] is None
