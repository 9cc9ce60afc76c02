"""The composition root of scheduling: what it stores and what it listens to."""

from pathlib import Path

from plenary_contracts.copies import NotificationsDoubted, ProposalsDoubted, SchedulingDoubted
from plenary_contracts.proposals import (
    PersonChanged,
    PersonRegistered,
    ProposalAccepted,
    ProposalEdited,
    ProposalWithdrawn,
    RoleGranted,
    RoleRevoked,
    SignInEnded,
    SocietyFounded,
)
from plenary_kit.copies.keeping import Keeper
from plenary_kit.copies.owning import answering
from plenary_kit.messaging.listening import ByRun, Subscriptions
from plenary_kit.persistence.database import Clock
from plenary_kit.service import Service, open_service
from plenary_scheduling.base import Base
from plenary_scheduling.meetings.holdings import MEETINGS_HELD
from plenary_scheduling.people.copies import PEOPLE_KEPT, ROLES_KEPT, SIGN_INS_KEPT, SOCIETIES_KEPT
from plenary_scheduling.people.listeners import on_people, on_role_granted, on_role_revoked, on_sign_in_ended, on_society
from plenary_scheduling.program.holdings import PROGRAMS_HELD
from plenary_scheduling.program.listeners import on_accepted, on_edited, on_withdrawn
from plenary_scheduling.sessions.copies import PROPOSALS_KEPT
from plenary_scheduling.stars.holdings import STARS_HELD
from plenary_scheduling.stars.model import Star

NAME = "scheduling"
MIGRATIONS = Path(__file__).with_name("migrations")
STORED = (Star,)  # importing every area's model is what puts its tables into the metadata

KEEPER = Keeper(SchedulingDoubted, PEOPLE_KEPT, SOCIETIES_KEPT, ROLES_KEPT, SIGN_INS_KEPT, PROPOSALS_KEPT)
HOLDINGS = (MEETINGS_HELD, PROGRAMS_HELD, STARS_HELD)


def subscriptions() -> Subscriptions:
    """Say what scheduling listens to."""
    return Subscriptions(
        {
            SocietyFounded: on_society,
            PersonRegistered: ByRun(on_people),
            PersonChanged: ByRun(on_people),
            RoleGranted: on_role_granted,
            RoleRevoked: on_role_revoked,
            SignInEnded: on_sign_in_ended,
            ProposalAccepted: on_accepted,
            ProposalEdited: on_edited,
            ProposalWithdrawn: on_withdrawn,
            **KEEPER.listeners(),
            **answering(HOLDINGS, ProposalsDoubted, NotificationsDoubted),
        }
    )


def build(url: str, *, clock: Clock) -> Service:
    """Build the service over the database at `url`."""
    return open_service(NAME, url, metadata=Base.metadata, migrations=MIGRATIONS, subscriptions=subscriptions(), keeper=KEEPER, clock=clock)
