"""Signing a program in, and who one is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Program, Stage, build_stage, mailed_code, sign_in


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def test_a_code_is_worth_nothing_without_the_secret_of_the_program_that_asked(stage: Stage) -> None:
    guest = stage.guest
    asked = guest.does("POST", "/proposals/api/sign-in/codes", {"email": "samir@example.org"}, status=201)
    stage.place.settle()
    code = mailed_code(stage.place, "samir@example.org")
    stolen = {"request_id": asked["request_id"], "secret": "of another program", "code": code}
    guest.refused("POST", "/proposals/api/sign-in/tokens", stolen, status=422, code="wrong-code")
    token = guest.does("POST", "/proposals/api/sign-in/tokens", {**asked, "code": f"{code[:3]} {code[3:]}"}, status=201)
    assert token["person_id"] == str(stage.society.submitter)
    assert Program(stage.place, token["token"]).does("GET", "/proposals/api/me")["email"] == "samir@example.org"
    guest.refused("POST", "/proposals/api/sign-in/tokens", {**asked, "code": code}, status=422, code="wrong-code")


def test_a_code_dies_after_five_wrong_tries_and_after_ten_minutes(stage: Stage) -> None:
    for spoil in (lambda asked: [tried(stage, asked, "000000x") for _ in range(5)], lambda _: stage.place.clock.forward(minutes=10)):
        asked = stage.guest.does("POST", "/proposals/api/sign-in/codes", {"email": "samir@example.org"}, status=201)
        stage.place.settle()
        spoil(asked)
        tried(stage, asked, mailed_code(stage.place, "samir@example.org"))


def tried(stage: Stage, asked: dict[str, str], code: str) -> None:
    stage.guest.refused("POST", "/proposals/api/sign-in/tokens", {**asked, "code": code}, status=422, code="wrong-code")


def test_an_address_may_ask_for_five_codes_in_ten_minutes(stage: Stage) -> None:
    for _ in range(5):
        stage.guest.does("POST", "/proposals/api/sign-in/codes", {"email": "Samir@example.org"}, status=201)
    stage.guest.refused("POST", "/proposals/api/sign-in/codes", {"email": "samir@example.org"}, status=429, code="too-many-codes")


def test_a_new_address_becomes_a_person_of_the_name_that_was_given(stage: Stage) -> None:
    newcomer = sign_in(stage.place, "wren@example.org", name="Wren Adeyemi")
    me = newcomer.does("GET", "/proposals/api/me")
    assert (me["name"], me["email"], me["roles"]) == ("Wren Adeyemi", "wren@example.org", [])


def test_who_am_i_names_each_role_and_its_scope(stage: Stage) -> None:
    roles = stage.chair.does("GET", "/proposals/api/me")["roles"]
    society, meeting = str(stage.society.society_id), str(stage.society.meeting_id)
    assert {(role["role"], role["scope_kind"], role["scope_id"]) for role in roles} == {
        ("administrator", "society", society),
        ("chair", "meeting", meeting),
    }


def test_signing_out_ends_the_token_in_every_service(stage: Stage) -> None:
    stage.ana.does("DELETE", "/proposals/api/sign-in", status=204)
    stage.ana.refused("GET", "/proposals/api/me", status=401, code="sign-in-needed")
    stage.place.settle()
    stage.ana.refused("GET", "/scheduling/api/stars", status=401, code="sign-in-needed")
    stage.ana.refused("GET", "/notifications/api/notices", status=401, code="sign-in-needed")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "é", "x" * 10_000])
def test_a_token_that_is_none_signs_nobody_in(stage: Stage, token: str) -> None:
    Program(stage.place, token).refused("GET", "/proposals/api/me", status=401, code="sign-in-needed")


def test_societies_are_listed_by_name_for_everybody(stage: Stage) -> None:
    assert [society["slug"] for society in stage.guest.pages("/proposals/api/societies")] == ["sgm"]
