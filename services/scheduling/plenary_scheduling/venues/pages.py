"""Pages on which chairs change a meeting and its rooms."""

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal, Stale
from plenary_kit.web.fields import Flag, LocalDate, Text, TimeOfDay, TimeZone, WholeNumber
from plenary_kit.web.forms import FormResult, blank, load
from plenary_scheduling.meetings.model import DAY, LARGEST_ROOM
from plenary_scheduling.meetings.queries import MeetingRow, meeting_by_slug, room_of, rooms
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.venues.actions import RoomText, change_meeting, change_room, remove_room
from plenary_scheduling.venues.model import LeavesSessionsOutside, MeetingText


class MeetingForm(Schema):
    """A meeting as it is to be; hours are those of every day, and a closing at midnight ends the day."""

    title = Text(min=1, max=200, required=True)
    venue = Text(max=200, load_default="")
    starts_on = LocalDate(required=True)
    ends_on = LocalDate(required=True)
    time_zone = TimeZone(required=True)
    day_opens = TimeOfDay(required=True)
    day_closes = TimeOfDay(required=True)
    anyway = Flag(load_default=False)
    version = WholeNumber(load_default=0)


class RoomForm(Schema):
    """A room as it is to be."""

    name = Text(min=1, max=120, required=True)
    capacity = WholeNumber(min=1, max=LARGEST_ROOM, allow_none=True, load_default=None)
    position = WholeNumber(allow_none=True, load_default=None)
    version = WholeNumber(load_default=0)


def venue_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("venues", __name__)

    def chaired(slug: str) -> tuple[MeetingRow, UUID]:
        by = require_visitor().person_id
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            refuse_unless_chair(reading, by, meeting.id, meeting.society_id)
        return meeting, by

    @pages.route("/<slug>/edit", methods=["GET", "POST"])
    def edit(slug: str) -> str | Response | tuple[str, int]:
        meeting, by = chaired(slug)
        if request.method == "GET":
            return _meeting_page(meeting, blank(**_typed(meeting)))
        form = load(MeetingForm, request.form)
        if not form.ok:
            return _meeting_page(meeting, form), 422
        values = dict(form.values)
        version, anyway = values.pop("version"), values.pop("anyway")
        text = MeetingText(**{**values, "day_closes": values["day_closes"] or DAY}, grid=meeting.grid)
        try:
            change_meeting(database, by=by, meeting_id=meeting.id, version=version, text=text, anyway=anyway)
        except Refusal as refusal:
            latest, _ = chaired(slug)
            return _meeting_page(latest, form.refused(refusal), refusal), 409 if isinstance(refusal, Stale) else 422
        flash("The meeting was changed.", "success")
        return redirect(f"/scheduling/{slug}/edit", 303)

    def room_page(meeting: MeetingRow, room_id: UUID, form: FormResult | None = None, refusal: Refusal | None = None) -> str:
        with database.reading() as reading:
            room = room_of(reading, meeting.id, room_id)
            others = [each for each in rooms(reading, meeting.id) if each.id != room_id]
        shown = form or blank(name=room.name, capacity=room.capacity, position=room.position)
        return render_template("scheduling/room.html", meeting=meeting, room=room, others=others, form=shown, stale=isinstance(refusal, Stale))

    @pages.get("/<slug>/rooms/<uuid:room_id>")
    def look(slug: str, room_id: UUID) -> str:
        return room_page(chaired(slug)[0], room_id)

    @pages.post("/<slug>/rooms/<uuid:room_id>")
    def change(slug: str, room_id: UUID) -> Response | tuple[str, int]:
        meeting, by = chaired(slug)
        form = load(RoomForm, request.form)
        if not form.ok:
            return room_page(meeting, room_id, form), 422
        values = dict(form.values)
        version = values.pop("version")
        try:
            change_room(database, by=by, meeting_id=meeting.id, room_id=room_id, version=version, text=RoomText(**values))
        except Refusal as refusal:
            return room_page(meeting, room_id, form.refused(refusal), refusal), 409 if isinstance(refusal, Stale) else 422
        flash(f"{values['name']} was changed.", "success")
        return redirect(f"/scheduling/{slug}/rooms", 303)

    @pages.post("/<slug>/rooms/<uuid:room_id>/remove")
    def remove(slug: str, room_id: UUID) -> Response | tuple[str, int]:
        meeting, by = chaired(slug)
        try:
            remove_room(database, by=by, meeting_id=meeting.id, room_id=room_id)
        except Refusal as refusal:
            with database.reading() as reading:
                room = room_of(reading, meeting.id, room_id)
            form = blank(name=room.name, capacity=room.capacity, position=room.position).refused(refusal)
            return room_page(meeting, room_id, form), refusal.status
        flash("The room was removed.", "success")
        return redirect(f"/scheduling/{slug}/rooms", 303)

    return pages


def _meeting_page(meeting: MeetingRow, form: FormResult, refusal: Refusal | None = None) -> str:
    """Show the form as it was typed; beside a stale one what was saved elsewhere, and where sessions stand in the way, a way to insist."""
    shown = {"stale": isinstance(refusal, Stale), "insist": isinstance(refusal, LeavesSessionsOutside) or bool(form.typed.get("anyway"))}
    return render_template("scheduling/edit_meeting.html", meeting=meeting, form=form, hours=_typed(meeting), **shown)


def _typed(meeting: MeetingRow) -> dict[str, Any]:
    text = {name: getattr(meeting, name) for name in ("title", "venue", "starts_on", "ends_on", "time_zone")}
    return {**text, "day_opens": _clock(meeting.day_opens), "day_closes": _clock(meeting.day_closes)}


def _clock(minutes: int) -> str:
    """Write minutes after midnight as a time field does; the end of the day is its midnight."""
    return f"{minutes // 60 % 24:02}:{minutes % 60:02}"
