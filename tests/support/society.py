"""An invented society whose people the stories are about, on any trio of services."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from plenary.composition import Trio
from plenary_kit.persistence.database import Database
from plenary_proposals.calls.actions import CallText, open_call
from plenary_proposals.people.actions import found_society, grant_role, register_person
from plenary_proposals.proposals.actions import Draft, start_proposal, submit_proposal
from plenary_scheduling.meetings.actions import MeetingText, add_room, create_meeting

START = datetime(2016, 1, 4, 12, tzinfo=UTC)


class Clock:
    """A clock that tests turn."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: float) -> None:
        self.now += timedelta(**by)


@dataclass(frozen=True)
class Society:
    society_id: UUID
    chair: UUID
    submitter: UUID
    attendee: UUID
    meeting_id: UUID
    rooms: tuple[UUID, UUID]


def person(database: Database, name: str) -> UUID:
    with database.work() as work:
        return register_person(work, name=name, email=f"{name.split(maxsplit=1)[0].lower()}@example.org").id


def found(trio: Trio, settle) -> Society:
    """Found a society with a chair, a submitter, an attendee, and a three-day meeting with two rooms."""
    proposals, scheduling = trio.proposals.database, trio.scheduling.database
    society = found_society(proposals, slug="sgm", name="Society of Generous Medicine", time_zone="America/New_York")
    chair, submitter, attendee = (person(proposals, name) for name in ("Charlotte Okafor", "Samir Lindqvist", "Ana Whitefeather"))
    grant_role(proposals, person_id=chair, role="administrator", scope_kind="society", scope_id=society)
    settle()
    text = MeetingText("sgm-2016", "Annual Meeting 2016", "Hollywood, Florida", date(2016, 5, 11), date(2016, 5, 13), "America/New_York")
    meeting = create_meeting(scheduling, by=chair, society_id=society, text=text)
    rooms = tuple(
        add_room(scheduling, by=chair, meeting_id=meeting, name=name, capacity=size) for name, size in (("Atlantic", 120), ("Biscayne", 40))
    )
    grant_role(proposals, person_id=chair, role="chair", scope_kind="meeting", scope_id=meeting)
    settle()
    return Society(society, chair, submitter, attendee, meeting, (rooms[0], rooms[1]))


def call(trio: Trio, society: Society, clock: Clock) -> UUID:
    kinds: list[dict[str, str | int]] = [{"slug": "workshop", "name": "Workshop", "minutes": 60}]
    text = CallText("workshops", "Call for workshops", "Propose.", kinds, clock.now, clock.now + timedelta(days=30), grace_minutes=15)
    return open_call(trio.proposals.database, by=society.chair, meeting_id=society.meeting_id, text=text)


def submitted(trio: Trio, society: Society, call_id: UUID, title: str) -> UUID:
    database = trio.proposals.database
    draft = Draft(title=title, abstract="What the participants will take home.", expected=35)
    proposal = start_proposal(database, by=society.submitter, call_id=call_id, kind="workshop", draft=draft)
    submit_proposal(database, by=society.submitter, proposal_id=proposal)
    return proposal
