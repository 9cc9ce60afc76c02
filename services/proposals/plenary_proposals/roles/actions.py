"""What can be done with roles: give one to whoever signs in with an address, take one away."""

from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select

from plenary_contracts.proposals import RoleRevoked
from plenary_kit.identity.grants import revoke_grant, role_grant
from plenary_kit.mail.letters import Letter
from plenary_kit.mail.post import hand_in
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_proposals.calls.model import MeetingCopy
from plenary_proposals.people.access import refuse_unless_administrator
from plenary_proposals.people.actions import give_role, person_of
from plenary_proposals.people.model import Person, Society
from plenary_proposals.roles.model import SOCIETY, Scope, refuse_last

_OPERATOR = "Whoever runs this installation"
_granted = role_grant.c


def grant(database: Database, *, by: UUID, email: str, role: str, scope: Scope) -> UUID:
    """Give a role that an administrator of the society may give; announces `role.granted` and tells the person by one letter.

    An address that is new here becomes a person. Who holds the role already keeps it, and nothing is told again.
    """
    with database.work() as work:
        refuse_unless_administrator(work.session, by, scope.society_id)
        giver = work.session.get(Person, by)
        return _give(work, email.casefold(), role, scope, giver.name if giver else _OPERATOR)


def grant_as_operator(database: Database, *, email: str, role: str, scope: Scope) -> UUID:
    """Give a role from the command line, as `grant` does; access is the operator's."""
    with database.work() as work:
        return _give(work, email.casefold(), role, scope, _OPERATOR)


def revoke(database: Database, *, by: UUID, society_id: UUID, grant_id: UUID) -> None:
    """Take a role in a society or its meetings away; announces `role.revoked`. Raises `LastAdministrator`."""
    with database.work() as work:
        society = work.session.get(Society, society_id, with_for_update=True)  # two who take each other's role away take turns
        if society is None:
            raise NotFound("There is no such society.")
        refuse_unless_administrator(work.session, by, society_id)
        meetings = select(MeetingCopy.id).where(MeetingCopy.society_id == society_id)
        within = (_granted.scope_id == society_id) | _granted.scope_id.in_(meetings)
        held = work.session.execute(select(role_grant).where(_granted.id == grant_id, within, _granted.revoked_at.is_(None))).first()
        if held is None:
            raise NotFound("There is no such role.")
        _take(work, held)


def revoke_as_operator(database: Database, *, email: str, role: str, scope: Scope) -> None:
    """Take a role away from the command line, as `revoke` does; access is the operator's."""
    with database.work() as work:
        work.session.get(Society, scope.society_id, with_for_update=True)
        person_id = work.session.scalar(select(Person.id).where(Person.email == email.casefold()))
        held = work.session.execute(_held(person_id, role, scope)).all()
        if not held:
            raise NotFound(f"Nobody with this address holds the role of {role} in {scope.name}.")
        for each in held:
            _take(work, each)


def _give(work: Work, email: str, role: str, scope: Scope, giver: str) -> UUID:
    scope.refuse_unless_fit(role)
    work.session.get(Society, scope.society_id, with_for_update=True)  # of two who give the same role at once, the second finds it given
    person = person_of(work, email)
    held = work.session.execute(_held(person.id, role, scope)).first()
    if held is not None:
        return UUID(str(held.id))
    grant_id = give_role(work, person_id=person.id, role=role, scope_kind=scope.kind, scope_id=scope.id)
    hand_in(work, _letter(grant_id, person, email, scope, giver))
    return grant_id


def _take(work: Work, held: Row[Any]) -> None:
    same = (_granted.role == held.role) & (_granted.scope_id == held.scope_id) & _granted.revoked_at.is_(None)
    others = work.session.scalar(select(func.count()).select_from(role_grant).where(same, _granted.id != held.id)) or 0
    if held.scope_kind == SOCIETY:
        refuse_last(held.role, others)
    revoke_grant(work.session, id=held.id, now=work.now)
    work.announce(RoleRevoked(id=held.id, person_id=held.person_id))


def _held(person_id: UUID | None, role: str, scope: Scope) -> Any:
    mine = (_granted.person_id == person_id) & (_granted.role == role) & (_granted.scope_id == scope.id)
    return select(role_grant).where(mine, _granted.revoked_at.is_(None))


def _letter(grant_id: UUID, person: Person, address: str, scope: Scope, giver: str) -> Letter:
    what = "administer" if scope.kind == SOCIETY else "chair the program of"
    text = (
        f"Dear {person.name},\n\n{giver} gave you a role in Plenary: you {what} {scope.name}.\n\nSign in with this mail address, and a code comes "
        "by mail; there is no password. The first page shows what is yours to do.\n\n--\nYou get this because the role was given to this address.\n"
    )
    return Letter(id=grant_id, topic="role", name=person.name, address=address, subject=f"You {what} {scope.name}", text=text)
