"""Incoming facts about people, societies, roles and sign-ins → copies."""

from collections.abc import Sequence

from plenary_contracts.proposals import PersonChanged, PersonRegistered, RoleGranted, RoleRevoked, SignInEnded, SocietyFounded
from plenary_kit.identity.grants import remember_ended_session, remember_grant, revoke_grant
from plenary_kit.messaging.listening import Delivery
from plenary_kit.persistence.work import Work
from plenary_scheduling.people.copies import PEOPLE_KEPT
from plenary_scheduling.people.model import SocietyCopy


def on_people(work: Work, run: Sequence[tuple[PersonRegistered | PersonChanged, Delivery]]) -> None:
    """People are known, or changed."""
    PEOPLE_KEPT.follow(work, run)


def on_society(work: Work, fact: SocietyFounded, delivery: Delivery) -> None:
    """A society was founded."""
    if work.session.get(SocietyCopy, fact.id) is None:
        work.session.add(SocietyCopy(id=fact.id, version=delivery.version, slug=fact.slug, name=fact.name, time_zone=fact.time_zone))


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
