"""RabbitMQ: one topic exchange per publishing service, one quorum queue per consuming service, a dead-letter queue beside it.

Publishing waits for the confirms of a whole batch with a deadline; a message that somebody listens to and no queue takes comes back and counts as
refused, although the broker confirms it. Each service declares what is its own, and needs permission for no more: a consumer waits until the
exchanges that it listens to are there, and a publisher until whoever listens to it has bound a queue, or their first facts would pass them by. After
any error the connection is dropped, never used again: a late confirm would be taken for another message's.
"""

import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from threading import Event
from typing import Any, cast
from uuid import UUID

import structlog

from plenary_kit.failpoints import failpoint
from plenary_kit.messaging.brokers import BrokerDownError, Outgoing, Published
from plenary_kit.messaging.envelope import CONTENT_TYPE, UndecodableError
from plenary_kit.messaging.fast_wire import written_at_once
from plenary_kit.messaging.intake import Incoming, Intake, read
from plenary_kit.messaging.topology import FAULTS, connect, declare_exchange, declare_queue, exchange_of, sign_of

CONFIRM_SECONDS = 5.0
BATCH = 500
SWEEP_SECONDS = 1.0
_GLANCE = 0.001  # seconds: take what is there, wait for nothing
Listeners = Mapping[str, frozenset[str]]
log = structlog.get_logger(__name__)


