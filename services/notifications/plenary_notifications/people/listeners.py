"""Incoming facts about people, roles, sign-ins, meetings and stars → copies."""

from plenary_contracts.proposals import PersonChanged, PersonRegistered, RoleGranted, RoleRevoked, SignInEnded
from plenary_contracts.scheduling import MeetingChanged, MeetingCreated, StarAdded, StarRemoved
from plenary_kit.identity.grants import remember_ended_session, remember_grant, revoke_grant
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_notifications.people.model import MeetingCopy, PersonCopy, StarCopy


def on_person(work: Work, fact: PersonRegistered | PersonChanged, delivery: Delivery) -> None:
    """A person is known, or changed."""
    copy = work.session.get(PersonCopy, fact.id)
    if copy is None:
        copy = PersonCopy(id=fact.id, version=0)
        work.session.add(copy)
    if copy.version < delivery.version:
        copy.version, copy.name, copy.email, copy.time_zone = delivery.version, fact.name, fact.email, fact.time_zone


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


def on_meeting(work: Work, fact: MeetingCreated | MeetingChanged, delivery: Delivery) -> None:
    """A meeting was created or changed."""
    copy = work.session.get(MeetingCopy, fact.id)
    if copy is None:
        copy = MeetingCopy(id=fact.id, version=0)
        work.session.add(copy)
    if copy.version < delivery.version:
        copy.version, copy.society_id, copy.slug = delivery.version, fact.society_id, fact.slug
        copy.title, copy.time_zone = fact.title, fact.time_zone


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
