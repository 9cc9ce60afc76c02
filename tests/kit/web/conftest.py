"""A small service with a page, a form and an API, as the tests of the web kit need it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar
from uuid import UUID, uuid4

import marshmallow as ma
import pytest
from flask import Blueprint, Flask, flash, redirect, render_template_string, request
from flask.testing import FlaskClient
from sqlalchemy.orm import DeclarativeBase
from werkzeug.test import TestResponse
from werkzeug.wrappers import Response

from plenary_kit.identity.grants import add_identity_tables
from plenary_kit.identity.identity import Identity
from plenary_kit.identity.keys import generate_private_pem
from plenary_kit.identity.visitor import Visitor, require_visitor
from plenary_kit.persistence.columns import COLUMN_TYPES, service_metadata
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.engines import make_engine
from plenary_kit.refusal import Forbidden, NotFound, Refusal
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.application import create_app
from plenary_kit.web.idempotency import add_web_tables, idempotent
from plenary_kit.web.security import open_to_other_sites
from plenary_kit.web.settings import WebSettings

SETTINGS = WebSettings(secret_key="s" * 40, public_url="http://localhost:8000", environment="test")
PAGE = """{% extends "kit/base.html" %}{% block title %}A page{% endblock %}{% block main %}<h1>A page</h1>{% endblock %}"""


class Base(DeclarativeBase):
    metadata = service_metadata()
    type_annotation_map: ClassVar[dict[Any, Any]] = COLUMN_TYPES


add_identity_tables(Base.metadata)
add_web_tables(Base.metadata)


class TooLate(Refusal):
    code = "too-late"


class Thing(ma.Schema):
    title = ma.fields.String(required=True)


@dataclass
class Site:
    app: Flask
    client: FlaskClient
    identity: Identity
    database: Database
    created: list[str]

    def sign_in(self) -> Visitor:
        visitor = Visitor(person_id=uuid4(), name="Ada Lovelace", session_id=uuid4())
        self.client.set_cookie(self.identity.cookie_name, self.identity.issue(visitor), path="/")
        return visitor

    def csrf(self) -> str:
        return self.client.get("/token").get_data(as_text=True)

    def post_json(self, path: str, data: bytes | str, **headers: str) -> TestResponse:
        return self.client.post(path, data=data, headers={"Content-Type": "application/json", **headers})


def _pages(created: list[str]) -> Blueprint:
    pages = Blueprint("pages", __name__)

    @pages.get("/")
    def front() -> str:
        return render_template_string(PAGE)

    @pages.get("/token")
    def token() -> str:
        return render_template_string("{{ csrf_token() }}")

    @pages.post("/things")
    def make() -> Response:
        created.append(request.form["title"])
        flash("Saved.", "success")
        return redirect("/", 303)

    @pages.post("/unsubscribe")
    @open_to_other_sites
    def unsubscribe() -> str:
        return "gone"

    @pages.get("/mine")
    def mine() -> str:
        return require_visitor().name

    @pages.get("/refuse/<kind>")
    def refuse(kind: str) -> str:
        raise {"404": NotFound("No such proposal."), "403": Forbidden("Chairs only."), "409": TooLate("The call is closed.")}[kind]

    @pages.get("/bug")
    def bug() -> str:
        raise RuntimeError("ada@example.org broke it")

    return pages


def _api(created: list[str]) -> ApiBlueprint:
    api = ApiBlueprint("things", __name__, url_prefix="/api/things", description="Things")

    @api.route("/", methods=["POST"])
    @idempotent
    @api.arguments(Thing)
    @api.response(201, Thing)
    def make(values: dict[str, str]) -> tuple[dict[str, str], int, dict[str, str]]:
        require_visitor()
        if values["title"] == "late":
            raise TooLate("The call is closed.", field="title")
        created.append(values["title"])
        return values, 201, {"Location": f"/api/things/{len(created)}"}

    @api.route("/<uuid:key>", methods=["GET"])
    @api.response(200, Thing)
    def look(key: UUID) -> dict[str, str]:
        raise NotFound("There is no such thing.")

    @api.route("/bug", methods=["GET"])
    @api.response(200, Thing)
    def bug() -> dict[str, str]:
        raise RuntimeError("ada@example.org broke it")

    return api


@pytest.fixture
def build(sqlite_url: str) -> Iterator[Callable[..., Site]]:
    """Build a site; keyword arguments change the settings."""
    database = Database("sample", make_engine(sqlite_url))
    Base.metadata.create_all(database.engine)

    def make(**changes: Any) -> Site:
        settings = replace(SETTINGS, **changes)
        created: list[str] = []
        identity = Identity(database, generate_private_pem(), https=settings.https)
        app = create_app("sample", settings=settings, identity=identity, database=database, pages=[_pages(created)], api=[_api(created)])
        return Site(app, app.test_client(), identity, database, created)

    yield make
    database.close()


@pytest.fixture
def site(build: Callable[..., Site]) -> Site:
    return build()
