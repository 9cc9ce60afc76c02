"""The owner's side: answer a doubt by listing what is held, by stating things anew, or by sending again what a keeper never got."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Row, func, select, update

from plenary_kit.copies.kinds import Doubt, Doubted, Kind, Listed
from plenary_kit.copies.tables import BEHIND
from plenary_kit.messaging.facts import Fact
from plenary_kit.messaging.listening import Delivery, Listener
from plenary_kit.messaging.tables import HEAD, OUTBOX
from plenary_kit.persistence.work import Work

STRETCH = 1_000


@dataclass(frozen=True)
class Holding:
    """A kind of thing that this service owns: `query` is a SELECT of the state's fields by name, `key` the column of the thing's id."""

    kind: Kind
    key: Any
    query: Any


def answering(holdings: Iterable[Holding], *doubts: type[Doubt]) -> dict[type[Fact], Listener]:
    """Make the listeners that answer the `doubts` of other services in the `holdings` of this one."""
    known = {holding.kind.name: holding for holding in holdings}

    def on_doubt(work: Work, doubt: Doubt, delivery: Delivery) -> None:
        del delivery
        holding = known.get(doubt.kind)
        if holding is None:
            return  # a kind of another owner
        if not doubt.rows:
            _list_all(work, holding)
            return
        _send_again(work, holding, [row for row in doubt.rows if row.fault == BEHIND])
        _state(work, holding, sorted(row.id for row in doubt.rows))

    return dict.fromkeys(doubts, on_doubt)


def _list_all(work: Work, holding: Holding) -> None:
    """List everything; one statement reads states and versions, so that they belong together."""
    version = func.coalesce(HEAD.c.version, 0).label("version")
    with_version = holding.query.add_columns(holding.key.label("id"), version).join(HEAD, _head_of(holding), isouter=True)
    rows = work.session.execute(with_version.order_by(holding.key)).all()
    listed = [_listed(holding.kind, row) for row in rows]
    stretches = [listed[start : start + STRETCH] for start in range(0, len(listed), STRETCH)] or [[]]
    after: UUID | None = None
    for number, stretch in enumerate(stretches):
        up_to = None if number == len(stretches) - 1 else stretch[-1].id
        work.announce(holding.kind.listed(id=holding.kind.stretch_id(number), after=after, up_to=up_to, rows=tuple(stretch)))
        after = up_to


def _listed(kind: Kind, row: Row[Any]) -> Listed:
    return Listed(row.id, row.version, "".join(kind.digest(row.id, field, getattr(row, field)) for field in kind.fields))


def _state(work: Work, holding: Holding, things: Sequence[UUID]) -> None:
    """State things anew. Their versions are locked before they are read: a change that commits meanwhile is announced after this statement."""
    if not things:
        return
    heads = select(HEAD.c.subject_id).where(HEAD.c.subject == holding.kind.name, HEAD.c.subject_id.in_(things))
    work.session.execute(heads.order_by(HEAD.c.subject_id).with_for_update()).all()
    rows = work.session.execute(holding.query.add_columns(holding.key.label("id")).where(holding.key.in_(things)))
    present = {row.id: _read_state(holding.kind, row) for row in rows}
    for thing in things:
        work.announce(holding.kind.stated(id=thing, state=present.get(thing)))


def _read_state(kind: Kind, row: Row[Any]) -> msgspec.Struct:
    return msgspec.convert({field: getattr(row, field) for field in kind.fields}, kind.state, strict=False)


def _send_again(work: Work, holding: Holding, behind: Sequence[Doubted]) -> None:
    """Let the relay carry again what came after the version that the keeper applied; whoever has it passes it over. The statement comes last."""
    for row in behind:
        missed = (OUTBOX.c.subject == holding.kind.name) & (OUTBOX.c.subject_id == row.id) & (OUTBOX.c.version > row.applied)
        work.session.execute(update(OUTBOX).where(missed).values(published_at=None, not_before=None, attempts=0))


def _head_of(holding: Holding) -> Any:
    return (HEAD.c.subject == holding.kind.name) & (HEAD.c.subject_id == holding.key)
