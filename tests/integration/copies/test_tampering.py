"""Copies heal: whatever happens to one, its owner's word mends it, exactly what is wrong is named, and nobody is told anything."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from copied import alter, content, double, every_copy, found, kept, lose, reconcile, told, whole_hash
from sqlalchemy import JSON, func, select, update

from plenary_contracts.copies import MEETINGS, PEOPLE, PROGRAMS, PROPOSALS, ROLES, SIGN_INS, SOCIETIES, STARS
from plenary_kit.copies.copy import Copy
from plenary_kit.copies.faults import compared
from plenary_kit.messaging.tables import OUTBOX
from plenary_kit.persistence.columns import UtcDateTime
from plenary_proposals.people.model import Person
from plenary_scheduling.sessions.model import Session

KEPT = [
    *(("scheduling", kind) for kind in (PEOPLE, SOCIETIES, ROLES, SIGN_INS, PROPOSALS)),
    *(("notifications", kind) for kind in (PEOPLE, ROLES, SIGN_INS, MEETINGS, STARS)),
    *(("proposals", kind) for kind in (MEETINGS, PROGRAMS)),
]
NAMES = [f"{name} {kind.name}" for name, kind in KEPT]
OTHERWISE: dict[type, Any] = {str: "tampered with", int: 1234, UUID: uuid4(), date: date(1999, 1, 1)}
JSONS = {"presenter_ids": [], "unavailable": [["1999-01-01T08:00:00Z", "1999-01-01T09:00:00Z"]]}


def test_every_copy_is_tampered_with_below(stage):
    assert {(service.name, copy.kind.name) for service, copy in every_copy(stage.trio)} == {(name, kind.name) for name, kind in KEPT}
    assert all(content(service, copy) for service, copy in every_copy(stage.trio))


def test_copies_that_are_right_are_found_right(stage):
    before, announced = whole_hash(stage.trio), told(stage.trio)
    reconcile(stage)
    for service in stage.trio.all():
        assert found(service) == {}
        assert compared(service.database) == dict.fromkeys(service.keeper.copies, stage.clock.now)
        with service.database.reading() as session:
            assert not session.scalar(select(func.count()).where(OUTBOX.c.type.like("%.stated.v1")))
    assert (whole_hash(stage.trio), told(stage.trio)) == (before, announced)


@pytest.mark.parametrize(("name", "kind"), KEPT, ids=NAMES)
def test_a_row_that_was_lost_is_named_and_comes_back(stage, name, kind):
    service, copy = kept(stage, name, kind)
    before, announced = content(service, copy), told(stage.trio)
    lost = min(before)
    lose(service, copy, lost)
    reconcile(stage)
    assert found(service) == {(kind.name, lost): ("missing", "")}
    assert content(service, copy) == before
    assert told(stage.trio) == announced


@pytest.mark.parametrize(("name", "kind"), KEPT, ids=NAMES)
def test_every_field_that_was_altered_is_named_and_mended(stage, name, kind):
    service, copy = kept(stage, name, kind)
    before, announced = content(service, copy), told(stage.trio)
    thing = min(before)
    values = {field: _otherwise(field, copy) for field in copy.fields}
    alter(service, copy, thing, **values)
    reconcile(stage)
    assert found(service) == {(kind.name, thing): ("differs", ", ".join(copy.fields))}
    assert content(service, copy) == before
    assert told(stage.trio) == announced


def _otherwise(field: str, copy: Copy) -> Any:
    column = copy.table.c[field].type
    if isinstance(column, UtcDateTime):
        return datetime(1999, 1, 1, tzinfo=UTC)
    return JSONS[field] if isinstance(column, JSON) else OTHERWISE[column.python_type]


@pytest.mark.parametrize(
    ("name", "kind"), [each for each in KEPT if each[1] is not PROPOSALS], ids=[each for each in NAMES if "proposals.proposal" not in each]
)
def test_a_row_that_its_owner_does_not_have_is_named_and_goes(stage, name, kind):
    service, copy = kept(stage, name, kind)
    before, announced = content(service, copy), told(stage.trio)
    invented = uuid4()
    double(service, copy, min(before), invented)
    reconcile(stage)
    assert found(service) == {(kind.name, invented): ("extra", "")}
    assert content(service, copy) == before
    assert told(stage.trio) == announced


def test_an_invented_session_leaves_the_working_copy(stage):
    service, copy = kept(stage, "scheduling", PROPOSALS)
    before, invented = content(service, copy), uuid4()
    double(service, copy, min(before), invented, id=uuid4())
    reconcile(stage)
    assert found(service) == {(PROPOSALS.name, invented): ("extra", "")}
    assert content(service, copy) == before


def test_mending_a_session_leaves_it_where_it_stands(stage):
    service, copy = kept(stage, "scheduling", PROPOSALS)
    places = select(Session.proposal_id, Session.room_id, Session.starts_at).order_by(Session.proposal_id)
    with service.database.reading() as session:
        before = session.execute(places).all()
    alter(service, copy, before[0].proposal_id, title="Another title")
    reconcile(stage)
    with service.database.reading() as session:
        assert session.execute(places).all() == before


def test_a_version_that_ran_ahead_cannot_hold_a_copy_back(stage):
    service, copy = kept(stage, "notifications", PEOPLE)
    before = content(service, copy)
    alter(service, copy, min(before), version=999, name="Nobody")
    reconcile(stage)
    assert content(service, copy) == before


def test_a_change_that_its_owner_never_announced_is_found(stage):
    with stage.trio.proposals.database.work() as work:
        work.session.execute(update(Person).where(Person.id == stage.society.attendee).values(name="Ana Bluefeather"))
    reconcile(stage)
    for name in ("scheduling", "notifications"):
        service, copy = kept(stage, name, PEOPLE)
        assert found(service) == {(PEOPLE.name, stage.society.attendee): ("differs", "name")}
        assert content(service, copy)[stage.society.attendee]["name"] == "Ana Bluefeather"
