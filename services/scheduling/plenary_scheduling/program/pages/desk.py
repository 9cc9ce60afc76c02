"""The desk of the program chairs: the working copy, placing by form and by the solver, releasing."""

from datetime import date, datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response as Answer, flash, jsonify, redirect, render_template, request, session
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal, Stale
from plenary_kit.web.fields import Flag, Identifier, LocalTime, Text, WholeNumber, in_zone
from plenary_kit.web.forms import FormResult, blank, load
from plenary_scheduling.meetings.queries import MeetingRow, meeting_by_slug, rooms
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.program.pages.board import lay_out
from plenary_scheduling.program.queries import WorkingRow, latest_release, pending_changes, working_copy, working_session
from plenary_scheduling.sessions.actions import move_session, unplace_session
from plenary_scheduling.sessions.queries import standing_against

STATIC = Path(__file__).parents[2] / "static"
MOVED = "moved_session"
LONGEST_SEARCH = 200


class PlaceForm(Schema):
    """Where a session goes."""

    room_id = Identifier(required=True)
    starts_at = LocalTime(required=True)
    version = WholeNumber(required=True)
    anyway = Flag(load_default=False)


class SpotForm(Schema):
    """A place that somebody thinks of."""

    room_id = Identifier(required=True)
    starts_at = LocalTime(required=True)


class VersionForm(Schema):
    """The version that somebody saw."""

    version = WholeNumber(required=True)


class NoteForm(Schema):
    """What the change log says about a release."""

    note = Text(max=1_000, lines=True, load_default="")


def desk_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("desk", __name__, static_folder=str(STATIC), static_url_path="/static/desk")

    def chaired(slug: str) -> tuple[MeetingRow, UUID]:
        visitor = require_visitor()
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
        return meeting, visitor.person_id

    def one(meeting: MeetingRow, session_id: UUID) -> WorkingRow:
        with database.reading() as reading:
            return working_session(reading, meeting.id, session_id)

    def plan_page(meeting: MeetingRow, form: FormResult) -> str:
        with database.reading() as reading:
            rows = working_copy(reading, meeting.id)
            shown = {
                "rooms": rooms(reading, meeting.id),
                "release": latest_release(reading, meeting.id),
                "pending": pending_changes(reading, meeting.id),
            }
        sought = request.args.get("q", "").strip()[:LONGEST_SEARCH]
        board = lay_out(meeting, shown["rooms"], rows, _day(request.args.get("day", "")))
        shown |= {"board": board, "sought": sought, "found": _matching(rows, sought), "moved": session.pop(MOVED, None)}
        return render_template("scheduling/plan.html", meeting=meeting, rows=rows, form=form, **shown)

    def place_page(meeting: MeetingRow, session_id: UUID, form: FormResult | None = None) -> str:
        row = one(meeting, session_id)
        with database.reading() as reading:
            open_rooms = rooms(reading, meeting.id)
        return render_template("scheduling/place.html", meeting=meeting, row=row, rooms=open_rooms, form=form or blank(**_typed(row, meeting)))

    def moved(meeting: MeetingRow, before: WorkingRow) -> Response:
        after = one(meeting, before.id)
        what = "Taken out of the grid" if after.starts_at is None else "Moved" if before.starts_at else "Placed"
        session[MOVED] = {"what": what, "id": str(before.id), "title": before.title, "version": after.version, **_typed(before, meeting, unplaced="")}
        day = _typed(after if after.starts_at else before, meeting)["starts_at"][:10]
        return redirect(f"/scheduling/{meeting.slug}/plan?day={day}#{before.id}", 303)

    @pages.get("/<slug>/plan")
    def plan(slug: str) -> str:
        return plan_page(chaired(slug)[0], blank())

    @pages.get("/<slug>/plan/<uuid:session_id>")
    def place(slug: str, session_id: UUID) -> str:
        return place_page(chaired(slug)[0], session_id)

    @pages.get("/<slug>/plan/<uuid:session_id>/against")
    def against(slug: str, session_id: UUID) -> Answer | tuple[Answer, int]:
        meeting, _ = chaired(slug)
        form = load(SpotForm, request.args)
        try:
            starts_at = in_zone(form.values["starts_at"], meeting.time_zone) if form.ok else None
        except ValidationError as error:
            return jsonify(against=str(error.messages[0])), 422
        if starts_at is None:
            return jsonify(against="This is no place in the program."), 422
        with database.reading() as reading:
            return jsonify(against=standing_against(reading, meeting.id, session_id, form.values["room_id"], starts_at))

    @pages.post("/<slug>/plan/<uuid:session_id>")
    def move(slug: str, session_id: UUID) -> Response | tuple[str, int]:
        meeting, by = chaired(slug)
        form, status, before = load(PlaceForm, request.form), 422, one(meeting, session_id)
        if form.ok:
            try:
                _move(database, meeting, by, session_id, form)
            except ValidationError as error:
                form = form.with_error("starts_at", str(error.messages[0]))
            except Refusal as refusal:
                form, status = form.refused(refusal), 409 if isinstance(refusal, Stale) else 422
            else:
                return moved(meeting, before)
        return place_page(meeting, session_id, form), status

    @pages.post("/<slug>/plan/<uuid:session_id>/unplace")
    def unplace(slug: str, session_id: UUID) -> Response | tuple[str, int]:
        meeting, by = chaired(slug)
        form, before = load(VersionForm, request.form), one(meeting, session_id)
        try:
            unplace_session(database, by=by, session_id=session_id, version=form.values.get("version", 0))
        except Stale as refusal:
            return place_page(meeting, session_id, blank(**_typed(before, meeting)).refused(refusal)), 409
        return moved(meeting, before)

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


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _matching(rows: list[WorkingRow], sought: str) -> list[WorkingRow]:
    words = sought.casefold().split()
    return [row for row in rows if words and all(word in f"{row.title} {' '.join(row.presenters)}".casefold() for word in words)]


def _typed(row: WorkingRow, meeting: MeetingRow, unplaced: str | None = None) -> dict[str, str]:
    """Give a place as the form's fields say it; `unplaced` is the start of what stands nowhere, by default the first morning's."""
    morning = f"{meeting.starts_on}T09:00" if unplaced is None else unplaced
    start = row.starts_at.astimezone(ZoneInfo(meeting.time_zone)).strftime("%Y-%m-%dT%H:%M") if row.starts_at else morning
    return {"room_id": str(row.room_id or ""), "starts_at": start}
