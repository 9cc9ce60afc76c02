"""Whether anything is still on its way between the three services, read from their tables alone."""

from collections.abc import Iterator, Mapping

from sqlalchemy import text

from plenary_kit.persistence.database import Database

LISTENED = {  # consumer: the subjects that it takes in
    "proposals": ("scheduling.meeting", "scheduling.import_item"),
    "scheduling": ("proposals.society", "proposals.person", "proposals.role", "proposals.sign_in", "proposals.proposal"),
    "notifications": (
        *("proposals.person", "proposals.role", "proposals.sign_in", "proposals.proposal"),
        *("scheduling.meeting", "scheduling.session", "scheduling.star"),
    ),
}


def unsettled(databases: Mapping[str, Database]) -> Iterator[str]:
    """Say what is still on its way: facts not published or not taken in, windows and notices not told, letters not sent."""
    for name, database in databases.items():
        waiting = one(database, "SELECT count(*) FROM outbox WHERE published_at IS NULL")
        held = one(database, "SELECT count(*) FROM inbox_held WHERE reason != 'parked'")
        if waiting or held:
            yield f"{name}: {waiting} to publish, {held} held"
    for consumer, subjects in LISTENED.items():
        for subject in subjects:
            announced = one(databases[subject.partition(".")[0]], f"SELECT count(*) FROM outbox WHERE subject = '{subject}'")
            taken = one(databases[consumer], f"SELECT count(*) FROM inbox WHERE subject = '{subject}'")
            if announced != taken:
                yield f"{consumer} took {taken} of {announced} {subject}"
    if one(databases["notifications"], "SELECT count(*) FROM notice WHERE state = 'owed'") or one(
        databases["notifications"], "SELECT count(*) FROM session_change"
    ):
        yield "notices are owed"
    for name in ("proposals", "notifications"):
        if unsent := one(databases[name], "SELECT count(*) FROM mail_letter WHERE state IN ('waiting', 'claimed')"):
            yield f"{name}: {unsent} letters to send"


def one(database: Database, statement: str) -> int:
    with database.reading() as session:
        return int(session.execute(text(statement)).scalar_one())
