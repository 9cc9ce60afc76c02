"""The composition of the three services in one process: the embedded shape, and the ground that tests stand on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

import plenary_notifications.service
import plenary_proposals.service
import plenary_scheduling.service
from plenary_kit.mail.letters import Sender
from plenary_kit.mail.mailer import Mailer
from plenary_kit.mail.transports import Transport
from plenary_kit.messaging.brokers import DirectBroker
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.messaging.relay import Relay
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.database import Clock, Database
from plenary_kit.service import Service
from plenary_notifications.notices.actions import record_outcome, tell_due

SERVICES = ("proposals", "scheduling", "notifications")
WRITING = frozenset({"proposals", "notifications"})  # the services that send letters


@dataclass(frozen=True)
class Trio:
    """The three services."""

    proposals: Service
    scheduling: Service
    notifications: Service

    def all(self) -> tuple[Service, Service, Service]:
        """List them in the order in which facts mostly travel."""
        return self.proposals, self.scheduling, self.notifications

    def migrate(self) -> None:
        """Bring each database to what this release needs; raises `UnknownRevision`."""
        for service in self.all():
            service.migrate()

    def close(self) -> None:
        """Close the databases."""
        for service in self.all():
            service.database.close()


def build_trio(urls: Mapping[str, str], *, clock: Clock = utc_now, quiet_window: timedelta = plenary_notifications.service.QUIET_WINDOW) -> Trio:
    """Build the three services over the databases that `urls` names by service."""
    return Trio(
        plenary_proposals.service.build(urls["proposals"], clock=clock),
        plenary_scheduling.service.build(urls["scheduling"], clock=clock),
        plenary_notifications.service.build(urls["notifications"], clock=clock, quiet_window=quiet_window),
    )


def all_subscriptions() -> dict[str, Subscriptions]:
    """Give what each service listens to."""
    modules = (plenary_proposals.service, plenary_scheduling.service, plenary_notifications.service)
    return {module.NAME: module.subscriptions() for module in modules}


def listeners() -> dict[str, frozenset[str]]:
    """Say which subjects each service listens to: a broker that has no queue for one of them would lose something."""
    return {name: subscriptions.subjects for name, subscriptions in all_subscriptions().items()}


def open_one(name: str, url: str, *, quiet_window: timedelta = plenary_notifications.service.QUIET_WINDOW) -> Service:
    """Open one service alone, as each process of the deployed shape does."""
    if name == "notifications":
        return plenary_notifications.service.build(url, clock=utc_now, quiet_window=quiet_window)
    builders = {"proposals": plenary_proposals.service.build, "scheduling": plenary_scheduling.service.build}
    return builders[name](url, clock=utc_now)


def mailer_of(service: Service, transport: Transport, sender: Sender) -> Mailer:
    """Make the mailer of one of the `WRITING` services: of sign-in codes, or of notices, whose outcomes are announced."""
    return Mailer(service.database, transport, sender, afterwards=record_outcome if service.name == "notifications" else None)


def mailers(trio: Trio, transport: Transport, sender: Sender) -> list[Mailer]:
    """Make the mailers of every service that writes letters."""
    return [mailer_of(service, transport, sender) for service in trio.all() if service.name in WRITING]


class EmbeddedBackbone:
    """Carries the facts of the trio within the process."""

    def __init__(self, trio: Trio) -> None:
        """Connect every intake to one broker, and give every service a relay."""
        broker = DirectBroker()
        for service in trio.all():
            broker.connect(service.intake)
        self._notifications: Database = trio.notifications.database
        self.relays = [Relay(service.database, broker) for service in trio.all()]

    def step(self) -> int:
        """Carry one batch of each service; gives how many facts that were."""
        return sum(relay.drain_once() for relay in self.relays)

    def settle(self) -> None:
        """Carry until nothing is pending anywhere, and tell what is due."""
        while any(relay.drain() for relay in self.relays) or tell_due(self._notifications):
            continue
