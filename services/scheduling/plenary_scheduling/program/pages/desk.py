"""The desk of the program chairs: the working copy, placing by form and by the solver, releasing."""

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound, Refusal
from plenary_kit.web.fields import Flag, Identifier, LocalTime, Text, WholeNumber, in_zone
from plenary_kit.web.forms import FormResult, blank, load
from plenary_scheduling.meetings.queries import MeetingRow, meeting_by_slug, rooms
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.program.queries import WorkingRow, latest_release, pending_changes, working_copy
from plenary_scheduling.sessions.actions import move_session, unplace_session


class PlaceForm(Schema):
    """Where a session goes."""

    room_id = Identifier(required=True)
    starts_at = LocalTime(required=True)
    version = WholeNumber(required=True)
    anyway = Flag(load_default=False)


class NoteForm(Schema):
    """What the change log says about a release."""

    note = Text(max=1_000, lines=True, load_default="")


def desk_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("desk", __name__)

    def chaired(slug: str) -> tuple[MeetingRow, UUID]:
        visitor = require_visitor()
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
        return meeting, visitor.person_id

    def plan_page(meeting: MeetingRow, form: FormResult) -> str:
        with database.reading() as reading:
            rows = working_copy(reading, meeting.id)
            shown = {
                "rooms": rooms(reading, meeting.id),
                "release": latest_release(reading, meeting.id),
                "pending": pending_changes(reading, meeting.id),
            }
        return render_template("scheduling/plan.html", meeting=meeting, rows=rows, form=form, **shown)

    def place_page(meeting: MeetingRow, session_id: UUID, form: FormResult | None = None) -> str:
        with database.reading() as reading:
            row = _working(working_copy(reading, meeting.id), session_id)
            open_rooms = rooms(reading, meeting.id)
        return render_template("scheduling/place.html", meeting=meeting, row=row, rooms=open_rooms, form=form or blank(**_typed(row, meeting)))

    @pages.get("/<slug>/plan")
    def plan(slug: str) -> str:
        return plan_page(chaired(slug)[0], blank())

    @pages.get("/<slug>/plan/<uuid:session_id>")
    def place(slug: str, session_id: UUID) -> str:
        return place_page(chaired(slug)[0], session_id)

    @pages.post("/<slug>/plan/<uuid:session_id>")
    def move(slug: str, session_id: UUID) -> Response | tuple[str, int]:
        meeting, by = chaired(slug)
        form = load(PlaceForm, request.form)
        if form.ok:
            try:
                _move(database, meeting, by, session_id, form)
            except ValidationError as error:
                form = form.with_error("starts_at", str(error.messages[0]))
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash("Placed.", "success")
                return redirect(f"/scheduling/{slug}/plan#{session_id}", 303)
        return place_page(meeting, session_id, form), 422

    @pages.post("/<slug>/plan/<uuid:session_id>/unplace")
    def unplace(slug: str, session_id: UUID) -> Response:
        _, by = chaired(slug)
        form = load(Schema.from_dict({"version": WholeNumber(required=True)}), request.form)
        unplace_session(database, by=by, session_id=session_id, version=form.values.get("version", 0))
        flash("Taken out of the grid.", "success")
        return redirect(f"/scheduling/{slug}/plan", 303)

    @pages.post("/<slug>/plan/automatic")
    def automatic(slug: str) -> Response:
        meeting, by = chaired(slug)
        outcome = place_automatically(database, by=by, meeting_id=meeting.id)
        flash(f"{outcome.placed} placed, {len(outcome.left)} left.", "success" if not outcome.left else "warning")
        for title, reason in outcome.left[:10]:
            flash(f"“{title}”: {reason}", "info")
        return redirect(f"/scheduling/{slug}/plan", 303)

    @pages.post("/<slug>/plan/release")
    def release(slug: str) -> Response | tuple[str, int]:
        meeting, by = chaired(slug)
        form = load(NoteForm, request.form)
        if form.ok:
            try:
                number = release_program(database, by=by, meeting_id=meeting.id, note=form.values["note"])
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash(f"Version {number} is public. The people concerned are being told.", "success")
                return redirect(f"/scheduling/{slug}/", 303)
        return plan_page(meeting, form), 422

    return pages


def _move(database: Database, meeting: MeetingRow, by: UUID, session_id: UUID, form: FormResult) -> None:
    values = form.values
    starts_at: datetime = in_zone(values["starts_at"], meeting.time_zone)
    place = {"room_id": values["room_id"], "starts_at": starts_at, "anyway": values["anyway"]}
    move_session(database, by=by, session_id=session_id, version=values["version"], **place)


def _working(rows: list[WorkingRow], session_id: UUID) -> WorkingRow:
    found = next((row for row in rows if row.id == session_id), None)
    if found is None:
        raise NotFound("There is no such session.")
    return found


def _typed(row: WorkingRow, meeting: MeetingRow) -> dict[str, object]:
    start = row.starts_at.astimezone(ZoneInfo(meeting.time_zone)).strftime("%Y-%m-%dT%H:%M") if row.starts_at else f"{meeting.starts_on}T09:00"
    return {"room_id": row.room_id, "starts_at": start}
