"""Taking away from a broker what one service of a test declared there."""

from collections.abc import Iterable
from typing import Any

from plenary_kit.messaging.topology import exchange_of, queue_of, sign_of


def remove(channel: Any, prefix: str, service: str, subjects: Iterable[str] = ()) -> None:
    """Delete a service's queues and exchanges; `subjects` are those that it listened to."""
    channel.queue_delete(queue_of(service, prefix))
    channel.queue_delete(f"{prefix}{service}.dead")
    for exchange in (f"{prefix}{service}.dead", exchange_of(service, prefix), sign_of(service, subjects, prefix)):
        channel.exchange_delete(exchange)
