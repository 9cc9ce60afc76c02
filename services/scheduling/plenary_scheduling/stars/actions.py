"""What can be done with stars: set one, take it away; both may be repeated."""

from uuid import UUID

from plenary_contracts.scheduling import StarAdded, StarRemoved
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound
from plenary_scheduling.sessions.model import Session
from plenary_scheduling.stars.model import Star, star_id


def star(database: Database, *, person_id: UUID, session_id: UUID) -> None:
    """Star a session; announces `star.added` the first time."""
    with database.work() as work:
        key = star_id(person_id, session_id)
        if work.session.get(Session, session_id, with_for_update=True) is None:  # the lock makes of two stars at once one after the other
            raise NotFound("There is no such session.")
        if work.session.get(Star, key) is None:
            work.session.add(Star(id=key, person_id=person_id, session_id=session_id, starred_at=work.now))
            work.announce(StarAdded(id=key, person_id=person_id, session_id=session_id))


def unstar(database: Database, *, person_id: UUID, session_id: UUID) -> None:
    """Take a star away; announces `star.removed` if there was one."""
    with database.work() as work:
        existing = work.session.get(Star, star_id(person_id, session_id), with_for_update=True)
        if existing is not None:
            work.session.delete(existing)
            work.announce(StarRemoved(id=existing.id, person_id=person_id, session_id=session_id))
