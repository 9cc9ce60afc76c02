"""Fixtures that every test may use: databases on both engines, and the addresses of real servers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from ladder import postgres_ladder, rabbit_ladder, served
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

pytest_plugins = ["capability_plugin"]
EXERCISED: dict[str, str] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say at the end what the run stood on."""
    if EXERCISED:
        terminalreporter.write_sep("-", "real servers")
        for what, which in sorted(EXERCISED.items()):
            terminalreporter.write_line(f"{what}: {which}")


@pytest.fixture(scope="session")
def exercised() -> dict[str, str]:
    """Give what the summary at the end names."""
    return EXERCISED


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'service.db'}"


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a PostgreSQL server's address for its administrator: a given one, a running one, a container's, or a private one's."""
    yield from served("PostgreSQL", postgres_ladder(tmp_path_factory.getbasetemp() / "postgres"), EXERCISED)


@pytest.fixture(scope="session")
def amqp_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a RabbitMQ server's address, found in the same order."""
    yield from served("RabbitMQ", rabbit_ladder(tmp_path_factory.getbasetemp() / "rabbit"), EXERCISED)


@pytest.fixture(scope="module")
def make_postgres(postgres_server: str) -> Iterator[Callable[[str], str]]:
    """Make empty databases, which are dropped after the module; gives the address of each."""
    admin = create_engine(postgres_server, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make(name: str) -> str:
        unique = f"plenary_{name}_{uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{unique}"'))
        made.append(unique)
        return make_url(postgres_server).set(database=unique).render_as_string(hide_password=False)

    yield make
    with admin.connect() as connection:
        for name in made:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture
def postgres_url(make_postgres: Callable[[str], str]) -> str:
    return make_postgres("test")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.servers)])
def database_url(request: pytest.FixtureRequest) -> str:
    url: str = request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")
    return url


@pytest.fixture(scope="session")
def real_inputs() -> Path:
    folder = os.environ.get("PLENARY_REAL_INPUTS")
    if not folder:
        pytest.skip("real inputs: set PLENARY_REAL_INPUTS to the folder that holds them")
    return Path(folder)
