"""Copies heal: whatever happens to one, its owner's word mends it, exactly what is wrong is named, and nobody is told anything."""

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from uuid import UUID, uuid4

import pytest
from copied import alter, content, double, every_copy, found, lose, told, whole_hash
from society import Clock, call, submitted
from society import found as found_society
from sqlalchemy import JSON, func, insert, select, update

from plenary.composition import SERVICES, EmbeddedBackbone, Trio, build_trio
from plenary_contracts.copies import MEETINGS, PEOPLE, PROPOSALS, ROLES, SIGN_INS, SOCIETIES, STARS
from plenary_kit.copies.copy import Copy
from plenary_kit.copies.faults import compared, faults
from plenary_kit.messaging.parked import replay
from plenary_kit.messaging.tables import HELD, INBOX, OUTBOX, PARKED
from plenary_kit.persistence.columns import UtcDateTime
from plenary_kit.refusal import NotFound
from plenary_notifications.notices.model import Notice
from plenary_proposals.decisions.actions import decide, release
from plenary_proposals.people.actions import register_person, sign_in_as, sign_out
from plenary_proposals.people.model import Person
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.sessions.copies import HoldsPlaces
from plenary_scheduling.sessions.model import Session
from plenary_scheduling.stars.actions import star

KEPT = [
    *(("scheduling", kind) for kind in (PEOPLE, SOCIETIES, ROLES, SIGN_INS, PROPOSALS)),
    *(("notifications", kind) for kind in (PEOPLE, ROLES, SIGN_INS, MEETINGS, STARS)),
    ("proposals", MEETINGS),
]
NAMES = [f"{name} {kind.name}" for name, kind in KEPT]
OTHERWISE: dict[type, Any] = {str: "tampered with", int: 1234, UUID: uuid4(), date: date(1999, 1, 1)}
JSONS = {"presenter_ids": [], "unavailable": [["1999-01-01T08:00:00Z", "1999-01-01T09:00:00Z"]]}


def opened(folder: Path, clock: Clock) -> Trio:
    return build_trio({name: f"sqlite:///{folder / name}.db" for name in SERVICES}, clock=clock)


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> SimpleNamespace:
    """A society with something of every kind that is copied."""
    clock, folder = Clock(), tmp_path_factory.mktemp("settled")
    trio = opened(folder, clock)
    trio.migrate()
    settle = EmbeddedBackbone(trio).settle
    society = found_society(trio, settle)
    proposals, scheduling = trio.proposals.database, trio.scheduling.database
    call_id = call(trio, society, clock)
    for title in ("First", "Second", "Third"):
        decide(proposals, by=society.chair, proposal_id=submitted(trio, society, call_id, title), outcome="accept")
    release(proposals, by=society.chair, call_id=call_id)
    settle()
    place_automatically(scheduling, by=society.chair, meeting_id=society.meeting_id)
    release_program(scheduling, by=society.chair, meeting_id=society.meeting_id, note="First version")
    with scheduling.reading() as reading:
        sessions = list(reading.scalars(select(Session.id)))
    for session in sessions:
        star(scheduling, person_id=society.attendee, session_id=session)
    for person in (society.chair, society.submitter):
        sign_out(proposals, sign_in_as(proposals, person).session_id)
    clock.forward(minutes=30)
    settle()
    trio.close()
    return SimpleNamespace(folder=folder, society=society, call=call_id, now=clock.now)


@pytest.fixture
def stage(settled, tmp_path) -> Iterator[SimpleNamespace]:
    """The settled society, a minute later."""
    for name in SERVICES:
        shutil.copy(settled.folder / f"{name}.db", tmp_path)
    clock = Clock(settled.now + timedelta(minutes=1))
    trio = opened(tmp_path, clock)
    yield SimpleNamespace(trio=trio, clock=clock, society=settled.society, call=settled.call, settle=EmbeddedBackbone(trio).settle)
    trio.close()


def reconcile(stage) -> None:
    for service in stage.trio.all():
        service.keeper.reconcile(service.database)
    stage.settle()


def kept(stage, name: str, kind):
    service = getattr(stage.trio, name)
    return service, service.keeper.copies[kind.name]


def test_every_copy_is_tampered_with_below(stage):
    assert {(service.name, copy.kind.name) for service, copy in every_copy(stage.trio)} == {(name, kind.name) for name, kind in KEPT}
    assert all(content(service, copy) for service, copy in every_copy(stage.trio))


def test_copies_that_are_right_are_found_right(stage):
    before, announced = whole_hash(stage.trio), told(stage.trio)
    reconcile(stage)
    for service in stage.trio.all():
        assert found(service) == {}
        assert compared(service.database) == dict.fromkeys(service.keeper.copies, stage.clock.now)
        with service.database.reading() as session:
            assert not session.scalar(select(func.count()).where(OUTBOX.c.type.like("%.stated.v1")))
    assert (whole_hash(stage.trio), told(stage.trio)) == (before, announced)


