"""What works behind the pages of the embedded shape: relays, listeners' second tries, due notices and mail, each in a thread of its own."""

from collections.abc import Callable
from functools import partial
from threading import Event, Thread

import structlog
from sqlalchemy.exc import DBAPIError

from plenary.composition import Trio, mailers
from plenary.settings import Settings
from plenary_kit.mail.mailer import Mailer
from plenary_kit.messaging.brokers import DirectBroker
from plenary_kit.messaging.relay import Relay
from plenary_notifications.notices.actions import tell_due

PAUSE_SECONDS = 0.5
_log = structlog.get_logger(__name__)


class EmbeddedWorkers:
    """The threads of one process; `stop` lets each finish what it is doing."""

    def __init__(self, trio: Trio, settings: Settings) -> None:
        """Prepare the threads."""
        self._stop = Event()
        broker = DirectBroker()
        for service in trio.all():
            broker.connect(service.intake)
        jobs: list[tuple[str, Callable[[], object]]] = []
        for service in trio.all():
            jobs.append((f"relay-{service.name}", partial(Relay(service.database, broker).run, self._stop)))
            jobs.append((f"sweep-{service.name}", partial(self._again, service.intake.sweep)))
        jobs += [(f"mail-{number}", partial(mailer.run, self._stop)) for number, mailer in enumerate(_mailers(trio, settings))]
        jobs.append(("tell", partial(self._again, partial(tell_due, trio.notifications.database))))
        self._threads = [Thread(target=work, name=name, daemon=True) for name, work in jobs]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def stop(self, timeout: float = 10.0) -> None:
        """Finish what is under way, and begin nothing more."""
        self._stop.set()
        for thread in self._threads:
            thread.join(timeout)

    def _again(self, work: Callable[[], int]) -> None:
        """Do `work` until stopped, resting while there is nothing to do; a database that is away is waited for."""
        while not self._stop.is_set():
            try:
                done = work()
            except DBAPIError as error:
                _log.warning("embedded.pause", error=type(error).__name__)
                done = 0
            if not done:
                self._stop.wait(PAUSE_SECONDS)


def _mailers(trio: Trio, settings: Settings) -> tuple[Mailer, Mailer]:
    return mailers(trio, settings.transport(), settings.mail_from)
