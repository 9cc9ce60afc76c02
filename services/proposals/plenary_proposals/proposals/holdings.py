"""What proposals state to those who keep copies of accepted proposals."""

from sqlalchemy import select

from plenary_contracts.copies import PROPOSALS
from plenary_kit.copies.owning import Holding
from plenary_proposals.proposals.model import ACCEPTED, Proposal

_SHOWN = (
    Proposal.meeting_id,
    Proposal.kind,
    Proposal.track,
    Proposal.title,
    Proposal.abstract,
    Proposal.minutes,
    Proposal.expected,
    Proposal.presenter_ids,
    Proposal.unavailable,
)

PROPOSALS_HELD = Holding(PROPOSALS, Proposal.id, select(*_SHOWN).where(Proposal.state == ACCEPTED))