class RabbitPublisher:
    """The publishing side; one per relay, used by one thread."""

    def __init__(self, url: str, *, listeners: Listeners | None = None, prefix: str = "", confirm_seconds: float = CONFIRM_SECONDS) -> None:
        """Connect on first use; `prefix` keeps installations on one broker apart.

        `listeners` are the consuming services with their subjects: they are waited for, and a queue must take each message that one of them listens
        to. None waits for nobody, and wants a queue for every message.
        """
        self._url, self._listeners, self._prefix, self._confirm_seconds = url, listeners, prefix, confirm_seconds
        self._heard = frozenset[str]().union(*(listeners or {}).values())
        self._connection: Any = None
        self._channel: Any = None
        self._unconfirmed: dict[int, UUID] = {}
        self._refused: dict[UUID, str] = {}

    def attend(self, service: str) -> None:
        """Connect, declare the service's exchange, and keep heartbeats going both ways; raises `BrokerDownError`."""
        try:
            self._ready(service)
            with suppress(TimeoutError):
                self._connection.drain_events(timeout=_GLANCE)
        except FAULTS as error:
            raise self._dropped(error) from error

    def publish(self, service: str, batch: Sequence[Outgoing]) -> Published:
        """Publish the batch and collect its confirms; on any fault the connection is dropped and `BrokerDownError` raised."""
        try:
            channel = self._ready(service)
            self._refused = {}
            with written_at_once(channel.connection):
                for message in batch:
                    self._send(channel, service, message)
            self._await_confirms()
        except FAULTS as error:
            raise self._dropped(error) from error
        return Published(frozenset(message.event_id for message in batch) - self._refused.keys(), self._refused)

    def close(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            self._connection.collect()
        self._connection = self._channel = None

    def _dropped(self, error: Exception) -> BrokerDownError:
        self.close()
        return BrokerDownError(f"{type(error).__name__}: {error}")

    def _ready(self, service: str) -> Any:
        if self._channel is None:
            self._connection = connect(self._url)
            channel = self._connection.default_channel
            declare_exchange(channel, service, self._prefix)
            self._expect_listeners(channel, service)
            channel.confirm_select()
            channel.events["basic_ack"].add(self._acked)
            channel.events["basic_nack"].add(self._nacked)
            channel.events["basic_return"].add(self._returned)
            self._unconfirmed, self._tag, self._channel = {}, 0, channel
        self._connection.heartbeat_check()
        return self._channel

    def _expect_listeners(self, channel: Any, service: str) -> None:
        """Look for the sign of everybody who listens to this service; one that is missing raises amqp's `NotFound`, and the relay tries again."""
        for listener, subjects in sorted((self._listeners or {}).items()):
            if any(subject.startswith(f"{service}.") for subject in subjects):
                channel.exchange_declare(sign_of(listener, subjects, self._prefix), "fanout", passive=True)

    def _send(self, channel: Any, service: str, message: Outgoing) -> None:
        self._tag += 1
        self._unconfirmed[self._tag] = message.event_id
        body = channel.prepare_message(
            message.payload,
            content_type=CONTENT_TYPE,
            content_encoding="utf-8",
            properties={"delivery_mode": 2, "message_id": str(message.event_id), "type": message.type},
        )
        must_arrive = self._listeners is None or message.subject in self._heard
        channel.basic_publish(body, exchange_of(service, self._prefix), message.type, mandatory=must_arrive)

    def _await_confirms(self) -> None:
        deadline = time.monotonic() + self._confirm_seconds
        while self._unconfirmed:
            remaining = deadline - time.monotonic()
            if remaining <= 0:
                raise TimeoutError("the broker did not confirm in time")
            self._connection.drain_events(timeout=remaining)

    def _acked(self, tag: int, multiple: bool) -> None:
        for settled in [known for known in self._unconfirmed if known <= tag] if multiple else [tag]:
            self._unconfirmed.pop(settled, None)

    def _nacked(self, tag: int, multiple: bool) -> None:
        for settled in [known for known in self._unconfirmed if known <= tag] if multiple else [tag]:
            event_id = self._unconfirmed.pop(settled, None)
            if event_id is not None:
                self._refused[event_id] = "the broker refused the message"

    def _returned(self, error: Exception, _exchange: str, _key: str, message: Any) -> None:
        self._refused[UUID(message.properties["message_id"])] = f"no queue takes the message: {error}"


class RabbitConsumer:
    """The consuming side of one service: what is there already is one batch, committed once and acknowledged once.

    After a delivery that the broker counts as repeated by a crash, messages are taken one at a time, so that a message that kills the process takes
    no neighbor with it to the dead letters.
    """

    def __init__(self, url: str, intake: Intake, *, prefix: str = "", batch: int = BATCH) -> None:
        """Feed `intake` from its service's queue."""
        self._url, self._intake, self._prefix, self._batch = url, intake, prefix, batch
        self._arrived: list[Any] = []
        self._swept_at = 0.0

    def run(self, stop: Event) -> None:
        """Consume until `stop` is set; a fault of the broker or the database ends in a new connection after a second."""
        careful = False
        while not stop.is_set():
            try:
                careful = self._session(stop, careful=careful)
            except (*FAULTS, BrokerDownError) as error:
                log.warning("the broker is away", error=type(error).__name__)
                stop.wait(1)
            except Exception as error:  # noqa: BLE001 - the last line: it reports, waits and goes on
                log.warning("messages cannot be taken", error=type(error).__name__)
                stop.wait(1)

    def _session(self, stop: Event, *, careful: bool) -> bool:
        """Consume over one connection; returns whether the next one must be careful (or ends by `stop`)."""
        connection = connect(self._url)
        try:
            channel = connection.default_channel
            subscriptions = self._intake.subscriptions
            queue = declare_queue(channel, self._intake.service, subscriptions.sources, subscriptions.subjects, self._prefix)
            channel.basic_qos(0, 1 if careful else 2 * self._batch, False)
            self._arrived = []
            channel.basic_consume(queue, callback=self._arrived.append)
            while not stop.is_set():
                verdict = self._step(connection, channel, careful=careful)
                if verdict is not None:
                    return verdict
        finally:
            connection.collect()
        return False

    def _step(self, connection: Any, channel: Any, *, careful: bool) -> bool | None:
        """Take one batch; a verdict asks for a new connection, careful (True) or not (False)."""
        self._gather(connection)
        connection.heartbeat_check()
        batch, self._arrived[:] = self._arrived[: self._batch], self._arrived[self._batch :]
        self._sweep_when_due()
        if not batch:
            return None
        crashed = any((message.headers or {}).get("x-delivery-count", 0) > 1 for message in batch)
        if crashed and not careful:
            return True
        self._take(channel, batch)
        return False if careful and not crashed else None

    def _sweep_when_due(self) -> None:
        if time.monotonic() - self._swept_at >= SWEEP_SECONDS:
            self._intake.sweep()
            self._swept_at = time.monotonic()

    def _gather(self, connection: Any) -> None:
        """Wait up to a second for the first message, then take what is there without waiting."""
        timeout = 1.0 if not self._arrived else _GLANCE
        while len(self._arrived) < self._batch:
            try:
                connection.drain_events(timeout=timeout)
            except TimeoutError:
                return
            timeout = _GLANCE

    def _take(self, channel: Any, batch: list[Any]) -> None:
        messages = [decoded for decoded in (_decoded(channel, message) for message in batch) if decoded is not None]
        if messages:
            self._intake.take([message for _, message in messages])
            failpoint("consumer.after_commit_before_ack")
            channel.basic_ack(messages[-1][0], multiple=True)
            failpoint("consumer.after_ack")


def _decoded(channel: Any, message: Any) -> tuple[int, Incoming] | None:
    """Read a delivery; what cannot be read goes to the dead letters."""
    tag = cast("int", message.delivery_info["delivery_tag"])
    try:
        return tag, read(_body(message))
    except UndecodableError as error:
        log.warning("a message cannot be read", reason=str(error)[:200])
        channel.basic_reject(tag, requeue=False)
        return None


def _body(message: Any) -> bytes:
    """Give the bytes of a delivery; a compressed one is refused unopened, since it may be a bomb."""
    if "compression" in (message.headers or {}):
        raise UndecodableError("compressed")
    body: bytes | str = message.body
    return body if isinstance(body, bytes) else body.encode("utf-8", "surrogateescape")
