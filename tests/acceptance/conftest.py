"""Installations of both shapes, empty, with a mail server behind each."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from deployment import Deployment
from place import Installation, Place, install
from programs import Stage, build_stage
from sink import Sink
from society import Clock

from plenary.composition import SERVICES


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    """Give an embedded installation whose clock the test turns."""
    sink = Sink()
    installed = install(tmp_path / "data", clock=Clock(datetime(2016, 1, 4, 12, tzinfo=UTC)), sink=sink)
    yield installed
    installed.trio.close()
    sink.end()


@pytest.fixture
def deployed(tmp_path: Path, make_postgres: Callable[[str], str], amqp_url: str) -> Iterator[Deployment]:
    """Give a process for each job of each service, over PostgreSQL and RabbitMQ."""
    made = Deployment(tmp_path, make_postgres, amqp_url)
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture(params=["embedded", pytest.param("deployed", marks=pytest.mark.servers)])
def anywhere(request: pytest.FixtureRequest) -> Place:
    """Give an installation of each shape in turn."""
    made: Place = request.getfixturevalue("place" if request.param == "embedded" else "deployed")
    return made


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def api_stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Give an embedded installation with a society and its people's programs, on each kind of database in turn."""
    databases = None
    if request.param == "postgresql":
        make = request.getfixturevalue("make_postgres")
        databases = {name: make(name) for name in SERVICES}
    built = build_stage(tmp_path_factory.mktemp("data"), databases)
    yield built
    built.place.trio.close()
