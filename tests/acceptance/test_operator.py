"""An operator's evening: a message that no try can apply, found, looked at, mended and sent on, or given up."""

import json
import subprocess
from datetime import timedelta
from pathlib import Path

import pytest
from place import Installation, install, run_command
from sink import Sink

from plenary_kit.messaging.intake import LADDER
from plenary_proposals.people.actions import appoint, found_society


class DefectError(Exception):
    """What a defective release of scheduling raises for every person."""


def defective(*_anything: object) -> None:
    raise DefectError("the new release cannot read names")


@pytest.fixture
def parked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the folder of an installation in which scheduling has parked a person, since its release was defective."""
    with monkeypatch.context() as patched:
        patched.setattr("plenary_scheduling.service.on_people", defective)
        place = install(tmp_path / "data")
    society = found_society(place.trio.proposals.database, slug="sgm", name="Society of Generous Medicine", time_zone="UTC")
    appoint(place.trio.proposals.database, email="charlotte@example.org", role="administrator", scope_kind="society", scope_id=society)
    place.settle()
    climb(place)
    place.trio.close()
    return tmp_path / "data"


def climb(place: Installation) -> None:
    """Let every try of the ladder come and fail."""
    for delay in LADDER:
        place.clock.forward(seconds=(delay + timedelta(seconds=1)).total_seconds())
        assert place.trio.scheduling.intake.sweep() == 1


def operate(folder: Path, *arguments: str, status: int = 0) -> subprocess.CompletedProcess[str]:
    """Run a command there; gives what it said."""
    done = run_command({"PLENARY_DATA": str(folder)}, folder, *arguments, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    return done


def event_of(folder: Path) -> str:
    [line] = operate(folder, "parked", "list").stdout.splitlines()
    assert line.startswith("scheduling ")
    assert "DefectError: the new release cannot read names" in line
    assert f"{len(LADDER) + 1} tries" in line
    return line.split()[1]


@pytest.mark.capability("N2")
def test_the_doctor_says_that_somebody_must_look_and_the_mended_message_is_sent_on(parked: Path) -> None:
    assert "1 parked; see “plenary parked list”." in operate(parked, "doctor", status=2).stderr
    figures = json.loads(operate(parked, "doctor", "--json", status=2).stdout)
    assert figures["services"]["scheduling"]["parked"] == 1
    shown = json.loads(operate(parked, "parked", "show", event_of(parked)).stdout)
    assert shown["type"] == "proposals.person.registered.v1"
    assert "1 tried again" in operate(parked, "parked", "replay", "--all").stdout
    assert operate(parked, "parked", "list").stdout == ""
    assert "0 parked" in operate(parked, "doctor").stdout
    assert "kinds compared" in operate(parked, "reconcile").stdout


def test_a_message_that_is_given_up_is_missed_by_its_copy_alone_and_comes_back_by_reconciling(parked: Path) -> None:
    event = event_of(parked)
    operate(parked, "parked", "drop", event, "--yes")
    assert operate(parked, "parked", "list").stdout == ""
    assert "proposals.person" in operate(parked, "reconcile").stdout
    assert "mended" not in operate(parked, "reconcile").stdout, "there is nothing left to mend"


def test_what_is_not_parked_is_said_to_be_unknown(parked: Path) -> None:
    unknown = "00000000-0000-7000-8000-000000000000"
    for command in (("show", unknown), ("replay", unknown), ("drop", unknown, "--yes")):
        assert "parked" in operate(parked, "parked", *command, status=2).stderr
    assert "Name one event, or say --all." in operate(parked, "parked", "replay", status=2).stderr


@pytest.mark.capability("N2")
def test_a_test_letter_goes_the_way_of_all_letters_and_the_servers_answer_is_shown(tmp_path: Path) -> None:
    sink = Sink()
    smtp = {"PLENARY_DATA": str(tmp_path / "data"), "PLENARY_SMTP_HOST": "127.0.0.1", "PLENARY_SMTP_PORT": str(sink.port)}
    done = run_command(smtp, tmp_path, "test-mail", "charlotte@example.org")
    assert "250" in done.stdout
    assert sink.subjects("charlotte@example.org") == ["Test letter from Plenary"]
    sink.say("RCPT", "550 no such mailbox")
    refused = run_command(smtp, tmp_path, "test-mail", "nobody@example.org", check=False)
    sink.end()
    assert refused.returncode == 2
    assert "550 no such mailbox" in refused.stderr
