"""What works behind the pages: relays, consumers, second tries, the daily look at copies, due notices and mail, each in a thread of its own."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from threading import Event, Thread

import structlog
from sqlalchemy.exc import DBAPIError

from plenary.composition import WRITING, Trio, listeners, mailer_of
from plenary.settings import Settings
from plenary_kit.messaging.brokers import Broker, DirectBroker
from plenary_kit.messaging.rabbit import RabbitConsumer, RabbitPublisher
from plenary_kit.messaging.relay import Relay
from plenary_kit.service import Service
from plenary_notifications.notices.actions import tell_due

PAUSE_SECONDS = 0.5
RECONCILE_EVERY = timedelta(days=1)
RELAY, CONSUME, MAIL = "relay", "consume", "mail"
_log = structlog.get_logger(__name__)


class Workers:
    """The threads of one process; `stop` lets each finish what it is doing."""

    def __init__(self) -> None:
        """Begin with no work."""
        self.stopping = Event()
        self._threads: list[Thread] = []

    def add(self, name: str, work: Callable[[], object]) -> None:
        """Give work that goes on until `stopping` is set."""
        self._threads.append(Thread(target=work, name=name, daemon=True))

    def add_repeated(self, name: str, work: Callable[[], int]) -> None:
        """Give work that is done again and again, with a rest whenever it says that there was nothing to do."""
        self.add(name, partial(self._again, work))

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def alive(self) -> bool:
        """Tell whether every thread still works."""
        return all(thread.is_alive() for thread in self._threads)

    def stop(self, timeout: float = 10.0) -> None:
        """Finish what is under way, and begin nothing more."""
        self.stopping.set()
        for thread in self._threads:
            thread.join(timeout)

    def _again(self, work: Callable[[], int]) -> None:
        while not self.stopping.is_set():
            try:
                done = work()
            except DBAPIError as error:
                _log.warning("workers.pause", error=type(error).__name__)
                done = 0
            if not done:
                self.stopping.wait(PAUSE_SECONDS)


def embedded_workers(trio: Trio, settings: Settings) -> Workers:
    """Make all the work of the embedded shape."""
    workers, broker = Workers(), DirectBroker()
    for service in trio.all():
        broker.connect(service.intake)
        _relay(workers, service, broker)
        workers.add_repeated(f"sweep {service.name}", service.intake.sweep)
        _reconcile(workers, service)
        _mail(workers, service, settings)
    return workers


def deployed_workers(service: Service, settings: Settings, jobs: frozenset[str]) -> Workers:
    """Make the chosen `jobs` of one service of the deployed shape: RELAY, CONSUME, MAIL."""
    workers, url, prefix = Workers(), str(settings.amqp_url), settings.amqp_prefix
    if RELAY in jobs:
        _relay(workers, service, RabbitPublisher(url, listeners=listeners(), prefix=prefix))
    if CONSUME in jobs:
        workers.add(f"consume {service.name}", partial(RabbitConsumer(url, service.intake, prefix=prefix).run, workers.stopping))
        _reconcile(workers, service)
    if MAIL in jobs:
        _mail(workers, service, settings)
    return workers


def _relay(workers: Workers, service: Service, broker: Broker) -> None:
    workers.add(f"relay {service.name}", partial(Relay(service.database, broker).run, workers.stopping))


def _reconcile(workers: Workers, service: Service) -> None:
    """Compare a service's copies with their owners every day."""
    due = partial(service.keeper.reconcile_when_due, service.database, every=RECONCILE_EVERY, since=service.database.clock())
    workers.add_repeated(f"reconcile {service.name}", due)


def _mail(workers: Workers, service: Service, settings: Settings) -> None:
    """Send a service's letters; where notices are owed, tell those that are due first."""
    if service.name == "notifications":
        workers.add_repeated("tell", partial(tell_due, service.database))
    if service.name in WRITING:
        mailer = mailer_of(service, settings.transport(), settings.mail_from)
        workers.add_repeated(f"mail {service.name}", mailer.send_due)
