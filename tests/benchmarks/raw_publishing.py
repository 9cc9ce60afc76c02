"""The ceiling: the same bytes handed to the broker in frames made beforehand, a batch at a time, each batch confirmed before the next one begins."""

import time
from collections.abc import Sequence
from typing import Any

from amqp.method_framing import frame_writer

from plenary_kit.messaging.topology import connect


class _Frames:
    """Stands where a connection's transport stands, and keeps what is written."""

    def __init__(self) -> None:
        self.written = bytearray()

    def write(self, data: bytes) -> None:
        self.written += data


def raw_rate(url: str, queue: str, bodies: Sequence[bytes], *, batch: int = 500) -> float:
    """Publish `bodies`, durable, to a quorum queue of that name, which is deleted in the end; gives messages a second."""
    connection = connect(url)
    channel = connection.default_channel
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    try:
        channel.confirm_select()
        unconfirmed: set[int] = set()
        channel.events["basic_ack"].add(
            lambda tag, multiple: unconfirmed.difference_update({each for each in unconfirmed if each <= tag} if multiple else {tag})
        )
        batches = [_framed(channel, queue, bodies[start : start + batch]) for start in range(0, len(bodies), batch)]
        begun, tag = time.monotonic(), 0
        for start, frames in zip(range(0, len(bodies), batch), batches, strict=True):
            unconfirmed.update(range(tag + 1, tag + 1 + len(bodies[start : start + batch])))
            tag = max(unconfirmed)
            channel.connection.transport.write(frames)
            while unconfirmed:
                connection.drain_events(timeout=10)
        return len(bodies) / (time.monotonic() - begun)
    finally:
        channel.queue_delete(queue)
        connection.release()


def _framed(channel: Any, queue: str, bodies: Sequence[bytes]) -> bytes:
    frames, writing = _Frames(), channel.connection.frame_writer
    channel.connection.frame_writer = frame_writer(channel.connection, frames)
    for body in bodies:
        message = channel.prepare_message(
            body, content_type="application/cloudevents+json", content_encoding="utf-8", properties={"delivery_mode": 2}
        )
        channel.basic_publish(message, "", queue)
    channel.connection.frame_writer = writing
    return bytes(frames.written)
