"""Programs that act at the same instant: one wins, the others are told, and nobody sees a failure of ours."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from programs import Program, Stage

AT_ONCE = 8
TALK = {"slug": "talk", "name": "Talk", "minutes": 20}
DATES = {"opens_at": "2016-01-01T00:00:00Z", "closes_at": "2016-03-01T00:00:00Z"}


@pytest.fixture
def stage(api_stage: Stage) -> Stage:
    return api_stage


def at_once(stage: Stage, program: Program, method: str, path: str, body: Callable[[int], Any] = lambda _: None, **headers: str) -> Counter[int]:
    """Send a request from several programs of one person at once; gives how often which status was answered."""

    def one(number: int) -> int:
        return Program(stage.place, program.token).call(method, path, body(number), **headers).status_code

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return Counter(pool.map(one, range(AT_ONCE)))


def new_call(stage: Stage, slug: str) -> dict[str, Any]:
    return {"meeting_id": str(stage.society.meeting_id), "slug": slug, "title": "Talks", "kinds": [TALK], **DATES}


def test_one_of_many_changes_of_a_version_is_taken(stage: Stage) -> None:
    call = stage.chair.does("POST", "/proposals/api/calls", new_call(stage, f"talks-{uuid4().hex}"), status=201)
    here = f"/proposals/api/calls/{call['id']}"
    text = {name: call[name] for name in ("slug", "kinds", "opens_at", "closes_at")}
    answers = at_once(stage, stage.chair, "PUT", here, lambda number: {**text, "title": f"Title {number}"}, If_Match='"v1"')
    assert answers == {200: 1, 412: AT_ONCE - 1}


def test_one_of_many_decisions_of_a_version_is_taken(stage: Stage) -> None:
    decision = f"/proposals/api/calls/{stage.call_id}/submissions/{stage.submitted()}/decision"
    answers = at_once(stage, stage.chair, "PUT", decision, lambda _: {"outcome": "accept"}, If_Match='"v0"')
    assert answers == {200: 1, 412: AT_ONCE - 1}


def test_one_of_many_moves_of_a_version_is_taken(stage: Stage) -> None:
    title = f"Moved {uuid4().hex}"
    stage.accepted(title)
    [session] = [one for one in stage.chair.pages(f"{stage.meeting}/sessions") if one["title"] == title]
    body = {"room_id": str(stage.society.rooms[0]), "starts_at": "2016-05-12T14:00:00Z", "anyway": True}
    path = f"{stage.meeting}/sessions/{session['id']}/place"
    assert at_once(stage, stage.chair, "PUT", path, lambda _: body, If_Match=f'"v{session["version"]}"') == {200: 1, 412: AT_ONCE - 1}


def test_a_name_is_given_to_one(stage: Stage) -> None:
    call = new_call(stage, f"talks-{uuid4().hex}")
    assert at_once(stage, stage.chair, "POST", "/proposals/api/calls", lambda _: call) == {201: 1, 422: AT_ONCE - 1}
    room = {"name": uuid4().hex}
    assert at_once(stage, stage.chair, "POST", f"{stage.meeting}/rooms", lambda _: room) == {201: 1, 422: AT_ONCE - 1}
    days = {"starts_on": "2017-05-10", "ends_on": "2017-05-12", "time_zone": "UTC"}
    meeting = {"society_id": str(stage.society.society_id), "slug": f"next-{uuid4().hex}", "title": "Next", **days}
    assert at_once(stage, stage.chair, "POST", "/scheduling/api/meetings", lambda _: meeting) == {201: 1, 422: AT_ONCE - 1}


def test_a_key_does_its_work_once(stage: Stage) -> None:
    before = len(stage.samir.pages("/proposals/api/proposals"))
    body = {"call_id": stage.call_id, "kind": "workshop", "title": "Once"}
    answers = at_once(stage, stage.samir, "POST", "/proposals/api/proposals", lambda _: body, Idempotency_Key=uuid4().hex)
    assert set(answers) <= {201, 409}, answers
    assert answers[201] >= 1
    assert len(stage.samir.pages("/proposals/api/proposals")) == before + 1


def test_a_draft_is_submitted_and_withdrawn_once(stage: Stage) -> None:
    here = f"/proposals/api/proposals/{stage.drafted()['id']}"
    assert at_once(stage, stage.samir, "POST", f"{here}/submit") == {200: 1, 409: AT_ONCE - 1}
    assert at_once(stage, stage.samir, "POST", f"{here}/withdraw") == {200: 1, 409: AT_ONCE - 1}


def test_many_stars_are_one(stage: Stage) -> None:
    title = f"Starred {uuid4().hex}"
    stage.accepted(title)
    [session] = [one["id"] for one in stage.chair.pages(f"{stage.meeting}/sessions") if one["title"] == title]
    assert at_once(stage, stage.ana, "PUT", f"/scheduling/api/stars/{session}") == {204: AT_ONCE}
    assert [star["session_id"] for star in stage.ana.pages("/scheduling/api/stars")].count(session) == 1
    assert at_once(stage, stage.ana, "DELETE", f"/scheduling/api/stars/{session}") == {204: AT_ONCE}
    assert session not in [star["session_id"] for star in stage.ana.pages("/scheduling/api/stars")]


def test_a_release_happens_once(stage: Stage) -> None:
    stage.submitted()
    [undecided] = [one["id"] for one in stage.chair.pages(f"/proposals/api/calls/{stage.call_id}/submissions") if one["state"] == "submitted"][-1:]
    decision = f"/proposals/api/calls/{stage.call_id}/submissions/{undecided}/decision"
    stage.chair.does("PUT", decision, {"outcome": "accept"}, If_Match='"v0"')
    assert at_once(stage, stage.chair, "POST", f"/proposals/api/calls/{stage.call_id}/release") == {200: 1, 409: AT_ONCE - 1}
    stage.place.settle()
    stage.chair.does("POST", f"{stage.meeting}/placement")
    assert at_once(stage, stage.chair, "POST", f"{stage.meeting}/releases", lambda _: {}) == {201: 1, 409: AT_ONCE - 1}


def test_a_code_signs_in_once(stage: Stage) -> None:
    address = f"{uuid4().hex}@example.org"
    asked = stage.guest.does("POST", "/proposals/api/sign-in/codes", {"email": address}, status=201)
    stage.place.settle()
    [letter] = [text for _, text in stage.place.letters(address)]
    code = next(word for word in letter.split() if word.isdigit() and len(word) == 6)
    assert at_once(stage, stage.guest, "POST", "/proposals/api/sign-in/tokens", lambda _: {**asked, "code": code}) == {201: 1, 422: AT_ONCE - 1}
