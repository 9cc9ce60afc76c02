"""One's own proposals: nobody else reaches them, and no edit is lost."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from programs import Program, Stage, build_stage

from plenary_kit.identity.identity import COOKIE

MINE = "/proposals/api/proposals"
MORNING = {"starts_at": "2016-05-11T09:00:00-04:00", "ends_at": "2016-05-11T12:00:00-04:00"}


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def test_a_draft_is_its_authors_alone(stage: Stage) -> None:
    here = f"{MINE}/{stage.drafted()['id']}"
    assert stage.samir.does("GET", here)["state"] == "draft"
    for stranger in (stage.ana, stage.chair):
        stranger.refused("GET", here, status=404, code="not-found")
        stranger.refused("PUT", here, {"title": "Mine now"}, status=404, code="not-found", If_Match='"v1"')
        stranger.refused("POST", f"{here}/submit", status=404, code="not-found")
        stranger.refused("POST", f"{here}/withdraw", status=404, code="not-found")
        assert stranger.pages(MINE) == []
    assert stage.chair.pages(f"/proposals/api/calls/{stage.call_id}/submissions") == []


def test_spans_and_audience_come_back_as_they_were_sent(stage: Stage) -> None:
    started = stage.drafted(unavailable=[MORNING])
    assert started["unavailable"] == [{"starts_at": "2016-05-11T13:00:00Z", "ends_at": "2016-05-11T16:00:00Z"}]
    assert (started["expected"], started["minutes"], started["call_title"]) == (35, 60, "Call for workshops")


def test_a_span_that_ends_before_it_begins_is_refused(stage: Stage) -> None:
    backward = {"starts_at": MORNING["ends_at"], "ends_at": MORNING["starts_at"]}
    body = {"call_id": stage.call_id, "kind": "workshop", "unavailable": [MORNING, backward]}
    assert stage.samir.refused("POST", MINE, body, status=422, code="bad-span")["errors"][0]["pointer"] == "/unavailable"
    assert stage.samir.pages(MINE) == []


def test_an_edit_over_a_newer_version_is_refused_and_loses_nothing(stage: Stage) -> None:
    here = f"{MINE}/{stage.drafted()['id']}"
    saved = stage.samir.call("PUT", here, {"title": "First window", "abstract": "Words"}, If_Match='"v1"')
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"v2"')
    stage.samir.refused("PUT", here, {"title": "Second window"}, status=412, code="precondition-failed", If_Match='"v1"')
    assert stage.samir.does("GET", here)["title"] == "First window"


def test_a_page_that_knows_no_spans_leaves_them_alone(stage: Stage) -> None:
    proposal = stage.drafted(unavailable=[MORNING])
    browser = stage.place.visitor()
    browser.client.set_cookie(COOKIE, stage.samir.token or "", path="/")
    page = f"/proposals/mine/{proposal['id']}"
    browser.sends(page, title="By form", abstract="Words", expected="")
    after = stage.samir.does("GET", f"{MINE}/{proposal['id']}")
    assert (after["title"], after["expected"], after["unavailable"]) == ("By form", None, proposal["unavailable"])


def test_a_submission_needs_a_title_and_an_abstract_and_an_open_call(stage: Stage) -> None:
    empty = f"{MINE}/{stage.drafted(title='')['id']}"
    assert stage.samir.refused("POST", f"{empty}/submit", status=422, code="incomplete")["errors"][0]["pointer"] == "/title"
    late = f"{MINE}/{stage.drafted()['id']}"
    stage.place.clock.forward(days=30, minutes=15)
    # the twelve hours of the token are over as well
    assert stage.samir.call("POST", f"{late}/submit").status_code == 401


def test_a_kind_that_the_call_does_not_take_is_refused(stage: Stage) -> None:
    body = {"call_id": stage.call_id, "kind": "opera"}
    assert stage.samir.refused("POST", MINE, body, status=422, code="unknown-kind")["errors"][0]["pointer"] == "/kind"


def test_states_allow_what_they_allow(stage: Stage) -> None:
    here = f"{MINE}/{stage.accepted()}"
    stage.samir.refused("POST", f"{here}/submit", status=409, code="not-in-this-state")
    assert stage.samir.does("POST", f"{here}/withdraw")["state"] == "withdrawn"
    for action in ("submit", "withdraw"):
        stage.samir.refused("POST", f"{here}/{action}", status=409, code="not-in-this-state")
    version = stage.samir.version_of(here)
    stage.samir.refused("PUT", here, {"title": "Too late"}, status=409, code="not-in-this-state", If_Match=version)


def test_withdrawing_again_with_the_same_key_gets_the_first_answer(stage: Stage) -> None:
    here = f"{MINE}/{stage.submitted()}/withdraw"
    first = stage.samir.does("POST", here, Idempotency_Key="once")
    assert stage.samir.does("POST", here, Idempotency_Key="once") == first


def test_one_lists_ones_own_the_latest_first(stage: Stage) -> None:
    for number in range(5):
        stage.drafted(f"Number {number}")
    stage.submitted("Handed in")
    titles = [proposal["title"] for proposal in stage.samir.pages(MINE)]
    assert titles == ["Handed in", "Number 4", "Number 3", "Number 2", "Number 1", "Number 0"]
    assert [proposal["title"] for proposal in stage.samir.pages(MINE, state="submitted")] == ["Handed in"]
    assert stage.samir.pages(MINE, call_id=str(stage.society.meeting_id)) == []


AWAY = {"starts_at": "2016-05-12T09:00:00-04:00", "ends_at": "2016-05-12T12:00:00-04:00"}
TEXT = {"title": "Suturing for painters", "abstract": "Bring a brush.", "expected": 60}


def here(proposal: str) -> str:
    return f"/proposals/api/proposals/{proposal}"


def changed(stage: Stage, proposal: str, program: Program, **text: Any) -> dict[str, Any]:
    body = {**TEXT, **text}
    answer: dict[str, Any] = program.does("PUT", here(proposal), body, If_Match=program.version_of(here(proposal)))
    stage.place.settle()
    return answer


def working(stage: Stage) -> dict[str, Any]:
    [session] = stage.chair.pages(f"{stage.meeting}/sessions")
    assert isinstance(session, dict)
    return session


@pytest.mark.parametrize("who", ["samir", "chair"])
def test_an_accepted_proposal_is_edited_where_it_belongs_and_the_program_follows(stage: Stage, who: str) -> None:
    proposal = stage.accepted()
    assert changed(stage, proposal, getattr(stage, who))["title"] == TEXT["title"]
    assert (working(stage)["title"], working(stage)["expected"]) == (TEXT["title"], 60)
    stage.ana.refused("PUT", here(proposal), TEXT, status=404, code="not-found", If_Match='"v1"')


def test_a_chair_edits_nothing_that_is_not_accepted(stage: Stage) -> None:
    for proposal in (stage.submitted(), stage.drafted()["id"]):
        stage.chair.refused("GET", here(proposal), status=404, code="not-found")
        stage.chair.refused("PUT", here(proposal), TEXT, status=404, code="not-found", If_Match='"v1"')


def test_saving_an_accepted_proposal_unchanged_is_told_to_nobody(stage: Stage) -> None:
    proposal = stage.accepted()
    changed(stage, proposal, stage.samir)
    before = working(stage)
    changed(stage, proposal, stage.samir)
    assert working(stage)["version"] == before["version"]


@pytest.mark.parametrize("lost", ["title", "abstract"])
def test_what_was_submitted_cannot_lose_what_a_submission_needs(stage: Stage, lost: str) -> None:
    for proposal in (stage.submitted("One"), stage.accepted("Another")):
        read = stage.samir.version_of(here(proposal))
        problem = stage.samir.refused("PUT", here(proposal), {**TEXT, lost: ""}, status=422, code="incomplete", If_Match=read)
        assert [error["pointer"] for error in problem["errors"]] == [f"/{lost}"]


def test_presenters_say_when_they_cannot_come_until_the_program_is_public(stage: Stage) -> None:
    proposal = stage.accepted()
    changed(stage, proposal, stage.samir, unavailable=[AWAY])
    assert working(stage)["unavailable"] == [{"starts_at": "2016-05-12T13:00:00Z", "ends_at": "2016-05-12T16:00:00Z"}]
    stage.chair.does("POST", f"{stage.meeting}/placement")
    stage.chair.does("POST", f"{stage.meeting}/releases", {}, status=201)
    stage.place.settle()
    read = stage.samir.version_of(here(proposal))
    stage.samir.refused("PUT", here(proposal), {**TEXT, "unavailable": []}, status=409, code="availability-settled", If_Match=read)
    assert changed(stage, proposal, stage.samir, title="Suturing, again", unavailable=[AWAY])["title"] == "Suturing, again"


def test_more_than_twenty_times_or_one_that_ends_before_it_begins_are_refused(stage: Stage) -> None:
    body = {"call_id": stage.call_id, "kind": "workshop", **TEXT}
    stage.samir.refused("POST", "/proposals/api/proposals", {**body, "unavailable": [AWAY] * 21}, status=422, code="invalid")
    backwards = {"starts_at": AWAY["ends_at"], "ends_at": AWAY["starts_at"]}
    stage.samir.refused("POST", "/proposals/api/proposals", {**body, "unavailable": [backwards]}, status=422, code="bad-span")
    stage.samir.does("POST", "/proposals/api/proposals", {**body, "unavailable": [AWAY] * 20}, status=201)
