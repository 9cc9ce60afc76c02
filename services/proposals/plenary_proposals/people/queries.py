"""What can be looked up about people and societies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.identity.grants import Grant, grants_of, roles_of
from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_proposals.people.model import Person, SignIn, Society


@dataclass(frozen=True)
class DemoPerson:
    """A person of the demonstration with the roles that make them worth signing in as."""

    id: UUID
    name: str
    affiliation: str
    roles: tuple[str, ...]


@dataclass(frozen=True)
class SocietyRow:
    """A society."""

    id: UUID
    slug: str
    name: str
    time_zone: str


@dataclass(frozen=True)
class SelfRow:
    """A person as they see themselves."""

    id: UUID
    name: str
    affiliation: str
    email: str | None
    time_zone: str
    version: int
    roles: list[Grant]


@dataclass(frozen=True)
class SignInRow:
    """A sign-in that is good now, from when until when."""

    id: UUID
    since: datetime
    until: datetime


def oneself(session: DatabaseSession, person_id: UUID) -> SelfRow:
    """Find a person with the roles that they hold; raises `NotFound`."""
    columns = (Person.id, Person.name, Person.affiliation, Person.email, Person.time_zone, Person.version)
    row = session.execute(select(*columns).where(Person.id == person_id)).first()
    if row is None:
        raise NotFound("There is no such person.")
    return SelfRow(*row, roles=grants_of(session, person_id))


def sign_ins(session: DatabaseSession, person_id: UUID, now: datetime) -> list[SignInRow]:
    """List the sign-ins of a person that are good `now`, the latest first."""
    return [SignInRow(*row) for row in session.execute(_sign_ins(person_id, now).order_by(SignIn.id.desc()))]


def sign_ins_part(session: DatabaseSession, person_id: UUID, now: datetime, part: Part) -> list[SignInRow]:
    """List a part of the sign-ins of a person that are good `now`, the latest first."""
    return [SignInRow(*row) for row in session.execute(part_of(_sign_ins(person_id, now), part, SignIn.id, latest_first=True))]


def societies(session: DatabaseSession) -> list[SocietyRow]:
    """List the societies of this installation by name."""
    return [SocietyRow(*row) for row in session.execute(select(Society.id, Society.slug, Society.name, Society.time_zone).order_by(Society.name))]


def societies_part(session: DatabaseSession, part: Part) -> list[SocietyRow]:
    """List a part of the societies by name."""
    query = select(Society.id, Society.slug, Society.name, Society.time_zone)
    return [SocietyRow(*row) for row in session.execute(part_of(query, part, Society.name, Society.id))]


def society_by_slug(session: DatabaseSession, slug: str) -> SocietyRow:
    """Find a society by its address; raises `NotFound`."""
    found = next((row for row in societies(session) if row.slug == slug), None)
    if found is None:
        raise NotFound("There is no such society.")
    return found


def society_by_id(session: DatabaseSession, society_id: UUID) -> SocietyRow:
    """Find a society; raises `NotFound`."""
    found = next((row for row in societies(session) if row.id == society_id), None)
    if found is None:
        raise NotFound("There is no such society.")
    return found


def demo_people(session: DatabaseSession, limit: int = 12) -> list[DemoPerson]:
    """List people who can sign in, those with roles first."""
    rows = session.execute(
        select(Person.id, Person.name, Person.affiliation).where(Person.email.is_not(None)).order_by(Person.registered_at).limit(200)
    )
    people = [DemoPerson(id=key, name=name, affiliation=place, roles=tuple(roles_of(session, key))) for key, name, place in rows]
    return sorted(people, key=lambda person: not person.roles)[:limit]


def _sign_ins(person_id: UUID, now: datetime) -> Any:
    mine = (SignIn.person_id == person_id) & SignIn.ended_at.is_(None) & (SignIn.until > now)
    return select(SignIn.id, SignIn.since, SignIn.until).where(mine)