@pytest.mark.parametrize(("name", "kind"), KEPT, ids=NAMES)
def test_a_row_that_was_lost_is_named_and_comes_back(stage, name, kind):
    service, copy = kept(stage, name, kind)
    before, announced = content(service, copy), told(stage.trio)
    lost = min(before)
    lose(service, copy, lost)
    reconcile(stage)
    assert found(service) == {(kind.name, lost): ("missing", "")}
    assert content(service, copy) == before
    assert told(stage.trio) == announced


@pytest.mark.parametrize(("name", "kind"), KEPT, ids=NAMES)
def test_every_field_that_was_altered_is_named_and_mended(stage, name, kind):
    service, copy = kept(stage, name, kind)
    before, announced = content(service, copy), told(stage.trio)
    thing = min(before)
    values = {field: _otherwise(field, copy) for field in copy.fields}
    alter(service, copy, thing, **values)
    reconcile(stage)
    assert found(service) == {(kind.name, thing): ("differs", ", ".join(copy.fields))}
    assert content(service, copy) == before
    assert told(stage.trio) == announced


def _otherwise(field: str, copy: Copy) -> Any:
    column = copy.table.c[field].type
    if isinstance(column, UtcDateTime):
        return datetime(1999, 1, 1, tzinfo=UTC)
    return JSONS[field] if isinstance(column, JSON) else OTHERWISE[column.python_type]


@pytest.mark.parametrize(
    ("name", "kind"), [each for each in KEPT if each[1] is not PROPOSALS], ids=[each for each in NAMES if "proposals.proposal" not in each]
)
def test_a_row_that_its_owner_does_not_have_is_named_and_goes(stage, name, kind):
    service, copy = kept(stage, name, kind)
    before, announced = content(service, copy), told(stage.trio)
    invented = uuid4()
    double(service, copy, min(before), invented)
    reconcile(stage)
    assert found(service) == {(kind.name, invented): ("extra", "")}
    assert content(service, copy) == before
    assert told(stage.trio) == announced


def test_an_invented_session_leaves_the_working_copy(stage):
    service, copy = kept(stage, "scheduling", PROPOSALS)
    before, invented = content(service, copy), uuid4()
    double(service, copy, min(before), invented, id=uuid4())
    reconcile(stage)
    assert found(service) == {(PROPOSALS.name, invented): ("extra", "")}
    assert content(service, copy) == before


def test_mending_a_session_leaves_it_where_it_stands(stage):
    service, copy = kept(stage, "scheduling", PROPOSALS)
    places = select(Session.proposal_id, Session.room_id, Session.starts_at).order_by(Session.proposal_id)
    with service.database.reading() as session:
        before = session.execute(places).all()
    alter(service, copy, before[0].proposal_id, title="Another title")
    reconcile(stage)
    with service.database.reading() as session:
        assert session.execute(places).all() == before


def test_a_version_that_ran_ahead_cannot_hold_a_copy_back(stage):
    service, copy = kept(stage, "notifications", PEOPLE)
    before = content(service, copy)
    alter(service, copy, min(before), version=999, name="Nobody")
    reconcile(stage)
    assert content(service, copy) == before


def test_a_change_that_its_owner_never_announced_is_found(stage):
    with stage.trio.proposals.database.work() as work:
        work.session.execute(update(Person).where(Person.id == stage.society.attendee).values(name="Ana Bluefeather"))
    reconcile(stage)
    for name in ("scheduling", "notifications"):
        service, copy = kept(stage, name, PEOPLE)
        assert found(service) == {(PEOPLE.name, stage.society.attendee): ("differs", "name")}
        assert content(service, copy)[stage.society.attendee]["name"] == "Ana Bluefeather"


def registered_and_lost(stage, name: str) -> UUID:
    """Register a person whose fact the broker confirms and loses."""
    proposals = stage.trio.proposals.database
    with proposals.work() as work:
        person = register_person(work, name=name, email=None).id
    with proposals.work() as work:
        work.session.execute(update(OUTBOX).where(OUTBOX.c.published_at.is_(None)).values(published_at=work.now))
    return person


def test_facts_that_were_lost_on_their_way_are_sent_again_and_take_effect_once(stage):
    person = registered_and_lost(stage, "Wanda Lost")
    for _ in range(2):
        reconcile(stage)
    for name in ("scheduling", "notifications"):
        service, copy = kept(stage, name, PEOPLE)
        assert found(service) == {(PEOPLE.name, person): ("behind", "")}
        assert content(service, copy)[person]["name"] == "Wanda Lost"
        with service.database.reading() as session:
            taken = session.scalars(select(INBOX.c.type).where(INBOX.c.subject_id == person).order_by(INBOX.c.version))
            assert list(taken) == ["proposals.person.registered.v1", *["proposals.person.stated.v1"] * 2]  # both keepers had doubts
            assert not session.scalar(select(func.count()).select_from(HELD))


