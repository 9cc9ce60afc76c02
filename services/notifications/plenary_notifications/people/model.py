"""Copies; `version` is the owner's, and a copy never goes back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_notifications.base import Base


class PersonCopy(Base):
    """A person and their address; None for somebody who cannot be written to."""

    __tablename__ = "person_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    email: Mapped[str | None]
    time_zone: Mapped[str]


class MeetingCopy(Base):
    """A meeting, for the words of a notice."""

    __tablename__ = "meeting_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    society_id: Mapped[UUID]
    slug: Mapped[str]
    title: Mapped[str]
    time_zone: Mapped[str]


class StarCopy(Base):
    """A person's star on a session, since when; stars taken away are gone."""

    __tablename__ = "star_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    session_id: Mapped[UUID] = mapped_column(index=True)
    starred_at: Mapped[datetime]
