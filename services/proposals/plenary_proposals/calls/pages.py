"""Pages about calls: the home page with open calls, one call, opening one."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import current_visitor, require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_proposals.calls.actions import CallText, open_call
from plenary_proposals.calls.queries import MeetingRow, call_by_slug, meetings, open_and_coming_calls, past_calls
from plenary_proposals.people.access import is_chair, refuse_unless_chair


class Unreadable(Refusal):
    """A field holds what its kind cannot be read from."""

    code = "unreadable"
    status = 422


def call_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("calls", __name__)

    @pages.get("/")
    def home() -> str:
        now = database.clock()
        visitor = current_visitor()
        with database.reading() as reading:
            chaired = [row for row in meetings(reading) if visitor and is_chair(reading, visitor.person_id, row.id, row.society_id)]
            return render_template(
                "proposals/home.html", calls=open_and_coming_calls(reading, now), past=past_calls(reading, now), chaired=chaired, now=now
            )

    @pages.get("/calls/<society>/<slug>")
    def show(society: str, slug: str) -> str:
        now = database.clock()
        visitor = current_visitor()
        with database.reading() as reading:
            call = call_by_slug(reading, society, slug)
            chair = visitor is not None and is_chair(reading, visitor.person_id, call.meeting_id, call.society_id)
        return render_template("proposals/call.html", call=call, now=now, chair=chair)

    @pages.route("/meetings/<uuid:meeting_id>/open-call", methods=["GET", "POST"])
    def new(meeting_id: UUID) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            meeting = next((row for row in meetings(reading) if row.id == meeting_id), None)
            refuse_unless_chair(reading, visitor.person_id, *([meeting.id, meeting.society_id] if meeting else []))
        if meeting is None or request.method == "GET":
            return render_template("proposals/open_call.html", meeting=meeting, values={}, refusal=None)
        try:
            open_call(database, by=visitor.person_id, meeting_id=meeting_id, text=_call_text(meeting))
        except Refusal as refusal:
            return render_template("proposals/open_call.html", meeting=meeting, values=request.form, refusal=refusal), refusal.status
        flash("The call is set up.", "success")
        return redirect("/proposals/", 303)

    return pages


def _call_text(meeting: MeetingRow) -> CallText:
    form, zone = request.form, ZoneInfo(meeting.time_zone)
    title = form.get("title", "").strip()
    if not title:
        raise Unreadable("Give the call a title.", field="title")
    slug = form.get("slug", "").strip()
    if not (slug.isascii() and slug.replace("-", "").isalnum()):
        raise Unreadable("The address may hold letters, digits and hyphens, such as workshops-2017.", field="slug")
    opens_at, closes_at = _instant("opens_at", zone), _instant("closes_at", zone)
    return CallText(slug.lower(), title, form.get("description", "").strip(), _kinds(form.get("kinds", "")), opens_at, closes_at)


def _instant(field: str, zone: ZoneInfo) -> datetime:
    try:
        return datetime.fromisoformat(request.form.get(field, "")).replace(tzinfo=zone)
    except ValueError:
        raise Unreadable("Give a date and a time.", field=field) from None


def _kinds(text: str) -> list[dict[str, str | int]]:
    """Read lines such as `Workshop, 60`: a name and a length in minutes."""
    kinds: list[dict[str, str | int]] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        name, _, minutes = line.rpartition(",")
        if not (name.strip() and minutes.strip().isascii() and minutes.strip().isdigit() and int(minutes) > 0):
            raise Unreadable("Write one kind a line, with its minutes: Workshop, 60", field="kinds")
        kinds.append({"slug": "-".join(name.lower().split()), "name": name.strip(), "minutes": int(minutes)})
    if not kinds:
        raise Unreadable("A call takes at least one kind, such as: Workshop, 60", field="kinds")
    return kinds
