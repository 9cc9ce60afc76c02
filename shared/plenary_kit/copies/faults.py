"""What was found wrong with copies: remembered until it is mended, and after, for whoever looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, select, update

from plenary_kit.copies.kinds import Listing
from plenary_kit.copies.tables import copy_check, copy_fault
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.upserting import upsert
from plenary_kit.persistence.work import Work

_CHUNK = 500


@dataclass(frozen=True)
class Fault:
    """A thing that is missing, differs in `fields`, is extra, behind its owner, or stuck."""

    thing: UUID
    fault: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class FoundFault:
    """A fault as it is remembered; `mended_at` is None while it stands."""

    kind: str
    thing: UUID
    fault: str
    fields: str
    found_at: datetime
    mended_at: datetime | None


def remember(work: Work, kind: str, listing: Listing, faults: Sequence[Fault]) -> None:
    """Write down what was found in a stretch; what was wrong there earlier and is not any more counts as mended."""
    fresh = {"kind": kind, "found_at": work.now, "mended_at": None}
    upsert(work.session, copy_fault, [fresh | {"thing": each.thing, "fault": each.fault, "fields": ", ".join(each.fields)} for each in faults])
    standing = select(copy_fault.c.thing).where(copy_fault.c.kind == kind, copy_fault.c.mended_at.is_(None))
    standing = standing if listing.after is None else standing.where(copy_fault.c.thing > listing.after)
    standing = standing if listing.up_to is None else standing.where(copy_fault.c.thing <= listing.up_to)
    mended(work, kind, sorted(set(work.session.scalars(standing)) - {fault.thing for fault in faults}))
    if listing.up_to is None:
        upsert(work.session, copy_check, [{"kind": kind, "compared_at": work.now}])


def mended(work: Work, kind: str, things: Sequence[UUID]) -> None:
    """Write down that things are right again."""
    standing = (copy_fault.c.kind == kind) & copy_fault.c.mended_at.is_(None)
    for start in range(0, len(things), _CHUNK):
        chosen = copy_fault.c.thing.in_(things[start : start + _CHUNK])
        work.session.execute(update(copy_fault).where(standing, chosen).values(mended_at=work.now))


def compared(database: Database) -> dict[str, datetime]:
    """Tell when each kind was compared last, to its end."""
    with database.reading() as session:
        rows = session.execute(select(copy_check)).all()
    return {row.kind: row.compared_at for row in rows}


def faults(database: Database, *, since: datetime | None = None) -> list[FoundFault]:
    """List the faults that stand, and those found `since` an instant, whether or not they were mended."""
    standing = copy_fault.c.mended_at.is_(None)
    wanted = standing if since is None else or_(standing, copy_fault.c.found_at >= since)
    with database.reading() as session:
        return [FoundFault(*row) for row in session.execute(select(copy_fault).where(wanted).order_by(copy_fault.c.kind, copy_fault.c.thing))]
