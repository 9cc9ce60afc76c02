"""What holds for every operation of every API, whoever wrote it: described, closed to guests, strict, safe to repeat."""

import json
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from operations import QUERIES, SERVICES, UNREADABLE, Operation, good_bodies, operations, spoiled
from programs import Stage
from werkzeug.test import TestResponse


@pytest.fixture(scope="module")
def stage(api_stage: Stage) -> Stage:
    api_stage.accepted()
    api_stage.submitted("Waiting for a decision")
    return api_stage


@pytest.fixture(scope="module")
def offered(stage: Stage) -> list[Operation]:
    return operations(stage.place.site)


@pytest.fixture(scope="module")
def parts(stage: Stage) -> dict[str, object]:
    """Give something real for every name that stands in a path."""
    [session] = stage.chair.pages(f"{stage.meeting}/sessions")
    stage.chair.does("POST", f"{stage.meeting}/placement")
    stage.chair.does("POST", f"{stage.meeting}/releases", {}, status=201)
    stage.place.clock.forward(hours=1)
    stage.place.settle()
    [waiting] = [one["id"] for one in stage.samir.pages("/proposals/api/proposals", state="submitted")]
    notice = stage.samir.pages("/notifications/api/notices")[0]["id"]
    return {
        "society_id": stage.society.society_id,
        "meeting_id": stage.society.meeting_id,
        "room_id": stage.society.rooms[0],
        "call_id": stage.call_id,
        "proposal_id": waiting,
        "session_id": session["id"],
        "notice_id": notice,
        "sign_in_id": uuid4(),
        "grant_id": uuid4(),
        "number": 1,
    }


@pytest.fixture(scope="module")
def good(stage: Stage) -> dict[str, object]:
    return good_bodies(stage)


def ask(stage: Stage, operation: Operation, parts: dict[str, object], query: str = "", **options: object) -> TestResponse:
    """Call an operation as the one who may: Samir for his own proposals, else the chair."""
    program = stage.samir if operation.path.startswith("/proposals/api/proposals") else stage.chair
    if operation.header("If-Match"):
        options.setdefault("If_Match", '"v0"')
    return program.call(operation.method, operation.at(**parts) + query, **options)


def refusal(response: TestResponse) -> dict[str, object]:
    assert response.content_type == "application/problem+json", (response.status, response.get_data()[:500])
    problem: dict[str, object] = json.loads(response.get_data())
    assert problem["status"] == response.status_code
    assert str(problem["type"]).startswith("urn:plenary:problem:")
    return problem


@pytest.mark.parametrize("service", SERVICES)
def test_the_description_is_valid(stage: Stage, service: str) -> None:
    document = json.loads(stage.guest.call("GET", f"/{service}/api/openapi.json").get_data())
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": f"/{service}"}]
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_every_operation_says_what_it_does_and_every_post_may_be_repeated(offered: list[Operation]) -> None:
    assert len(offered) > 40
    assert [one.name for one in offered if not one.described.get("summary", "").endswith(".")] == []
    once = [one.name for one in offered if one.method == "POST" and not one.header("Idempotency-Key")]
    assert once == [
        "POST /proposals/api/sign-in/codes",
        "POST /proposals/api/sign-in/tokens",
        "POST /scheduling/api/meetings/{meeting_id}/imports/check",
    ]


def test_guests_are_asked_to_sign_in_wherever_it_is_not_public(
    stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]
) -> None:
    closed = [one for one in offered if not one.public and "multipart/form-data" not in str(one.described.get("requestBody"))]
    assert len(closed) > 25
    for one in closed:
        problem = refusal(stage.guest.call(one.method, one.at(**parts), good.get(one.name), If_Match='"v0"'))
        assert problem["status"] == 401, one.name


def test_who_holds_no_role_reaches_nothing_that_is_a_chairs(
    stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]
) -> None:
    own = ("/proposals/api/me", "/proposals/api/proposals", "/proposals/api/sign-in", "/scheduling/api/stars", "/notifications/api/notices")
    chairs = [one for one in offered if not one.public and not one.path.startswith(own) and one.path.rpartition("/")[2] not in {"imports", "check"}]
    assert len(chairs) > 12
    for one in chairs:
        assert refusal(stage.ana.call(one.method, one.at(**parts), good.get(one.name), If_Match='"v0"'))["status"] == 404, one.name


