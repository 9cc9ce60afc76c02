"""The JSON API: flask-smorest with strict JSON and problem documents, described in OpenAPI 3.1 at `/api/openapi.json`."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any, cast

import marshmallow as ma
from flask import Flask, Request
from flask_smorest import Api, Blueprint
from flask_smorest.utils import prepare_response
from webargs.flaskparser import FlaskParser
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from plenary_kit.web.etag import conditional
from plenary_kit.web.idempotency import idempotent
from plenary_kit.web.strict_json import strict_loads

View = Callable[..., Any]
PUBLIC: list[Any] = []  # `@api.doc(security=PUBLIC)` says that an operation needs no sign-in
_IF_MATCH = {
    "in": "header",
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the version that the change is based on: 428 without it, 412 when somebody else was faster.",
}
_IDEMPOTENCY_KEY = {
    "in": "header",
    "name": "Idempotency-Key",
    "schema": {"type": "string", "minLength": 1, "maxLength": 255},
    "description": "Sent again with the same key and body, the request gets its first answer and does nothing twice.",
}


class ErrorDetail(ma.Schema):
    """One value that is not acceptable."""

    pointer = ma.fields.String(metadata={"description": "JSON pointer to the value"})
    detail = ma.fields.String()


class ProblemDocument(ma.Schema):
    """RFC 9457 problem document; `type` is stable and what programs should look at."""

    type = ma.fields.String(required=True, metadata={"example": "urn:plenary:problem:invalid"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String()
    errors = ma.fields.List(ma.fields.Nested(ErrorDetail))


class StrictParser(FlaskParser):
    """Reads request bodies with `strict_loads`; what is not JSON is 415, what cannot be read is 400, what nobody asked for is 422."""

    DEFAULT_UNKNOWN_BY_LOCATION = {**FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION, "query": ma.RAISE}  # noqa: RUF012 - as webargs has it

    def _raw_load_json(self, req: Request) -> Any:
        data = req.get_data(cache=True)
        if not data:
            return ma.missing
        if (
            req.mimetype != "application/json"
            or req.mimetype_params.get("charset", "utf-8").lower() != "utf-8"
            or req.headers.get("Content-Encoding")
        ):
            raise UnsupportedMediaType("Send application/json in UTF-8.")
        try:
            return strict_loads(data)
        except (ValueError, RecursionError) as error:
            raise BadRequest("The body is not JSON that can be read: UTF-8, each key once, finite numbers.") from error


class ApiBlueprint(Blueprint):  # type: ignore[misc]
    """A part of the API: give it a `url_prefix` that starts with `/api/`."""

    ARGUMENTS_PARSER = StrictParser()

    def once(self, view: View) -> View:
        """Honor `Idempotency-Key` on a POST; stands directly under `route`."""
        return cast("View", self.doc(parameters=[_IDEMPOTENCY_KEY])(idempotent(view)))

    def guarded(self, view: View) -> View:
        """Describe a change that two people may make at once: the view reads `expected_version()`."""
        documented = self.alt_response(428, response="PRECONDITION_REQUIRED")(self.alt_response(412, response="PRECONDITION_FAILED")(view))
        return cast("View", self.doc(parameters=[_IF_MATCH])(documented))

    def versioned(self, view: View) -> View:
        """Let readers ask with `If-None-Match` whether something changed; stands directly under `route`."""
        return cast("View", self.alt_response(304, response="NOT_MODIFIED", success=True)(conditional(view)))


class ProblemApi(Api):  # type: ignore[misc]
    """flask-smorest whose errors are problem documents; `plenary_kit.web.problems` answers them."""

    ERROR_SCHEMA = ProblemDocument

    def _register_error_handlers(self) -> None:
        """Leave errors to the one place that handles them for pages and API alike."""

    def _register_responses(self) -> None:
        for name, phrase in [*((status.name, status.phrase) for status in HTTPStatus), ("DEFAULT_ERROR", "Any other refusal")]:
            success = name != "DEFAULT_ERROR" and HTTPStatus[name] < HTTPStatus.BAD_REQUEST
            response: dict[str, Any] = {"description": phrase} if success else {"description": phrase, "schema": self.ERROR_SCHEMA}
            prepare_response(response, self.spec, "application/problem+json")
            cast("Any", self.spec).components.response(name, response, lazy=True)


def make_api(app: Flask, name: str, version: str) -> ProblemApi:
    """Open the API of the service `name` under `/api`; `servers` names the path under which the service is mounted."""
    app.config.update(
        API_TITLE=f"Plenary {name}",
        API_VERSION=version,
        OPENAPI_VERSION="3.1.0",
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
        API_SPEC_OPTIONS={"servers": [{"url": f"/{name}"}], "security": [{"token": []}]},
    )
    api = ProblemApi(app)
    scheme = {"type": "http", "scheme": "bearer", "description": "The token that /proposals/api/sign-in/tokens gives; or the cookie of a browser."}
    cast("Any", api.spec).components.security_scheme("token", scheme)
    return api
