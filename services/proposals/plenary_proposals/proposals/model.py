"""A proposal: its text and the states it goes through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_contracts.parts import Origin, Span
from plenary_contracts.proposals import ProposalAccepted, ProposalDeclined, ProposalSubmitted, ProposalWithdrawn
from plenary_kit.refusal import Refusal
from plenary_proposals.base import Base

DRAFT, SUBMITTED, ACCEPTED, DECLINED, WITHDRAWN = "draft", "submitted", "accepted", "declined", "withdrawn"
STATES = (DRAFT, SUBMITTED, ACCEPTED, DECLINED, WITHDRAWN)
TITLE_LIMIT, ABSTRACT_LIMIT, LARGEST_AUDIENCE = 200, 5_000, 100_000


class NotInThisState(Refusal):
    """The step does not fit the state that the proposal is in."""

    code = "not-in-this-state"


class Incomplete(Refusal):
    """Something that a submission needs is missing."""

    code = "incomplete"
    status = 422


class BadSpan(Refusal):
    """A span of time must end after it begins."""

    code = "bad-span"
    status = 422


class Proposal(Base):
    """What somebody offers to a call. `unavailable` holds spans as RFC 3339 pairs; `version` guards against lost edits."""

    __tablename__ = "proposal"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    society_id: Mapped[UUID] = mapped_column(index=True)
    meeting_id: Mapped[UUID] = mapped_column(index=True)
    call_id: Mapped[UUID | None] = mapped_column(index=True)
    call_title: Mapped[str]
    kind: Mapped[str]
    track: Mapped[str] = mapped_column(default="")
    title: Mapped[str]
    abstract: Mapped[str]
    minutes: Mapped[int]
    expected: Mapped[int | None]
    submitter_id: Mapped[UUID] = mapped_column(index=True)
    presenter_ids: Mapped[list[Any]]
    unavailable: Mapped[list[Any]]
    state: Mapped[str] = mapped_column(index=True, default=DRAFT)
    changed_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    import_id: Mapped[UUID | None]
    import_item_id: Mapped[UUID | None] = mapped_column(unique=True)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict

    def edit(self, *, title: str, abstract: str, expected: int | None, unavailable: list[list[str]] | None, now: datetime) -> None:
        """Replace the text, and the spans unless None, while it is a draft or submitted; raises `NotInThisState` or `BadSpan`."""
        self._refuse_unless(DRAFT, SUBMITTED, what="edited")
        spans = self.unavailable if unavailable is None else unavailable
        if any(span.ends_at <= span.starts_at for span in map(_span, spans)):
            raise BadSpan("A time at which you are unavailable must end after it begins.", field="unavailable")
        self.title, self.abstract, self.expected, self.unavailable, self.changed_at = title, abstract, expected, spans, now

    def submit(self, now: datetime) -> ProposalSubmitted:
        """Hand a complete draft in."""
        self._refuse_unless(DRAFT, what="submitted")
        if not self.title:
            raise Incomplete("Give your proposal a title before you submit it.", field="title")
        if not self.abstract:
            raise Incomplete("Write an abstract before you submit.", field="abstract")
        self.state, self.submitted_at, self.changed_at = SUBMITTED, now, now
        return ProposalSubmitted(
            id=self.id,
            society_id=self.society_id,
            meeting_id=self.meeting_id,
            call_title=self.call_title,
            kind=self.kind,
            title=self.title,
            submitter_id=self.submitter_id,
        )

    def accept(self, now: datetime) -> ProposalAccepted:
        """Make a released acceptance public."""
        self._refuse_unless(SUBMITTED, what="accepted")
        self.state, self.changed_at = ACCEPTED, now
        origin = Origin(import_id=self.import_id, item_id=self.import_item_id) if self.import_id and self.import_item_id else None
        return ProposalAccepted(
            id=self.id,
            society_id=self.society_id,
            meeting_id=self.meeting_id,
            call_title=self.call_title,
            kind=self.kind,
            track=self.track,
            title=self.title,
            abstract=self.abstract,
            minutes=self.minutes,
            expected=self.expected,
            submitter_id=self.submitter_id,
            presenter_ids=tuple(UUID(person) for person in self.presenter_ids),
            unavailable=tuple(_span(pair) for pair in self.unavailable),
            origin=origin,
        )

    def decline(self, now: datetime) -> ProposalDeclined:
        """Make a released refusal public."""
        self._refuse_unless(SUBMITTED, what="declined")
        self.state, self.changed_at = DECLINED, now
        return ProposalDeclined(
            id=self.id,
            society_id=self.society_id,
            meeting_id=self.meeting_id,
            call_title=self.call_title,
            title=self.title,
            submitter_id=self.submitter_id,
        )

    def withdraw(self, now: datetime) -> ProposalWithdrawn:
        """Take the proposal back, whether it was accepted already or not."""
        self._refuse_unless(SUBMITTED, ACCEPTED, what="withdrawn")
        was_accepted = self.state == ACCEPTED
        self.state, self.changed_at = WITHDRAWN, now
        return ProposalWithdrawn(
            id=self.id,
            society_id=self.society_id,
            meeting_id=self.meeting_id,
            title=self.title,
            submitter_id=self.submitter_id,
            presenter_ids=tuple(UUID(person) for person in self.presenter_ids),
            was_accepted=was_accepted,
        )

    def _refuse_unless(self, *states: str, what: str) -> None:
        if self.state not in states:
            raise NotInThisState(f"A proposal that is {self.state} cannot be {what}.")


def _span(pair: list[str]) -> Span:
    return Span(starts_at=datetime.fromisoformat(pair[0]), ends_at=datetime.fromisoformat(pair[1]))


class ImportedPerson(Base):
    """Whom a `key` of one imported file stands for, so that a person of many items is registered once."""

    __tablename__ = "imported_person"
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
