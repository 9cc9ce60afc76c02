"""The API of imports: send a program file, see what is in it, take it in."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from werkzeug.datastructures import FileStorage

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.fields import Identifier, LocalDate, Text, WholeNumber
from plenary_kit.web.uploads import UploadedFile
from plenary_scheduling.imports.actions import import_into
from plenary_scheduling.interchange.model import ImportedProgram
from plenary_scheduling.interchange.reading import read_program
from plenary_scheduling.meetings.queries import meeting_by_id
from plenary_scheduling.people.access import refuse_unless_chair


class FileSchema(ma.Schema):
    """A program file: schedule.xml, schedule.json or a CSV table."""

    file = UploadedFile(required=True)


class SummarySchema(ma.Schema):
    """What the file holds, in numbers."""

    items = WholeNumber(required=True)
    people = WholeNumber(required=True)
    rooms = WholeNumber(required=True)
    days = WholeNumber(required=True)
    people_overlaps = WholeNumber(required=True)
    room_overlaps = WholeNumber(required=True)
    warnings = WholeNumber(required=True)


class WarningSchema(ma.Schema):
    """Something odd in a row; row 0 is the file as a whole."""

    row = WholeNumber(required=True)
    code = Text(required=True)
    sentence = Text(required=True)


class ReadSchema(ma.Schema):
    """What was read from the file."""

    title = Text(required=True)
    starts_on = LocalDate(required=True)
    ends_on = LocalDate(required=True)
    time_zone = Text(required=True)
    summary = ma.fields.Nested(SummarySchema, required=True)
    warnings = ma.fields.List(ma.fields.Nested(WarningSchema), required=True, metadata={"description": "the first hundred"})


class TakenInSchema(ReadSchema):
    """An import: its sessions appear in the working copy within moments."""

    id = Identifier(required=True)


def import_api(database: Database) -> ApiBlueprint:
    """Make the API of imports."""
    api = ApiBlueprint("Imports", __name__, url_prefix="/api/meetings/<uuid:meeting_id>/imports", description="Programs from files, for chairs")

    def read(meeting_id: UUID, file: FileStorage) -> ImportedProgram:
        by = require_visitor().person_id
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
            refuse_unless_chair(reading, by, meeting.id, meeting.society_id)
        return read_program(file.read(), str(file.filename), fallback_zone=meeting.time_zone)

    @api.route("/check", methods=["POST"])
    @api.arguments(FileSchema, location="files")
    @api.response(200, ReadSchema)
    def check(files: dict[str, FileStorage], meeting_id: UUID) -> dict[str, Any]:
        """Read a file and report; nothing changes."""
        return _shown(read(meeting_id, files["file"]))

    @api.route("", methods=["POST"])
    @api.once
    @api.arguments(FileSchema, location="files")
    @api.response(202, TakenInSchema)
    def take_in(files: dict[str, FileStorage], meeting_id: UUID) -> dict[str, Any]:
        """Take a file into a meeting that one chairs: all of it or nothing."""
        file = files["file"]
        program = read(meeting_id, file)
        by = require_visitor().person_id
        import_id = import_into(database, by=by, meeting_id=meeting_id, program=program, filename=str(file.filename))
        return {**_shown(program), "id": import_id}

    return api


def _shown(program: ImportedProgram) -> dict[str, Any]:
    names = ("title", "starts_on", "ends_on", "time_zone", "warnings")
    return {**{name: getattr(program, name) for name in names}, "summary": program.summary()}
