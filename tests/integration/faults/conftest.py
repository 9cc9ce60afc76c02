"""Installations that are broken on purpose, in both shapes."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from cleaning import remove
from deployment import Deployment
from ledger import METADATA
from pair import Pair
from standing import Standing

from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.topology import declare_exchange, declare_queue


@pytest.fixture
def deployed(tmp_path: Path, make_postgres: Callable[[str], str], amqp_url: str) -> Iterator[Deployment]:
    """Give every process of the three services over PostgreSQL and RabbitMQ, with short waits."""
    made = Deployment(tmp_path, make_postgres, amqp_url, hasty=True)
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Standing]:
    """Give the embedded shape in one process, with short waits."""
    made = Standing(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture
def pair(make_postgres, amqp_url) -> Iterator[Pair]:
    prefix = f"defect-{uuid4().hex[:8]}."
    urls = {"SOURCE_URL": make_postgres("source"), "TARGET_URL": make_postgres("target"), "AMQP_URL": amqp_url, "PREFIX": prefix}
    source, target = open_database("source", urls["SOURCE_URL"]), open_database("target", urls["TARGET_URL"])
    for database in (source, target):
        METADATA.create_all(database.engine)
    target.close()
    made = Pair(source, urls)
    with made.channel() as connection:
        declare_exchange(connection.default_channel, "source", prefix)
        declare_queue(connection.default_channel, "target", frozenset({"source"}), frozenset({"source.counter"}), prefix)
    yield made
    source.close()
    with made.channel() as connection:
        for service in ("source", "target"):
            remove(connection.default_channel, prefix, service, {"source.counter"})
