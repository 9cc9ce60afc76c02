"""The relay and the outbox: facts go out because, and only because, their change committed; marks follow confirms."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import uuid4

import pytest
from ledger import METADATA, Counted, account, announce, faults
from sqlalchemy import func, select, update

from plenary_kit.messaging.brokers import BrokerDownError, DirectBroker, Published
from plenary_kit.messaging.doorbell import PostgresDoorbell
from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.relay import BATCH, Leadership, Relay
from plenary_kit.messaging.tables import OUTBOX
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.engines import make_engine


@pytest.fixture
def producer(database_url):
    database = open_database("source", database_url)
    METADATA.create_all(database.engine)
    yield database
    database.close()


def test_nothing_is_announced_by_a_change_that_failed(producer):
    with pytest.raises(RuntimeError), producer.work() as work:
        work.announce(Counted(id=uuid4(), count=1))
        raise RuntimeError
    assert backbone_health(producer).pending == 0


def test_versions_have_no_gap_under_concurrent_writers(producer):
    subjects = [uuid4() for _ in range(3)]

    def write(number: int) -> None:
        with producer.work() as work:
            for subject in subjects if number % 2 else reversed(subjects):
                work.announce(Counted(id=subject, count=number))

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(write, range(60)))
    with producer.reading() as session:
        rows = [tuple(row) for row in session.execute(select(OUTBOX.c.subject_id, OUTBOX.c.version).order_by(OUTBOX.c.seq))]
    for subject in subjects:
        assert [version for owner, version in rows if owner == subject] == list(range(1, 61))


def test_the_embedded_way_carries_everything_once(source, intake, target, subject):
    broker = DirectBroker()
    broker.connect(intake)
    announce(source, subject, *range(1, 30))
    relay = Relay(source, broker)
    assert relay.drain() == 29
    assert relay.drain() == 0
    assert faults(source, target) == []
    assert len(account(target)) == 29


class RefusingBroker(DirectBroker):
    """Refuses chosen counts like a broker without a queue for them."""

    def publish(self, service, batch):
        refused = {message.event_id: "no queue" for message in batch if b'"count":13' in message.payload}
        return Published(frozenset(message.event_id for message in batch) - refused.keys(), refused)


def test_a_refused_row_waits_and_its_subject_with_it(source, subject):
    other = uuid4()
    announce(source, subject, 13)
    relay = Relay(source, RefusingBroker())
    assert relay.drain_once() == 0
    announce(source, subject, 14)
    announce(source, other, 15)
    assert relay.drain_once() == 1
    with source.reading() as session:
        pending = list(session.scalars(select(OUTBOX.c.subject_id).where(OUTBOX.c.published_at.is_(None))))
        assert session.scalar(select(OUTBOX.c.last_error).where(OUTBOX.c.attempts > 0)) == "no queue"
    assert pending == [subject, subject]


class AbsentBroker(DirectBroker):
    """Is never there."""

    def publish(self, service, batch):
        raise BrokerDownError("away")


def test_without_a_confirm_nothing_is_marked(source, subject):
    announce(source, subject, 1)
    with pytest.raises(BrokerDownError):
        Relay(source, AbsentBroker()).drain_once()
    assert backbone_health(source).pending == 1


def test_one_relay_leads_at_a_time(producer):
    first, second = Leadership(producer), Leadership(producer)
    assert first.held()
    assert not second.held()
    first.give_up()
    assert second.held()
    second.give_up()


def test_however_many_rows_wait_behind_a_refused_one_other_subjects_go_on(producer, subject):
    other = uuid4()
    with producer.work() as work:
        for count in range(2 * BATCH):
            work.announce(Counted(id=subject, count=count))
    announce(producer, other, 1)
    with producer.work() as work:
        last = select(func.max(OUTBOX.c.seq)).where(OUTBOX.c.subject_id == other).scalar_subquery()
        work.session.execute(update(OUTBOX).where(OUTBOX.c.seq < last, OUTBOX.c.version == 1).values(not_before=work.now + timedelta(minutes=1)))
    assert Relay(producer, DirectBroker()).drain() == 1
    with producer.reading() as session:
        assert list(session.scalars(select(OUTBOX.c.subject_id).where(OUTBOX.c.published_at.is_not(None)))) == [other]


@pytest.mark.servers
def test_a_ring_that_was_swallowed_is_made_good_by_a_second_look(postgres_url):
    engine = make_engine(postgres_url)
    ringing, listening = PostgresDoorbell(engine), PostgresDoorbell(engine)
    assert not listening.wait(0.01)
    ringing.ring()
    ringing.ring()
    assert listening.wait(60)
    begun = utc_now()
    assert not listening.wait(60)
    assert utc_now() - begun < timedelta(seconds=30), "whoever heard a ring must look again soon"
    ringing.close()
    listening.close()
    engine.dispose()


def test_a_relay_that_leads_marks_what_it_carried(producer, subject):
    announce(producer, subject, 1, 2)
    relay = Relay(producer, DirectBroker())
    assert relay._leadership.held()
    assert relay.drain() == 2
    assert backbone_health(producer).pending == 0
    relay._leadership.give_up()
