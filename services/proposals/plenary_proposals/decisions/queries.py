"""What chairs look at when they decide."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_proposals.decisions.model import Decision
from plenary_proposals.people.model import Person
from plenary_proposals.proposals.model import DRAFT, Proposal


@dataclass(frozen=True)
class SubmissionRow:
    """A submitted proposal beside its decision; `outcome` is None while undecided, `released_at` None while held."""

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


def submissions(session: DatabaseSession, call_id: UUID) -> list[SubmissionRow]:
    """List what was submitted to a call, the earliest first; drafts are their authors' own."""
    proposal = (Proposal.id, Proposal.title, Proposal.abstract, Proposal.kind, Proposal.minutes, Proposal.state)
    rest = (Person.name, Person.affiliation, Proposal.submitted_at, Decision.outcome, Decision.released_at)
    query = select(*proposal, *rest).join(Person, Person.id == Proposal.submitter_id).outerjoin(Decision, Decision.proposal_id == Proposal.id)
    rows = session.execute(query.where(Proposal.call_id == call_id, Proposal.state != DRAFT).order_by(Proposal.submitted_at, Proposal.id))
    return [SubmissionRow(*row) for row in rows]
