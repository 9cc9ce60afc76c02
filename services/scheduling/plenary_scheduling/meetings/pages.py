"""Pages about meetings: the list of all, creating one, its rooms."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import current_visitor, require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Forbidden, Refusal
from plenary_kit.web.fields import Identifier, LocalDate, Slug, Text, TimeZone, WholeNumber
from plenary_kit.web.forms import blank, load
from plenary_scheduling.meetings.actions import MeetingText, add_room, create_meeting
from plenary_scheduling.meetings.model import LARGEST_ROOM
from plenary_scheduling.meetings.queries import SocietyRow, meeting_by_slug, meetings, rooms, societies
from plenary_scheduling.people.access import is_chair, refuse_unless_chair


class MeetingForm(Schema):
    """What an organizer fills in; hours are those of every day."""

    society_id = Identifier(required=True)
    title = Text(min=1, max=200, required=True)
    slug = Slug(min=1, max=60, required=True)
    venue = Text(max=200, load_default="")
    starts_on = LocalDate(required=True)
    ends_on = LocalDate(required=True)
    time_zone = TimeZone(required=True)
    opens_hour = WholeNumber(max=23, load_default=9)
    closes_hour = WholeNumber(min=1, max=24, load_default=18)


class RoomForm(Schema):
    """A room."""

    name = Text(min=1, max=120, required=True)
    capacity = WholeNumber(min=1, max=LARGEST_ROOM, allow_none=True, load_default=None)


def meeting_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("meetings", __name__)

    def administered(person_id: UUID) -> list[SocietyRow]:
        with database.reading() as reading:
            return [society for society in societies(reading) if is_chair(reading, person_id, society.id)]

    @pages.get("/")
    def home() -> str:
        visitor = current_visitor()
        with database.reading() as reading:
            rows = meetings(reading)
        may_create = visitor is not None and bool(administered(visitor.person_id))
        return render_template("scheduling/home.html", meetings=rows, may_create=may_create, today=database.clock().date())

    @pages.route("/new", methods=["GET", "POST"])
    def new() -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        chosen = administered(visitor.person_id)
        if not chosen:
            raise Forbidden("Only administrators of a society can create its meetings.")
        if request.method == "GET":
            start = blank(society_id=chosen[0].id, time_zone=chosen[0].time_zone, opens_hour=9, closes_hour=18)
            return render_template("scheduling/new_meeting.html", societies=chosen, form=start)
        form = load(MeetingForm, request.form)
        if form.ok:
            values = dict(form.values)
            society_id, opens, closes = values.pop("society_id"), values.pop("opens_hour"), values.pop("closes_hour")
            text = MeetingText(**values, day_opens=opens * 60, day_closes=closes * 60)
            try:
                create_meeting(database, by=visitor.person_id, society_id=society_id, text=text)
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash("The meeting was created. Give it rooms next.", "success")
                return redirect(f"/scheduling/{text.slug}/rooms", 303)
        return render_template("scheduling/new_meeting.html", societies=chosen, form=form), 422

    @pages.route("/<slug>/rooms", methods=["GET", "POST"])
    def room_list(slug: str) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
            present = rooms(reading, meeting.id)
        if request.method == "GET":
            return render_template("scheduling/rooms.html", meeting=meeting, rooms=present, form=blank())
        form = load(RoomForm, request.form)
        if form.ok:
            try:
                add_room(database, by=visitor.person_id, meeting_id=meeting.id, name=form.values["name"], capacity=form.values["capacity"])
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash(f"{form.values['name']} was added.", "success")
                return redirect(f"/scheduling/{slug}/rooms", 303)
        return render_template("scheduling/rooms.html", meeting=meeting, rooms=present, form=form), 422

    return pages
