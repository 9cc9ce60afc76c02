"""One proposal's journey through the three services, embedded: submitted, accepted, placed, published, moved, withdrawn; and who is told."""

import email
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.policy import default
from types import SimpleNamespace

import pytest
from society import Clock, call, found, submitted

from plenary.composition import EmbeddedBackbone, build_trio, mailers
from plenary_kit.mail.letters import Sender
from plenary_kit.mail.transports import FolderTransport
from plenary_kit.refusal import NotFound
from plenary_notifications.notices.queries import inbox
from plenary_proposals.calls.model import CallNotOpen
from plenary_proposals.decisions.actions import decide, release
from plenary_proposals.decisions.model import NothingToRelease
from plenary_proposals.proposals.actions import withdraw_proposal
from plenary_proposals.proposals.model import NotInThisState
from plenary_scheduling.program.actions import release_program
from plenary_scheduling.program.model import NothingChanged
from plenary_scheduling.program.queries import latest_release, program, working_copy
from plenary_scheduling.sessions.actions import move_session
from plenary_scheduling.sessions.model import Clash, StaleSession
from plenary_scheduling.stars.actions import star

SENDER = Sender("Plenary", "plenary@example.org", "example.org")
TEN = datetime(2016, 5, 12, 14, tzinfo=UTC)  # ten in the morning at the venue


@pytest.fixture
def stage(tmp_path) -> Iterator[SimpleNamespace]:
    clock = Clock()
    trio = build_trio({name: f"sqlite:///{tmp_path / name}.db" for name in ("proposals", "scheduling", "notifications")}, clock=clock)
    trio.migrate()
    backbone = EmbeddedBackbone(trio)
    society = found(trio, backbone.settle)
    folder = tmp_path / "mail"
    senders = mailers(trio, FolderTransport(folder), SENDER)

    def settle(**later: float) -> None:
        clock.forward(**later)
        backbone.settle()
        for mailer in senders:
            while mailer.send_due():
                continue

    def mail() -> list[tuple[str, str]]:
        messages = [email.message_from_bytes(path.read_bytes(), policy=default) for path in sorted(folder.glob("*.eml"))]
        return [(str(message["To"]), str(message["Subject"])) for message in messages]

    def session():
        with trio.scheduling.database.reading() as reading:
            return working_copy(reading, society.meeting_id)[0]

    yield SimpleNamespace(clock=clock, trio=trio, society=society, call=call(trio, society, clock), settle=settle, mail=mail, session=session)
    trio.close()


def accepted(stage, title: str = "Diverse career paths"):
    proposal = submitted(stage.trio, stage.society, stage.call, title)
    decide(stage.trio.proposals.database, by=stage.society.chair, proposal_id=proposal, outcome="accept")
    release(stage.trio.proposals.database, by=stage.society.chair, call_id=stage.call)
    stage.settle()
    return proposal


def move(stage, starts_at=TEN, room=0, **options) -> None:
    session = stage.session()
    move_session(
        stage.trio.scheduling.database,
        by=stage.society.chair,
        session_id=session.id,
        version=options.pop("version", session.version),
        room_id=stage.society.rooms[room],
        starts_at=starts_at,
        **options,
    )


def publish(stage, note: str = "A version") -> int:
    return release_program(stage.trio.scheduling.database, by=stage.society.chair, meeting_id=stage.society.meeting_id, note=note)


@pytest.mark.capability("E1")
def test_nobody_is_told_of_a_decision_before_its_release(stage):
    proposal = submitted(stage.trio, stage.society, stage.call, "Diverse career paths")
    decide(stage.trio.proposals.database, by=stage.society.chair, proposal_id=proposal, outcome="accept")
    stage.settle(days=3)
    assert [subject for _, subject in stage.mail()] == ["We received “Diverse career paths”"]
    assert release(stage.trio.proposals.database, by=stage.society.chair, call_id=stage.call) == 1
    stage.settle()
    assert [subject for _, subject in stage.mail()] == ["We received “Diverse career paths”", "Accepted: “Diverse career paths”"]
    with pytest.raises(NothingToRelease):
        release(stage.trio.proposals.database, by=stage.society.chair, call_id=stage.call)


