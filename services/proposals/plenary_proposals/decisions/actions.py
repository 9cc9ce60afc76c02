"""What can be done with decisions: decide while nobody is told, then release together."""

from uuid import UUID

from sqlalchemy import select

from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_proposals.calls.model import Call
from plenary_proposals.decisions.model import ACCEPT, UNDECIDED, Decision, NothingToRelease, StaleDecision
from plenary_proposals.people.access import refuse_unless_chair
from plenary_proposals.proposals.model import SUBMITTED, NotInThisState, Proposal


def decide(database: Database, *, by: UUID, proposal_id: UUID, outcome: str, version: int | None = None) -> None:
    """Hold a decision (`accept` or `decline`) about a submitted proposal; nothing is announced yet.

    Where `version` says which decision was looked at, another one raises `StaleDecision`.
    """
    with database.work() as work:
        proposal = work.session.get(Proposal, proposal_id, with_for_update=True)
        if proposal is None or proposal.call_id is None:
            raise NotFound("There is no such proposal.")
        refuse_unless_chair(work.session, by, proposal.meeting_id, proposal.society_id)
        if proposal.state != SUBMITTED:
            raise NotInThisState(f"A proposal that is {proposal.state} cannot be decided.")
        decision = work.session.get(Decision, proposal_id)
        if version not in {None, decision.version if decision else UNDECIDED}:
            raise StaleDecision("Another chair decided about this proposal in the meantime. Look at it again.")
        if decision is None:
            decision = Decision(proposal_id=proposal_id, call_id=proposal.call_id)
            work.session.add(decision)
        decision.change(outcome, by, work.now)


def release(database: Database, *, by: UUID, call_id: UUID) -> int:
    """Release every held decision of a call at once; announces each acceptance and refusal, gives their number.

    Raises `NothingToRelease` when none is held. A proposal withdrawn in the meantime keeps its decision unreleased.
    """
    with database.work() as work:
        call = work.session.get(Call, call_id)
        if call is None:
            raise NotFound("There is no such call.")
        refuse_unless_chair(work.session, by, call.meeting_id, call.society_id)
        held = _held(work, call_id)
        if not held:
            raise NothingToRelease("No decision is held. Accept or decline proposals first.")
        for decision, proposal in held:
            decision.released_at = work.now
            work.announce(proposal.accept(work.now) if decision.outcome == ACCEPT else proposal.decline(work.now))
        return len(held)


def _held(work: Work, call_id: UUID) -> list[tuple[Decision, Proposal]]:
    joined = select(Decision, Proposal).join(Proposal, Proposal.id == Decision.proposal_id)
    rows = work.session.execute(
        joined.where(Decision.call_id == call_id, Decision.released_at.is_(None), Proposal.state == SUBMITTED).with_for_update()
    )
    return [(decision, proposal) for decision, proposal in rows]
