"""The page on which a chair chooses a program file, sees what is in it, and takes it in."""

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import ValidationError
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.forms import FormResult, blank
from plenary_kit.web.uploads import UploadedFile
from plenary_scheduling.imports.actions import import_into
from plenary_scheduling.interchange.model import ImportedProgram
from plenary_scheduling.interchange.reading import read_program
from plenary_scheduling.meetings.queries import MeetingRow, meeting_by_slug
from plenary_scheduling.people.access import refuse_unless_chair


def import_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("imports", __name__)

    @pages.route("/<slug>/import", methods=["GET", "POST"])
    def upload(slug: str) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            refuse_unless_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
        if request.method == "GET":
            return _page(meeting, blank())
        form, program = _read(meeting)
        if program is None:
            return _page(meeting, form), 422
        if "check" in request.form:
            return _page(meeting, form, program)
        try:
            import_into(database, by=visitor.person_id, meeting_id=meeting.id, program=program, filename=request.files["file"].filename or "")
        except Refusal as refusal:
            return _page(meeting, form.refused(refusal)), refusal.status
        flash(f"{len(program.items)} items were read. They appear in the working copy within moments.", "success")
        return redirect(f"/scheduling/{slug}/plan", 303)

    return pages


def _read(meeting: MeetingRow) -> tuple[FormResult, ImportedProgram | None]:
    form = blank()
    try:
        file = UploadedFile().deserialize(request.files.get("file"))
        return form, read_program(file.read(), file.filename, fallback_zone=meeting.time_zone)
    except ValidationError as error:
        return form.with_error("file", str(error.messages[0])), None
    except Refusal as refusal:
        return form.with_error("file", refusal.sentence), None


def _page(meeting: MeetingRow, form: FormResult, program: ImportedProgram | None = None) -> str:
    summary = program.summary() if program else None
    return render_template("scheduling/import.html", meeting=meeting, form=form, program=program, summary=summary)
