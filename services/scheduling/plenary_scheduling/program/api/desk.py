"""The API of the program chairs' desk: the working copy, placing by hand and by the solver, releasing."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.etag import expected_version, versioned
from plenary_kit.web.fields import Choice, Flag, Identifier, Instant, Text, WholeNumber
from plenary_scheduling.meetings.queries import meeting_by_id
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.program.api.public import ReleaseSchema
from plenary_scheduling.program.queries import ReleaseRow, WorkingRow, published, working_part, working_session
from plenary_scheduling.sessions.actions import move_session, unplace_session

PLACED, UNPLACED = "placed", "unplaced"


class AwaySchema(ma.Schema):
    """A time at which the presenters cannot come, its end not included."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)


class WorkingSessionSchema(ma.Schema):
    """A session of the working copy; unplaced where `room_id` and `starts_at` are null."""

    id = Identifier(required=True)
    title = Text(required=True)
    kind = Text(required=True)
    minutes = WholeNumber(required=True)
    expected = WholeNumber(required=True, allow_none=True)
    presenters = ma.fields.List(ma.fields.String(), required=True)
    unavailable = ma.fields.List(ma.fields.Nested(AwaySchema), required=True)
    room_id = Identifier(required=True, allow_none=True)
    room = Text(required=True, allow_none=True)
    starts_at = Instant(required=True, allow_none=True)
    ends_at = Instant(required=True, allow_none=True)
    version = WholeNumber(required=True)


class SessionArguments(PageArguments):
    """Which sessions."""

    state = Choice([PLACED, UNPLACED], load_default=None)


class PlaceSchema(ma.Schema):
    """Where a session goes; `anyway` overrules a clash."""

    room_id = Identifier(required=True)
    starts_at = Instant(required=True)
    anyway = Flag(load_default=False)


class LeftSchema(ma.Schema):
    """A session that got no place, and why."""

    title = Text(required=True)
    reason = Text(required=True)


class PlacementSchema(ma.Schema):
    """What automatic placement did."""

    placed = WholeNumber(required=True)
    left = ma.fields.List(ma.fields.Nested(LeftSchema), required=True)


class NoteSchema(ma.Schema):
    """What the change log says about a release."""

    note = Text(max=1_000, lines=True, load_default="")


def desk_api(database: Database) -> ApiBlueprint:
    """Make the API of the desk."""
    api = ApiBlueprint("Desk", __name__, url_prefix="/api/meetings/<uuid:meeting_id>", description="The working copy, for chairs")

    def chair_of(meeting_id: UUID) -> UUID:
        by = require_visitor().person_id
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
            refuse_unless_chair(reading, by, meeting.id, meeting.society_id)
        return by

    def answer(meeting_id: UUID, session_id: UUID) -> tuple[WorkingRow, int, dict[str, str]]:
        with database.reading() as reading:
            row = working_session(reading, meeting_id, session_id)
        return row, 200, versioned(row.version)

    @api.route("/sessions", methods=["GET"])
    @api.arguments(SessionArguments, location="query")
    @api.response(200, page_of(WorkingSessionSchema))
    def some(arguments: dict[str, Any], meeting_id: UUID) -> tuple[Page[WorkingRow], int, dict[str, str]]:
        """List the sessions of the working copy."""
        chair_of(meeting_id)
        placed = {PLACED: True, UNPLACED: False}.get(arguments["state"])
        paging = Paging(arguments, f"sessions {meeting_id} {placed}")
        with database.reading() as reading:
            return paging.page(working_part(reading, meeting_id, paging.part, placed=placed), "id")

    @api.route("/sessions/<uuid:session_id>", methods=["GET"])
    @api.versioned
    @api.response(200, WorkingSessionSchema)
    def one(meeting_id: UUID, session_id: UUID) -> tuple[WorkingRow, int, dict[str, str]]:
        """Look at a session of the working copy."""
        chair_of(meeting_id)
        return answer(meeting_id, session_id)

    @api.route("/sessions/<uuid:session_id>/place", methods=["PUT"])
    @api.guarded
    @api.arguments(PlaceSchema)
    @api.response(200, WorkingSessionSchema)
    def place(values: dict[str, Any], meeting_id: UUID, session_id: UUID) -> tuple[WorkingRow, int, dict[str, str]]:
        """Place a session, or move it; a clash is refused unless `anyway`."""
        by = chair_of(meeting_id)
        answer(meeting_id, session_id)
        move_session(database, by=by, session_id=session_id, version=expected_version(), **values)
        return answer(meeting_id, session_id)

    @api.route("/sessions/<uuid:session_id>/place", methods=["DELETE"])
    @api.guarded
    @api.response(200, WorkingSessionSchema)
    def unplace(meeting_id: UUID, session_id: UUID) -> tuple[WorkingRow, int, dict[str, str]]:
        """Take a session out of the grid."""
        by = chair_of(meeting_id)
        answer(meeting_id, session_id)
        unplace_session(database, by=by, session_id=session_id, version=expected_version())
        return answer(meeting_id, session_id)

    @api.route("/placement", methods=["POST"])
    @api.once
    @api.response(200, PlacementSchema)
    def automatic(meeting_id: UUID) -> dict[str, Any]:
        """Find places for the unplaced sessions; what stands already stays."""
        outcome = place_automatically(database, by=require_visitor().person_id, meeting_id=meeting_id)
        return {"placed": outcome.placed, "left": [{"title": title, "reason": reason} for title, reason in outcome.left]}

    @api.route("/releases", methods=["POST"])
    @api.once
    @api.arguments(NoteSchema)
    @api.response(201, ReleaseSchema)
    def release(values: dict[str, str], meeting_id: UUID) -> tuple[ReleaseRow, int, dict[str, str]]:
        """Make the working copy public as the next version; the people concerned are told."""
        number = release_program(database, by=require_visitor().person_id, meeting_id=meeting_id, note=values["note"])
        with database.reading() as reading:
            return published(reading, meeting_id, number), 201, {"Location": f"/scheduling/api/meetings/{meeting_id}/releases/{number}"}

    return api
