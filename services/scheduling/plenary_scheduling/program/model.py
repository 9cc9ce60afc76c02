"""Releases: numbered, frozen programs of a meeting, and the difference between two of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from plenary_contracts.parts import Place
from plenary_kit.refusal import Refusal
from plenary_scheduling.base import Base

SCHEDULED, MOVED, CANCELED, RENAMED, EDITED = "scheduled", "moved", "canceled", "renamed", "edited"
CHANGES = (SCHEDULED, MOVED, CANCELED, RENAMED, EDITED)
TOLD = frozenset({SCHEDULED, MOVED, CANCELED})  # another text is in the change log, and no reason to write to anybody


class NothingChanged(Refusal):
    """The working copy equals the public program."""

    code = "nothing-changed"


class Release(Base):
    """Version `number` of a meeting's program; `note` is the chair's sentence for the change log."""

    __tablename__ = "release"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    meeting_id: Mapped[UUID] = mapped_column(index=True)
    number: Mapped[int]
    note: Mapped[str]
    released_at: Mapped[datetime]
    released_by: Mapped[UUID]


class ReleasedSession(Base):
    """A session as a release shows it; `canceled_at` when it was withdrawn after the release."""

    __tablename__ = "released_session"
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    proposal_id: Mapped[UUID] = mapped_column(index=True)
    title: Mapped[str]
    abstract: Mapped[str]
    kind: Mapped[str]
    track: Mapped[str]
    presenter_ids: Mapped[list[Any]]
    room: Mapped[str]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    canceled_at: Mapped[datetime | None]

    def place(self) -> Place:
        """Give where and when."""
        return Place(room=self.room, starts_at=self.starts_at, ends_at=self.ends_at)

    def text(self) -> tuple[object, ...]:
        """Give what it says beside its title, to be compared."""
        return self.abstract, self.kind, self.track, tuple(self.presenter_ids)


class ReleaseChange(Base):
    """One line of a release's change log; the title before is there when it changed."""

    __tablename__ = "release_change"
    release_id: Mapped[UUID] = mapped_column(primary_key=True)
    session_id: Mapped[UUID] = mapped_column(primary_key=True)
    what: Mapped[str]
    title: Mapped[str]
    title_before: Mapped[str | None]
    room_before: Mapped[str | None]
    starts_before: Mapped[datetime | None]
    room_after: Mapped[str | None]
    starts_after: Mapped[datetime | None]


@dataclass(frozen=True)
class Change:
    """What a release does to one session; `before` or `after` is None where it did not, or does not, stand."""

    what: str
    before: ReleasedSession | None
    after: ReleasedSession | None

    @property
    def shown(self) -> ReleasedSession:
        """Give the session as it stands after the change, or stood before it was canceled."""
        shown = self.after or self.before
        if shown is None:
            raise ValueError("a change has a session on one of its sides")
        return shown


def difference(before: dict[UUID, ReleasedSession], after: dict[UUID, ReleasedSession]) -> list[Change]:
    """List what changes from one release's live sessions to the next, by session: presence, place, title, and the rest of its text."""
    changes = [Change(CANCELED, before[key], None) for key in before.keys() - after.keys()]
    changes += [Change(SCHEDULED, None, after[key]) for key in after.keys() - before.keys()]
    both = ((what_changed(before[key], after[key]), key) for key in before.keys() & after.keys())
    changes += [Change(what, before[key], after[key]) for what, key in both if what is not None]
    return sorted(changes, key=lambda change: (change.shown.starts_at, change.shown.room))


def what_changed(before: ReleasedSession, after: ReleasedSession) -> str | None:
    """Name the weightiest change of a session that stands in both releases; None when they say the same."""
    if before.place() != after.place():
        return MOVED
    if before.title != after.title:
        return RENAMED
    return EDITED if before.text() != after.text() else None
