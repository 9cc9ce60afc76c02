"""The generated documents: fresh, valid, and saying who publishes and who listens."""

import gzip
import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from jsonschema import Draft7Validator

from plenary.commands.documents import StaleDocuments, events
from plenary.documents.asyncapi import asyncapi
from plenary.documents.contracts import read_contracts

ROOT = Path(__file__).parent.parent.parent
# The schema that the AsyncAPI initiative publishes as @asyncapi/specs 6.8.1 (Apache-2.0), compressed.
SCHEMA = Path(__file__).with_name("asyncapi-3.0.0.schema.json.gz")


@pytest.fixture(scope="module")
def validator() -> Draft7Validator:
    return Draft7Validator(json.loads(gzip.decompress(SCHEMA.read_bytes())))


@pytest.fixture
def document():
    return json.loads(asyncapi(read_contracts()))


def run(*arguments: object):
    return CliRunner().invoke(events, [str(argument) for argument in arguments])


def test_the_documents_in_the_repository_are_fresh():
    assert run("--check", "--folder", ROOT / "docs" / "events").exception is None, "run `plenary events` and commit what it writes"


def test_a_document_that_is_missing_or_was_edited_is_not_fresh(tmp_path):
    assert isinstance(run("--check", "--folder", tmp_path).exception, StaleDocuments)
    assert not list(tmp_path.iterdir())
    assert run("--folder", tmp_path).exit_code == 0
    assert run("--check", "--folder", tmp_path).exception is None
    (tmp_path / "catalog.md").write_text("by hand")
    stale = run("--check", "--folder", tmp_path).exception
    assert "catalog.md" in str(stale)
    assert "asyncapi.json" not in str(stale)


def test_the_document_is_asyncapi_3(validator, document):
    assert [error.message for error in validator.iter_errors(document)] == []
    document["channels"]["proposals.person.changed.v1"]["bindings"]["amqp"]["queues"] = 3
    assert not validator.is_valid(document)


def test_every_reference_leads_somewhere(document):
    references = list(_references(document))
    assert len(references) > 100
    for reference in references:
        place = document
        for step in reference.removeprefix("#/").split("/"):
            place = place[step]


def _references(part):
    if isinstance(part, dict):
        yield from [part["$ref"]] if "$ref" in part else []
        part = list(part.values())
    if isinstance(part, list):
        for each in part:
            yield from _references(each)


def test_it_says_who_publishes_and_who_listens(document):
    operations = [(each["action"], each["channel"]["$ref"].rpartition("/")[2], each["tags"][0]["name"]) for each in document["operations"].values()]
    assert ("send", "scheduling.session.moved.v1", "scheduling") in operations
    assert ("receive", "scheduling.session.moved.v1", "notifications") in operations
    assert ("receive", "scheduling.session.moved.v1", "proposals") not in operations
    assert {name.partition(".")[0] for action, name, _ in operations if action == "send"} == {"proposals", "scheduling", "notifications"}
    assert document["channels"]["scheduling.session.moved.v1"]["bindings"]["amqp"]["exchange"]["name"] == "scheduling.events"
