"""One trace: from the browser's request through every fact to the letter that results, and what became of it."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from place import Installation, install
from sink import Sink
from sqlalchemy import select
from story import SUBMITTER, decide, prepared, publish_first, submit

from plenary_kit.messaging.tables import OUTBOX

TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    sink = Sink()
    installed = install(tmp_path / "data", sink=sink)
    yield installed
    installed.trio.close()
    sink.end()


def facts(place: Installation, service: str, correlation: str) -> list[dict[str, str]]:
    """Give the messages of one story that a service announced."""
    database = next(each.database for each in place.trio.all() if each.name == service)
    with database.reading() as reading:
        messages = [json.loads(payload) for payload in reading.scalars(select(OUTBOX.c.payload).order_by(OUTBOX.c.seq))]
    return [message for message in messages if message["correlationid"] == correlation]


def test_a_submission_can_be_followed_to_its_letter(place: Installation) -> None:
    prepared(place)
    samir = place.sign_in(SUBMITTER)
    samir.headers = {"traceparent": f"00-{TRACE}-00f067aa0ba902b7-01", "X-Correlation-ID": "story-of-a-submission"}
    submit(samir, "Suturing for poets")
    place.settle()
    [submitted] = facts(place, "proposals", "story-of-a-submission")
    [delivered] = facts(place, "notifications", "story-of-a-submission")
    assert submitted["type"] == "proposals.proposal.submitted.v1"
    assert delivered["type"] == "notifications.notice.delivered.v1"
    assert delivered["causationid"] == submitted["id"]
    assert {message["traceparent"].split("-")[1] for message in (submitted, delivered)} == {TRACE}
    assert place.sink is not None
    letters = {str(letter["X-Correlation-ID"]) for letter in place.sink.letters(SUBMITTER) if "received" in str(letter["Subject"])}
    assert letters == {"story-of-a-submission"}


def test_a_released_program_can_be_followed_through_its_window(place: Installation) -> None:
    chair = prepared(place)
    samir = place.sign_in(SUBMITTER)
    submit(samir, "Suturing for poets")
    decide(chair, "Suturing for poets", "accept")
    chair.sends("/proposals/calls/sgm/workshops/submissions", "/proposals/calls/sgm/workshops/release")
    place.settle()
    chair.headers = {"X-Correlation-ID": "story-of-a-release"}
    publish_first(place, chair)
    place.settle()
    assert place.sink is not None
    told = [letter for letter in place.sink.letters(SUBMITTER) if str(letter["Subject"]).startswith("Scheduled")]
    assert [str(letter["X-Correlation-ID"]) for letter in told] == ["story-of-a-release"]
    assert [message["type"] for message in facts(place, "notifications", "story-of-a-release")] == ["notifications.notice.delivered.v1"]