def test_a_body_with_one_thing_wrong_is_refused_and_the_place_is_named(
    stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]
) -> None:
    tried = 0
    takers = [one for one in offered if one.body is not None]
    assert {one.name for one in takers} == set(good)
    for one in takers:
        assert one.body is not None
        for where, body in spoiled(one, one.body, good[one.name]):
            tried += 1
            problem = refusal(ask(stage, one, parts, body=body))
            assert problem["status"] in {400, 422}, (one.name, where)
            if problem["status"] == 422:
                assert problem["errors"], (one.name, where)
    assert tried > 300


@pytest.mark.parametrize("what", UNREADABLE)
def test_a_body_that_cannot_be_read_is_refused(
    stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object], what: str
) -> None:
    for one in offered:
        if one.name in good and (what != "nothing" or (one.body and one.body.get("required"))):
            problem = refusal(ask(stage, one, parts, data=UNREADABLE[what], Content_Type="application/json"))
            assert problem["status"] in {400, 422}, one.name


def test_another_media_type_or_far_too_much_is_refused(
    stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]
) -> None:
    for one in offered:
        if one.name in good:
            assert refusal(ask(stage, one, parts, data=b"<a/>", Content_Type="text/xml"))["status"] == 415, one.name
    much = b'{"email": "' + b"x" * 22 * 1024 * 1024 + b'"}'
    assert refusal(stage.guest.call("POST", "/proposals/api/sign-in/codes", data=much, Content_Type="application/json"))["status"] == 413


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(data=st.data())
def test_no_body_whatever_breaks_anything(
    stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object], data: st.DataObject
) -> None:
    one = data.draw(st.sampled_from([each for each in offered if each.name in good]))
    assert one.body is not None
    names = list(one.body["properties"])
    body = data.draw(ANYTHING | st.fixed_dictionaries({}, optional=dict.fromkeys(names, ANYTHING)))
    assert ask(stage, one, parts, body=body).status_code < 500


@pytest.mark.parametrize("query", QUERIES)
def test_a_list_refuses_a_query_that_it_cannot_mean(stage: Stage, offered: list[Operation], parts: dict[str, object], query: str) -> None:
    lists = [one for one in offered if one.listing]
    assert len(lists) > 10
    for one in lists:
        assert refusal(ask(stage, one, parts, f"?{query}"))["status"] in {400, 422}, one.name


def test_a_cursor_of_one_list_is_refused_by_another(stage: Stage, parts: dict[str, object]) -> None:
    cursor = stage.chair.does("GET", f"{stage.meeting}/rooms?limit=1")["next"]
    assert cursor
    stage.chair.refused("GET", f"{stage.meeting}/releases?cursor={cursor}", status=400, code="cursor-unusable")


def test_what_does_not_exist_is_not_found(stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]) -> None:
    nobody = {**{name: uuid4() for name in parts}, "number": 999}
    for one in offered:
        if "{" not in one.path or one.name == "DELETE /scheduling/api/stars/{session_id}" or "/imports" in one.path:
            continue
        for wrong in (nobody, dict.fromkeys(parts, "x"), dict.fromkeys(parts, "9" * 40)):
            assert refusal(ask(stage, one, wrong, body=good.get(one.name)))["status"] == 404, (one.name, wrong)


def test_a_change_needs_the_version_it_is_based_on(stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]) -> None:
    guarded = [one for one in offered if one.header("If-Match")]
    assert {one.name for one in guarded} == {one.name for one in offered if one.method == "PUT" and one.name in good} | {
        "DELETE /scheduling/api/meetings/{meeting_id}/sessions/{session_id}/place"
    }
    for one in guarded:
        program = stage.samir if one.path.startswith("/proposals/api/proposals") else stage.chair
        assert refusal(program.call(one.method, one.at(**parts), good.get(one.name)))["status"] == 428, one.name
        for stale in ('"v999"', "*", "7", 'W/"v1"', '"v-1"', '"v' + "9" * 40 + '"'):
            problem = refusal(program.call(one.method, one.at(**parts), good.get(one.name), If_Match=stale))
            assert problem["type"] == "urn:plenary:problem:precondition-failed", (one.name, stale)


def test_a_key_that_cannot_be_one_is_refused(stage: Stage, offered: list[Operation], parts: dict[str, object], good: dict[str, object]) -> None:
    for one in offered:
        if one.header("Idempotency-Key"):
            for key in ("", "k" * 256, "ké"):
                assert refusal(ask(stage, one, parts, body=good.get(one.name), Idempotency_Key=key))["status"] == 400, one.name
