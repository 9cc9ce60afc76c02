"""An import and its rows: where each item stood in the file, until its session exists."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_scheduling.base import Base


class Import(Base):
    """One file taken in."""

    __tablename__ = "import"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(index=True)
    filename: Mapped[str]
    started_at: Mapped[datetime]
    items: Mapped[int]


class ImportItem(Base):
    """One row of a file: the place that its session will take; `session_id` once it has."""

    __tablename__ = "import_item"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    import_id: Mapped[UUID] = mapped_column(index=True)
    key: Mapped[str]
    room_id: Mapped[UUID | None]
    starts_at: Mapped[datetime | None]
    session_id: Mapped[UUID | None]
