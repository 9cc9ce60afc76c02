"""Fixtures that every test may use: databases on both engines, and the addresses of real servers."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

POSTGRES = os.environ.get("PLENARY_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
AMQP = os.environ.get("PLENARY_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
REQUIRED = os.environ.get("PLENARY_REQUIRE_SERVERS") == "1"


def unavailable(what: str, why: Exception) -> None:
    """Skip visibly on a laptop without the server; fail where servers are required."""
    if REQUIRED:
        pytest.fail(f"{what} is required here: {why}")
    pytest.skip(f"no {what}: {why}")


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'service.db'}"


@pytest.fixture
def make_postgres() -> Iterator[Callable[[str], str]]:
    """Make empty databases, which are dropped after the test; gives the address of each."""
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    made: list[str] = []

    def make(name: str) -> str:
        unique = f"plenary_{name}_{uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{unique}"'))
        made.append(unique)
        return make_url(POSTGRES).set(database=unique).render_as_string(hide_password=False)

    try:
        admin.connect().close()
    except OperationalError as error:
        unavailable("PostgreSQL", error)
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
def amqp_url() -> str:
    return AMQP


@pytest.fixture(scope="session")
def real_inputs() -> Path:
    folder = os.environ.get("PLENARY_REAL_INPUTS")
    if not folder:
        pytest.skip("real inputs: set PLENARY_REAL_INPUTS to the folder that holds them")
    return Path(folder)
