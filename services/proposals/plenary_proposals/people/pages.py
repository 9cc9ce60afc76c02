"""Pages for signing in and out."""

import secrets
from collections.abc import Callable
from uuid import UUID

from flask import Blueprint, current_app, redirect, render_template, request, session
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.identity.identity import identity_of
from plenary_kit.identity.visitor import Visitor, current_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import EmailAddress, Identifier, Text
from plenary_kit.web.forms import FormResult, blank, load
from plenary_kit.web.redirects import safe_next
from plenary_proposals.people.actions import SignedIn, ask_for_code, sign_in, sign_in_as, sign_out
from plenary_proposals.people.queries import demo_people

HOME = "/proposals/"


class AddressForm(Schema):
    """Where the code goes."""

    email = EmailAddress(required=True)


class CodeForm(Schema):
    """The code that came by mail, and the request that it answers."""

    code = Text(min=1, max=20, required=True)
    code_request = Identifier(required=True)
    email = Text(max=254)


def people_pages(database: Database, *, demonstration: bool, mail_stays_here: Callable[[], bool] = lambda: False) -> Blueprint:
    """Make the pages; the demonstration's one-click door is mounted only where `demonstration` says so.

    `mail_stays_here` tells whether the browser that asks finds its code in the local outbox instead of its mail.
    """
    pages = Blueprint("people", __name__)
    pages.context_processor(lambda: {"mail_stays_here": mail_stays_here()})

    def ask_page(form: FormResult) -> str:
        people = []
        if demonstration:
            with database.reading() as reading:
                people = demo_people(reading)
        return render_template("proposals/sign_in.html", next=_next(), form=form, people=people)

    @pages.get("/sign-in")
    def ask() -> str:
        return ask_page(blank())

    @pages.post("/sign-in")
    def send() -> str | tuple[str, int]:
        form = load(AddressForm, request.form)
        if form.ok:
            try:
                code_request = ask_for_code(database, email=form.values["email"], browser=_browser())
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                return render_template("proposals/sign_in_code.html", form=blank(email=form.values["email"], code_request=code_request), next=_next())
        return ask_page(form), 422

    @pages.post("/sign-in/code")
    def enter() -> Response | tuple[str, int]:
        form = load(CodeForm, request.form)
        if form.ok:
            try:
                code = form.values["code"].replace(" ", "")
                return _welcome(sign_in(database, request_id=form.values["code_request"], code=code, browser=_browser()))
            except Refusal as refusal:
                form = form.refused(refusal)
        return render_template("proposals/sign_in_code.html", form=form, next=_next()), 422

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


def _welcome(signed_in: SignedIn) -> Response:
    session.clear()  # a page session from before the sign-in is worth nothing after it
    response = redirect(_next(), 303)
    visitor = Visitor(person_id=signed_in.person_id, name=signed_in.name, session_id=signed_in.session_id)
    identity_of(current_app).remember(response, visitor)  # type: ignore[arg-type]  # Flask answers with its own Response
    return response


def _browser() -> str:
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(24)
    return str(session["browser"])


def _next() -> str:
    return safe_next(request.values.get("next"), HOME)
