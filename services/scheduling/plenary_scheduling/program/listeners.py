"""Incoming facts about accepted, edited and withdrawn proposals → sessions."""

from plenary_contracts.proposals import ProposalAccepted, ProposalEdited, ProposalWithdrawn
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_scheduling.imports.actions import place_imported
from plenary_scheduling.program.actions import cancel_withdrawn
from plenary_scheduling.sessions import actions


def on_accepted(work: Work, fact: ProposalAccepted, delivery: Delivery) -> None:
    """A proposal was accepted: it becomes an unplaced session, or stands where its imported row says."""
    session = actions.take_in(work, fact, delivery.version)
    if fact.origin is not None:
        place_imported(work, session, fact.origin)


def on_edited(work: Work, fact: ProposalEdited, delivery: Delivery) -> None:
    """An accepted proposal was edited: the working copy says it at once, the public program from its next version on."""
    actions.take_in(work, fact, delivery.version)


def on_withdrawn(work: Work, fact: ProposalWithdrawn, delivery: Delivery) -> None:
    """A proposal was withdrawn: its session frees the slot, and a published one is canceled in public."""
    del delivery
    if fact.was_accepted:
        cancel_withdrawn(work, fact.id)
