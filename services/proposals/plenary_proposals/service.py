"""The composition root of proposals: what it stores and what it listens to."""

from pathlib import Path

from plenary_contracts.copies import NotificationsDoubted, ProposalsDoubted, SchedulingDoubted
from plenary_contracts.scheduling import ImportItemRead, MeetingChanged, MeetingCreated, ProgramReleased
from plenary_kit.copies.keeping import Keeper
from plenary_kit.copies.owning import answering
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.persistence.database import Clock
from plenary_kit.service import Service, open_service
from plenary_proposals.base import Base
from plenary_proposals.calls.copies import MEETINGS_KEPT
from plenary_proposals.calls.listeners import on_meeting
from plenary_proposals.calls.model import Call
from plenary_proposals.decisions.model import Decision
from plenary_proposals.people.holdings import PEOPLE_HELD, ROLES_HELD, SIGN_INS_HELD, SOCIETIES_HELD
from plenary_proposals.people.model import Person
from plenary_proposals.proposals.copies import PROGRAMS_KEPT
from plenary_proposals.proposals.holdings import PROPOSALS_HELD
from plenary_proposals.proposals.listeners import on_import_item, on_program_released
from plenary_proposals.proposals.model import Proposal

NAME = "proposals"
MIGRATIONS = Path(__file__).with_name("migrations")
STORED = (Person, Call, Proposal, Decision)  # importing every area's model is what puts its tables into the metadata

KEEPER = Keeper(ProposalsDoubted, MEETINGS_KEPT, PROGRAMS_KEPT)
HOLDINGS = (PEOPLE_HELD, SOCIETIES_HELD, ROLES_HELD, SIGN_INS_HELD, PROPOSALS_HELD)


def subscriptions() -> Subscriptions:
    """Say what proposals listens to."""
    return Subscriptions(
        {
            MeetingCreated: on_meeting,
            MeetingChanged: on_meeting,
            ImportItemRead: on_import_item,
            ProgramReleased: on_program_released,
            **KEEPER.listeners(),
            **answering(HOLDINGS, SchedulingDoubted, NotificationsDoubted),
        }
    )


def build(url: str, *, clock: Clock) -> Service:
    """Build the service over the database at `url`."""
    return open_service(NAME, url, metadata=Base.metadata, migrations=MIGRATIONS, subscriptions=subscriptions(), keeper=KEEPER, clock=clock)
