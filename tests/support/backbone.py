"""One process of the backbone for crash tests: `backbone.py ROLE` runs a relay, a consumer, both in the embedded shape, or a mailer, until killed.

Addresses come from the environment: SOURCE_URL, TARGET_URL, AMQP_URL, PREFIX, SMTP_PORT; DEFECT names a mistake to be made.
"""

import os
import sys
from datetime import timedelta
from threading import Event, Thread

from defects import plant
from ledger import Counted, keep

from plenary_kit.mail import mailer
from plenary_kit.mail.letters import Sender
from plenary_kit.mail.transports import SmtpTransport
from plenary_kit.messaging.brokers import DirectBroker
from plenary_kit.messaging.intake import Intake
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.rabbit import RabbitConsumer, RabbitPublisher
from plenary_kit.messaging.relay import Relay


def main(role: str) -> None:
    if defect := os.environ.get("DEFECT"):
        plant(defect)
    stop = Event()
    _leave_with_parent(stop)
    if role == "mailer":
        _mail(stop)
    else:
        _carry(role, stop)


def _leave_with_parent(stop: Event) -> None:
    parent = os.getppid()

    def leave_with_parent() -> None:
        while not stop.wait(0.5):
            if os.getppid() != parent:
                os._exit(3)

    Thread(target=leave_with_parent, daemon=True).start()


def _mail(stop: Event) -> None:
    mailer.LEASE = timedelta(seconds=1)
    database = open_database("source", os.environ["SOURCE_URL"])
    transport = SmtpTransport("127.0.0.1", int(os.environ["SMTP_PORT"]), "plenary@example.org")
    sending = mailer.Mailer(database, transport, Sender("Plenary", "plenary@example.org", "example.org"))
    while not stop.wait(0.1):
        sending.send_due()


def _carry(role: str, stop: Event) -> None:
    source = open_database("source", os.environ["SOURCE_URL"])
    target = open_database("target", os.environ["TARGET_URL"])
    intake = Intake(target, Subscriptions({Counted: keep}))
    if role == "embedded":
        broker = DirectBroker()
        broker.connect(intake)
        Relay(source, broker).run(stop)
    elif role == "relay":
        Relay(source, RabbitPublisher(os.environ["AMQP_URL"], prefix=os.environ["PREFIX"])).run(stop)
    else:
        RabbitConsumer(os.environ["AMQP_URL"], intake, prefix=os.environ["PREFIX"], batch=50).run(stop)


if __name__ == "__main__":
    main(sys.argv[1])
