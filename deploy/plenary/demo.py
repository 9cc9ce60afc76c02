"""The demonstration: an invented society whose year is told through the same actions that people use, so that every page has something to show."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from plenary.composition import EmbeddedBackbone, Trio
from plenary_notifications.notices.model import TOLD, Notice
from plenary_proposals.calls.actions import CallText, open_call
from plenary_proposals.decisions.actions import decide, release
from plenary_proposals.decisions.model import ACCEPT, DECLINE
from plenary_proposals.people.actions import found_society, grant_role, register_person
from plenary_proposals.people.model import Person, Society
from plenary_proposals.proposals.actions import Draft, start_proposal, submit_proposal, withdraw_proposal
from plenary_proposals.proposals.model import Proposal
from plenary_scheduling.meetings.actions import MeetingText, add_room, create_meeting
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.program.model import Release
from plenary_scheduling.sessions.actions import move_session
from plenary_scheduling.sessions.model import Session, clash
from plenary_scheduling.stars.actions import star

ZONE = "America/New_York"
FIRST = (
    "Amara",
    "Bao",
    "Celeste",
    "Dmitri",
    "Elif",
    "Farah",
    "Goran",
    "Hana",
    "Ines",
    "Jonas",
    "Keiko",
    "Lamar",
    "Mireille",
    "Noor",
    "Otis",
    "Priya",
)
LAST = ("Abernathy", "Bellweather", "Castellan", "Dunmore", "Eastlake", "Fennimore", "Galloway", "Harrowgate", "Ivanhurst", "Juneberry")
PLACES = ("Lakeview University", "St. Brannoc Hospital", "Institute for Rural Care", "Northfold College", "Mercy Harbor Clinic")
THEMES = ("patient safety", "teaching at the bedside", "telehealth", "rural practice", "health equity", "simulation", "mentoring", "burnout")
FORMS = (
    "A hands-on introduction to {}",
    "What went wrong: lessons from ten years of {}",
    "{} on a small budget",
    "Measuring {} without drowning in forms",
    "Starting a program for {} in one semester",
    "{} when the day is full: a toolkit",
)
ABSTRACT = (
    "We bring **cases from three hospitals** and work through them in small groups. Participants leave with\n\n"
    "- a worksheet for {theme} that fits one page,\n- a plan for the first three months,\n- two people to call when it gets hard.\n"
)
KINDS: list[dict[str, str | int]] = [
    {"slug": "workshop", "name": "Workshop", "minutes": 90},
    {"slug": "oral", "name": "Oral presentation", "minutes": 30},
    {"slug": "forum", "name": "Special interest forum", "minutes": 60},
]
POSTERS: list[dict[str, str | int]] = [{"slug": "poster", "name": "Poster", "minutes": 15}]


class StoryClock:
    """A clock that the story turns; it starts in the past, and ends at the present."""

    def __init__(self, now: datetime) -> None:
        """Start at `now`."""
        self.now = now

    def __call__(self) -> datetime:
        """Give the story's time."""
        return self.now

    def until(self, instant: datetime) -> None:
        """Turn forward, never back."""
        self.now = max(self.now, instant)


@dataclass(frozen=True)
class Told:
    """What the demonstration holds, in numbers."""

    people: int
    proposals: int
    accepted: int
    placed: int
    versions: int
    notices: int

    def sentence(self) -> str:
        """Say it."""
        return (
            f"{self.people} people, {self.proposals} proposals, {self.accepted} accepted, {self.placed} sessions placed, "
            f"{self.versions} program versions, {self.notices} notices told"
        )


def is_told(trio: Trio) -> bool:
    """Tell whether this installation holds a society already."""
    with trio.proposals.database.reading() as reading:
        return bool(reading.scalar(select(func.count()).select_from(Society)))


def tell_story(trio: Trio, clock: StoryClock, now: datetime, say: Callable[[str], None]) -> Told:
    """Tell the society's year up to `now`; `say` hears each chapter."""
    story = _Story(trio, clock, now)
    for chapter in (story.found, story.call_for_workshops, story.decide, story.place_and_publish, story.change_and_publish_again, story.present):
        say(str(chapter.__doc__).splitlines()[0])
        chapter()
        story.settle()
    return story.counted()


