"""The copies of people, societies, roles and ended sign-ins that scheduling keeps."""

from plenary_contracts.copies import PEOPLE, ROLES, SIGN_INS, SOCIETIES
from plenary_kit.copies.copy import Copy
from plenary_kit.identity.grants import ended_session, role_grant
from plenary_scheduling.people.model import PersonCopy, SocietyCopy

PEOPLE_KEPT = Copy(PEOPLE, PersonCopy.__table__, ("name", "affiliation"), version="version")
SOCIETIES_KEPT = Copy(SOCIETIES, SocietyCopy.__table__, SOCIETIES.fields, version="version")
ROLES_KEPT = Copy(ROLES, role_grant, ROLES.fields)
SIGN_INS_KEPT = Copy(SIGN_INS, ended_session, SIGN_INS.fields, key="session_id")
