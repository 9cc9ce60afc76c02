"""The composition root of scheduling: what it stores and what it listens to."""

from pathlib import Path

from plenary_contracts.proposals import (
    PersonChanged,
    PersonRegistered,
    ProposalAccepted,
    ProposalWithdrawn,
    RoleGranted,
    RoleRevoked,
    SignInEnded,
    SocietyFounded,
)
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.persistence.database import Clock
from plenary_kit.service import Service, open_service
from plenary_scheduling.base import Base
from plenary_scheduling.people.listeners import on_person, on_role_granted, on_role_revoked, on_sign_in_ended, on_society
from plenary_scheduling.program.listeners import on_accepted, on_withdrawn
from plenary_scheduling.stars.model import Star

NAME = "scheduling"
MIGRATIONS = Path(__file__).with_name("migrations")
STORED = (Star,)  # importing every area's model is what puts its tables into the metadata


def subscriptions() -> Subscriptions:
    """Say what scheduling listens to."""
    return Subscriptions(
        {
            SocietyFounded: on_society,
            PersonRegistered: on_person,
            PersonChanged: on_person,
            RoleGranted: on_role_granted,
            RoleRevoked: on_role_revoked,
            SignInEnded: on_sign_in_ended,
            ProposalAccepted: on_accepted,
            ProposalWithdrawn: on_withdrawn,
        }
    )


def build(url: str, *, clock: Clock) -> Service:
    """Build the service over the database at `url`."""
    return open_service(NAME, url, metadata=Base.metadata, migrations=MIGRATIONS, subscriptions=subscriptions(), clock=clock)
