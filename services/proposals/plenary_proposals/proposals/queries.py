"""What people look at about proposals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_proposals.people.access import is_chair
from plenary_proposals.proposals.model import ACCEPTED, ProgramCopy, Proposal


@dataclass(frozen=True)
class ProposalRow:
    """A proposal as its submitter sees it."""

    id: UUID
    society_id: UUID
    meeting_id: UUID
    call_id: UUID | None
    call_title: str
    kind: str
    title: str
    abstract: str
    minutes: int
    expected: int | None
    unavailable: list[list[str]]
    state: str
    submitter_id: UUID
    changed_at: datetime
    submitted_at: datetime | None
    version: int


def proposals_of(session: DatabaseSession, person_id: UUID) -> list[ProposalRow]:
    """List a person's own proposals, the latest first."""
    return [ProposalRow(*row) for row in session.execute(_rows().where(Proposal.submitter_id == person_id).order_by(Proposal.changed_at.desc()))]


def proposals_part(session: DatabaseSession, person_id: UUID, part: Part, *, call_id: UUID | None, state: str | None) -> list[ProposalRow]:
    """List a part of a person's own proposals, the latest started first; `call_id` and `state` narrow it."""
    mine = _rows().where(Proposal.submitter_id == person_id)
    for column, value in ((Proposal.call_id, call_id), (Proposal.state, state)):
        mine = mine if value is None else mine.where(column == value)
    return [ProposalRow(*row) for row in session.execute(part_of(mine, part, Proposal.id, latest_first=True))]


def editable_proposal(session: DatabaseSession, proposal_id: UUID, person_id: UUID) -> ProposalRow:
    """Find a person's own proposal, or an accepted one of a meeting that they chair; any other raises `NotFound` like one that does not exist."""
    row = session.execute(_rows().where(Proposal.id == proposal_id)).first()
    proposal = ProposalRow(*row) if row else None
    if proposal is None:
        raise NotFound("There is no such proposal.")
    chairs = proposal.state == ACCEPTED and is_chair(session, person_id, proposal.meeting_id, proposal.society_id)
    if proposal.submitter_id != person_id and not chairs:
        raise NotFound("There is no such proposal.")
    return proposal


def availability_is_settled(session: DatabaseSession, proposal: ProposalRow) -> bool:
    """Tell whether the presenters' availability can no longer be changed: the program that the proposal is in is public."""
    return proposal.state == ACCEPTED and session.get(ProgramCopy, proposal.meeting_id) is not None


def _rows() -> Any:
    content = (Proposal.kind, Proposal.title, Proposal.abstract, Proposal.minutes, Proposal.expected, Proposal.unavailable)
    fate = (Proposal.state, Proposal.submitter_id, Proposal.changed_at, Proposal.submitted_at, Proposal.version)
    return select(Proposal.id, Proposal.society_id, Proposal.meeting_id, Proposal.call_id, Proposal.call_title, *content, *fate)
