"""Security of every answer and every change: headers, hosts, and refusal of requests that another site forged."""

from collections.abc import Callable
from typing import TypeVar
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError, CSRFProtect

from plenary_kit.refusal import Refusal
from plenary_kit.web.settings import WebSettings

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}
TWO_YEARS = 63_072_000
_OPEN = "plenary_open_to_other_sites"
View = TypeVar("View", bound=Callable[..., object])


class ForgedRequest(Refusal):
    """The request did not come from a page of this site, or the page is older than the visitor's session."""

    code = "forged-request"
    status = 403


def open_to_other_sites(view: View) -> View:
    """Mark a view that is safe without a CSRF token because the request itself proves its right (one-click unsubscribe, a signed webhook)."""
    setattr(view, _OPEN, True)
    return view


def secure(app: Flask, settings: WebSettings) -> None:
    """Bring headers, trusted hosts, limits and CSRF protection to `app`."""
    prefix = "__Host-" if settings.https else ""
    app.config.update(
        SECRET_KEY=settings.secret_key,
        TRUSTED_HOSTS=settings.hosts,
        MAX_CONTENT_LENGTH=settings.max_body,
        MAX_FORM_MEMORY_SIZE=min(settings.max_body, 1024 * 1024),
        MAX_FORM_PARTS=500,
        SESSION_COOKIE_NAME=f"{prefix}plenary_page",
        SESSION_COOKIE_PATH="/",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_SSL_STRICT=False,  # it asks for a referrer, which is never sent; Origin and Sec-Fetch-Site are asked instead
        WTF_CSRF_TIME_LIMIT=None,  # an abstract may be written for hours; the token lives as long as the page session
    )
    protection = CSRFProtect(app)
    app.before_request(lambda: _refuse_forged(protection))
    app.after_request(_with_headers_for(settings))


def _with_headers_for(settings: WebSettings) -> Callable[[Response], Response]:
    def with_headers(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if settings.https:
            response.headers.setdefault("Strict-Transport-Security", f"max-age={TWO_YEARS}; includeSubDomains")
        if request.endpoint != "kit.static":
            response.headers.setdefault("Cache-Control", "private, no-store" if g.get("visitor") else "no-cache")
            response.vary.update(("Cookie", "Authorization"))
        return response

    return with_headers


def _refuse_forged(protection: CSRFProtect) -> None:
    view = current_app.view_functions.get(request.endpoint or "")
    if request.method in SAFE or getattr(view, _OPEN, False) or g.get("visitor_by_bearer"):
        return
    if _from_elsewhere():
        raise ForgedRequest("This request came from another site and was not carried out. Open the page here and try again.")
    if request.path.startswith("/api/") and not g.get("visitor"):
        return  # nothing in this request speaks for anybody, so nobody can be abused by it
    try:
        protection.protect()
    except CSRFError as error:
        raise ForgedRequest("This page was open for too long or in another session. Go back, reload it and send it again.") from error


def _from_elsewhere() -> bool:
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in {"same-origin", "none"}
    origin = request.headers.get("Origin")
    return origin is not None and origin != "null" and urlsplit(origin).netloc != request.host
