"""kill -9 at every instant of relay and consumer, in both shapes: nothing lost, doubled, invented or out of order afterwards."""

from uuid import uuid4

import pytest
from cleaning import remove
from kombu import Connection
from ledger import METADATA, account, announce, faults
from processes import Supervised, until

from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.topology import connect, declare_exchange, declare_queue

EVENTS = 120
INSTANTS = ["relay.after_read", "relay.after_publish", "relay.after_mark", "consumer.received", "consumer.before_commit", "work.after_commit"]
BROKERED = [*((instant, "relay") for instant in INSTANTS[:3]), *((instant, "consumer") for instant in INSTANTS[3:])]
BROKERED += [("consumer.after_commit_before_ack", "consumer"), ("consumer.after_ack", "consumer")]


def load(source) -> None:
    subjects = [uuid4() for _ in range(6)]
    for count in range(EVENTS):
        announce(source, subjects[count % 6], count)


def settled(source, target) -> bool:
    return backbone_health(source).pending == 0 and len(account(target)) >= EVENTS


@pytest.mark.capability("K10")
@pytest.mark.parametrize("instant", INSTANTS)
def test_embedded_process_killed(tmp_path, instant):
    urls = {"SOURCE_URL": f"sqlite:///{tmp_path / 's.db'}", "TARGET_URL": f"sqlite:///{tmp_path / 't.db'}"}
    source, target = (open_database(name, urls[key]) for name, key in (("source", "SOURCE_URL"), ("target", "TARGET_URL")))
    METADATA.create_all(source.engine)
    METADATA.create_all(target.engine)
    load(source)
    process = Supervised("embedded", urls, f"{instant}@1:kill")
    try:
        until(lambda: process.deaths > 0 and settled(source, target), [process])
    finally:
        process.end()
    assert process.deaths == 1
    assert faults(source, target) == []
    source.close()
    target.close()


@pytest.fixture
def brokered(postgres_url, tmp_path, amqp_url):
    prefix = f"crash-{uuid4().hex[:8]}."
    urls = {"SOURCE_URL": f"sqlite:///{tmp_path / 's.db'}", "TARGET_URL": postgres_url, "AMQP_URL": amqp_url, "PREFIX": prefix}
    connection = connect(amqp_url)
    declare_exchange(connection.default_channel, "source", prefix)
    declare_queue(connection.default_channel, "target", frozenset({"source"}), frozenset({"source.counter"}), prefix)
    connection.release()
    yield urls
    with Connection(amqp_url) as cleaning:
        for service in ("source", "target"):
            remove(cleaning.default_channel, prefix, service, {"source.counter"})


@pytest.mark.capability("K10", "N3")
@pytest.mark.servers
@pytest.mark.parametrize(("instant", "victim"), BROKERED)
def test_deployed_process_killed(brokered, instant, victim):
    source, target = open_database("source", brokered["SOURCE_URL"]), open_database("target", brokered["TARGET_URL"])
    METADATA.create_all(source.engine)
    METADATA.create_all(target.engine)
    load(source)
    trap = f"{instant}@1:kill"
    processes = [Supervised(role, brokered, trap if role == victim else None) for role in ("relay", "consumer")]
    try:
        until(lambda: any(process.deaths for process in processes) and settled(source, target), processes)
    finally:
        for process in processes:
            process.end()
    assert sum(process.deaths for process in processes) == 1
    assert faults(source, target) == []
    source.close()
    target.close()
