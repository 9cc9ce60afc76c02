"""What chairs look at when they decide."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_proposals.decisions.model import UNDECIDED, Decision
from plenary_proposals.people.model import Person
from plenary_proposals.proposals.model import DRAFT, Proposal


@dataclass(frozen=True)
class SubmissionRow:
    """A submitted proposal beside its decision; `outcome` is None while undecided, `released_at` None while held; `version` is the decision's."""

    id: UUID
    title: str
    abstract: str
    kind: str
    minutes: int
    state: str
    submitter: str
    affiliation: str
    submitted_at: datetime | None
    outcome: str | None
    released_at: datetime | None
    version: int


def submissions(session: DatabaseSession, call_id: UUID) -> list[SubmissionRow]:
    """List what was submitted to a call, the earliest first; drafts are their authors' own."""
    return [SubmissionRow(*row) for row in session.execute(_submitted(call_id).order_by(Proposal.submitted_at, Proposal.id))]


def submissions_part(session: DatabaseSession, call_id: UUID, part: Part) -> list[SubmissionRow]:
    """List a part of what was submitted to a call, in the order in which the proposals were started."""
    return [SubmissionRow(*row) for row in session.execute(part_of(_submitted(call_id), part, Proposal.id))]


def submission(session: DatabaseSession, call_id: UUID, proposal_id: UUID) -> SubmissionRow:
    """Find what was submitted to a call; a draft raises `NotFound` like a proposal that does not exist."""
    row = session.execute(_submitted(call_id).where(Proposal.id == proposal_id)).first()
    if row is None:
        raise NotFound("There is no such submission.")
    return SubmissionRow(*row)


def _submitted(call_id: UUID) -> Any:
    proposal = (Proposal.id, Proposal.title, Proposal.abstract, Proposal.kind, Proposal.minutes, Proposal.state)
    decision = (Decision.outcome, Decision.released_at, func.coalesce(Decision.version, UNDECIDED))
    query = select(*proposal, Person.name, Person.affiliation, Proposal.submitted_at, *decision).join(Person, Person.id == Proposal.submitter_id)
    joined = query.outerjoin(Decision, Decision.proposal_id == Proposal.id)
    return joined.where(Proposal.call_id == call_id, Proposal.state != DRAFT)
