"""What can be done with proposals: draft, edit, submit, withdraw; and taking in imported items."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from plenary_contracts.scheduling import ImportItemRead, ProgramReleased
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound, Refusal, Stale
from plenary_proposals.calls.model import Call
from plenary_proposals.people.access import is_chair
from plenary_proposals.people.actions import register_person
from plenary_proposals.proposals.model import ACCEPTED, SUBMITTED, AvailabilitySettled, ImportedPerson, ProgramCopy, Proposal


class StaleProposal(Stale):
    """Somebody, or another window, saved the proposal since this form was opened."""

    code = "stale-proposal"


class UnknownKind(Refusal):
    """The call has no such kind."""

    code = "unknown-kind"
    status = 422


@dataclass(frozen=True)
class Draft:
    """What a submitter fills in. `expected` is the audience to plan for; `unavailable` holds pairs of RFC 3339 instants, None leaves them alone."""

    title: str
    abstract: str
    expected: int | None = None
    unavailable: list[list[str]] | None = None


def start_proposal(database: Database, *, by: UUID, call_id: UUID, kind: str, draft: Draft) -> UUID:
    """Start a draft in an open call; nothing is announced: a draft concerns its author alone."""
    with database.work() as work:
        call = work.session.get(Call, call_id)
        if call is None:
            raise NotFound("There is no such call.")
        call.refuse_unless_open(work.now)
        try:
            minutes = call.minutes_of(kind)
        except KeyError:
            raise UnknownKind("Choose one of the kinds that this call takes.", field="kind") from None
        proposal = Proposal(
            id=new_id(), society_id=call.society_id, meeting_id=call.meeting_id, call_id=call.id, call_title=call.title, minutes=minutes
        )
        proposal.kind, proposal.submitter_id, proposal.presenter_ids = kind, by, [str(by)]
        proposal.state, proposal.unavailable = "draft", []
        proposal.edit(title=draft.title, abstract=draft.abstract, expected=draft.expected, unavailable=draft.unavailable, now=work.now)
        work.session.add(proposal)
        return proposal.id


def edit_proposal(database: Database, *, by: UUID, proposal_id: UUID, version: int, draft: Draft) -> None:
    """Save the text over `version`: while the call is open, and again once it is accepted, when its chairs may too and `proposal.edited` tells of it.

    A newer version raises `StaleProposal` and nothing is lost; another availability raises `AvailabilitySettled` once the program is public.
    """
    with database.work() as work:
        proposal = _editable(work, proposal_id, by)
        if proposal.state != ACCEPTED:
            _call_of(work, proposal).refuse_unless_open(work.now)
        elif draft.unavailable is not None and draft.unavailable != proposal.unavailable:
            _refuse_settled(work, proposal.meeting_id)
        if proposal.version != version:
            raise StaleProposal("This proposal was saved elsewhere since you opened it. Both texts are below.")
        edited = proposal.edit(title=draft.title, abstract=draft.abstract, expected=draft.expected, unavailable=draft.unavailable, now=work.now)
        if edited is not None:
            work.announce(edited)


def submit_proposal(database: Database, *, by: UUID, proposal_id: UUID) -> None:
    """Hand a draft in before the call closes; announces `proposal.submitted`."""
    with database.work() as work:
        proposal = _own(work, proposal_id, by)
        _call_of(work, proposal).refuse_unless_open(work.now)
        work.announce(proposal.submit(work.now))


def withdraw_proposal(database: Database, *, by: UUID, proposal_id: UUID) -> None:
    """Take a proposal back, accepted or not; announces `proposal.withdrawn`."""
    with database.work() as work:
        work.announce(_own(work, proposal_id, by).withdraw(work.now))


def copy_program(work: Work, fact: ProgramReleased, version: int) -> None:
    """Remember that a meeting's program is public, unless something later is known already."""
    copy = work.session.get(ProgramCopy, fact.id)
    if copy is None:
        work.session.add(ProgramCopy(id=fact.id, version=version, number=fact.number))
    elif copy.version < version:
        copy.version, copy.number = version, fact.number


def take_in(work: Work, item: ImportItemRead) -> None:
    """Take an imported item in as an accepted proposal; announces `person.registered` for new people and `proposal.accepted`.

    Imported decisions were made and told elsewhere: no letter follows from them, since imported people have no address.
    """
    if work.session.scalar(select(Proposal.id).where(Proposal.import_item_id == item.id)):
        return
    people = [_imported_person(work, item.import_id, person.key, person.name) for person in item.people]
    proposal = Proposal(
        id=new_id(),
        society_id=item.society_id,
        meeting_id=item.meeting_id,
        call_title="",
        kind=item.kind,
        track=item.track,
        title=item.title,
        abstract=item.abstract,
        minutes=item.minutes,
        submitter_id=people[0] if people else item.import_id,
        presenter_ids=[str(person) for person in people],
        unavailable=[],
        state=SUBMITTED,
        submitted_at=work.now,
        import_id=item.import_id,
        import_item_id=item.id,
    )
    work.announce(proposal.accept(work.now))
    work.session.add(proposal)


def _imported_person(work: Work, import_id: UUID, key: str, name: str) -> UUID:
    known = work.session.get(ImportedPerson, (import_id, key))
    if known is not None:
        return known.person_id
    person = register_person(work, name=name, email=None)
    work.session.add(ImportedPerson(import_id=import_id, key=key, person_id=person.id))
    work.session.flush()
    return person.id


def _own(work: Work, proposal_id: UUID, by: UUID) -> Proposal:
    proposal = work.session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is None or proposal.submitter_id != by:
        raise NotFound("There is no such proposal.")
    return proposal


def _editable(work: Work, proposal_id: UUID, by: UUID) -> Proposal:
    """Give a proposal to its submitter, and an accepted one to the chairs of its meeting too."""
    proposal = work.session.get(Proposal, proposal_id, with_for_update=True)
    if proposal is not None and proposal.state == ACCEPTED and is_chair(work.session, by, proposal.meeting_id, proposal.society_id):
        return proposal
    if proposal is None or proposal.submitter_id != by:
        raise NotFound("There is no such proposal.")
    return proposal


def _refuse_settled(work: Work, meeting_id: UUID) -> None:
    if work.session.get(ProgramCopy, meeting_id) is not None:
        raise AvailabilitySettled("The program is public. Tell its chairs if you cannot come when it says.", field="unavailable")


def _call_of(work: Work, proposal: Proposal) -> Call:
    call = work.session.get(Call, proposal.call_id)
    if call is None:
        raise NotFound("This proposal does not belong to a call.")
    return call
