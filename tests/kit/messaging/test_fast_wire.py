"""The fast wire held against py-amqp itself: what it relies on is the library's own, and may change with any release of it."""

from uuid import uuid4

import pytest

from plenary_kit.messaging.fast_wire import read_ahead, written_at_once
from plenary_kit.messaging.topology import connect

pytestmark = pytest.mark.servers
BODIES = [b"", b"small", "größer".encode(), b"x" * 1_000, b"beyond one frame" * 20_000, b"last"]


@pytest.fixture
def connection(amqp_url):
    connection = connect(amqp_url)
    yield connection
    connection.release()


@pytest.fixture
def queue(connection):
    name = f"test-{uuid4().hex[:10]}"
    connection.default_channel.queue_declare(name, durable=True, auto_delete=False)
    yield name
    connection.default_channel.queue_delete(name)


def publish(channel, queue: str, bodies: list[bytes]) -> None:
    for body in bodies:
        channel.basic_publish(channel.prepare_message(body, content_type="text/plain", properties={"delivery_mode": 2}), "", queue)


def arrived(connection, queue: str, count: int) -> list[bytes]:
    messages: list = []
    tag = connection.default_channel.basic_consume(queue, callback=messages.append, no_ack=True)
    while len(messages) < count:
        connection.drain_events(timeout=5)
    connection.default_channel.basic_cancel(tag)
    return [message.body if isinstance(message.body, bytes) else message.body.encode() for message in messages]


def test_what_is_written_at_once_is_what_the_library_writes(connection, queue, monkeypatch):
    transport, written = connection.connection.transport, list[bytes]()
    write = transport.write
    monkeypatch.setattr(transport, "write", lambda data: written.append(bytes(data)))
    with written_at_once(connection.connection):
        publish(connection.default_channel, queue, BODIES)
    [frames] = written
    monkeypatch.setattr(transport, "write", write)
    publish(connection.default_channel, queue, BODIES)
    transport.write(frames)
    assert arrived(connection, queue, 2 * len(BODIES)) == BODIES * 2


def test_when_a_message_cannot_be_made_none_is_written(connection, queue):
    with pytest.raises(ZeroDivisionError), written_at_once(connection.connection):
        publish(connection.default_channel, queue, [b"begun"])
        raise ZeroDivisionError
    publish(connection.default_channel, queue, [b"after"])
    assert arrived(connection, queue, 1) == [b"after"]


def test_many_messages_are_read_with_few_calls(connection, queue):
    transport, calls = connection.connection.transport, list[int]()
    receive = transport._quick_recv
    transport._quick_recv = lambda size: calls.append(size) or receive(size)
    read_ahead(connection.connection)
    with written_at_once(connection.connection):
        publish(connection.default_channel, queue, BODIES * 20)
    before = len(calls)
    assert arrived(connection, queue, 20 * len(BODIES)) == BODIES * 20
    frames = 3 * 20 * len(BODIES)
    assert len(calls) - before < frames


def test_the_end_of_the_connection_is_noticed(connection):
    connection.connection.transport.sock.shutdown(2)
    with pytest.raises(OSError) as ended:
        connection.drain_events(timeout=5)
    assert not isinstance(ended.value, TimeoutError)
