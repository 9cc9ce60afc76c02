"""A database that does not answer is no bug: people and programs are asked to come back, and the site recovers by itself."""

from typing import Any

import pytest
from servers import free_port

from plenary_kit.identity.identity import Identity
from plenary_kit.identity.keys import generate_private_pem
from plenary_kit.identity.visitor import Visitor
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.engines import make_engine
from plenary_kit.web.application import create_app
from plenary_kit.web.settings import WebSettings


@pytest.fixture
def orphan() -> Any:
    """A site whose PostgreSQL is away, and somebody who is signed in there."""
    database = Database("sample", make_engine(f"postgresql+psycopg://postgres@127.0.0.1:{free_port()}/none"))
    identity = Identity(database, generate_private_pem(), https=False)
    settings = WebSettings(secret_key="s" * 40, public_url="http://localhost:8000", environment="test")
    client = create_app("sample", settings=settings, identity=identity, database=database).test_client()
    client.set_cookie(identity.cookie_name, identity.issue(Visitor(person_id=new_id(), name="Ada Lovelace", session_id=new_id())), path="/")
    yield client
    database.close()


def test_people_are_asked_to_come_back(orphan: Any) -> None:
    answer = orphan.get("/")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    page = answer.get_data(as_text=True)
    assert "Not available just now" in page
    assert answer.headers["X-Request-ID"] in page


def test_programs_get_a_problem(orphan: Any) -> None:
    answer = orphan.get("/api/nothing")
    assert (answer.status_code, answer.headers["Retry-After"], answer.mimetype) == (503, "5", "application/problem+json")
    assert answer.json["type"] == "urn:plenary:problem:unavailable"
    assert "127.0.0.1" not in answer.get_data(as_text=True)


def test_it_is_alive_but_not_ready(orphan: Any) -> None:
    assert orphan.get("/livez").status_code == 200
    assert orphan.get("/readyz").json == {"status": "not ready", "checks": {"database": False}}