class _Story:
    def __init__(self, trio: Trio, clock: StoryClock, now: datetime) -> None:
        self._trio, self._clock, self._now = trio, clock, now
        self._proposals, self._scheduling = trio.proposals.database, trio.scheduling.database
        self.settle = EmbeddedBackbone(trio).settle
        self._dice = random.Random(2016)  # noqa: S311 - the same society every time
        self._submitters: list[UUID] = []
        self._titles = self._all_titles()

    def found(self) -> None:
        """A society is founded; people join, a chair prepares the annual and a regional meeting."""
        self._society = found_society(self._proposals, slug="sgm", name="Society of Generous Medicine", time_zone=ZONE)
        self._chair = self._person("Charlotte Okafor", "Lakeview University")
        regional = self._person("Mateo Lindqvist", "Northfold College")
        self._attendee = self._person("Ana Whitefeather", "Mercy Harbor Clinic")
        people = [f"{self._dice.choice(FIRST)} {last}" for last in LAST for _ in range(4)]
        self._submitters = [self._person(name, self._dice.choice(PLACES)) for name in dict.fromkeys(people)]
        grant_role(self._proposals, person_id=self._chair, role="administrator", scope_kind="society", scope_id=self._society)
        self.settle()
        start = (self._now + timedelta(days=45)).date()
        self._annual = self._meeting("annual-meeting", "Annual Meeting", "Hollywood, Florida", start, 3)
        spring = self._meeting("midwest-spring", "Midwest Spring Meeting", "Madison, Wisconsin", start + timedelta(days=80), 1)
        grant_role(self._proposals, person_id=self._chair, role="chair", scope_kind="meeting", scope_id=self._annual)
        grant_role(self._proposals, person_id=regional, role="chair", scope_kind="meeting", scope_id=spring)
        self._regional_chair, self._regional = regional, spring
        self.settle()
        for name, size in (("Atlantic Ballroom", 300), ("Biscayne", 80), ("Coral", 60), ("Dania", 40), ("Everglades", 40), ("Flamingo", 25)):
            add_room(self._scheduling, by=self._chair, meeting_id=self._annual, name=name, capacity=size)
        for name, size in (("Mendota Hall", 120), ("Monona Room", 40)):
            add_room(self._scheduling, by=regional, meeting_id=spring, name=name, capacity=size)

    def call_for_workshops(self) -> None:
        """The call for workshops opens, people submit, and it closes."""
        self._workshops = self._call("workshops", "Call for workshops, talks and forums", KINDS, self._annual, self._chair, opened=-75, closes=-30)
        self._submitted = [self._submit(self._workshops, kind=self._dice.choice(["workshop", "oral", "oral", "forum"])) for _ in range(58)]
        self._submit(self._workshops, kind="oral", finish=False)
        self._clock.until(self._now - timedelta(days=29))

    def decide(self) -> None:
        """The chair decides in quiet, then releases all decisions together."""
        for number, proposal in enumerate(self._submitted):
            decide(self._proposals, by=self._chair, proposal_id=proposal, outcome=DECLINE if number % 5 == 4 else ACCEPT)
        self._clock.until(self._now - timedelta(days=20))
        release(self._proposals, by=self._chair, call_id=self._workshops)

    def place_and_publish(self) -> None:
        """Sessions are placed automatically, and version 1 of the program is published."""
        place_automatically(self._scheduling, by=self._chair, meeting_id=self._annual)
        self._clock.until(self._now - timedelta(days=14))
        release_program(self._scheduling, by=self._chair, meeting_id=self._annual, note="The first program.")
        with self._scheduling.reading() as reading:
            placed = list(reading.scalars(select(Session.id).where(Session.starts_at.is_not(None)).order_by(Session.id).limit(12)))
        for session in placed:
            star(self._scheduling, person_id=self._attendee, session_id=session)
        self._star_target = placed[0]
        self.settle()
        self._clock.until(self._now - timedelta(days=13))

    def change_and_publish_again(self) -> None:
        """One session moves, one proposal is withdrawn, and version 2 is published."""
        withdraw_proposal(self._proposals, by=self._owner(self._submitted[7]), proposal_id=self._submitted[7])
        self.settle()
        self._move_somewhere(self._star_target)
        self._clock.until(self._now - timedelta(days=2))
        release_program(self._scheduling, by=self._chair, meeting_id=self._annual, note="A room was double-booked by the hotel; one session moves.")
        self.settle()
        self._clock.until(self._now - timedelta(days=1))

    def present(self) -> None:
        """Calls for posters and for the regional meeting are open; proposals come in."""
        posters = self._call("posters", "Call for posters", POSTERS, self._annual, self._chair, opened=-10, closes=16)
        spring = self._call("midwest", "Call for the Midwest Spring Meeting", KINDS, self._regional, self._regional_chair, opened=-5, closes=30)
        for number in range(16):
            self._submit(posters, kind="poster", finish=number % 4 != 3)
        for number in range(6):
            self._submit(spring, kind="oral", finish=number % 3 != 2)
        self.settle()
        self._clock.until(self._now)

    def counted(self) -> Told:
        """Count what there is."""
        with self._proposals.reading() as reading:
            people = reading.scalar(select(func.count()).select_from(Person)) or 0
            states = reading.execute(select(Proposal.state, func.count()).group_by(Proposal.state)).all()
        with self._scheduling.reading() as reading:
            placed = reading.scalar(select(func.count()).select_from(Session).where(Session.starts_at.is_not(None))) or 0
            versions = reading.scalar(select(func.count()).select_from(Release)) or 0
        with self._trio.notifications.database.reading() as reading:
            notices = reading.scalar(select(func.count()).select_from(Notice).where(Notice.state == TOLD)) or 0
        number = {row[0]: row[1] for row in states}
        return Told(people, sum(number.values()), number.get("accepted", 0), placed, versions, notices)

    def _person(self, name: str, place: str) -> UUID:
        address = f"{name.lower().replace(' ', '.')}@example.org"
        with self._proposals.work() as work:
            return register_person(work, name=name, email=address, affiliation=place, time_zone=ZONE).id

    def _meeting(self, slug: str, title: str, venue: str, start: date, days: int) -> UUID:
        text = MeetingText(slug, title, venue, start, start + timedelta(days=days - 1), ZONE, day_opens=9 * 60, day_closes=17 * 60 + 30)
        return create_meeting(self._scheduling, by=self._chair, society_id=self._society, text=text)

    def _call(self, slug: str, title: str, kinds: list[dict[str, str | int]], meeting: UUID, by: UUID, *, opened: int, closes: int) -> UUID:
        self.settle()
        midnight = datetime.combine((self._now + timedelta(days=closes)).date(), time(23, 59), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
        words = "Tell us what you would teach, show or discuss. **First-time presenters are welcome.**"
        text = CallText(slug, title, words, kinds, self._now + timedelta(days=opened), midnight, grace_minutes=15)
        self._clock.until(text.opens_at)
        return open_call(self._proposals, by=by, meeting_id=meeting, text=text)

    def _submit(self, call: UUID, *, kind: str, finish: bool = True) -> UUID:
        theme = self._dice.choice(THEMES)
        draft = Draft(title=self._titles.pop(), abstract=ABSTRACT.format(theme=theme), expected=self._dice.choice([15, 20, 30, 35, 50, 75]))
        by = self._dice.choice(self._submitters)
        proposal = start_proposal(self._proposals, by=by, call_id=call, kind=kind, draft=draft)
        if finish:
            submit_proposal(self._proposals, by=by, proposal_id=proposal)
        return proposal

    def _owner(self, proposal: UUID) -> UUID:
        with self._proposals.reading() as reading:
            return reading.execute(select(Proposal.submitter_id).where(Proposal.id == proposal)).scalar_one()

    def _move_somewhere(self, session_id: UUID) -> None:
        """Move a session to the first free hour that suits it."""
        with self._scheduling.reading() as reading:
            session = reading.execute(select(Session).where(Session.id == session_id)).scalar_one()
            others = list(reading.scalars(select(Session).where(Session.meeting_id == session.meeting_id, Session.starts_at.is_not(None))))
            places = [(other.room_id, other.starts_at + timedelta(minutes=30 * n)) for other in others if other.starts_at for n in range(1, 8)]
            room, start = next(
                (room, start)
                for room, start in places
                if room and (room, start) != (session.room_id, session.starts_at) and clash(session, room, start, others) is None
            )
            version = session.version
        move_session(self._scheduling, by=self._chair, session_id=session_id, version=version, room_id=room, starts_at=start)

    def _all_titles(self) -> list[str]:
        titles = [form.format(theme)[:1].upper() + form.format(theme)[1:] for form in FORMS for theme in THEMES]
        titles += [f"{title}: part two" for title in titles]
        self._dice.shuffle(titles)
        return titles
