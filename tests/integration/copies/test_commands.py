"""The commands that look after copies, in the embedded shape, as an operator runs them."""

import subprocess
from pathlib import Path

import pytest
from place import run_command
from sqlalchemy import insert, update

from plenary.settings import embedded_settings
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.tables import HELD, LANE, OUTBOX, PARKED
from plenary_notifications.people.model import PersonCopy


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    run(tmp_path, "found", "sgm", "--name", "Society of Generous Medicine", "--administrator", "ada@example.org")
    return tmp_path


def run(folder: Path, *arguments: str) -> str:
    return run_command({"PLENARY_DATA": str(folder / "data")}, folder, *arguments).stdout


def change(folder: Path, name: str, *statements) -> None:
    database = open_database(name, embedded_settings({"PLENARY_DATA": str(folder / "data")}).databases[name])
    with database.work() as work:
        for statement in statements:
            work.session.execute(statement)
    database.close()


def test_what_differs_is_named_mended_and_not_named_again(folder):
    change(folder, "notifications", update(PersonCopy).values(email="wrong@example.org"))
    said = run(folder, "reconcile")
    assert "differs in email, mended" in said
    assert "scheduling: 5 of 5 kinds compared" in said
    assert "mended" not in run(folder, "reconcile")


def test_a_copy_is_rebuilt_after_a_question(folder):
    with pytest.raises(subprocess.CalledProcessError):
        run(folder, "rebuild", "proposals.person", "--service", "notifications")
    assert "missing, mended" in run(folder, "rebuild", "proposals.person", "--service", "notifications", "--yes")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("proposals.proposal", "--service", "scheduling"), "Use “plenary reconcile”"),
        (("proposals.unicorn", "--service", "scheduling"), "scheduling keeps no copy of proposals.unicorn"),
        (("proposals.person", "--service", "kitchen"), "Run it in a process of that service"),
    ],
)
def test_what_cannot_be_rebuilt_is_refused(folder, arguments, sentence):
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(folder, "rebuild", *arguments, "--yes")
    assert failed.value.returncode == 2
    assert sentence in failed.value.stderr


def test_what_stays_wrong_ends_in_a_failure(folder):
    """A thing whose next fact is parked is not asked for again."""
    database = open_database("proposals", embedded_settings({"PLENARY_DATA": str(folder / "data")}).databases["proposals"])
    with database.reading() as session:
        row = session.execute(OUTBOX.select().where(OUTBOX.c.subject == "proposals.person")).one()
    database.close()
    parked = {name: getattr(row, name) for name in ("subject", "subject_id", "version", "type", "payload", "event_id")}
    waiting = insert(HELD).values(**parked, fingerprint="", reason=PARKED, attempts=6, held_at=row.occurred_at, last_error="no")
    change(folder, "notifications", update(LANE).where(LANE.c.subject_id == row.subject_id).values(version=0), waiting)
    with pytest.raises(subprocess.CalledProcessError) as failed:
        run(folder, "reconcile")
    assert failed.value.returncode == 2
    assert f"notifications: proposals.person {row.subject_id} is still stuck." in failed.value.stderr
