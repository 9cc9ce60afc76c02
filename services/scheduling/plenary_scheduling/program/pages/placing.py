"""Placing one session by hand: its form, what would stand against a place, and the way out of the grid."""

from datetime import datetime
from uuid import UUID

from flask import Blueprint, jsonify, redirect, render_template, request
from flask import Response as Answer
from marshmallow import Schema, ValidationError
from werkzeug.wrappers import Response

from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal, Stale
from plenary_kit.web.fields import Flag, Identifier, LocalTime, WholeNumber, in_zone
from plenary_kit.web.forms import FormResult, blank, load
from plenary_scheduling.meetings.queries import MeetingRow, rooms
from plenary_scheduling.program.pages.chairing import chaired, local, remember
from plenary_scheduling.program.queries import WorkingRow, working_session
from plenary_scheduling.sessions.actions import move_session, unplace_session
from plenary_scheduling.sessions.queries import standing_against


class SpotForm(Schema):
    """A place that somebody thinks of."""

    room_id = Identifier(required=True)
    starts_at = LocalTime(required=True)


class PlaceForm(SpotForm):
    """Where a session goes."""

    version = WholeNumber(required=True)
    anyway = Flag(load_default=False)


class VersionForm(Schema):
    """The version that somebody saw."""

    version = WholeNumber(required=True)


def placing_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("placing", __name__)

    def one(meeting: MeetingRow, session_id: UUID) -> WorkingRow:
        with database.reading() as reading:
            return working_session(reading, meeting.id, session_id)

    def place_page(meeting: MeetingRow, session_id: UUID, form: FormResult | None = None) -> str:
        row = one(meeting, session_id)
        with database.reading() as reading:
            open_rooms = rooms(reading, meeting.id)
        return render_template("scheduling/place.html", meeting=meeting, row=row, rooms=open_rooms, form=form or _where(row, meeting))

    def moved(meeting: MeetingRow, before: WorkingRow) -> Response:
        after = one(meeting, before.id)
        remember(meeting, before, after)
        day = local(after.starts_at or before.starts_at, meeting.time_zone)[:10]
        return redirect(f"/scheduling/{meeting.slug}/plan?day={day}#{before.id}", 303)

    @pages.get("/<slug>/plan/<uuid:session_id>")
    def place(slug: str, session_id: UUID) -> str:
        return place_page(chaired(database, slug)[0], session_id)

    @pages.get("/<slug>/plan/<uuid:session_id>/against")
    def against(slug: str, session_id: UUID) -> Answer | tuple[Answer, int]:
        meeting, _ = chaired(database, slug)
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
        meeting, by = chaired(database, slug)
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
        meeting, by = chaired(database, slug)
        form, before = load(VersionForm, request.form), one(meeting, session_id)
        try:
            unplace_session(database, by=by, session_id=session_id, version=form.values.get("version", 0))
        except Stale as refusal:
            return place_page(meeting, session_id, _where(before, meeting).refused(refusal)), 409
        return moved(meeting, before)

    return pages


def _move(database: Database, meeting: MeetingRow, by: UUID, session_id: UUID, form: FormResult) -> None:
    values = form.values
    starts_at: datetime = in_zone(values["starts_at"], meeting.time_zone)
    place = {"room_id": values["room_id"], "starts_at": starts_at, "anyway": values["anyway"]}
    move_session(database, by=by, session_id=session_id, version=values["version"], **place)


def _where(row: WorkingRow, meeting: MeetingRow) -> FormResult:
    """Begin the form where the session stands; an unplaced one on the first morning."""
    return blank(room_id=row.room_id, starts_at=local(row.starts_at, meeting.time_zone) or f"{meeting.starts_on}T09:00")
