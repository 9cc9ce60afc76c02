"""Idempotency keys: a POST that creates, sent again after a lost answer, gets the first answer and creates nothing.

The key belongs to one person and one route. A key whose first request died half-way stays taken until it is forgotten: whether its work was done is
not known, and doing it twice is worse than saying so.
"""

import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import wraps
from typing import ParamSpec, cast

from flask import Response, current_app, make_response, request
from sqlalchemy import Column, Integer, LargeBinary, MetaData, String, Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Row

from plenary_kit.identity.visitor import current_visitor
from plenary_kit.persistence.columns import UtcDateTime, service_metadata
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import Refusal

HEADER = "Idempotency-Key"
LONGEST_KEY = 255
KEPT = timedelta(days=1)  # what clients are promised
_KEPT_HEADERS = ("Location", "ETag")
P = ParamSpec("P")

idempotency_key = Table(
    "idempotency_key",
    service_metadata(),
    Column("owner", String(64), primary_key=True),
    Column("route", String(200), primary_key=True),
    Column("key", String(LONGEST_KEY), primary_key=True),
    Column("fingerprint", String(64), nullable=False),
    Column("since", UtcDateTime, nullable=False, index=True),
    Column("status", Integer),
    Column("content_type", String(120)),
    Column("location", String(2000)),
    Column("etag", String(200)),
    Column("body", LargeBinary),
)


class KeyUnusable(Refusal):
    """The Idempotency-Key is empty or too long."""

    code = "idempotency-key-unusable"
    status = 400


class KeyUsedOtherwise(Refusal):
    """The same key came before with another body."""

    code = "idempotency-key-reused"
    status = 422


class StillWorking(Refusal):
    """The first request with this key has no answer yet."""

    code = "idempotency-key-in-flight"
    status = 409


def add_web_tables(metadata: MetaData) -> None:
    """Add `idempotency_key` to a service's metadata."""
    idempotency_key.to_metadata(metadata)


def forget_answers(work: Work, *, before: datetime) -> None:
    """Drop keys and answers that are older than `before`."""
    work.session.execute(delete(idempotency_key).where(idempotency_key.c.since < before))


def idempotent(view: Callable[P, object]) -> Callable[P, Response]:
    """Honor `Idempotency-Key` on a view; place it directly under `@blp.route`, above `@blp.arguments` and `@blp.response`.

    Without the header the view runs as ever. A refusal or a failure frees the key, so that the mended request may use it again.
    """

    @wraps(view)
    def once(*args: P.args, **kwargs: P.kwargs) -> Response:
        if HEADER not in request.headers:
            return make_response(cast("Response", view(*args, **kwargs)))
        claim = _Claim(cast("Database", current_app.extensions["plenary_database"]))
        earlier = claim.take()
        if earlier is not None:
            return earlier
        answered = False
        try:
            response = make_response(cast("Response", view(*args, **kwargs)))
            answered = response.status_code < 400  # noqa: PLR2004
            if answered:
                claim.keep(response)
        finally:
            if not answered:
                claim.free()
        return response

    return once


class _Claim:
    """One person's claim to one key on one route."""

    def __init__(self, database: Database) -> None:
        key = request.headers[HEADER]
        if not 0 < len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
            raise KeyUnusable(f"An Idempotency-Key has 1 to {LONGEST_KEY} printable ASCII characters.")
        visitor = current_visitor()
        owner = str(visitor.person_id) if visitor else f"guest {request.remote_addr}"
        route = f"{request.method} {request.path}"
        self._database = database
        self._place = {"owner": owner, "route": route if len(route) <= 200 else _digest(route.encode()), "key": key}  # noqa: PLR2004
        self._fingerprint = _digest(_body())
        self._is_mine = [idempotency_key.c[name] == value for name, value in self._place.items()]

    def take(self) -> Response | None:
        """Claim the key, or give the answer that it got before."""
        with self._database.work() as work:
            forget_answers(work, before=work.now - KEPT)
            insert = postgresql.insert if self._database.dialect == "postgresql" else sqlite.insert
            values = {**self._place, "fingerprint": self._fingerprint, "since": work.now}
            claim = insert(idempotency_key).values(values).on_conflict_do_nothing().returning(idempotency_key.c.key)
            if work.session.scalar(claim) is not None:
                return None
            earlier = work.session.execute(select(idempotency_key).where(*self._is_mine)).one_or_none()
        return self._answer_of(earlier)

    def keep(self, response: Response) -> None:
        """Remember the answer."""
        values = {
            "status": response.status_code,
            "content_type": response.content_type,
            "location": response.headers.get("Location"),
            "etag": response.headers.get("ETag"),
            "body": response.get_data(),
        }
        with self._database.work() as work:
            work.session.execute(update(idempotency_key).where(*self._is_mine).values(values))

    def free(self) -> None:
        """Give the key back: nothing was created."""
        with self._database.work() as work:
            work.session.execute(delete(idempotency_key).where(*self._is_mine))

    def _answer_of(self, earlier: Row[tuple[object, ...]] | None) -> Response:
        if earlier is None or (earlier.status is None and earlier.fingerprint == self._fingerprint):
            raise StillWorking("The first request with this Idempotency-Key has no answer yet. Look whether it took effect before you use a new key.")
        if earlier.fingerprint != self._fingerprint:
            raise KeyUsedOtherwise("This Idempotency-Key was used with another body. Use a new key for a new request.")
        response = Response(earlier.body, earlier.status, content_type=earlier.content_type)
        for name, value in zip(_KEPT_HEADERS, (earlier.location, earlier.etag), strict=True):
            if value:
                response.headers[name] = value
        response.headers["Idempotency-Replayed"] = "true"
        return response


def _body() -> bytes:
    """Give the body as it was meant: the boundary between the parts of a form is drawn anew each time a client sends it."""
    body = request.get_data(cache=True, parse_form_data=False)
    boundary = request.mimetype_params.get("boundary")
    return body.replace(boundary.encode(), b"") if boundary else body


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
