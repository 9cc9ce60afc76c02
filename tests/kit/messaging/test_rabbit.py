"""RabbitMQ for real: confirms, returned messages, dead letters, batches and their acknowledgement."""

from threading import Event, Thread
from uuid import uuid4

import pytest
from cleaning import remove
from kombu import Connection
from ledger import account, announce, faults, payloads

from plenary_kit.messaging import topology
from plenary_kit.messaging.brokers import BrokerDownError, Outgoing
from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.rabbit import RabbitConsumer, RabbitPublisher
from plenary_kit.messaging.relay import Relay
from plenary_kit.messaging.topology import connect, declare_exchange, declare_queue

pytestmark = pytest.mark.servers


@pytest.fixture
def prefix(amqp_url):
    name = f"test-{uuid4().hex[:8]}."
    yield name
    with Connection(amqp_url) as connection:
        channel = connection.default_channel
        for service in ("source", "target"):
            remove(channel, name, service, {"source.counter"})


@pytest.fixture
def queue(amqp_url, prefix):
    connection = connect(amqp_url)
    declare_exchange(connection.default_channel, "source", prefix)
    name = declare_queue(connection.default_channel, "target", frozenset({"source"}), frozenset({"source.counter"}), prefix)
    connection.release()
    return name


@pytest.fixture
def publisher(amqp_url, prefix):
    made = RabbitPublisher(amqp_url, prefix=prefix)
    yield made
    made.close()


def consume_until(consumer: RabbitConsumer, done) -> None:
    stop = Event()
    thread = Thread(target=consumer.run, args=(stop,))
    thread.start()
    waiting = Event()
    for _ in range(400):
        if done():
            break
        waiting.wait(0.05)
    stop.set()
    thread.join(10)
    assert done()


def depth(amqp_url: str, queue: str) -> int:
    with Connection(amqp_url) as connection:
        return int(connection.default_channel.queue_declare(queue, passive=True).message_count)


@pytest.mark.capability("N3")
def test_facts_arrive_once_and_the_queue_is_empty(source, intake, target, publisher, queue, prefix, amqp_url):
    for _ in range(3):
        announce(source, uuid4(), *range(1, 21))
    assert Relay(source, publisher).drain() == 60
    consume_until(RabbitConsumer(amqp_url, intake, prefix=prefix), lambda: len(account(target)) == 60)
    assert faults(source, target) == []
    assert backbone_health(source).pending == 0
    assert depth(amqp_url, queue) == 0


def test_a_message_that_no_queue_takes_is_refused_although_confirmed(source, publisher, prefix, queue, subject):
    announce(source, subject, 1)
    [payload] = payloads(source)
    event_id = uuid4()
    published = publisher.publish("source", [Outgoing(event_id, "source.nobody.listened.v1", "source.nobody", payload)])
    assert event_id not in published.confirmed
    assert "no queue takes" in published.refused[event_id]


def test_an_idle_publisher_keeps_its_connection(monkeypatch, amqp_url, prefix):
    monkeypatch.setattr(topology, "HEARTBEAT_SECONDS", 1)
    idle = RabbitPublisher(amqp_url, prefix=prefix)
    idle.attend("source")
    connection, pause = idle._connection, Event()
    for _ in range(20):  # five heartbeats: long enough for either side to give up on a silent one
        pause.wait(0.25)
        idle.attend("source")
    assert idle._connection is connection
    idle.close()


def test_a_message_that_nobody_listens_to_needs_no_queue(source, amqp_url, prefix, queue, subject):
    announce(source, subject, 1)
    [payload] = payloads(source)
    event_id = uuid4()
    careful = RabbitPublisher(amqp_url, listeners={"target": frozenset({"source.counter"})}, prefix=prefix)
    published = careful.publish("source", [Outgoing(event_id, "source.nobody.listened.v1", "source.nobody", payload)])
    careful.close()
    assert published.confirmed == {event_id}


def test_a_publisher_waits_until_everybody_who_listens_has_bound_a_queue(amqp_url, prefix, queue):
    early = RabbitPublisher(amqp_url, listeners={"target": frozenset({"source.counter"}), "late": frozenset({"source.counter"})}, prefix=prefix)
    with pytest.raises(BrokerDownError, match=r"late\.listening"):
        early.attend("source")
    with Connection(amqp_url) as connection:
        channel = connection.default_channel
        declare_queue(channel, "late", frozenset({"source"}), frozenset({"source.counter"}), prefix)
        early.attend("source")
        early.close()
        remove(channel, prefix, "late", {"source.counter"})


def test_a_consumer_that_comes_before_its_publisher_waits_for_it(source, intake, target, publisher, prefix, amqp_url, subject):
    announce(source, subject, 1)
    stop = Event()
    thread = Thread(target=RabbitConsumer(amqp_url, intake, prefix=prefix).run, args=(stop,))
    thread.start()
    relay, waiting = Relay(source, publisher), Event()
    for _ in range(400):
        relay.drain()
        if account(target):
            break
        waiting.wait(0.05)
    stop.set()
    thread.join(10)
    assert faults(source, target) == []


@pytest.mark.parametrize("body", [b"no json", b"[]", b"[" * 5000], ids=["text", "list", "deep"])
def test_what_cannot_be_read_goes_to_the_dead_letters_and_harms_nobody(source, intake, target, publisher, queue, prefix, amqp_url, subject, body):
    publisher.publish("source", [Outgoing(uuid4(), "source.counter.counted.v1", "source.counter", body)])
    announce(source, subject, 1)
    Relay(source, publisher).drain()
    consume_until(RabbitConsumer(amqp_url, intake, prefix=prefix), lambda: len(account(target)) == 1)
    assert depth(amqp_url, f"{prefix}target.dead") == 1


def test_a_compressed_bomb_is_not_opened(source, intake, target, queue, publisher, prefix, amqp_url, subject):
    with Connection(amqp_url) as connection:
        connection.Producer().publish("x" * 1000, exchange=f"{prefix}source.events", routing_key="source.counter.counted.v1", compression="zlib")
    announce(source, subject, 1)
    Relay(source, publisher).drain()
    consume_until(RabbitConsumer(amqp_url, intake, prefix=prefix), lambda: len(account(target)) == 1)
    assert depth(amqp_url, f"{prefix}target.dead") == 1


def test_a_broker_that_is_not_there_is_said_so():
    with pytest.raises(BrokerDownError):
        connect("amqp://guest:guest@127.0.0.1:1//")
