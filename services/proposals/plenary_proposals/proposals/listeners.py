"""Incoming facts about imported items → proposals."""

from plenary_contracts.scheduling import ImportItemRead
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_proposals.proposals import actions


def on_import_item(work: Work, fact: ImportItemRead, delivery: Delivery) -> None:
    """A row of an imported program was read."""
    del delivery
    actions.take_in(work, fact)
