"""A tiny service pair for the backbone's tests: one announces counts, the other keeps a copy and an account of effects."""

from collections.abc import Iterator
from uuid import UUID, uuid4

import pytest
from ledger import METADATA, Counted, keep

from plenary_kit.messaging.intake import Intake
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.messaging.opening import open_database
from plenary_kit.persistence.database import Database


@pytest.fixture
def source(tmp_path) -> Iterator[Database]:
    database = open_database("source", f"sqlite:///{tmp_path / 'source.db'}")
    METADATA.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def target(database_url: str) -> Iterator[Database]:
    database = open_database("target", database_url)
    METADATA.create_all(database.engine)
    yield database
    database.close()


@pytest.fixture
def intake(target: Database) -> Intake:
    return Intake(target, Subscriptions({Counted: keep}))


@pytest.fixture
def subject() -> UUID:
    return uuid4()
