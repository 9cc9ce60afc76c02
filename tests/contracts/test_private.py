"""Private things stay home: contact data travels in facts about persons alone, and nothing secret travels at all."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from plenary.composition import SERVICES, build_trio
from plenary.demo import StoryClock, tell_story
from plenary.documents.contracts import read_contracts
from plenary_kit.messaging.tables import OUTBOX

CONTACT = {"email", "mail", "address", "phone", "telephone"}
SECRET = {"code", "token", "secret", "password", "digest", "reviewer_id", "reviewer_ids", "score", "scores", "gender", "ethnicity", "birthday"}
CONTRACTS = read_contracts()
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture
def story(tmp_path):
    clock = StoryClock(NOW - timedelta(days=100))
    trio = build_trio({name: f"sqlite:///{tmp_path / name}.db" for name in SERVICES}, clock=clock)
    trio.migrate()
    tell_story(trio, clock, NOW, say=lambda _: None)
    yield trio
    trio.close()


@pytest.mark.parametrize("contract", CONTRACTS.each, ids=lambda contract: contract.name)
def test_no_field_is_made_for_what_must_stay_home(contract):
    fields = set(_fields(CONTRACTS.schemas[contract.fact.__name__]))
    assert not fields & SECRET
    assert not fields & CONTACT or contract.fact.SUBJECT == "proposals.person"


def _fields(schema: dict[str, Any]) -> list[str]:
    """List the fields of a fact and of every part in it."""
    found: list[str] = []
    for key, value in schema.items():
        if key == "properties":
            found += [*value, *(name for each in value.values() for name in _fields(each))]
        elif key == "$ref":
            found += _fields(CONTRACTS.schemas[value.rpartition("/")[2]])
        elif isinstance(value, dict):
            found += _fields(value)
        elif isinstance(value, list):
            found += [name for each in value if isinstance(each, dict) for name in _fields(each)]
    return found


def test_the_search_finds_fields_in_parts():
    assert {"person_id", "room", "starts_at", "key"} <= {
        name for contract in CONTRACTS.each for name in _fields(CONTRACTS.schemas[contract.fact.__name__])
    }


def test_no_address_is_told_in_the_whole_story_but_in_facts_about_persons(story):
    told = [(row.subject, row.payload) for service in story.all() for row in _outbox(service)]
    assert any(b"@example." in payload for _, payload in told)
    assert {subject for subject, payload in told if b"@example." in payload} == {"proposals.person"}


def _outbox(service):
    with service.database.reading() as reading:
        return reading.execute(select(OUTBOX.c.subject, OUTBOX.c.payload)).all()
