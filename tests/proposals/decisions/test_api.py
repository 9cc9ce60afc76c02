"""Decisions: for chairs alone, held until the release, and no chair overrules another unseen."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Stage, build_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def test_a_decision_is_held_and_its_author_learns_nothing(stage: Stage) -> None:
    proposal = stage.submitted()
    judged = f"/proposals/api/calls/{stage.call_id}/submissions/{proposal}"
    assert stage.chair.version_of(judged) == '"v0"'
    held = stage.chair.does("PUT", f"{judged}/decision", {"outcome": "decline"}, If_Match='"v0"')
    assert (held["outcome"], held["released_at"], held["submitter"], held["version"]) == ("decline", None, "Samir Lindqvist", 1)
    assert "decline" not in str(stage.samir.does("GET", f"/proposals/api/proposals/{proposal}"))
    stage.samir.refused("GET", judged, status=404, code="not-found")
    assert stage.chair.does("POST", f"/proposals/api/calls/{stage.call_id}/release") == {"released": 1}
    assert stage.samir.does("GET", f"/proposals/api/proposals/{proposal}")["state"] == "declined"
    stage.chair.refused("POST", f"/proposals/api/calls/{stage.call_id}/release", status=409, code="nothing-to-release")


def test_of_two_chairs_the_slower_one_must_look_again(stage: Stage) -> None:
    judged = f"/proposals/api/calls/{stage.call_id}/submissions/{stage.submitted()}"
    stage.chair.does("PUT", f"{judged}/decision", {"outcome": "accept"}, If_Match='"v0"')
    stage.chair.refused("PUT", f"{judged}/decision", {"outcome": "decline"}, status=412, code="precondition-failed", If_Match='"v0"')
    stage.chair.does("PUT", f"{judged}/decision", {"outcome": "decline"}, If_Match='"v1"')
    assert stage.chair.version_of(judged) == '"v2"'


def test_a_released_decision_stands(stage: Stage) -> None:
    judged = f"/proposals/api/calls/{stage.call_id}/submissions/{stage.accepted()}"
    version = stage.chair.version_of(judged)
    stage.chair.refused("PUT", f"{judged}/decision", {"outcome": "decline"}, status=409, code="not-in-this-state", If_Match=version)


def test_a_draft_and_the_submission_of_another_call_are_not_found(stage: Stage) -> None:
    kinds = [{"slug": "talk", "name": "Talk", "minutes": 20}]
    dates = {"opens_at": "2016-01-01T00:00:00Z", "closes_at": "2016-01-20T00:00:00Z"}
    body = {"slug": "talks", "title": "Talks", "kinds": kinds, **dates, "meeting_id": str(stage.society.meeting_id)}
    other = stage.chair.does("POST", "/proposals/api/calls", body, status=201)["id"]
    for call, proposal in ((stage.call_id, stage.drafted()["id"]), (other, stage.submitted())):
        decision = f"/proposals/api/calls/{call}/submissions/{proposal}/decision"
        stage.chair.refused("PUT", decision, {"outcome": "accept"}, status=404, code="not-found", If_Match='"v0"')


def test_submissions_are_listed_page_by_page(stage: Stage) -> None:
    titles = [f"Number {number}" for number in range(5)]
    for title in titles:
        stage.submitted(title)
    assert [row["title"] for row in stage.chair.pages(f"/proposals/api/calls/{stage.call_id}/submissions")] == titles
