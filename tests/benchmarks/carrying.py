"""One process of the backbone under measurement: `python -m tests.benchmarks.carrying relay|consume`, until SIGTERM.

The parts are the product's own, in the composition that the deployed shape has: proposals relays, notifications listens. A consumer leaves in the
file STAMPS when each of its batches was committed, on the clock that all processes of this machine share.
"""

import json
import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from threading import Event

from plenary.composition import open_one
from plenary_kit.messaging.intake import Incoming, Intake
from plenary_kit.messaging.rabbit import RabbitConsumer, RabbitPublisher
from plenary_kit.messaging.relay import Relay


class StampedIntake(Intake):
    """An intake that remembers when it had committed what."""

    stamps: list[tuple[float, list[str]]]

    def take(self, batch: Sequence[Incoming]) -> None:
        super().take(batch)
        self.stamps.append((time.monotonic(), [str(message.envelope.id) for message in batch]))


def main(role: str) -> None:
    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    amqp, prefix = os.environ["AMQP_URL"], os.environ["PREFIX"]
    if role == "relay":
        source = open_one("proposals", os.environ["SOURCE_URL"]).database
        Relay(source, RabbitPublisher(amqp, prefix=prefix)).run(stop)
        return
    target = open_one("notifications", os.environ["TARGET_URL"])
    intake = StampedIntake(target.database, target.intake.subscriptions)
    intake.stamps = []
    RabbitConsumer(amqp, intake, prefix=prefix).run(stop)
    Path(os.environ["STAMPS"]).write_text(json.dumps(intake.stamps))


if __name__ == "__main__":
    main(sys.argv[1])
