"""Incoming facts about meetings → the copy of meetings."""

from plenary_contracts.scheduling import MeetingChanged, MeetingCreated
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_proposals.calls import actions


def on_meeting(work: Work, fact: MeetingCreated | MeetingChanged, delivery: Delivery) -> None:
    """A meeting was created or changed."""
    actions.copy_meeting(work, fact, delivery.version)
