"""The keeper's side: doubt a copy, compare it with its owner's listing, name what is wrong, and write down what the owner states."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, TypeVar
from uuid import NAMESPACE_OID, UUID, uuid5

import structlog
from sqlalchemy import func, select

from plenary_kit.copies.copy import Copy
from plenary_kit.copies.faults import Fault, mended, remember
from plenary_kit.copies.kinds import Doubt, Doubted, Kind, Listed, Listing, Statement
from plenary_kit.copies.tables import BEHIND, DIFFERS, EXTRA, MISSING, STUCK
from plenary_kit.messaging.facts import Fact
from plenary_kit.messaging.lanes import applied_versions
from plenary_kit.messaging.listening import Delivery, Listener
from plenary_kit.messaging.tables import HELD, OUTBOX, PARKED, RETRY
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound

_CHUNK = 500
Item = TypeVar("Item")
log = structlog.get_logger(__name__)


class Keeper:
    """A service that keeps `copies`, and doubts them by facts of the class `doubt`."""

    def __init__(self, doubt: type[Doubt], *copies: Copy) -> None:
        """Keep `copies`."""
        self._doubt = doubt
        self.copies = {copy.kind.name: copy for copy in copies}

    def listeners(self) -> dict[type[Fact], Listener]:
        """Make the listeners that keep the copies right."""
        listeners: dict[type[Fact], Listener] = {copy.kind.stated: partial(_take_word, copy) for copy in self.copies.values()}
        return listeners | {copy.kind.listed: partial(self._compare, copy) for copy in self.copies.values()}

    def reconcile(self, database: Database) -> None:
        """Ask the owners to list what they hold: what differs is then named and mended."""
        with database.work() as work:
            for copy in self.copies.values():
                work.announce(self._doubt_in(copy))

    def reconcile_when_due(self, database: Database, *, every: timedelta, since: datetime) -> int:
        """Reconcile when the last doubt (or `since`, before the first) is as old as `every`; gives 1 when it did, else 0."""
        with database.reading() as session:
            latest = session.scalar(select(func.max(OUTBOX.c.occurred_at)).where(OUTBOX.c.subject == self._doubt.SUBJECT))
        if database.clock() - (latest or since) < every:
            return 0
        self.reconcile(database)
        return 1

    def rebuild(self, database: Database, kind: str) -> None:
        """Empty the copy of a `kind` and ask its owner for all of it; raises `NotFound` for one that is not kept here."""
        if kind not in self.copies:
            raise NotFound(f"{database.name} keeps no copy of {kind}; it keeps {', '.join(sorted(self.copies))}.")
        with database.work() as work:
            self.copies[kind].forget(work)
            work.announce(self._doubt_in(self.copies[kind]))

    def _compare(self, copy: Copy, work: Work, listing: Listing, delivery: Delivery) -> None:
        """Compare a stretch, remember what is wrong with it, and doubt that."""
        del delivery
        work.session.flush()
        kept = copy.rows(work.session, listing.after, listing.up_to)
        listed = {row.id for row in listing.rows}
        lanes = applied_versions(work, copy.kind.name, {*kept, *listed})
        faults = [*_wrong(work, copy, listing.rows, kept, lanes), *(Fault(thing, EXTRA) for thing in sorted(kept.keys() - listed))]
        remember(work, copy.kind.name, listing, faults)
        doubted = [Doubted(fault.thing, lanes.get(fault.thing, 0), fault.fault) for fault in faults if fault.fault != STUCK]
        for part in _parts(doubted):
            work.announce(self._doubt_in(copy, *part))
        if faults:
            log.warning("a copy differs from its owner", kind=copy.kind.name, things=len(faults))

    def _doubt_in(self, copy: Copy, *rows: Doubted) -> Doubt:
        return self._doubt(id=uuid5(NAMESPACE_OID, copy.kind.name), kind=copy.kind.name, rows=rows)


def _take_word(copy: Copy, work: Work, statement: Statement, delivery: Delivery) -> None:
    """Believe a statement, whatever the copy says; it comes in the thing's own order, so nothing newer is lost by that."""
    work.session.flush()
    if statement.state is None:
        copy.remove(work, statement.id)
    else:
        copy.bring(work, statement.id, delivery.version, statement.state)
    work.session.expire_all()
    mended(work, copy.kind.name, [statement.id])


def _wrong(work: Work, copy: Copy, listed: Sequence[Listed], kept: dict[UUID, dict[str, Any]], lanes: dict[UUID, int]) -> list[Fault]:
    """Name what is wrong with things that the owner has; a thing that went on meanwhile is left for the next time."""
    behind = [row.id for row in listed if lanes.get(row.id, 0) < row.version]
    stuck = _stuck(work, copy.kind, behind)
    faults = [Fault(thing, STUCK if thing in stuck else BEHIND) for thing in behind]
    for row in listed:
        if lanes.get(row.id, 0) != row.version:
            continue
        fields = copy.kind.differing(row, kept[row.id]) if row.id in kept else []
        if fields or row.id not in kept:
            faults.append(Fault(row.id, DIFFERS if fields else MISSING, tuple(fields)))
    return faults


def _stuck(work: Work, kind: Kind, things: list[UUID]) -> set[UUID]:
    """Find the things whose next message is here and failing: nothing is lost, and an operator sees it."""
    held = select(HELD.c.subject_id).where(HELD.c.subject == kind.name, HELD.c.reason.in_((RETRY, PARKED)))
    return {thing for part in _parts(things) for thing in work.session.scalars(held.where(HELD.c.subject_id.in_(part)))}


def _parts(items: list[Item]) -> Iterable[list[Item]]:
    return (items[start : start + _CHUNK] for start in range(0, len(items), _CHUNK))
