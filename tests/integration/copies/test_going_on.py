"""Copies heal while the services go on: lost and stuck facts, changes under way, rebuilding, and the daily comparison."""

from datetime import timedelta
from uuid import UUID

import pytest
from copied import content, every_copy, found, kept, lose, reconcile, told, whole_hash
from society import submitted
from sqlalchemy import func, insert, select, update

from plenary.composition import EmbeddedBackbone
from plenary_contracts.copies import PEOPLE, PROPOSALS
from plenary_kit.copies.faults import compared, faults
from plenary_kit.messaging.parked import replay
from plenary_kit.messaging.tables import HELD, INBOX, OUTBOX, PARKED
from plenary_kit.refusal import NotFound
from plenary_notifications.notices.model import Notice
from plenary_proposals.people.actions import register_person
from plenary_proposals.people.model import Person
from plenary_scheduling.sessions.copies import HoldsPlaces


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
