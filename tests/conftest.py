"""Fixtures that every test may use: databases on both engines, and the addresses of real servers."""

import os
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

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
def postgres_url() -> Iterator[str]:
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 3})
    name = f"plenary_{uuid4().hex}"
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except Exception as error:
        admin.dispose()
        unavailable("PostgreSQL", error)
    yield make_url(POSTGRES).set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    admin.dispose()


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
