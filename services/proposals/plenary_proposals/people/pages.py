"""Pages for signing in and out."""

import secrets
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session
from werkzeug.wrappers import Response

from plenary_kit.identity.identity import identity_of
from plenary_kit.identity.visitor import Visitor, current_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound, Refusal
from plenary_kit.web.redirects import safe_next
from plenary_proposals.people.actions import SignedIn, ask_for_code, sign_in, sign_in_as, sign_out
from plenary_proposals.people.queries import demo_people

HOME = "/proposals/"
LONGEST_ADDRESS = 254


class NoAddress(Refusal):
    """What was typed is no mail address."""

    code = "no-address"
    status = 422


def people_pages(database: Database, *, demonstration: bool) -> Blueprint:
    """Make the pages; the demonstration's one-click door is mounted only where `demonstration` says so."""
    pages = Blueprint("people", __name__)

    @pages.get("/sign-in")
    def ask() -> str:
        return _ask_page(database, demonstration=demonstration)

    @pages.post("/sign-in")
    def send() -> str | tuple[str, int]:
        address = request.form.get("email", "").strip()
        try:
            _refuse_unless_address(address)
            code_request = ask_for_code(database, email=address, browser=_browser())
        except Refusal as refusal:
            return _ask_page(database, demonstration=demonstration, refusal=refusal), refusal.status
        return render_template("proposals/sign_in_code.html", address=address, code_request=code_request, next=_next(), refusal=None)

    @pages.post("/sign-in/code")
    def enter() -> Response | tuple[str, int]:
        try:
            signed_in = sign_in(database, request_id=_request_id(), code=request.form.get("code", "").strip(), browser=_browser())
        except Refusal as refusal:
            values = {"address": request.form.get("address", ""), "code_request": request.form.get("code_request", ""), "next": _next()}
            return render_template("proposals/sign_in_code.html", **values, refusal=refusal), refusal.status
        return _welcome(signed_in)

    @pages.post("/sign-out")
    def leave() -> Response:
        visitor = current_visitor()
        if visitor is not None:
            sign_out(database, visitor.session_id)
        response = redirect(HOME, 303)
        identity_of(current_app).forget(response)  # type: ignore[arg-type]  # Flask answers with its own Response
        session.clear()
        return response

    if demonstration:

        @pages.post("/sign-in/as/<uuid:person_id>")
        def enter_as(person_id: UUID) -> Response:
            return _welcome(sign_in_as(database, person_id))

    return pages


def _ask_page(database: Database, *, demonstration: bool, refusal: Refusal | None = None) -> str:
    people = []
    if demonstration:
        with database.reading() as reading:
            people = demo_people(reading)
    return render_template("proposals/sign_in.html", next=_next(), refusal=refusal, typed=request.form.get("email", ""), people=people)


def _welcome(signed_in: SignedIn) -> Response:
    session.clear()  # a page session from before the sign-in is worth nothing after it
    response = redirect(_next(), 303)
    visitor = Visitor(person_id=signed_in.person_id, name=signed_in.name, session_id=signed_in.session_id)
    identity_of(current_app).remember(response, visitor)  # type: ignore[arg-type]  # Flask answers with its own Response
    return response


def _refuse_unless_address(address: str) -> None:
    local, at, domain = address.partition("@")
    plain = address.isascii() and address.isprintable() and not set(address) & set(' <>,;:"()[]\\')
    if not (at and local and "." in domain.strip(".") and plain and len(address) <= LONGEST_ADDRESS and "@" not in domain):
        raise NoAddress("Type your mail address, such as name@university.edu.", field="email")


def _browser() -> str:
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(24)
    return str(session["browser"])


def _request_id() -> UUID:
    try:
        return UUID(request.form.get("code_request", ""))
    except ValueError:
        raise NotFound("Ask for a new code.", field="code") from None


def _next() -> str:
    return safe_next(request.values.get("next"), HOME)
