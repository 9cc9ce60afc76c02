"""One process of the backbone for crash tests: `backbone.py ROLE` runs a relay, a consumer, or both in the embedded shape, until killed.

Addresses come from the environment: SOURCE_URL, TARGET_URL, AMQP_URL, PREFIX.
"""

import os
import sys
from threading import Event, Thread

from ledger import Counted, keep

from plenary_kit.messaging.brokers import DirectBroker
from plenary_kit.messaging.intake import Intake
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.rabbit import RabbitConsumer, RabbitPublisher
from plenary_kit.messaging.relay import Relay


def main(role: str) -> None:
    stop = Event()
    parent = os.getppid()

    def leave_with_parent() -> None:
        while not stop.wait(0.5):
            if os.getppid() != parent:
                os._exit(3)

    Thread(target=leave_with_parent, daemon=True).start()
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
