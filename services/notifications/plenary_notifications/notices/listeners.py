"""Incoming facts about proposals and sessions → notices."""

from collections.abc import Callable
from datetime import timedelta

from plenary_contracts.proposals import ProposalAccepted, ProposalDeclined, ProposalSubmitted, ProposalWithdrawn
from plenary_contracts.scheduling import SessionCanceled, SessionMoved, SessionScheduled
from plenary_kit.identity.grants import holders
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_notifications.notices import texts
from plenary_notifications.notices.actions import CONFIRMATION, DECISION, Cause, Gathered, gather, owe

SessionFact = SessionScheduled | SessionMoved | SessionCanceled
_PROPOSED = "you submitted this proposal"


def on_submitted(work: Work, fact: ProposalSubmitted, delivery: Delivery) -> None:
    """A proposal was submitted: its submitter gets a confirmation."""
    owe(work, {fact.submitter_id}, Cause(delivery.event_id, CONFIRMATION, _PROPOSED), texts.submitted(fact.title, fact.call_title))


def on_accepted(work: Work, fact: ProposalAccepted, delivery: Delivery) -> None:
    """An acceptance was released: submitter and presenters are told; an imported one was told elsewhere."""
    if fact.origin is None:
        people = {fact.submitter_id, *fact.presenter_ids}
        owe(work, people, Cause(delivery.event_id, DECISION, "you submitted or present this proposal"), texts.accepted(fact.title, fact.call_title))


def on_declined(work: Work, fact: ProposalDeclined, delivery: Delivery) -> None:
    """A refusal was released: the submitter is told."""
    owe(work, {fact.submitter_id}, Cause(delivery.event_id, DECISION, _PROPOSED), texts.declined(fact.title, fact.call_title))


def on_withdrawn(work: Work, fact: ProposalWithdrawn, delivery: Delivery) -> None:
    """A proposal was withdrawn: its submitter gets a confirmation, chairs learn of a free place."""
    owe(work, {fact.submitter_id}, Cause(delivery.event_id, CONFIRMATION, _PROPOSED), texts.withdrawn(fact.title))
    if fact.was_accepted:
        work.session.flush()
        scopes = (fact.meeting_id, fact.society_id)
        chairs = set(holders(work.session, "chair", scopes) or holders(work.session, "administrator", scopes))
        owe(work, chairs, Cause(delivery.event_id, CONFIRMATION, "you chair this program"), texts.withdrawn_for_chairs(fact.title))


def session_listener(window: timedelta) -> Callable[[Work, SessionFact, Delivery], None]:
    """Make the listener that gathers changes of sessions over a quiet `window`."""

    def on_session(work: Work, fact: SessionFact, delivery: Delivery) -> None:
        before = None if isinstance(fact, SessionScheduled) else fact.before
        after = None if isinstance(fact, SessionCanceled) else fact.place
        gather(work, Gathered(fact.id, fact.meeting_id, fact.title, fact.presenter_ids, before, after, delivery.occurred_at), window)

    return on_session
