"""Identity: reads the sign-in token of every request, and sets or clears the cookie that carries it."""

from datetime import datetime
from typing import cast

from flask import Flask, Response, g, request
from joserfc.jwk import OKPKey

from plenary_kit.identity import tokens
from plenary_kit.identity.grants import has_ended
from plenary_kit.identity.keys import signing_key, verifying_key
from plenary_kit.identity.visitor import Visitor
from plenary_kit.persistence.database import Database

COOKIE = "plenary_session"


class Identity:
    """One service's view of who is asking.

    `key_pem` is the public key, or in the one service that signs people in the private key; `https` makes the cookie `__Host-` and `Secure`.
    """

    def __init__(self, database: Database, key_pem: str, *, https: bool) -> None:
        """Verify with `key_pem`; look ended sign-ins up in `database`."""
        self._database = database
        self._verifying = verifying_key(key_pem)
        self._signing: OKPKey | None = signing_key(key_pem) if "PRIVATE KEY" in key_pem else None
        self._https = https
        self.cookie_name = f"__Host-{COOKIE}" if https else COOKIE

    def install(self, app: Flask) -> None:
        """Know the visitor before every request of `app`."""
        app.before_request(self._meet)
        app.extensions["plenary_identity"] = self

    def issue(self, visitor: Visitor, *, until: datetime | None = None) -> str:
        """Sign a token, good for its lifetime or `until` an earlier instant; a service that holds the public key alone raises `RuntimeError`."""
        if self._signing is None:
            raise RuntimeError("this service cannot sign people in: it holds the public key alone")
        now = self._database.clock()
        return tokens.issue(self._signing, visitor, now=now, lifetime=tokens.LIFETIME if until is None else until - now)

    def remember(self, response: Response, visitor: Visitor, *, until: datetime | None = None) -> None:
        """Let the browser carry a fresh token of `visitor`, good `until` when its sign-in is."""
        seconds = int(tokens.LIFETIME.total_seconds())
        token = self.issue(visitor, until=until)
        response.set_cookie(self.cookie_name, token, max_age=seconds, path="/", secure=self._https, httponly=True, samesite="Lax")

    def forget(self, response: Response) -> None:
        """Take the token back from the browser."""
        response.delete_cookie(self.cookie_name, path="/", secure=self._https, httponly=True, samesite="Lax")

    def visitor_of(self, token: str) -> Visitor | None:
        """Give the visitor of a token that is good now and whose sign-in was not ended."""
        visitor = tokens.verify(self._verifying, token, now=self._database.clock())
        if visitor is None:
            return None
        with self._database.reading() as session:
            return None if has_ended(session, visitor.session_id) else visitor

    def _meet(self) -> None:
        if request.endpoint in {"kit.static", "health.livez", "health.readyz", "health.metrics"}:
            return
        bearer = bearer_token() if request.path.startswith("/api/") else None
        token = bearer or request.cookies.get(self.cookie_name)
        g.visitor = self.visitor_of(token) if token else None
        g.visitor_by_bearer = bearer is not None


def identity_of(app: Flask) -> Identity:
    """Give the identity that was installed in `app`."""
    return cast("Identity", app.extensions["plenary_identity"])


def bearer_token() -> str | None:
    """Give the bearer token of the request, if it carries one."""
    authorization = request.authorization
    if authorization is None or authorization.type != "bearer":
        return None
    return authorization.token or None
