"""The API of one's own proposals: start, edit, submit, withdraw; chairs edit accepted ones. Somebody else's look like none at all."""

from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from marshmallow.validate import Length

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.etag import expected_version, versioned
from plenary_kit.web.fields import Choice, Identifier, Instant, Text, WholeNumber
from plenary_proposals.proposals.actions import Draft, edit_proposal, start_proposal, submit_proposal, withdraw_proposal
from plenary_proposals.proposals.model import ABSTRACT_LIMIT, LARGEST_AUDIENCE, MOST_SPANS, STATES, TITLE_LIMIT
from plenary_proposals.proposals.queries import ProposalRow, editable_proposal, proposals_part


class SpanSchema(ma.Schema):
    """A stretch of time, its end not included."""

    starts_at = Instant(required=True)
    ends_at = Instant(required=True)


class DraftSchema(ma.Schema):
    """What a submitter writes; a draft may be as empty as its author likes."""

    title = Text(max=TITLE_LIMIT, load_default="")
    abstract = Text(max=ABSTRACT_LIMIT, lines=True, load_default="")
    expected = WholeNumber(min=1, max=LARGEST_AUDIENCE, allow_none=True, load_default=None, metadata={"description": "the audience to plan for"})
    unavailable = ma.fields.List(
        ma.fields.Nested(SpanSchema),
        load_default=list,
        validate=Length(max=MOST_SPANS),
        metadata={"description": "when the presenters cannot present"},
    )

    @ma.post_load
    def as_draft(self, values: dict[str, Any], **_options: Any) -> dict[str, Any]:
        """Gather the text in a `Draft`, beside what else was sent."""
        spans = [[span["starts_at"].isoformat(), span["ends_at"].isoformat()] for span in values.pop("unavailable")]
        text = {name: values.pop(name) for name in ("title", "abstract", "expected")}
        return {**values, "draft": Draft(**text, unavailable=spans)}


class NewProposalSchema(DraftSchema):
    """A proposal to be started in an open call."""

    call_id = Identifier(required=True)
    kind = Text(min=1, max=60, required=True, metadata={"description": "the slug of one of the call's kinds"})


class ProposalSchema(ma.Schema):
    """A proposal as its submitter sees it."""

    id = Identifier(required=True)
    society_id = Identifier(required=True)
    meeting_id = Identifier(required=True)
    call_id = Identifier(required=True, allow_none=True)
    call_title = Text(required=True)
    kind = Text(required=True)
    title = Text(required=True)
    abstract = Text(required=True)
    minutes = WholeNumber(required=True)
    expected = WholeNumber(required=True, allow_none=True)
    unavailable = ma.fields.List(ma.fields.Nested(SpanSchema), required=True)
    state = Choice(STATES, required=True)
    changed_at = Instant(required=True)
    submitted_at = Instant(required=True, allow_none=True)
    version = WholeNumber(required=True)

    @ma.pre_dump
    def with_spans(self, row: ProposalRow, **_options: Any) -> dict[str, Any]:
        """Name the ends of each span."""
        spans = [{"starts_at": datetime.fromisoformat(first), "ends_at": datetime.fromisoformat(last)} for first, last in row.unavailable]
        return {**vars(row), "unavailable": spans}


class ProposalArguments(PageArguments):
    """Which of one's own proposals."""

    call_id = Identifier(load_default=None)
    state = Choice(STATES, load_default=None)


def proposal_api(database: Database) -> ApiBlueprint:
    """Make the API of proposals."""
    api = ApiBlueprint("Proposals", __name__, url_prefix="/api/proposals", description="One's own proposals")

    def answer(proposal_id: UUID, status: int = 200, **headers: str) -> tuple[ProposalRow, int, dict[str, str]]:
        with database.reading() as reading:
            proposal = editable_proposal(reading, proposal_id, require_visitor().person_id)
        return proposal, status, {**versioned(proposal.version), **headers}

    @api.route("", methods=["GET"])
    @api.arguments(ProposalArguments, location="query")
    @api.response(200, page_of(ProposalSchema))
    def mine(arguments: dict[str, Any]) -> tuple[Page[ProposalRow], int, dict[str, str]]:
        """List one's own proposals, the latest first."""
        person_id, call_id, state = require_visitor().person_id, arguments["call_id"], arguments["state"]
        paging = Paging(arguments, f"proposals of {person_id} {call_id} {state}")
        with database.reading() as reading:
            return paging.page(proposals_part(reading, person_id, paging.part, call_id=call_id, state=state), "id")

    @api.route("", methods=["POST"])
    @api.once
    @api.arguments(NewProposalSchema)
    @api.response(201, ProposalSchema)
    def start(values: dict[str, Any]) -> tuple[ProposalRow, int, dict[str, str]]:
        """Start a draft in an open call; nobody else sees it."""
        proposal_id = start_proposal(database, by=require_visitor().person_id, **values)
        return answer(proposal_id, 201, Location=f"/proposals/api/proposals/{proposal_id}")

    @api.route("/<uuid:proposal_id>", methods=["GET"])
    @api.versioned
    @api.response(200, ProposalSchema)
    def one(proposal_id: UUID) -> tuple[ProposalRow, int, dict[str, str]]:
        """Look at one of one's own proposals, or at an accepted one of a meeting that one chairs."""
        return answer(proposal_id)

    @api.route("/<uuid:proposal_id>", methods=["PUT"])
    @api.guarded
    @api.arguments(DraftSchema)
    @api.response(200, ProposalSchema)
    def edit(values: dict[str, Any], proposal_id: UUID) -> tuple[ProposalRow, int, dict[str, str]]:
        """Replace the text while the call is open, and again once it is accepted; the availability until the program is public."""
        edit_proposal(database, by=require_visitor().person_id, proposal_id=proposal_id, version=expected_version(), draft=values["draft"])
        return answer(proposal_id)

    @api.route("/<uuid:proposal_id>/submit", methods=["POST"])
    @api.once
    @api.response(200, ProposalSchema)
    def submit(proposal_id: UUID) -> tuple[ProposalRow, int, dict[str, str]]:
        """Hand a draft in before the call closes."""
        submit_proposal(database, by=require_visitor().person_id, proposal_id=proposal_id)
        return answer(proposal_id)

    @api.route("/<uuid:proposal_id>/withdraw", methods=["POST"])
    @api.once
    @api.response(200, ProposalSchema)
    def withdraw(proposal_id: UUID) -> tuple[ProposalRow, int, dict[str, str]]:
        """Take a proposal back, accepted or not."""
        withdraw_proposal(database, by=require_visitor().person_id, proposal_id=proposal_id)
        return answer(proposal_id)

    return api
