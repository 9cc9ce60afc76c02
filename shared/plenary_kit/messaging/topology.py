"""Where RabbitMQ is and what each service declares there: names, queues, bindings, and the sign that a service listens."""

import zlib
from collections.abc import Iterable
from typing import Any, cast

from amqp.exceptions import AMQPError
from kombu.connection import Connection
from kombu.exceptions import OperationalError as KombuError

from plenary_kit.messaging.brokers import BrokerDownError
from plenary_kit.messaging.fast_wire import read_ahead

ANSWER_SECONDS = 5.0
HEARTBEAT_SECONDS = 10
DELIVERY_LIMIT = 20
FAULTS = (AMQPError, KombuError, OSError)


def connect(url: str) -> Any:
    """Open a connection with heartbeats and deadlines; raises `BrokerDownError`."""
    options = {"read_timeout": ANSWER_SECONDS, "write_timeout": ANSWER_SECONDS}
    connection: Any = cast("Any", Connection)(url, heartbeat=HEARTBEAT_SECONDS, connect_timeout=ANSWER_SECONDS, transport_options=options)
    try:
        connection.connect()
    except FAULTS as error:
        connection.release()
        raise BrokerDownError(str(error)) from error
    read_ahead(connection.connection)
    return connection


def exchange_of(service: str, prefix: str = "") -> str:
    """Name the exchange of a publishing service."""
    return f"{prefix}{service}.events"


def queue_of(service: str, prefix: str = "") -> str:
    """Name the queue of a consuming service."""
    return f"{prefix}{service}.inbox"


def queue_arguments(service: str, prefix: str = "") -> dict[str, Any]:
    """Give the arguments of a consuming service's queue: replicated, limited in deliveries, with a way out for what cannot be taken."""
    return {
        "x-queue-type": "quorum",
        "x-delivery-limit": DELIVERY_LIMIT,
        "x-dead-letter-exchange": f"{prefix}{service}.dead",
        "x-dead-letter-strategy": "at-least-once",
        "x-overflow": "reject-publish",
    }


def sign_of(service: str, subjects: Iterable[str], prefix: str = "") -> str:
    """Name the sign that a consuming service has bound its queue to just these subjects: an exchange to look for, to which nothing is published."""
    return f"{prefix}{service}.listening.{zlib.crc32(' '.join(sorted(subjects)).encode()):08x}"


def declare_queue(channel: Any, service: str, sources: frozenset[str], subjects: frozenset[str], prefix: str = "") -> str:
    """Declare a consuming service's queue, its dead-letter queue first, and bind its subjects; gives the queue's name.

    The exchanges of `sources` are their publishers' to declare; one that is not there yet raises amqp's `NotFound`. When everything is bound, a sign
    of that is left, which publishers wait for.
    """
    dead = f"{prefix}{service}.dead"
    channel.exchange_declare(dead, "fanout", durable=True, auto_delete=False)
    channel.queue_declare(dead, durable=True, auto_delete=False, arguments={"x-queue-type": "quorum"})
    channel.queue_bind(dead, dead)
    queue = queue_of(service, prefix)
    channel.queue_declare(queue, durable=True, auto_delete=False, arguments=queue_arguments(service, prefix))
    for source in sorted(sources):
        channel.exchange_declare(exchange_of(source, prefix), "topic", passive=True)
    for subject in sorted(subjects):
        channel.queue_bind(queue, exchange_of(subject.partition(".")[0], prefix), f"{subject}.#")
    channel.exchange_declare(sign_of(service, subjects, prefix), "fanout", durable=True, auto_delete=False)
    return queue


def declare_exchange(channel: Any, service: str, prefix: str = "") -> str:
    """Declare the exchange of a publishing service; gives its name."""
    name = exchange_of(service, prefix)
    channel.exchange_declare(name, "topic", durable=True, auto_delete=False)
    return name
