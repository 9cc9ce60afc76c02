"""Copies of persons and societies; `version` is the owner's, and a copy never goes back."""

from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_scheduling.base import Base


class PersonCopy(Base):
    """A person as proposals described them last; addresses are not kept here."""

    __tablename__ = "person_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    name: Mapped[str]
    affiliation: Mapped[str]


class SocietyCopy(Base):
    """A society as proposals described it last."""

    __tablename__ = "society_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    slug: Mapped[str]
    name: Mapped[str]
    time_zone: Mapped[str]
