"""A service as the composer sees it: a database and its migrations, an intake for what it listens to, and a keeper of its copies."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import MetaData

from plenary_kit.copies.keeping import Keeper
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
    keeper: Keeper

    def migrate(self) -> None:
        """Bring the database to what this release needs; raises `UnknownRevision`."""
        migrate(self.database, self.migrations)


def open_service(name: str, url: str, *, metadata: MetaData, migrations: Path, subscriptions: Subscriptions, keeper: Keeper, clock: Clock) -> Service:
    """Open the database of the service `name` and put its intake before it."""
    database = open_database(name, url, clock=clock)
    return Service(name, database, Intake(database, subscriptions), metadata, migrations, keeper)
