"""What administrators look at: who holds which role where, and where roles can be given."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.identity.grants import role_grant
from plenary_kit.persistence.keyset import Part, part_of
from plenary_kit.refusal import NotFound
from plenary_proposals.calls.model import MeetingCopy
from plenary_proposals.people.model import Person, Society
from plenary_proposals.people.queries import SocietyRow
from plenary_proposals.roles.model import MEETING, SOCIETY, Scope

_granted = role_grant.c


@dataclass(frozen=True)
class RoleRow:
    """A role that a person holds in a society or in one of its meetings; `scope` is its name."""

    id: UUID
    person_id: UUID
    name: str
    email: str | None
    role: str
    scope_kind: str
    scope_id: UUID
    scope: str


def roles_in(session: DatabaseSession, society_id: UUID) -> list[RoleRow]:
    """List who holds what in a society and its meetings, the society first, then meetings by their names."""
    ordered = _roles(society_id).order_by(_granted.scope_kind.desc(), MeetingCopy.title, Person.name, _granted.id)
    return [RoleRow(*row) for row in session.execute(ordered)]


def roles_part(session: DatabaseSession, society_id: UUID, part: Part) -> list[RoleRow]:
    """List a part of who holds what, in the order in which it was given."""
    return [RoleRow(*row) for row in session.execute(part_of(_roles(society_id), part, _granted.id))]


def role_by_id(session: DatabaseSession, society_id: UUID, grant_id: UUID) -> RoleRow:
    """Find a role that somebody holds in a society or its meetings; raises `NotFound`."""
    row = session.execute(_roles(society_id).where(_granted.id == grant_id)).first()
    if row is None:
        raise NotFound("There is no such role.")
    return RoleRow(*row)


def scope_of(society: SocietyRow) -> Scope:
    """Give a society as the scope of a role."""
    return Scope(SOCIETY, society.id, society.id, society.name)


def meeting_scopes(session: DatabaseSession, society_id: UUID) -> list[Scope]:
    """List the meetings of a society, the latest first, as scopes of roles."""
    query = select(MeetingCopy.id, MeetingCopy.society_id, MeetingCopy.title).where(MeetingCopy.society_id == society_id)
    return [Scope(MEETING, *row) for row in session.execute(query.order_by(MeetingCopy.starts_on.desc(), MeetingCopy.title))]


def meeting_scope(session: DatabaseSession, society_id: UUID, meeting_id: UUID) -> Scope:
    """Find a meeting of a society as the scope of a role; raises `NotFound`."""
    found = next((scope for scope in meeting_scopes(session, society_id) if scope.id == meeting_id), None)
    if found is None:
        raise NotFound("This society has no such meeting.")
    return found


def scope_of_meeting(session: DatabaseSession, slug: str) -> Scope:
    """Find a meeting by its address as the scope of a role; raises `NotFound`."""
    row = session.execute(select(MeetingCopy.id, MeetingCopy.society_id, MeetingCopy.title).where(MeetingCopy.slug == slug)).first()
    if row is None:
        raise NotFound("There is no such meeting.")
    return Scope(MEETING, *row)


def _roles(society_id: UUID) -> Any:
    columns = (_granted.id, _granted.person_id, Person.name, Person.email, _granted.role, _granted.scope_kind, _granted.scope_id)
    joined = select(*columns, func.coalesce(MeetingCopy.title, Society.name)).join(Person, Person.id == _granted.person_id)
    placed = joined.outerjoin(MeetingCopy, MeetingCopy.id == _granted.scope_id).outerjoin(Society, Society.id == _granted.scope_id)
    within = (_granted.scope_id == society_id) | (MeetingCopy.society_id == society_id)
    return placed.where(within, _granted.revoked_at.is_(None))
