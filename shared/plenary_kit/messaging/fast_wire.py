"""The wire of py-amqp, with fewer calls to the system: a batch of messages is written at once, and what has arrived is read at once.

py-amqp writes each message by itself and reads each frame in three pieces. Both doors used here are held by a test against the library itself.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from amqp.method_framing import frame_writer

_READ_SIZE = 1 << 16


class _Kept:
    """Stands where the framing expects a transport, and keeps what is written."""

    def __init__(self) -> None:
        self.frames = bytearray()

    def write(self, data: bytes) -> None:
        """Keep a copy; the framing uses its buffer again."""
        self.frames += data


@contextmanager
def written_at_once(connection: Any) -> Iterator[None]:
    """Keep the frames that the block makes on an amqp connection, and write them at its end; when the block raises, none is written."""
    kept, writing = _Kept(), connection.frame_writer
    connection.frame_writer = frame_writer(connection, kept)
    try:
        yield
    finally:
        connection.frame_writer = writing
    connection.transport.write(bytes(kept.frames))


def read_ahead(connection: Any) -> None:
    """Let an amqp connection read all that has arrived, instead of just what the next piece of a frame needs."""
    transport = connection.transport
    receive, ahead = transport._quick_recv, bytearray()  # noqa: SLF001 - the door that a test holds

    def take(size: int) -> bytes:
        if not ahead:
            ahead.extend(receive(_READ_SIZE))
        taken = bytes(ahead[:size])
        del ahead[:size]
        return taken

    transport._quick_recv = take  # noqa: SLF001
