"""What scheduling publishes: meetings, released programs and what changed in them, stars, and items read from a file."""

from datetime import date
from uuid import UUID

from plenary_contracts.parts import NamedPerson, Place
from plenary_kit.messaging.facts import Fact, fact


@fact("scheduling.meeting.created.v1")
class MeetingCreated(Fact, frozen=True, kw_only=True):
    """A meeting exists. Days are inclusive; `time_zone` is the venue's, an IANA name."""

    society_id: UUID
    slug: str
    title: str
    venue: str
    starts_on: date
    ends_on: date
    time_zone: str


@fact("scheduling.meeting.changed.v1")
class MeetingChanged(Fact, frozen=True, kw_only=True):
    """A meeting's description changed; the fact carries all of it."""

    society_id: UUID
    slug: str
    title: str
    venue: str
    starts_on: date
    ends_on: date
    time_zone: str


@fact("scheduling.program.released.v1")
class ProgramReleased(Fact, frozen=True, kw_only=True):
    """Version `number` of a meeting's program is public (the subject is the meeting), with how many sessions changed how."""

    number: int
    note: str
    scheduled: int
    moved: int
    canceled: int


@fact("scheduling.session.scheduled.v1")
class SessionScheduled(Fact, frozen=True, kw_only=True):
    """A session stands in the public program for the first time, or again."""

    meeting_id: UUID
    proposal_id: UUID | None
    title: str
    presenter_ids: tuple[UUID, ...]
    program_number: int
    place: Place


@fact("scheduling.session.moved.v1")
class SessionMoved(Fact, frozen=True, kw_only=True):
    """A session of the public program has another room or time."""

    meeting_id: UUID
    proposal_id: UUID | None
    title: str
    presenter_ids: tuple[UUID, ...]
    program_number: int
    before: Place
    place: Place


@fact("scheduling.session.canceled.v1")
class SessionCanceled(Fact, frozen=True, kw_only=True):
    """A session left the public program."""

    meeting_id: UUID
    proposal_id: UUID | None
    title: str
    presenter_ids: tuple[UUID, ...]
    program_number: int
    before: Place


@fact("scheduling.star.added.v1")
class StarAdded(Fact, frozen=True, kw_only=True):
    """A person wants to be told about a session."""

    person_id: UUID
    session_id: UUID


@fact("scheduling.star.removed.v1")
class StarRemoved(Fact, frozen=True, kw_only=True):
    """A person no longer wants to be told about a session."""

    person_id: UUID
    session_id: UUID


@fact("scheduling.import_item.read.v1")
class ImportItemRead(Fact, frozen=True, kw_only=True):
    """A row of an imported program, for proposals to take in as an accepted proposal."""

    import_id: UUID
    society_id: UUID
    meeting_id: UUID
    title: str
    abstract: str
    kind: str
    track: str
    minutes: int
    people: tuple[NamedPerson, ...]
