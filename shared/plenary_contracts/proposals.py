"""What proposals publishes: societies, people, roles, sign-ins that ended, and the fate of proposals.

Personal contact data stands in `proposals.person.*` alone. Facts about an accepted proposal carry its whole public content, so that a copy never
has to ask.
"""

from uuid import UUID

from plenary_contracts.parts import Instant, Origin, Span
from plenary_kit.messaging.facts import Fact, fact


@fact("proposals.society.founded.v1")
class SocietyFounded(Fact, frozen=True, kw_only=True):
    """A learned society exists on this installation. `time_zone` is an IANA name."""

    slug: str
    name: str
    time_zone: str


@fact("proposals.person.registered.v1")
class PersonRegistered(Fact, frozen=True, kw_only=True):
    """A person is known; without an `email` they are named in a program but cannot be written to."""

    name: str
    affiliation: str
    email: str | None
    time_zone: str


@fact("proposals.person.changed.v1")
class PersonChanged(Fact, frozen=True, kw_only=True):
    """A person's profile changed; the fact carries all of it."""

    name: str
    affiliation: str
    email: str | None
    time_zone: str


@fact("proposals.role.granted.v1")
class RoleGranted(Fact, frozen=True, kw_only=True):
    """A person may act in `role` within the scope (`scope_kind` is `society` or `meeting`)."""

    person_id: UUID
    role: str
    scope_kind: str
    scope_id: UUID


@fact("proposals.role.revoked.v1")
class RoleRevoked(Fact, frozen=True, kw_only=True):
    """The grant ended."""

    person_id: UUID


@fact("proposals.sign_in.ended.v1")
class SignInEnded(Fact, frozen=True, kw_only=True):
    """A browser signed out: tokens of this sign-in are worthless although they run `until` later."""

    until: Instant


@fact("proposals.proposal.submitted.v1")
class ProposalSubmitted(Fact, frozen=True, kw_only=True):
    """A proposal was submitted to a call."""

    society_id: UUID
    meeting_id: UUID
    call_title: str
    kind: str
    title: str
    submitter_id: UUID


@fact("proposals.proposal.accepted.v1")
class ProposalAccepted(Fact, frozen=True, kw_only=True):
    """A decision to accept was released. `minutes` is the length, `expected` the audience to plan a room for."""

    society_id: UUID
    meeting_id: UUID
    call_title: str
    kind: str
    track: str
    title: str
    abstract: str
    minutes: int
    expected: int | None
    submitter_id: UUID
    presenter_ids: tuple[UUID, ...]
    unavailable: tuple[Span, ...] = ()
    origin: Origin | None = None


@fact("proposals.proposal.edited.v1")
class ProposalEdited(Fact, frozen=True, kw_only=True):
    """The text or the availability of an accepted proposal changed; the fact carries all of what is public."""

    society_id: UUID
    meeting_id: UUID
    kind: str
    track: str
    title: str
    abstract: str
    minutes: int
    expected: int | None
    submitter_id: UUID
    presenter_ids: tuple[UUID, ...]
    unavailable: tuple[Span, ...] = ()


@fact("proposals.proposal.declined.v1")
class ProposalDeclined(Fact, frozen=True, kw_only=True):
    """A decision to decline was released."""

    society_id: UUID
    meeting_id: UUID
    call_title: str
    title: str
    submitter_id: UUID


@fact("proposals.proposal.withdrawn.v1")
class ProposalWithdrawn(Fact, frozen=True, kw_only=True):
    """The submitter took a proposal back; `was_accepted` tells whether a place in the program becomes free."""

    society_id: UUID
    meeting_id: UUID
    title: str
    submitter_id: UUID
    presenter_ids: tuple[UUID, ...]
    was_accepted: bool
