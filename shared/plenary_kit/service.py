"""A service as the composer sees it: a database, how it came to its tables, and an intake for what it listens to."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData

from plenary_kit.messaging.intake import Intake
from plenary_kit.messaging.listening import Subscriptions
from plenary_kit.messaging.opening import open_database
from plenary_kit.persistence.database import Clock, Database
from plenary_kit.persistence.migrating import migrate


@dataclass(frozen=True)
class Service:
    """One self-contained service."""

    name: str
    database: Database
    intake: Intake
    metadata: MetaData
    migrations: Path

    def migrate(self) -> None:
        """Bring the database to what this release needs; raises `UnknownRevision`."""
        migrate(self.database, self.migrations)


def open_service(name: str, url: str, *, metadata: MetaData, migrations: Path, subscriptions: Subscriptions, clock: Clock) -> Service:
    """Open the database of the service `name` and put its intake before it."""
    database = open_database(name, url, clock=clock)
    return Service(name, database, Intake(database, subscriptions), metadata, migrations)
