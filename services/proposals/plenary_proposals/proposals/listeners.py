"""Incoming facts about imported items → proposals, about released programs → the copy of what is public."""

from plenary_contracts.scheduling import ImportItemRead, ProgramReleased
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_proposals.proposals import actions


def on_import_item(work: Work, fact: ImportItemRead, delivery: Delivery) -> None:
    """A row of an imported program was read."""
    del delivery
    actions.take_in(work, fact)


def on_program_released(work: Work, fact: ProgramReleased, delivery: Delivery) -> None:
    """A version of a program is public."""
    actions.copy_program(work, fact, delivery.version)
