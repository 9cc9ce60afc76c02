"""The API of decisions, for chairs: what was submitted to a call, deciding, releasing."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.etag import expected_version, versioned
from plenary_kit.web.fields import Choice, Identifier, Instant, Text, WholeNumber
from plenary_proposals.calls.queries import call_by_id
from plenary_proposals.decisions.actions import decide, release
from plenary_proposals.decisions.model import ACCEPT, DECLINE
from plenary_proposals.decisions.queries import SubmissionRow, submission, submissions_part
from plenary_proposals.people.access import refuse_unless_chair
from plenary_proposals.proposals.model import STATES


class OutcomeSchema(ma.Schema):
    """What a chair decides."""

    outcome = Choice([ACCEPT, DECLINE], required=True)


class SubmissionSchema(ma.Schema):
    """A submitted proposal beside its decision, which is held until `released_at`."""

    id = Identifier(required=True)
    title = Text(required=True)
    abstract = Text(required=True)
    kind = Text(required=True)
    minutes = WholeNumber(required=True)
    state = Choice(STATES, required=True)
    submitter = Text(required=True)
    affiliation = Text(required=True)
    submitted_at = Instant(required=True, allow_none=True)
    outcome = Choice([ACCEPT, DECLINE], required=True, allow_none=True)
    released_at = Instant(required=True, allow_none=True)
    version = WholeNumber(required=True, metadata={"description": "of the decision; 0 while there is none"})


class ReleasedSchema(ma.Schema):
    """How many decisions were released."""

    released = WholeNumber(required=True)


def decision_api(database: Database) -> ApiBlueprint:
    """Make the API of decisions."""
    api = ApiBlueprint("Decisions", __name__, url_prefix="/api/calls/<uuid:call_id>", description="Submissions and decisions, for chairs")

    def chair_of(call_id: UUID) -> UUID:
        by = require_visitor().person_id
        with database.reading() as reading:
            call = call_by_id(reading, call_id)
            refuse_unless_chair(reading, by, call.meeting_id, call.society_id)
        return by

    def answer(call_id: UUID, proposal_id: UUID) -> tuple[SubmissionRow, int, dict[str, str]]:
        with database.reading() as reading:
            row = submission(reading, call_id, proposal_id)
        return row, 200, versioned(row.version)

    @api.route("/submissions", methods=["GET"])
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(SubmissionSchema))
    def submitted(arguments: dict[str, Any], call_id: UUID) -> tuple[Page[SubmissionRow], int, dict[str, str]]:
        """List what was submitted to a call."""
        chair_of(call_id)
        paging = Paging(arguments, f"submissions {call_id}")
        with database.reading() as reading:
            return paging.page(submissions_part(reading, call_id, paging.part), "id")

    @api.route("/submissions/<uuid:proposal_id>", methods=["GET"])
    @api.versioned
    @api.response(200, SubmissionSchema)
    def one(call_id: UUID, proposal_id: UUID) -> tuple[SubmissionRow, int, dict[str, str]]:
        """Look at a submission and its decision."""
        chair_of(call_id)
        return answer(call_id, proposal_id)

    @api.route("/submissions/<uuid:proposal_id>/decision", methods=["PUT"])
    @api.guarded
    @api.arguments(OutcomeSchema)
    @api.response(200, SubmissionSchema)
    def judge(values: dict[str, str], call_id: UUID, proposal_id: UUID) -> tuple[SubmissionRow, int, dict[str, str]]:
        """Accept or decline; nobody is told before the release. The first decision is made on version 0."""
        by = chair_of(call_id)
        answer(call_id, proposal_id)
        decide(database, by=by, proposal_id=proposal_id, outcome=values["outcome"], version=expected_version())
        return answer(call_id, proposal_id)

    @api.route("/release", methods=["POST"])
    @api.once
    @api.response(200, ReleasedSchema)
    def all_held(call_id: UUID) -> dict[str, int]:
        """Release every held decision of a call at once; the people concerned are told."""
        return {"released": release(database, by=require_visitor().person_id, call_id=call_id)}

    return api
