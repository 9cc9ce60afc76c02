"""What can be looked up about people and societies."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.identity.grants import roles_of
from plenary_proposals.people.model import Person, Society


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


def societies(session: DatabaseSession) -> list[SocietyRow]:
    """List the societies of this installation by name."""
    return [SocietyRow(*row) for row in session.execute(select(Society.id, Society.slug, Society.name, Society.time_zone).order_by(Society.name))]


def demo_people(session: DatabaseSession, limit: int = 12) -> list[DemoPerson]:
    """List people who can sign in, those with roles first."""
    rows = session.execute(
        select(Person.id, Person.name, Person.affiliation).where(Person.email.is_not(None)).order_by(Person.registered_at).limit(200)
    )
    people = [DemoPerson(id=key, name=name, affiliation=place, roles=tuple(roles_of(session, key))) for key, name, place in rows]
    return sorted(people, key=lambda person: not person.roles)[:limit]
