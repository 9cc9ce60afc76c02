"""The desk of the program chairs: the working copy, placing by the solver, releasing."""

from datetime import date
from pathlib import Path

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import Text
from plenary_kit.web.forms import FormResult, blank, load
from plenary_scheduling.meetings.queries import MeetingRow, rooms
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.program.pages.board import lay_out
from plenary_scheduling.program.pages.chairing import chaired, remembered
from plenary_scheduling.program.queries import WorkingRow, latest_release, pending_changes, working_copy

STATIC = Path(__file__).parents[2] / "static"
LONGEST_SEARCH = 200


class NoteForm(Schema):
    """What the change log says about a release."""

    note = Text(max=1_000, lines=True, load_default="")


def desk_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("desk", __name__, static_folder=str(STATIC), static_url_path="/static/desk")

    def plan_page(meeting: MeetingRow, form: FormResult) -> str:
        with database.reading() as reading:
            rows, open_rooms = working_copy(reading, meeting.id), rooms(reading, meeting.id)
            public = {"release": latest_release(reading, meeting.id), "pending": pending_changes(reading, meeting.id)}
        sought = request.args.get("q", "").strip()[:LONGEST_SEARCH]
        shown = {"board": lay_out(meeting, open_rooms, rows, _day(request.args.get("day", ""))), "sought": sought, "found": _matching(rows, sought)}
        return render_template("scheduling/plan.html", meeting=meeting, rows=rows, rooms=open_rooms, form=form, moved=remembered(), **shown, **public)

    @pages.get("/<slug>/plan")
    def plan(slug: str) -> str:
        return plan_page(chaired(database, slug)[0], blank())

    @pages.post("/<slug>/plan/automatic")
    def automatic(slug: str) -> Response:
        meeting, by = chaired(database, slug)
        outcome = place_automatically(database, by=by, meeting_id=meeting.id)
        flash(f"{outcome.placed} placed, {len(outcome.left)} left.", "success" if not outcome.left else "warning")
        for title, reason in outcome.left[:10]:
            flash(f"“{title}”: {reason}", "info")
        return redirect(f"/scheduling/{slug}/plan", 303)

    @pages.post("/<slug>/plan/release")
    def release(slug: str) -> Response | tuple[str, int]:
        meeting, by = chaired(database, slug)
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


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _matching(rows: list[WorkingRow], sought: str) -> list[WorkingRow]:
    words = sought.casefold().split()
    return [row for row in rows if words and all(word in f"{row.title} {' '.join(row.presenters)}".casefold() for word in words)]
