"""The composition root of notifications: what it stores and what it listens to."""

from datetime import timedelta
from pathlib import Path

from plenary_contracts.copies import NotificationsDoubted
from plenary_contracts.proposals import (
    PersonChanged,
    PersonRegistered,
    ProposalAccepted,
    ProposalDeclined,
    ProposalSubmitted,
    ProposalWithdrawn,
    RoleGranted,
    RoleRevoked,
    SignInEnded,
)
from plenary_contracts.scheduling import MeetingChanged, MeetingCreated, SessionCanceled, SessionMoved, SessionScheduled, StarAdded, StarRemoved
from plenary_kit.copies.keeping import Keeper
from plenary_kit.messaging.listening import ByRun, Subscriptions
from plenary_kit.persistence.database import Clock
from plenary_kit.service import Service, open_service
from plenary_notifications.base import Base
from plenary_notifications.notices.listeners import on_accepted, on_declined, on_submitted, on_withdrawn, session_listener
from plenary_notifications.people.copies import MEETINGS_KEPT, PEOPLE_KEPT, ROLES_KEPT, SIGN_INS_KEPT, STARS_KEPT
from plenary_notifications.people.listeners import (
    on_meetings,
    on_people,
    on_role_granted,
    on_role_revoked,
    on_sign_in_ended,
    on_star_added,
    on_star_removed,
)

NAME = "notifications"
MIGRATIONS = Path(__file__).with_name("migrations")
QUIET_WINDOW = timedelta(minutes=10)

KEEPER = Keeper(NotificationsDoubted, PEOPLE_KEPT, ROLES_KEPT, SIGN_INS_KEPT, MEETINGS_KEPT, STARS_KEPT)


def subscriptions(quiet_window: timedelta = QUIET_WINDOW) -> Subscriptions:
    """Say what notifications listens to; changes of a session are gathered over `quiet_window`."""
    on_session = session_listener(quiet_window)
    return Subscriptions(
        {
            PersonRegistered: ByRun(on_people),
            PersonChanged: ByRun(on_people),
            RoleGranted: on_role_granted,
            RoleRevoked: on_role_revoked,
            SignInEnded: on_sign_in_ended,
            MeetingCreated: ByRun(on_meetings),
            MeetingChanged: ByRun(on_meetings),
            StarAdded: on_star_added,
            StarRemoved: on_star_removed,
            ProposalSubmitted: on_submitted,
            ProposalAccepted: on_accepted,
            ProposalDeclined: on_declined,
            ProposalWithdrawn: on_withdrawn,
            SessionScheduled: on_session,
            SessionMoved: on_session,
            SessionCanceled: on_session,
            **KEEPER.listeners(),
        }
    )


def build(url: str, *, clock: Clock, quiet_window: timedelta = QUIET_WINDOW) -> Service:
    """Build the service over the database at `url`."""
    return open_service(
        NAME, url, metadata=Base.metadata, migrations=MIGRATIONS, subscriptions=subscriptions(quiet_window), keeper=KEEPER, clock=clock
    )
