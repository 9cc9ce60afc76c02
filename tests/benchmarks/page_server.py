"""The servers that pages are measured on: `python -m tests.benchmarks.page_server WHAT PORT`, all of them gunicorn with the product's own settings.

`proposals` and `scheduling` serve the services, `page` a bare Flask page of the bytes in the file BODY, `insert` a bare Flask route that reads JSON
and inserts a row with SQLAlchemy Core into the database at DATABASE.
"""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from flask import Flask, request
from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid, create_engine, func, insert
from werkzeug.wrappers import Response

from plenary.composition import open_one
from plenary.server import Server
from plenary.settings import embedded_settings
from plenary.site import one_site

BARE = Table("bare", MetaData(), Column("id", Uuid, primary_key=True), *(Column(name, Text) for name in ("kind", "title", "abstract")))
BARE.append_column(Column("changed_at", DateTime(timezone=True), server_default=func.now()))


def service(name: str) -> Any:
    settings = embedded_settings()
    return one_site(open_one(name, settings.databases[name]), settings)


def bare_page() -> Flask:
    app, body = Flask("bare"), Path(os.environ["BODY"]).read_text()

    @app.get("/")
    def show() -> Response:
        response = app.make_response(body)
        response.add_etag()
        return response.make_conditional(request)

    return app


def bare_insert() -> Flask:
    app, engine = Flask("bare"), create_engine(os.environ["DATABASE"], pool_size=10)

    @app.post("/")
    def start() -> tuple[dict[str, str], int]:
        sent, key = request.get_json(), uuid4()
        with engine.begin() as connection:
            connection.execute(insert(BARE).values(id=key, kind=sent["kind"], title=sent["title"], abstract=sent["abstract"]))
        return {**sent, "id": str(key)}, 201

    return app


MAKERS: dict[str, Callable[[], Any]] = {
    "proposals": lambda: service("proposals"),
    "scheduling": lambda: service("scheduling"),
    "page": bare_page,
    "insert": bare_insert,
}

if __name__ == "__main__":
    Server(MAKERS[sys.argv[1]], bind=f"127.0.0.1:{sys.argv[2]}").run()
