"""What services tell one another so that copies heal: the state of each kind of thing that is copied, and the doubts of those who keep copies.

None of this says that something happened to a thing; whoever acts on what happened listens to the facts of the thing's owner.
"""

from datetime import date
from uuid import UUID

import msgspec

from plenary_contracts.parts import Instant
from plenary_kit.copies.kinds import Doubt, Kind, Listing, Statement
from plenary_kit.messaging.facts import fact


class PersonState(msgspec.Struct, frozen=True, kw_only=True):
    """A person as proposals know them."""

    name: str
    affiliation: str
    email: str | None
    time_zone: str


@fact("proposals.person.stated.v1")
class PersonStated(Statement, frozen=True, kw_only=True):
    """The person is this, told again for copies; no state: there is no such person."""

    state: PersonState | None


@fact("proposals.person.listed.v1")
class PeopleListed(Listing, frozen=True, kw_only=True):
    """These are all persons of a stretch, told for copies."""


class SocietyState(msgspec.Struct, frozen=True, kw_only=True):
    """A learned society."""

    slug: str
    name: str
    time_zone: str


@fact("proposals.society.stated.v1")
class SocietyStated(Statement, frozen=True, kw_only=True):
    """The society is this, told again for copies; no state: there is no such society."""

    state: SocietyState | None


@fact("proposals.society.listed.v1")
class SocietiesListed(Listing, frozen=True, kw_only=True):
    """These are all societies of a stretch, told for copies."""


class RoleState(msgspec.Struct, frozen=True, kw_only=True):
    """What a person may do, and since when not any more."""

    person_id: UUID
    role: str
    scope_kind: str
    scope_id: UUID
    revoked_at: Instant | None


@fact("proposals.role.stated.v1")
class RoleStated(Statement, frozen=True, kw_only=True):
    """The grant is this, told again for copies; no state: there never was such a grant."""

    state: RoleState | None


@fact("proposals.role.listed.v1")
class RolesListed(Listing, frozen=True, kw_only=True):
    """These are all grants of a stretch, told for copies."""


class EndedSignIn(msgspec.Struct, frozen=True, kw_only=True):
    """A sign-in that was ended, and until when its tokens would have been good."""

    until: Instant


@fact("proposals.sign_in.stated.v1")
class SignInStated(Statement, frozen=True, kw_only=True):
    """The sign-in was ended, told again for copies; no state: it was not, or its tokens are too old to matter."""

    state: EndedSignIn | None


@fact("proposals.sign_in.listed.v1")
class SignInsListed(Listing, frozen=True, kw_only=True):
    """These are all ended sign-ins of a stretch, told for copies."""


class AcceptedState(msgspec.Struct, frozen=True, kw_only=True):
    """An accepted proposal, as a program needs it; `unavailable` holds pairs of instants."""

    meeting_id: UUID
    kind: str
    track: str
    title: str
    abstract: str
    minutes: int
    expected: int | None
    presenter_ids: tuple[UUID, ...]
    unavailable: tuple[tuple[Instant, Instant], ...]


@fact("proposals.proposal.stated.v1")
class ProposalStated(Statement, frozen=True, kw_only=True):
    """The accepted proposal is this, told again for copies; no state: it is not, or not any more, an accepted one."""

    state: AcceptedState | None


@fact("proposals.proposal.listed.v1")
class ProposalsListed(Listing, frozen=True, kw_only=True):
    """These are all accepted proposals of a stretch, told for copies."""


class MeetingState(msgspec.Struct, frozen=True, kw_only=True):
    """A meeting. Days are inclusive; `time_zone` is the venue's."""

    society_id: UUID
    slug: str
    title: str
    venue: str
    starts_on: date
    ends_on: date
    time_zone: str


@fact("scheduling.meeting.stated.v1")
class MeetingStated(Statement, frozen=True, kw_only=True):
    """The meeting is this, told again for copies; no state: there is no such meeting."""

    state: MeetingState | None


@fact("scheduling.meeting.listed.v1")
class MeetingsListed(Listing, frozen=True, kw_only=True):
    """These are all meetings of a stretch, told for copies."""


class ProgramState(msgspec.Struct, frozen=True, kw_only=True):
    """The public program of a meeting: the number of its latest version."""

    number: int


@fact("scheduling.program.stated.v1")
class ProgramStated(Statement, frozen=True, kw_only=True):
    """The public program of the meeting is this, told again for copies; no state: nothing was released yet."""

    state: ProgramState | None


@fact("scheduling.program.listed.v1")
class ProgramsListed(Listing, frozen=True, kw_only=True):
    """These are all public programs of a stretch, told for copies."""


class StarState(msgspec.Struct, frozen=True, kw_only=True):
    """A person's star on a session, and since when."""

    person_id: UUID
    session_id: UUID
    starred_at: Instant


@fact("scheduling.star.stated.v1")
class StarStated(Statement, frozen=True, kw_only=True):
    """The star is this, told again for copies; no state: it was taken away."""

    state: StarState | None


@fact("scheduling.star.listed.v1")
class StarsListed(Listing, frozen=True, kw_only=True):
    """These are all stars of a stretch, told for copies."""


@fact("proposals.copy.doubted.v1")
class ProposalsDoubted(Doubt, frozen=True, kw_only=True):
    """Proposals doubt a copy that they keep, and ask its owner to list what it holds, or to tell these things anew."""


@fact("scheduling.copy.doubted.v1")
class SchedulingDoubted(Doubt, frozen=True, kw_only=True):
    """Scheduling doubts a copy that it keeps, and asks its owner to list what it holds, or to tell these things anew."""


@fact("notifications.copy.doubted.v1")
class NotificationsDoubted(Doubt, frozen=True, kw_only=True):
    """Notifications doubt a copy that they keep, and ask its owner to list what it holds, or to tell these things anew."""


PEOPLE = Kind(PersonStated, PeopleListed)
SOCIETIES = Kind(SocietyStated, SocietiesListed)
ROLES = Kind(RoleStated, RolesListed)
SIGN_INS = Kind(SignInStated, SignInsListed)
PROPOSALS = Kind(ProposalStated, ProposalsListed)
MEETINGS = Kind(MeetingStated, MeetingsListed)
PROGRAMS = Kind(ProgramStated, ProgramsListed)
STARS = Kind(StarStated, StarsListed)
