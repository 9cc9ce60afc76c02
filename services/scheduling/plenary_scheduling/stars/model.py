"""A star."""

from datetime import datetime
from uuid import NAMESPACE_OID, UUID, uuid5

from sqlalchemy.orm import Mapped, mapped_column

from plenary_scheduling.base import Base


class Star(Base):
    """A person's star on a session; its id follows from both, so that two clicks are one star."""

    __tablename__ = "star"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    session_id: Mapped[UUID] = mapped_column(index=True)
    starred_at: Mapped[datetime]


def star_id(person_id: UUID, session_id: UUID) -> UUID:
    """Give the id that a person's star on a session has, now and whenever they set it again."""
    return uuid5(NAMESPACE_OID, f"{person_id} {session_id}")
