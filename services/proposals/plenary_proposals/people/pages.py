"""Pages for signing in and out, and about oneself: the profile and where one is signed in."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID
from zoneinfo import available_timezones

from flask import Blueprint, current_app, flash, redirect, render_template, request, session
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.identity.identity import identity_of
from plenary_kit.identity.visitor import Visitor, current_visitor, require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import EmailAddress, Identifier, Text, TimeZone, WholeNumber
from plenary_kit.web.forms import FormResult, blank, load
from plenary_kit.web.pace import paced
from plenary_kit.web.redirects import safe_next
from plenary_kit.web.words import plural
from plenary_proposals.people.actions import (
    Profile,
    SignedIn,
    ask_for_code,
    change_profile,
    end_other_sign_ins,
    end_sign_in,
    sign_in,
    sign_in_as,
    sign_out,
)
from plenary_proposals.people.model import NAME_LIMIT, SIGN_IN_PACE, StaleProfile
from plenary_proposals.people.queries import demo_people, oneself, sign_ins

HOME, PROFILE = "/proposals/", "/proposals/profile"


class AddressForm(Schema):
    """Where the code goes."""

    email = EmailAddress(required=True)


class CodeForm(Schema):
    """The code that came by mail, and the request that it answers."""

    code = Text(min=1, max=20, required=True)
    code_request = Identifier(required=True)
    email = Text(max=254)


class ProfileForm(Schema):
    """What people say about themselves."""

    name = Text(min=1, max=NAME_LIMIT, required=True)
    affiliation = Text(max=NAME_LIMIT, load_default="")
    time_zone = TimeZone(required=True)
    version = WholeNumber(load_default=0)


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
    @paced(SIGN_IN_PACE)
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
    @paced(SIGN_IN_PACE)
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


def profile_pages(database: Database) -> Blueprint:
    """Make the pages about oneself."""
    pages = Blueprint("profile", __name__)

    def profile_page(form: FormResult | None = None, *, stale: bool = False) -> str:
        """Show the form as it was typed, or as it is stored; beside a `stale` one what was saved elsewhere."""
        visitor = require_visitor()
        with database.reading() as reading:
            person = oneself(reading, visitor.person_id)
            rows = sign_ins(reading, visitor.person_id, database.clock())
        shown = form or blank(name=person.name, affiliation=person.affiliation, time_zone=person.time_zone)
        theirs = person if stale else None
        return render_template("proposals/profile.html", person=person, form=shown, theirs=theirs, sign_ins=rows, zones=sorted(available_timezones()))

    @pages.get("/profile")
    def look() -> str:
        return profile_page()

    @pages.post("/profile")
    def change() -> Response | tuple[str, int]:
        visitor = require_visitor()
        form = load(ProfileForm, request.form)
        stale = False
        if form.ok:
            values = dict(form.values)
            try:
                change_profile(database, by=visitor.person_id, version=values.pop("version"), profile=Profile(**values))
            except Refusal as refusal:
                form, stale = form.refused(refusal), isinstance(refusal, StaleProfile)
            else:
                flash("Your profile was saved.", "success")
                return _renamed(database, visitor, str(values["name"]))
        return profile_page(form, stale=stale), 409 if stale else 422

    @pages.post("/profile/sign-ins/end-others")
    def end_others() -> Response:
        visitor = require_visitor()
        number = end_other_sign_ins(database, by=visitor.person_id, kept=visitor.session_id)
        flash(f"{plural(number, 'other sign-in was', 'other sign-ins were')} ended.", "success")
        return redirect(PROFILE, 303)

    @pages.post("/profile/sign-ins/<uuid:sign_in_id>/end")
    def end_one(sign_in_id: UUID) -> Response:
        end_sign_in(database, by=require_visitor().person_id, session_id=sign_in_id)
        flash("The sign-in was ended.", "success")
        return redirect(PROFILE, 303)

    return pages


def _renamed(database: Database, visitor: Visitor, name: str) -> Response:
    """Go on with a token that bears the new name, and runs out when the old one would have."""
    response = redirect(PROFILE, 303)
    with database.reading() as reading:
        own = next((row for row in sign_ins(reading, visitor.person_id, database.clock()) if row.id == visitor.session_id), None)
    if own is not None:
        identity_of(current_app).remember(response, replace(visitor, name=name), until=own.until)  # type: ignore[arg-type]  # Flask's own Response
    return response


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
