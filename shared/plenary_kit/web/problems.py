"""What people and programs are told when something does not work: a page, or an RFC 9457 problem document under `/api`."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, cast

import structlog
from flask import Flask, Response, current_app, jsonify, redirect, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from werkzeug.exceptions import HTTPException, InternalServerError, SecurityError
from werkzeug.wrappers import Response as AnyResponse

from plenary_kit.identity.visitor import SignInNeeded
from plenary_kit.refusal import Refusal, Stale
from plenary_kit.web.etag import VersionStale

SIGN_IN = "/proposals/sign-in"
ADVICE: Mapping[int, tuple[str, str]] = {
    400: ("That request could not be read", "Go back, reload the page and try again."),
    401: ("Please sign in", "Sign in and you will be brought back here."),
    403: ("This is not open to you", "Sign in as somebody who may see it, or ask the organizers of the meeting for access."),
    404: ("There is nothing here", "The address may be mistyped, or what was here may not be yours to see. Start again from the front page."),
    405: ("This cannot be done here", "Go back and use the buttons of the page."),
    409: ("This does not fit the present state", "Somebody may have changed it in the meantime. Go back, reload the page and look at it again."),
    412: ("Somebody changed this before you", "Reload the page to see the latest version, then make your change again."),
    413: ("That is too large", "Shorten the text or choose a smaller file, then send it again."),
    415: ("That format is not understood", "Send it in the format that the page or the API description asks for."),
    422: ("Something needs correcting", "Go back, mend what is named and send it again."),
    428: ("The version is missing", "Read the latest version first, then send your change with its ETag in If-Match."),
    429: ("That was a bit much", "Wait a minute, then try again."),
    500: (
        "Something went wrong on our side",
        "Nothing was changed. Try again in a moment; if it stays like this, tell the organizers the number below.",
    ),
    503: (
        "Not available just now",
        "What you sent may not have been kept. Wait a few seconds, look at the page again, then repeat it if it is missing.",
    ),
}
RETRY_AFTER_SECONDS = 5
_log = structlog.get_logger()


def handle_problems(app: Flask) -> None:
    """Answer every refusal, HTTP error and bug of `app` in the right shape."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(HTTPException, _http_error)
    for fault in (OperationalError, InterfaceError, PoolTimeoutError):
        app.register_error_handler(fault, _unavailable)
    app.register_error_handler(Exception, _bug)


def problem(status: int, code: str, detail: str, *, errors: Iterable[Mapping[str, str]] = (), headers: Mapping[str, str] | None = None) -> Response:
    """Make a problem document; `errors` are `{"pointer": "/title", "detail": "..."}`."""
    body: dict[str, Any] = {
        "type": f"urn:plenary:problem:{code}",
        "title": ADVICE[status][0] if status in ADVICE else HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "instance": f"urn:plenary:request:{request_id()}",
    }
    if found := list(errors):
        body["errors"] = found
    response = jsonify(body)
    response.status_code, response.mimetype = status, "application/problem+json"
    response.headers.update(headers or {})
    return response


def pointers(messages: object, path: str = "") -> list[dict[str, str]]:
    """Flatten marshmallow's nested messages to JSON pointers; the location names of webargs (`json`, `query`, ...) are left out."""
    if isinstance(messages, Mapping):
        return [item for key, value in messages.items() for item in pointers(value, f"{path}/{_step(key, path)}".rstrip("/"))]
    if isinstance(messages, list | tuple):
        return [{"pointer": path, "detail": str(message)} for message in messages]
    return [{"pointer": path, "detail": str(messages)}]


def request_id() -> str:
    """Give the id of this request, as the answer's `X-Request-ID` names it."""
    return cast("str", request.environ.get("plenary.request_id", ""))


def is_api() -> bool:
    """Tell whether this request is a program's."""
    return request.path.startswith("/api/")


def _step(key: object, path: str) -> str:
    text = str(key)
    if not path and text in {"json", "query", "headers", "form", "files", "path", "json_or_form", "query_and_path"}:
        return ""
    return "" if text == "_schema" else text.replace("~", "~0").replace("/", "~1")


def _refused(refusal: Refusal) -> AnyResponse:
    if isinstance(refusal, SignInNeeded):
        return _sign_in_first(refusal)
    if is_api():
        if isinstance(refusal, Stale):
            refusal = VersionStale("Somebody changed this in the meantime. Read the latest version and make your change again.")
        errors = [{"pointer": f"/{refusal.field}", "detail": refusal.sentence}] if refusal.field else []
        return problem(refusal.status, refusal.code, refusal.sentence, errors=errors)
    return _page(refusal.status, refusal.sentence)


def _sign_in_first(refusal: SignInNeeded) -> AnyResponse:
    if is_api():
        return problem(401, refusal.code, refusal.sentence, headers={"WWW-Authenticate": "Bearer"})
    came_for = request.full_path.rstrip("?") if request.method in {"GET", "HEAD"} else "/"
    return redirect(f"{SIGN_IN}?next={_quoted(request.script_root + came_for)}", 303)


def _quoted(path: str) -> str:
    return path.replace("%", "%25").replace("?", "%3F").replace("&", "%26").replace("#", "%23").replace("+", "%2B")


def _http_error(error: HTTPException) -> AnyResponse:
    if error.response is not None:
        return cast("AnyResponse", error.response)
    status = error.code or 500
    if 300 <= status < 400:  # noqa: PLR2004 - a redirect of the router, not an error
        return error.get_response(request.environ)
    if isinstance(error, SecurityError):
        return Response("This host is not served here.\n", 400, mimetype="text/plain")
    headers = {name: value for name, value in error.get_headers(request.environ) if name not in {"Content-Type", "Content-Length"}}
    if is_api():
        return _http_problem(error, status, headers)
    page = _page(status)
    page.headers.update(headers)
    return page


def _http_problem(error: HTTPException, status: int, headers: Mapping[str, str]) -> Response:
    data: dict[str, Any] = getattr(error, "data", None) or {}
    errors = pointers(data.get("errors") or data.get("messages") or {})
    detail = data.get("message") or (error.description if status < 500 else None) or ADVICE[500][1]  # noqa: PLR2004
    code = "invalid" if errors else HTTPStatus(status).phrase.lower().replace(" ", "-").replace("'", "")
    sentence = "Some values are not acceptable; see `errors`." if errors else str(detail)
    return problem(status, code, sentence, errors=errors, headers={**headers, **(data.get("headers") or {})})


def _bug(error: Exception) -> AnyResponse:
    if current_app.config["PROPAGATE_EXCEPTIONS"]:
        raise error
    _log.error("web.bug", request_id=request_id(), endpoint=request.endpoint, exc_info=error)
    if is_api():
        return problem(500, "internal-server-error", ADVICE[500][1])
    return _page(InternalServerError.code or 500)


def _unavailable(error: Exception) -> AnyResponse:
    """Answer for a database that is away or too busy: whether the change was kept is not known, and trying again is right."""
    _log.error("web.unavailable", request_id=request_id(), endpoint=request.endpoint, error=type(error).__name__)
    later = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    if is_api():
        return problem(503, "unavailable", ADVICE[503][1], headers=later)
    page = _page(503)
    page.headers.update(later)
    return page


def _page(status: int, sentence: str | None = None) -> Response:
    heading, advice = ADVICE.get(status, (HTTPStatus(status).phrase, "Go back and try again."))
    html = render_template("kit/problem.html", status=status, heading=heading, sentence=sentence, advice=advice, request_id=request_id())
    return Response(html, status, mimetype="text/html")
