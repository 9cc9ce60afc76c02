"""Whether anything is still on its way between the three services, read from their tables alone."""

from collections.abc import Callable, Iterator

from sqlalchemy import text

from plenary_kit.persistence.database import Database

LISTENED = {  # consumer: the subjects that it takes in
    "proposals": ("scheduling.meeting", "scheduling.import_item", "scheduling.program"),
    "scheduling": ("proposals.society", "proposals.person", "proposals.role", "proposals.sign_in", "proposals.proposal"),
    "notifications": (
        *("proposals.person", "proposals.role", "proposals.sign_in", "proposals.proposal"),
        *("scheduling.meeting", "scheduling.session", "scheduling.star"),
    ),
}


Count = Callable[[str, str], int]


def unsettled(count_at: Count) -> Iterator[str]:
    """Say what is still on its way: facts not published or not taken in, windows and notices not told, letters not sent.

    `count_at(service, statement)` answers a counting statement from the database of a service.
    """
    for name in LISTENED:
        waiting = count_at(name, "SELECT count(*) FROM outbox WHERE published_at IS NULL")
        held = count_at(name, "SELECT count(*) FROM inbox_held WHERE reason != 'parked'")
        if waiting or held:
            yield f"{name}: {waiting} to publish, {held} held"
    for consumer, subjects in LISTENED.items():
        for subject in subjects:
            announced = count_at(subject.partition(".")[0], f"SELECT count(*) FROM outbox WHERE subject = '{subject}'")
            taken = count_at(consumer, f"SELECT count(*) FROM inbox WHERE subject = '{subject}'")
            if announced != taken:
                yield f"{consumer} took {taken} of {announced} {subject}"
    if owed := count_at("notifications", "SELECT (SELECT count(*) FROM notice WHERE state = 'owed') + (SELECT count(*) FROM session_change)"):
        yield f"{owed} notices are owed"
    for name in ("proposals", "notifications"):
        if unsent := count_at(name, "SELECT count(*) FROM mail_letter WHERE state IN ('waiting', 'claimed')"):
            yield f"{name}: {unsent} letters to send"


def count(database: Database, statement: str) -> int:
    """Answer a counting statement."""
    with database.reading() as session:
        return int(session.execute(text(statement)).scalar_one())
