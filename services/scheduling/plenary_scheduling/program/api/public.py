"""The API of the public program: the latest version, all versions, and what changed in each."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.persistence.database import Database
from plenary_kit.web.api import PUBLIC, ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.fields import Choice, Identifier, Instant, Text, WholeNumber
from plenary_scheduling.meetings.queries import meeting_by_id
from plenary_scheduling.program.model import CHANGES
from plenary_scheduling.program.queries import ChangeRow, ReleaseRow, changes_part, program_part, published, releases_part

RELEASE = "/releases/<int(min=1, max=1000000):number>"


class ReleaseSchema(ma.Schema):
    """A version of the program."""

    number = WholeNumber(required=True)
    note = Text(required=True)
    released_at = Instant(required=True)


class ProgramSessionSchema(ma.Schema):
    """A session of the public program; `canceled` when it was withdrawn after the release."""

    id = Identifier(required=True)
    title = Text(required=True)
    abstract = Text(required=True)
    kind = Text(required=True)
    track = Text(required=True)
    presenters = ma.fields.List(ma.fields.String(), required=True)
    room = Text(required=True)
    starts_at = Instant(required=True)
    ends_at = Instant(required=True)
    canceled = ma.fields.Boolean(required=True)


class ProgramSchema(page_of(ProgramSessionSchema)):  # type: ignore[misc]  # a class made at run time
    """A page of the latest version."""

    release = ma.fields.Nested(ReleaseSchema, required=True)


class ChangeSchema(ma.Schema):
    """One line of a change log."""

    session_id = Identifier(required=True)
    what = Choice(CHANGES, required=True)
    title = Text(required=True)
    title_before = Text(required=True, allow_none=True, metadata={"description": "there when the title changed"})
    room_before = Text(required=True, allow_none=True)
    starts_before = Instant(required=True, allow_none=True)
    room_after = Text(required=True, allow_none=True)
    starts_after = Instant(required=True, allow_none=True)


def program_api(database: Database) -> ApiBlueprint:
    """Make the API of the public program."""
    api = ApiBlueprint("Program", __name__, url_prefix="/api/meetings/<uuid:meeting_id>", description="The public program and its versions")

    @api.route("/program", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.arguments(PageArguments, location="query")
    @api.response(200, ProgramSchema)
    def latest(arguments: dict[str, Any], meeting_id: UUID) -> tuple[dict[str, Any], int, dict[str, str]]:
        """Read the latest version by time; once a newer one is out, cursors of the older one are refused."""
        with database.reading() as reading:
            release = published(reading, meeting_id)
            paging = Paging(arguments, f"program {release.id}")
            page, status, headers = paging.page(program_part(reading, release.id, paging.part), "starts_at", "id")
        return {**vars(page), "release": release}, status, headers

    @api.route("/releases", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(ReleaseSchema))
    def versions(arguments: dict[str, Any], meeting_id: UUID) -> tuple[Page[ReleaseRow], int, dict[str, str]]:
        """List the versions, the latest first."""
        paging = Paging(arguments, f"releases {meeting_id}")
        with database.reading() as reading:
            meeting_by_id(reading, meeting_id)
            return paging.page(releases_part(reading, meeting_id, paging.part), "number")

    @api.route(RELEASE, methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.response(200, ReleaseSchema)
    def version(meeting_id: UUID, number: int) -> ReleaseRow:
        """Look at a version."""
        with database.reading() as reading:
            return published(reading, meeting_id, number)

    @api.route(f"{RELEASE}/changes", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(ChangeSchema))
    def log(arguments: dict[str, Any], meeting_id: UUID, number: int) -> tuple[Page[ChangeRow], int, dict[str, str]]:
        """List what a version changed."""
        with database.reading() as reading:
            release = published(reading, meeting_id, number)
            paging = Paging(arguments, f"changes {release.id}")
            return paging.page(changes_part(reading, release.id, paging.part), "session_id")

    return api
