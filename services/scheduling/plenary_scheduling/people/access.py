"""Who may do what in scheduling: asked here, denied by default."""

from uuid import UUID

from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.identity.grants import may
from plenary_kit.refusal import NotFound

CHAIR, ADMINISTRATOR = "chair", "administrator"


def is_chair(session: DatabaseSession, person_id: UUID, *scope_ids: UUID) -> bool:
    """Tell whether the person chairs the program or administers the society of any of the scopes (meeting, society)."""
    return may(session, person_id, CHAIR, scope_ids) or may(session, person_id, ADMINISTRATOR, scope_ids)


def refuse_unless_chair(session: DatabaseSession, person_id: UUID, *scope_ids: UUID) -> None:
    """Raise `NotFound` for anybody who is not a chair of one of the scopes: what is theirs alone looks to others as if it did not exist."""
    if not is_chair(session, person_id, *scope_ids):
        raise NotFound("There is no such thing, or it is for the program chairs of the meeting alone.")
