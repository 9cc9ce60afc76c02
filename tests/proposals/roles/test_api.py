"""Roles: who gives and takes them, what follows everywhere, and what nobody can take away."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from place import run_command
from programs import Stage, build_stage, sign_in

LATER = datetime(2200, 1, 1, tzinfo=UTC)  # commands go by the machine's clock, and their letters are due by it


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def roles(stage: Stage) -> str:
    return f"/proposals/api/societies/{stage.society.society_id}/roles"


def given(stage: Stage, email: str, *, chair: bool = False) -> dict[str, Any]:
    body = {"email": email, "role": "chair" if chair else "administrator"}
    made: dict[str, Any] = stage.chair.does(
        "POST", roles(stage), {**body, **({"meeting_id": str(stage.society.meeting_id)} if chair else {})}, status=201
    )
    stage.place.settle()
    return made


def test_a_chair_of_one_meeting_may_at_once_do_there_what_chairs_do_and_nothing_else(stage: Stage) -> None:
    made = given(stage, "ana@example.org", chair=True)
    assert (made["name"], made["scope"], made["scope_kind"]) == ("Ana Whitefeather", "Annual Meeting 2016", "meeting")
    stage.ana.does("GET", f"{stage.meeting}/sessions")
    stage.ana.does("GET", f"/proposals/api/calls/{stage.call_id}/submissions")
    stage.ana.refused("GET", roles(stage), status=404, code="not-found")


def test_a_role_that_is_taken_away_is_gone_everywhere_once_its_event_arrived(stage: Stage) -> None:
    made = given(stage, "ana@example.org", chair=True)
    stage.chair.does("DELETE", f"{roles(stage)}/{made['id']}", status=204)
    stage.ana.refused("GET", f"/proposals/api/calls/{stage.call_id}/submissions", status=404, code="not-found")
    stage.place.settle()
    stage.ana.refused("GET", f"{stage.meeting}/sessions", status=404, code="not-found")
    assert stage.ana.does("GET", "/proposals/api/me")["roles"] == []
    stage.chair.refused("DELETE", f"{roles(stage)}/{made['id']}", status=404, code="not-found")


def test_a_new_address_becomes_a_person_who_is_told_by_one_letter(stage: Stage) -> None:
    first, again = given(stage, "Wren@example.org"), given(stage, "wren@example.org")
    assert first["id"] == again["id"]
    letters = stage.place.letters("wren@example.org")
    assert [subject for subject, _ in letters] == ["You administer Society of Generous Medicine"]
    assert "Charlotte Okafor gave you a role" in letters[0][1]
    wren = sign_in(stage.place, "wren@example.org")
    assert wren.does("GET", "/proposals/api/me")["id"] == first["person_id"]
    assert len(wren.pages(roles(stage))) == 3


def test_nobody_takes_the_last_administrator_away(stage: Stage) -> None:
    [own] = [role for role in stage.chair.pages(roles(stage)) if role["role"] == "administrator"]
    stage.chair.refused("DELETE", f"{roles(stage)}/{own['id']}", status=409, code="last-administrator")
    given(stage, "wren@example.org")
    stage.chair.does("DELETE", f"{roles(stage)}/{own['id']}", status=204)
    stage.chair.refused("GET", roles(stage), status=404, code="not-found")


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"role": "chair"}, 422, "unfit-role"),
        ({"role": "administrator", "meeting_id": "the meeting"}, 422, "unfit-role"),
        ({"role": "emperor"}, 422, "invalid"),
        ({"role": "chair", "meeting_id": str(uuid4())}, 404, "not-found"),
        ({"role": "administrator", "email": "ana@localhost"}, 422, "invalid"),
    ],
)
def test_what_fits_nothing_is_refused_and_nobody_is_registered(stage: Stage, wrong: dict[str, str], status: int, code: str) -> None:
    body = {"email": "wren@example.org", **wrong}
    if body.get("meeting_id") == "the meeting":
        body["meeting_id"] = str(stage.society.meeting_id)
    stage.chair.refused("POST", roles(stage), body, status=status, code=code)
    stage.place.settle()
    assert stage.place.letters("wren@example.org") == []
    assert len(stage.chair.pages(roles(stage))) == 2


def command(stage: Stage, *arguments: str, code: int = 0) -> str:
    done = run_command({"PLENARY_DATA": str(stage.place.folder)}, stage.place.folder, *arguments, check=False)
    assert done.returncode == code, (done.stdout, done.stderr)
    return done.stdout + done.stderr


def test_the_operator_gives_and_takes_roles_by_address(stage: Stage) -> None:
    society, meeting = ("--society", "sgm"), ("--meeting", "sgm-2016")
    assert "wren@example.org is now chair of Annual Meeting 2016." in command(stage, "grant", "wren@example.org", "chair", *meeting)
    stage.place.clock.now = LATER
    stage.place.settle()
    assert [subject for subject, _ in stage.place.letters("wren@example.org")] == ["You chair the program of Annual Meeting 2016"]
    command(stage, "revoke", "wren@example.org", "chair", *meeting)
    assert "Nobody with this address holds" in command(stage, "revoke", "wren@example.org", "chair", *meeting, code=2)
    assert "last administrator" in command(stage, "revoke", "charlotte@example.org", "administrator", *society, code=2)
    for wrong in ((), (*society, *meeting), ("--society", "nowhere")):
        command(stage, "grant", "wren@example.org", "administrator", *wrong, code=2)
    assert "as in ada@example.org" in command(stage, "grant", "wren", "administrator", *society, code=2)
