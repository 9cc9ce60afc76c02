"""The copy of accepted proposals that scheduling keeps: the part of a session that is not its place."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from plenary_contracts.copies import PROPOSALS, AcceptedState
from plenary_kit.copies.copy import Copy
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import Refusal
from plenary_scheduling.sessions.model import ACTIVE, Session


class HoldsPlaces(Refusal):
    """Sessions are more than copies: where they stand is known here alone."""

    code = "holds-places"


class SessionsCopy(Copy):
    """Sessions as copies of proposals: mended without touching where they stand."""

    def chosen(self, query: Any) -> Any:
        """Leave withdrawn sessions out: their proposals are not accepted any more."""
        return query.where(Session.state == ACTIVE)

    def bring(self, work: Work, thing: UUID, version: int, state: AcceptedState) -> None:
        """Mend the text of the session, or make an unplaced one; a withdrawn one comes back unplaced."""
        session = _session(work, thing)
        if session is None:
            session = Session(id=new_id(), proposal_id=thing)
            work.session.add(session)
        session.state = ACTIVE
        for name, value in self.values(version, state).items():
            setattr(session, name, value)
        work.session.flush()

    def remove(self, work: Work, thing: UUID) -> None:
        """Take the session out of the working copy; the next release tells of it."""
        session = _session(work, thing)
        if session is not None:
            session.withdraw()
            work.session.flush()

    def forget(self, work: Work) -> None:
        """Refuse: emptying the sessions would lose their places."""
        raise HoldsPlaces("Sessions also hold their places, which no other service knows. Use “plenary reconcile”: it mends their text in place.")


def _session(work: Work, proposal_id: UUID) -> Session | None:
    return work.session.scalar(select(Session).where(Session.proposal_id == proposal_id))


PROPOSALS_KEPT = SessionsCopy(PROPOSALS, Session.__table__, PROPOSALS.fields, key="proposal_id", version="proposal_version")