@pytest.mark.capability("G3", "J6", "K3")
def test_the_whole_journey(stage):
    accepted(stage)
    assert stage.session().room is None
    move(stage)
    assert publish(stage) == 1
    stage.settle(minutes=11)
    session = stage.session()
    for person in (stage.society.attendee, stage.society.submitter):
        star(stage.trio.scheduling.database, person_id=person, session_id=session.id)
    stage.settle(minutes=1)
    move(stage, TEN + timedelta(hours=2), room=1)
    with stage.trio.scheduling.database.reading() as reading:
        [public] = program(reading, latest_release(reading, stage.society.meeting_id).id)
    assert (public.starts_at, public.room) == (TEN, "Atlantic"), "the working copy is not public"
    assert publish(stage, "Lunch moved") == 2
    stage.settle()
    told_before = stage.mail()
    stage.settle(minutes=11)
    new = sorted(set(stage.mail()) - set(told_before))
    assert new == [
        ("Ana Whitefeather <ana@example.org>", "Moved: “Diverse career paths”"),
        ("Samir Lindqvist <samir@example.org>", "Moved: “Diverse career paths”"),
    ]
    with stage.trio.notifications.database.reading() as reading:
        [notice] = inbox(reading, stage.society.attendee)
    assert "Now: Thursday, May 12, 2016, 12:00 PM to 1:00 PM EDT, Biscayne" in notice.text
    assert notice.reason == "you starred this session"


@pytest.mark.capability("K4")
def test_a_change_that_comes_to_nothing_tells_nobody(stage):
    accepted(stage)
    move(stage)
    publish(stage)
    stage.settle(minutes=11)
    before = stage.mail()
    for starts_at in (TEN + timedelta(hours=1), TEN):
        move(stage, starts_at)
        publish(stage)
        stage.settle(minutes=1)
    stage.settle(minutes=30)
    assert stage.mail() == before


@pytest.mark.capability("J6")
def test_a_withdrawal_frees_the_slot_and_tells_those_concerned(stage):
    proposal = accepted(stage)
    move(stage)
    publish(stage)
    session = stage.session()
    star(stage.trio.scheduling.database, person_id=stage.society.attendee, session_id=session.id)
    stage.settle(minutes=11)
    before = stage.mail()
    withdraw_proposal(stage.trio.proposals.database, by=stage.society.submitter, proposal_id=proposal)
    stage.settle()
    stage.settle(minutes=11)
    new = sorted(set(stage.mail()) - set(before))
    assert [(to.split()[0], subject.split(":")[0]) for to, subject in new] == [
        ("Ana", "Canceled"),
        ("Charlotte", "Withdrawn after acceptance"),
        ("Samir", "Canceled"),
        ("Samir", "Withdrawn"),
    ]
    with stage.trio.scheduling.database.reading() as reading:
        assert working_copy(reading, stage.society.meeting_id) == []
        public = latest_release(reading, stage.society.meeting_id)
        assert [row.canceled for row in program(reading, public.id)] == [True]


@pytest.mark.capability("B6", "G4")
def test_a_move_is_refused_for_a_clash_and_for_a_stale_page(stage):
    accepted(stage, "First")
    move(stage)
    first = stage.session()
    accepted(stage, "Second")
    second = stage.session()
    assert second.title == "Second"
    with pytest.raises(Clash, match="stands in this room"):
        move(stage)
    with pytest.raises(Clash, match="presents"):
        move(stage, room=1)
    with pytest.raises(StaleSession):
        move(stage, TEN + timedelta(hours=1), version=second.version - 1)
    move(stage, anyway=True)
    assert first.starts_at == TEN


@pytest.mark.capability("A2")
def test_late_and_uninvited_acts_are_refused(stage):
    database, society = stage.trio.proposals.database, stage.society
    proposal = accepted(stage)
    with pytest.raises(NotFound):
        decide(database, by=society.submitter, proposal_id=proposal, outcome="accept")
    stage.clock.forward(days=30, minutes=14)
    late = submitted(stage.trio, society, stage.call, "Within grace")
    stage.clock.forward(minutes=1)
    with pytest.raises(CallNotOpen):
        submitted(stage.trio, society, stage.call, "Too late")
    decide(database, by=society.chair, proposal_id=late, outcome="decline")
    release(database, by=society.chair, call_id=stage.call)
    with pytest.raises(NotInThisState):
        decide(database, by=society.chair, proposal_id=late, outcome="accept")
    stage.settle()
    assert "Decision on “Within grace”" in [subject for _, subject in stage.mail()]


def test_a_release_without_a_change_is_refused(stage):
    with pytest.raises(NothingChanged):
        publish(stage)
