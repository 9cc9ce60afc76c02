"""The copies of people, roles, ended sign-ins, meetings and stars that notifications keep."""

from plenary_contracts.copies import MEETINGS, PEOPLE, ROLES, SIGN_INS, STARS
from plenary_kit.copies.copy import Copy
from plenary_kit.identity.grants import ended_session, role_grant
from plenary_notifications.people.model import MeetingCopy, PersonCopy, StarCopy

PEOPLE_KEPT = Copy(PEOPLE, PersonCopy.__table__, ("name", "email", "time_zone"), version="version")
ROLES_KEPT = Copy(ROLES, role_grant, ROLES.fields)
SIGN_INS_KEPT = Copy(SIGN_INS, ended_session, SIGN_INS.fields, key="session_id")
MEETINGS_KEPT = Copy(MEETINGS, MeetingCopy.__table__, ("society_id", "slug", "title", "time_zone"), version="version")
STARS_KEPT = Copy(STARS, StarCopy.__table__, STARS.fields)
