"""Incoming facts about people, roles, sign-ins, meetings and stars → copies."""

from collections.abc import Sequence

from plenary_contracts.proposals import PersonChanged, PersonRegistered, RoleGranted, RoleRevoked, SignInEnded
from plenary_contracts.scheduling import MeetingChanged, MeetingCreated, StarAdded, StarRemoved
from plenary_kit.identity.grants import remember_ended_session, remember_grant, revoke_grant
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_notifications.people.copies import MEETINGS_KEPT, PEOPLE_KEPT
from plenary_notifications.people.model import StarCopy


def on_people(work: Work, run: Sequence[tuple[PersonRegistered | PersonChanged, Delivery]]) -> None:
    """People are known, or changed."""
    PEOPLE_KEPT.follow(work, run)


def on_role_granted(work: Work, fact: RoleGranted, delivery: Delivery) -> None:
    """A person may do more."""
    del delivery
    remember_grant(work.session, id=fact.id, person_id=fact.person_id, role=fact.role, scope_kind=fact.scope_kind, scope_id=fact.scope_id)


def on_role_revoked(work: Work, fact: RoleRevoked, delivery: Delivery) -> None:
    """A person may do less."""
    revoke_grant(work.session, id=fact.id, now=delivery.occurred_at)


def on_sign_in_ended(work: Work, fact: SignInEnded, delivery: Delivery) -> None:
    """A browser signed out."""
    del delivery
    remember_ended_session(work.session, session_id=fact.id, until=fact.until)


def on_meetings(work: Work, run: Sequence[tuple[MeetingCreated | MeetingChanged, Delivery]]) -> None:
    """Meetings were created or changed."""
    MEETINGS_KEPT.follow(work, run)


def on_star_added(work: Work, fact: StarAdded, delivery: Delivery) -> None:
    """A person starred a session."""
    if work.session.get(StarCopy, fact.id) is None:
        work.session.add(StarCopy(id=fact.id, person_id=fact.person_id, session_id=fact.session_id, starred_at=delivery.occurred_at))


def on_star_removed(work: Work, fact: StarRemoved, delivery: Delivery) -> None:
    """A person took a star away."""
    del delivery
    copy = work.session.get(StarCopy, fact.id)
    if copy is not None:
        work.session.delete(copy)
