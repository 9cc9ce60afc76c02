"""What proposals state to those who keep copies of people, societies, roles and ended sign-ins."""

from sqlalchemy import select

from plenary_contracts.copies import PEOPLE, ROLES, SIGN_INS, SOCIETIES
from plenary_kit.copies.owning import Holding
from plenary_kit.identity.grants import ended_session, role_grant
from plenary_proposals.people.model import Person, Society

_granted = role_grant.c

PEOPLE_HELD = Holding(PEOPLE, Person.id, select(Person.name, Person.affiliation, Person.email, Person.time_zone))
SOCIETIES_HELD = Holding(SOCIETIES, Society.id, select(Society.slug, Society.name, Society.time_zone))
ROLES_HELD = Holding(ROLES, _granted.id, select(_granted.person_id, _granted.role, _granted.scope_kind, _granted.scope_id, _granted.revoked_at))
SIGN_INS_HELD = Holding(SIGN_INS, ended_session.c.session_id, select(ended_session.c.until))
