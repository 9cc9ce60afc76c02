"""A proposal: its text and the states it goes through."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_contracts.parts import Origin, Span
from plenary_contracts.proposals import ProposalAccepted, ProposalDeclined, ProposalEdited, ProposalSubmitted, ProposalWithdrawn
from plenary_kit.refusal import Refusal
from plenary_proposals.base import Base

DRAFT, SUBMITTED, ACCEPTED, DECLINED, WITHDRAWN = "draft", "submitted", "accepted", "declined", "withdrawn"
STATES = (DRAFT, SUBMITTED, ACCEPTED, DECLINED, WITHDRAWN)
TITLE_LIMIT, ABSTRACT_LIMIT, LARGEST_AUDIENCE, MOST_SPANS = 200, 5_000, 100_000, 20


class NotInThisState(Refusal):
    """The step does not fit the state that the proposal is in."""

    code = "not-in-this-state"


class Incomplete(Refusal):
    """Something that a submission needs is missing."""

    code = "incomplete"
    status = 422


class BadSpan(Refusal):
    """A span of time must end after it begins, and there are not endlessly many."""

    code = "bad-span"
    status = 422


class AvailabilitySettled(Refusal):
    """The program is public: people rely on it, and who cannot come tells the chairs."""

    code = "availability-settled"


class ProgramCopy(Base):
    """The latest `number` of a meeting's public program (`id` is the meeting's), as scheduling told it; none before the first release."""

    __tablename__ = "program_copy"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    version: Mapped[int]
    number: Mapped[int]


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

    def edit(self, *, title: str, abstract: str, expected: int | None, unavailable: list[list[str]] | None, now: datetime) -> ProposalEdited | None:
        """Replace the text, and the spans unless None; gives the fact where an accepted proposal changed.

        Raises `NotInThisState` once it is declined or withdrawn, `Incomplete` where a submission would lose what it needs, or `BadSpan`.
        """
        self._refuse_unless(DRAFT, SUBMITTED, ACCEPTED, what="edited")
        if self.state != DRAFT:
            self._refuse_incomplete(title, abstract)
        spans = self.unavailable if unavailable is None else unavailable
        _refuse_bad(spans)
        before = self._public()
        self.title, self.abstract, self.expected, self.unavailable = title, abstract, expected, spans
        if self._public() != before:
            self.changed_at = now
            return ProposalEdited(**self._public()) if self.state == ACCEPTED else None
        return None

    def submit(self, now: datetime) -> ProposalSubmitted:
        """Hand a complete draft in."""
        self._refuse_unless(DRAFT, what="submitted")
        self._refuse_incomplete(self.title, self.abstract)
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
        return ProposalAccepted(**self._public(), call_title=self.call_title, origin=origin)

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

    def _public(self) -> dict[str, Any]:
        """Give what a program needs of the proposal."""
        names = ("id", "society_id", "meeting_id", "kind", "track", "title", "abstract", "minutes", "expected", "submitter_id")
        presenters = tuple(UUID(person) for person in self.presenter_ids)
        spans = tuple(_span(pair) for pair in self.unavailable)
        return {**{name: getattr(self, name) for name in names}, "presenter_ids": presenters, "unavailable": spans}

    def _refuse_incomplete(self, title: str, abstract: str) -> None:
        """Raise `Incomplete` without a title or, unless the proposal was imported, an abstract."""
        if not title:
            raise Incomplete("Give your proposal a title before you submit it.", field="title")
        if not abstract and self.call_id is not None:
            raise Incomplete("Write an abstract before you submit.", field="abstract")

    def _refuse_unless(self, *states: str, what: str) -> None:
        if self.state not in states:
            raise NotInThisState(f"A proposal that is {self.state} cannot be {what}.")


def _refuse_bad(spans: list[list[str]]) -> None:
    if len(spans) > MOST_SPANS:
        raise BadSpan(f"Name at most {MOST_SPANS} times at which you are unavailable.", field="unavailable")
    if any(span.ends_at <= span.starts_at for span in map(_span, spans)):
        raise BadSpan("A time at which you are unavailable must end after it begins.", field="unavailable")


def _span(pair: list[str]) -> Span:
    return Span(starts_at=datetime.fromisoformat(pair[0]), ends_at=datetime.fromisoformat(pair[1]))


class ImportedPerson(Base):
    """Whom a `key` of one imported file stands for, so that a person of many items is registered once."""

    __tablename__ = "imported_person"
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