def test_what_is_stuck_is_named_and_left_to_the_operator(stage):
    person = registered_and_lost(stage, "Stella Stuck")
    with stage.trio.proposals.database.reading() as session:
        row = session.execute(select(OUTBOX).where(OUTBOX.c.subject_id == person)).one()
    parked = {name: getattr(row, name) for name in ("event_id", "subject", "subject_id", "version", "type", "payload")}
    for service in (stage.trio.scheduling, stage.trio.notifications):
        with service.database.work() as work:
            work.session.execute(insert(HELD).values(**parked, fingerprint="", reason=PARKED, attempts=6, held_at=work.now, last_error="no"))
    reconcile(stage)
    for name in ("scheduling", "notifications"):
        service, copy = kept(stage, name, PEOPLE)
        assert [(fault.thing, fault.fault) for fault in faults(service.database)] == [(person, "stuck")]
        assert person not in content(service, copy)
        replay(service.database)
        service.intake.sweep()
    reconcile(stage)
    for name in ("scheduling", "notifications"):
        service, copy = kept(stage, name, PEOPLE)
        assert found(service) == {(PEOPLE.name, person): ("stuck", "")}
        assert content(service, copy)[person]["name"] == "Stella Stuck"


def test_a_rebuilt_copy_is_the_same_twice(stage):
    announced = told(stage.trio)
    before = whole_hash(stage.trio)
    for _ in range(2):
        for service, copy in every_copy(stage.trio):
            if copy.kind is PROPOSALS:
                continue
            service.keeper.rebuild(service.database, copy.kind.name)
            assert content(service, copy) == {}
        stage.settle()
        assert whole_hash(stage.trio) == before
        assert told(stage.trio) == announced


def test_sessions_cannot_be_emptied(stage):
    service, copy = kept(stage, "scheduling", PROPOSALS)
    before = content(service, copy)
    with pytest.raises(HoldsPlaces):
        service.keeper.rebuild(service.database, PROPOSALS.name)
    assert content(service, copy) == before


def test_what_is_not_kept_cannot_be_rebuilt(stage):
    with pytest.raises(NotFound, match=r"proposals keeps no copy of proposals\.person; it keeps scheduling\.meeting"):
        stage.trio.proposals.keeper.rebuild(stage.trio.proposals.database, PEOPLE.name)


def test_copies_are_compared_every_day(stage):
    service, day = stage.trio.notifications, timedelta(days=1)
    start = stage.clock.now

    def due() -> int:
        done = service.keeper.reconcile_when_due(service.database, every=day, since=start)
        stage.settle()
        return done

    assert due() == 0
    stage.clock.forward(days=1)
    assert [due(), due()] == [1, 0]
    stage.clock.forward(hours=23)
    assert due() == 0
    stage.clock.forward(hours=1)
    assert due() == 1
    assert set(compared(service.database).values()) == {stage.clock.now}


def test_things_go_on_while_copies_heal(stage):
    """A change between the doubt and its answer wins, whichever comes first."""
    service, copy = kept(stage, "notifications", PEOPLE)
    lose(service, copy, stage.society.attendee)
    service.keeper.reconcile(service.database)
    EmbeddedBackbone(stage.trio).relays[2].drain()
    with stage.trio.proposals.database.work() as work:
        person = work.session.get(Person, stage.society.attendee)
        person.name = "Ana Newname"
        work.announce(person.registered())
    stage.settle()
    reconcile(stage)
    assert content(service, copy)[stage.society.attendee]["name"] == "Ana Newname"
    assert faults(service.database) == []


def test_a_listing_that_arrives_together_with_a_change_is_compared_after_it(stage):
    service, _ = kept(stage, "notifications", PEOPLE)
    with stage.trio.proposals.database.work() as work:
        register_person(work, name="Nick Oftime", email=None)
    service.keeper.reconcile(service.database)
    proposals, _, notifications = EmbeddedBackbone(stage.trio).relays
    notifications.drain()
    assert proposals.drain_once() > 1
    assert faults(service.database) == []


def test_owed_notices_wait_for_a_copy_and_are_told_once(stage):
    service, copy = kept(stage, "notifications", PEOPLE)
    lose(service, copy, stage.society.submitter)
    submitted(stage.trio, stage.society, stage.call, "While the copy is broken")
    stage.settle()
    reconcile(stage)
    with service.database.reading() as session:
        states = list(session.scalars(select(Notice.state).where(Notice.title.contains("While the copy is broken"))))
    assert states == ["told"]
