"""Opening a service's database with its outbox and doorbell attached."""

from plenary_kit.messaging.doorbell import make_doorbell
from plenary_kit.messaging.outbox import Outbox
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.database import Clock, Database
from plenary_kit.persistence.engines import make_engine


def open_database(name: str, url: str, *, clock: Clock = utc_now) -> Database:
    """Open the database of the service `name` at `url`; nothing is connected before the first use."""
    engine = make_engine(url)
    return Database(name, engine, outlet=Outbox(make_doorbell(engine)), clock=clock)
