"""Two services over RabbitMQ and PostgreSQL whose processes can be killed, and built wrong."""

from dataclasses import dataclass
from uuid import UUID

from checker import broken_backbone, doubled_effects, older_states
from kombu import Connection
from ledger import account
from processes import Supervised

from plenary_kit.messaging.health import backbone_health
from plenary_kit.messaging.opening import open_database
from plenary_kit.messaging.topology import connect
from plenary_kit.persistence.database import Database

LISTENED = {"target": ("source.counter",)}


@dataclass
class Pair:
    """A publishing and a consuming service over RabbitMQ and PostgreSQL, whose processes may have a defect."""

    source: Database
    environment: dict[str, str]

    def process(self, role: str, trap: str | None = None) -> Supervised:
        return Supervised(role, self.environment, trap)

    def channel(self) -> Connection:
        return connect(self.environment["AMQP_URL"])

    def complaints(self) -> list[str]:
        urls = {"source": self.environment["SOURCE_URL"], "target": self.environment["TARGET_URL"]}
        return broken_backbone(urls, LISTENED) + doubled_effects(urls, "target", "account") + older_states(urls, "target", "copy")

    def empty(self) -> bool:
        """Tell whether the queue has nothing ready, and nobody holds anything of it."""
        with self.channel() as connection:
            declared = connection.default_channel.queue_declare(f"{self.environment['PREFIX']}target.inbox", passive=True)
        return backbone_health(self.source).pending == 0 and declared.message_count == 0

    def dead_letters(self) -> int:
        with self.channel() as connection:
            declared = connection.default_channel.queue_declare(f"{self.environment['PREFIX']}target.dead", passive=True)
        return int(declared.message_count)

    def applied(self, subject: UUID) -> bool:
        """Tell whether a fact about `subject` took effect."""
        target = open_database("target", self.environment["TARGET_URL"])
        try:
            return any(owner == subject for owner, _, _ in account(target))
        finally:
            target.close()
