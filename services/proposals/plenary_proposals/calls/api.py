"""The API of calls: looking at them, opening one, changing one."""

from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow.validate import Length

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import PUBLIC, ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.etag import expected_version, versioned
from plenary_kit.web.fields import Choice, Identifier, Instant, LocalDate, Slug, Text, WholeNumber
from plenary_proposals.calls.actions import CallText, change_call, open_call
from plenary_proposals.calls.model import LONGEST_GRACE, LONGEST_SESSION
from plenary_proposals.calls.queries import COMING, OPEN, PAST, CallFilter, CallRow, call_by_id, calls_part

MOST_KINDS = 50


class KindSchema(ma.Schema):
    """A kind of proposal that a call takes, and how long it is."""

    slug = Slug(min=1, max=60, required=True)
    name = Text(min=1, max=100, required=True)
    minutes = WholeNumber(min=1, max=LONGEST_SESSION, required=True)


class CallTextSchema(ma.Schema):
    """What chairs write about a call."""

    slug = Slug(min=1, max=60, required=True)
    title = Text(min=1, max=200, required=True)
    description = Text(max=10_000, lines=True, load_default="")
    kinds = ma.fields.List(ma.fields.Nested(KindSchema), required=True, validate=Length(1, MOST_KINDS))
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    grace_minutes = WholeNumber(max=LONGEST_GRACE, load_default=0)


class NewCallSchema(CallTextSchema):
    """A call to be opened for a meeting."""

    meeting_id = Identifier(required=True)


class CallSchema(ma.Schema):
    """A call, with the meeting and the society that it belongs to."""

    id = Identifier(required=True)
    society_id = Identifier(required=True)
    society_name = Text(required=True)
    meeting_id = Identifier(required=True)
    meeting_title = Text(required=True)
    meeting_starts_on = LocalDate(required=True)
    meeting_ends_on = LocalDate(required=True)
    time_zone = Text(required=True, metadata={"description": "of the meeting"})
    slug = Text(required=True)
    title = Text(required=True)
    description = Text(required=True, metadata={"description": "Markdown"})
    kinds = ma.fields.List(ma.fields.Nested(KindSchema), required=True)
    opens_at = Instant(required=True)
    closes_at = Instant(required=True)
    grace_minutes = WholeNumber(required=True, metadata={"description": "how long after `closes_at` proposals are still taken"})
    version = WholeNumber(required=True)


class CallArguments(PageArguments):
    """Which calls."""

    state = Choice([OPEN, COMING, PAST], load_default=None)
    meeting_id = Identifier(load_default=None)
    society_id = Identifier(load_default=None)


def call_api(database: Database) -> ApiBlueprint:
    """Make the API of calls."""
    api = ApiBlueprint("Calls", __name__, url_prefix="/api/calls", description="Calls for proposals")

    def answer(call_id: UUID, status: int = 200, **headers: str) -> tuple[CallRow, int, dict[str, str]]:
        with database.reading() as reading:
            call = call_by_id(reading, call_id)
        return call, status, {**versioned(call.version), **headers}

    @api.route("", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.arguments(CallArguments, location="query")
    @api.response(200, page_of(CallSchema))
    def some(arguments: dict[str, Any]) -> tuple[Page[CallRow], int, dict[str, str]]:
        """List calls, the nearest deadline first."""
        names = ("state", "meeting_id", "society_id")
        wanted = CallFilter(database.clock(), **{name: arguments[name] for name in names})
        paging = Paging(arguments, "calls " + " ".join(str(arguments[name]) for name in names))
        with database.reading() as reading:
            return paging.page(calls_part(reading, wanted, paging.part), "closes_at", "id")

    @api.route("", methods=["POST"])
    @api.once
    @api.arguments(NewCallSchema)
    @api.response(201, CallSchema)
    def new(values: dict[str, Any]) -> tuple[CallRow, int, dict[str, str]]:
        """Open a call for a meeting that one chairs."""
        meeting_id = values.pop("meeting_id")
        call_id = open_call(database, by=require_visitor().person_id, meeting_id=meeting_id, text=CallText(**values))
        return answer(call_id, 201, Location=f"/proposals/api/calls/{call_id}")

    @api.route("/<uuid:call_id>", methods=["GET"])
    @api.versioned
    @api.doc(security=PUBLIC)
    @api.response(200, CallSchema)
    def one(call_id: UUID) -> tuple[CallRow, int, dict[str, str]]:
        """Look at a call."""
        return answer(call_id)

    @api.route("/<uuid:call_id>", methods=["PUT"])
    @api.guarded
    @api.arguments(CallTextSchema)
    @api.response(200, CallSchema)
    def change(values: dict[str, Any], call_id: UUID) -> tuple[CallRow, int, dict[str, str]]:
        """Change a call of a meeting that one chairs."""
        change_call(database, by=require_visitor().person_id, call_id=call_id, version=expected_version(), text=CallText(**values))
        return answer(call_id)

    return api
