"""Contracts are products: what was released stays as it was, and messages of earlier releases are understood."""

import json
from copy import deepcopy

import msgspec
import pytest
from released import SAMPLES, breaks, current, released

from plenary.documents.contracts import read_contracts
from plenary_kit.messaging.envelope import decode
from plenary_kit.messaging.facts import registered

CONTRACTS = [contract.name for contract in read_contracts().each]
MESSAGES = sorted(SAMPLES.glob("*.json"))


def test_what_was_released_is_kept():
    before, now = released(), current()
    assert {name: breaks(before[name], now.get(name, {})) for name in before} == {name: [] for name in before}


def test_what_is_new_was_released():
    assert current() == released(), "a fact, or an optional field, is new: run `make contracts` and commit what it writes"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda fields, _: fields.pop("title"), ".title was removed"),
        (lambda fields, _: fields.update(title={"type": "integer"}), ".title changed"),
        (lambda fields, _: fields.update(proposal_id={"type": "string", "format": "uuid"}), ".proposal_id changed"),
        (lambda fields, _: fields["presenter_ids"].update(items={"type": "string"}), ".presenter_ids[] changed"),
        (lambda fields, _: fields["place"]["properties"].pop("room"), ".place.room was removed"),
        (lambda fields, _: fields["place"]["required"].remove("room"), ".place.room became optional"),
        (lambda fields, needed: (fields.update(color={"type": "string"}), needed.append("color")), ".color is new and required"),
        (lambda _, needed: needed.remove("title"), ".title became optional"),
    ],
)
def test_a_change_that_somebody_would_stumble_over_is_named(change, problem):
    before = current()["scheduling.session.moved.v1"]
    after = deepcopy(before)
    change(after["properties"], after["required"])
    assert breaks(before, after) == [problem]


def test_a_new_optional_field_breaks_nobody():
    before = current()["scheduling.session.moved.v1"]
    after = deepcopy(before)
    after["properties"]["color"] = after["properties"]["place"]["properties"]["floor"] = {"type": "string", "default": ""}
    assert breaks(before, after) == []
    assert after != before


def test_a_real_message_of_every_fact_is_kept():
    assert {decode(path.read_bytes()).type for path in MESSAGES} == set(CONTRACTS), "copy a message of the new fact from an outbox into samples/"


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_a_real_message_is_understood_whole(path):
    envelope = decode(path.read_bytes())
    fact = msgspec.json.decode(envelope.data, type=registered()[envelope.type])
    told, understood = json.loads(bytes(envelope.data)), json.loads(msgspec.json.encode(fact))
    assert {name: understood.get(name) for name in told} == told
    assert fact.id == envelope.subject
    assert envelope.subjecttype == fact.SUBJECT


@pytest.mark.parametrize("path", MESSAGES, ids=lambda path: path.stem)
def test_a_message_of_a_later_release_is_understood_without_what_is_new(path):
    message = json.loads(path.read_bytes())
    later = message | {"later": "extension", "data": _with_more(message["data"])}
    envelope = decode(json.dumps(later).encode())
    fact = registered()[envelope.type]
    assert msgspec.json.decode(envelope.data, type=fact) == msgspec.convert(message["data"], fact, strict=False)


def _with_more(value):
    if isinstance(value, dict):
        return {name: _with_more(each) for name, each in value.items()} | {"later": [{"field": None}]}
    return [_with_more(each) for each in value] if isinstance(value, list) else value
