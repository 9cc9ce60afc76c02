"""Pages about calls: the home page with open calls, one call, opening one, changing one."""

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import current_visitor, require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import LocalTime, Slug, Text, WholeNumber, in_zone
from plenary_kit.web.forms import FormResult, blank, load
from plenary_proposals.calls.actions import CallText, change_call, open_call
from plenary_proposals.calls.model import LONGEST_GRACE, LONGEST_SESSION
from plenary_proposals.calls.queries import CallRow, call_by_slug, meeting_by_id, meetings, open_and_coming_calls, past_calls
from plenary_proposals.people.access import administers, is_chair, refuse_unless_chair
from plenary_proposals.people.queries import societies


class CallForm(Schema):
    """What a chair fills in; times are the meeting's own, kinds stand one a line."""

    title = Text(min=1, max=200, required=True)
    slug = Slug(min=1, max=60, required=True)
    description = Text(max=10_000, lines=True, load_default="")
    kinds = Text(min=1, max=2_000, lines=True, required=True)
    opens_at = LocalTime(required=True)
    closes_at = LocalTime(required=True)
    grace_minutes = WholeNumber(max=LONGEST_GRACE, load_default=0)
    version = WholeNumber(load_default=0)


def call_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("calls", __name__)

    @pages.get("/")
    def home() -> str:
        now = database.clock()
        visitor = current_visitor()
        with database.reading() as reading:
            chaired = [row for row in meetings(reading) if visitor and is_chair(reading, visitor.person_id, row.id, row.society_id)]
            administered = [row for row in societies(reading) if visitor and administers(reading, visitor.person_id, row.id)]
            calls, past = open_and_coming_calls(reading, now), past_calls(reading, now)
        return render_template("proposals/home.html", calls=calls, past=past, chaired=chaired, administered=administered, now=now)

    @pages.get("/calls/<society>/<slug>")
    def show(society: str, slug: str) -> str:
        visitor = current_visitor()
        with database.reading() as reading:
            call = call_by_slug(reading, society, slug)
            chair = visitor is not None and is_chair(reading, visitor.person_id, call.meeting_id, call.society_id)
        return render_template("proposals/call.html", call=call, now=database.clock(), chair=chair)

    @pages.route("/meetings/<uuid:meeting_id>/open-call", methods=["GET", "POST"])
    def new(meeting_id: UUID) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
            refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
        if request.method == "GET":
            return render_template("proposals/open_call.html", meeting=meeting, call=None, form=blank(kinds="Workshop, 60", grace_minutes=15))
        form, text = _read(meeting.time_zone)
        if text is not None:
            try:
                open_call(database, by=visitor.person_id, meeting_id=meeting_id, text=text)
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash("The call is set up.", "success")
                return redirect("/proposals/", 303)
        return render_template("proposals/open_call.html", meeting=meeting, call=None, form=form), 422

    @pages.route("/calls/<society>/<slug>/edit", methods=["GET", "POST"])
    def edit(society: str, slug: str) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            call = call_by_slug(reading, society, slug)
            meeting = meeting_by_id(reading, call.meeting_id)
            refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
        if request.method == "GET":
            return render_template("proposals/open_call.html", meeting=meeting, call=call, form=blank(**_typed(call)))
        form, text = _read(call.time_zone)
        if text is not None:
            try:
                change_call(database, by=visitor.person_id, call_id=call.id, version=form.values["version"], text=text)
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash("The call was changed.", "success")
                return redirect(f"/proposals/calls/{society}/{text.slug}", 303)
        return render_template("proposals/open_call.html", meeting=meeting, call=call, form=form), 422

    return pages


def _read(zone: str) -> tuple[FormResult, CallText | None]:
    """Read the form; the text is None while something in it needs correcting."""
    form = load(CallForm, request.form)
    if not form.ok:
        return form, None
    values = form.values
    times: dict[str, Any] = {}
    for name in ("opens_at", "closes_at"):
        try:
            times[name] = in_zone(values[name], zone)
        except ValidationError as error:
            form = form.with_error(name, str(error.messages[0]))
    kinds = _kinds(values["kinds"])
    if kinds is None:
        form = form.with_error("kinds", "Write one kind a line with its length in minutes, as in: Workshop, 60")
    if not form.ok or kinds is None:
        return form, None
    return form, CallText(values["slug"], values["title"], values["description"], kinds, **times, grace_minutes=values["grace_minutes"])


def _kinds(text: str) -> list[dict[str, str | int]] | None:
    """Read lines such as `Workshop, 60`: a name and a length in minutes; None when a line is something else."""
    kinds: list[dict[str, str | int]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, minutes = line.rpartition(",")
        number = minutes.strip()
        if not (name.strip() and number.isascii() and number.isdigit() and 0 < int(number) <= LONGEST_SESSION):
            return None
        kinds.append({"slug": "-".join(name.lower().split()), "name": name.strip(), "minutes": int(number)})
    return kinds or None


def _typed(call: CallRow) -> dict[str, object]:
    zone = ZoneInfo(call.time_zone)
    times = {name: getattr(call, name).astimezone(zone).strftime("%Y-%m-%dT%H:%M") for name in ("opens_at", "closes_at")}
    kinds = "\n".join(f"{kind['name']}, {kind['minutes']}" for kind in call.kinds)
    rest = {name: getattr(call, name) for name in ("title", "slug", "description", "grace_minutes", "version")}
    return {**rest, **times, "kinds": kinds}
