"""Signing a program in, and who one is."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Program, Stage, build_stage, mailed_code, sign_in
from sqlalchemy import func, select, text

from plenary_kit.messaging.tables import OUTBOX


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


ME = "/proposals/api/me"
PROFILE = {"name": "Samir Lindqvist-Moreau", "affiliation": "St. Brannoc Hospital", "time_zone": "Europe/Berlin"}


def test_a_profile_is_changed_over_the_version_that_was_read(stage: Stage) -> None:
    read = stage.samir.version_of(ME)
    changed = stage.samir.does("PUT", ME, PROFILE, If_Match=read)
    assert {name: changed[name] for name in PROFILE} == PROFILE
    stage.samir.refused("PUT", ME, {**PROFILE, "name": "Lost"}, status=412, code="precondition-failed", If_Match=read)
    assert stage.samir.does("GET", ME)["name"] == PROFILE["name"]


def test_saving_what_is_known_already_is_told_to_nobody(stage: Stage) -> None:
    me = stage.samir.does("GET", ME)
    before = told(stage)
    same = stage.samir.does("PUT", ME, {name: me[name] for name in PROFILE}, If_Match=f'"v{me["version"]}"')
    assert (same["version"], told(stage)) == (me["version"], before)


def told(stage: Stage) -> int:
    with stage.place.trio.proposals.database.reading() as reading:
        return int(reading.scalar(select(func.count()).select_from(OUTBOX)) or 0)


def test_the_copies_of_a_person_follow(stage: Stage) -> None:
    stage.accepted()
    stage.samir.does("PUT", ME, PROFILE, If_Match=stage.samir.version_of(ME))
    stage.place.settle()
    [session] = stage.chair.pages(f"{stage.meeting}/sessions")
    assert session["presenters"] == [PROFILE["name"]]
    for service, columns in ((stage.place.trio.scheduling, "name, affiliation"), (stage.place.trio.notifications, "name, time_zone")):
        with service.database.reading() as reading:
            row = reading.execute(text(f"SELECT {columns} FROM person_copy WHERE name = :name"), {"name": PROFILE["name"]}).one()
        assert tuple(row) == tuple(PROFILE[name] for name in columns.split(", "))


def test_one_sign_in_or_all_others_are_ended_everywhere(stage: Stage) -> None:
    second, third = (sign_in(stage.place, "samir@example.org") for _ in range(2))
    listed = [row["id"] for row in stage.samir.pages(f"{ME}/sign-ins")]
    assert len(listed) == 3
    third.does("DELETE", f"{ME}/sign-ins/{listed[1]}", status=204)
    second.refused("GET", ME, status=401, code="sign-in-needed")
    third.does("DELETE", f"{ME}/sign-ins", status=204)
    stage.place.settle()
    for ended in (stage.samir, second):
        ended.refused("GET", "/scheduling/api/stars", status=401, code="sign-in-needed")
    assert [row["id"] for row in third.pages(f"{ME}/sign-ins")] == [listed[0]]


def test_nobody_ends_the_sign_in_of_somebody_else(stage: Stage) -> None:
    [mine] = stage.samir.pages(f"{ME}/sign-ins")
    stage.ana.refused("DELETE", f"{ME}/sign-ins/{mine['id']}", status=404, code="not-found")
    stage.ana.does("DELETE", f"{ME}/sign-ins", status=204)
    assert stage.samir.pages(f"{ME}/sign-ins") == [mine]
