"""The relay and the outbox: facts go out because, and only because, their change committed; marks follow confirms."""

from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from ledger import METADATA, Counted, account, announce, faults
from sqlalchemy import select

from plenary_kit.messaging.brokers import BrokerDownError, DirectBroker, Published
from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.relay import Leadership, Relay
from plenary_kit.messaging.tables import OUTBOX


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
