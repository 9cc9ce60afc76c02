"""The owner's answers: of one piece, in stretches, and never older than a change that is under way."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from uuid import NAMESPACE_OID, UUID, uuid5

import msgspec
import pytest
from sqlalchemy import select, text

import plenary_proposals.service
from plenary_contracts.copies import PEOPLE, NotificationsDoubted, PeopleListed, PersonStated
from plenary_kit.copies.kinds import Doubted
from plenary_kit.copies.owning import STRETCH, answering
from plenary_kit.messaging.envelope import decode
from plenary_kit.messaging.tables import HEAD, OUTBOX
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.database import Database
from plenary_proposals.people.actions import register_person
from plenary_proposals.people.model import Person

answer = answering(plenary_proposals.service.HOLDINGS, NotificationsDoubted)[NotificationsDoubted]


@pytest.fixture
def owner(database_url) -> Iterator[Database]:
    service = plenary_proposals.service.build(database_url, clock=utc_now)
    service.migrate()
    yield service.database
    service.database.close()


def register(owner: Database, *names: str) -> list[UUID]:
    with owner.work() as work:
        return [register_person(work, name=name, email=None).id for name in names]


def doubt(owner: Database, *rows: Doubted, kind: str = PEOPLE.name) -> None:
    with owner.work() as work:
        answer(work, NotificationsDoubted(id=uuid5(NAMESPACE_OID, kind), kind=kind, rows=rows), None)


def announced(owner: Database, fact) -> list:
    with owner.reading() as session:
        payloads = session.scalars(select(OUTBOX.c.payload).where(OUTBOX.c.type == fact.TYPE).order_by(OUTBOX.c.seq))
        return [msgspec.json.decode(decode(payload).data, type=fact) for payload in payloads]


def test_an_empty_kind_is_listed_as_empty(owner):
    doubt(owner)
    [listing] = announced(owner, PeopleListed)
    assert (listing.after, listing.up_to, listing.rows) == (None, None, ())


def test_stretches_join_and_cover_everything(owner):
    people = sorted(register(owner, *(f"Person {number}" for number in range(STRETCH + 1))))
    doubt(owner)
    stretches = sorted(announced(owner, PeopleListed), key=lambda listing: listing.after or UUID(int=0))
    assert [(listing.after, listing.up_to, len(listing.rows)) for listing in stretches] == [
        (None, people[STRETCH - 1], STRETCH),
        (people[STRETCH - 1], None, 1),
    ]
    assert [row.id for listing in stretches for row in listing.rows] == people
    assert {row.version for listing in stretches for row in listing.rows} == {1}


def test_listing_again_goes_on_in_the_same_lanes(owner):
    register(owner, "Ada")
    for _ in range(2):
        doubt(owner)
    with owner.reading() as session:
        versions = session.scalars(select(HEAD.c.version).where(HEAD.c.subject_id == PEOPLE.stretch_id(0)))
        assert list(versions) == [2]


def test_a_doubt_in_what_another_service_owns_is_left_to_it(owner):
    doubt(owner, kind="scheduling.meeting")
    with owner.reading() as session:
        assert session.execute(select(OUTBOX.c.seq)).all() == []


def test_a_thing_that_is_not_there_is_stated_as_none(owner):
    nobody = UUID(int=7)
    doubt(owner, Doubted(nobody, 0, "extra"))
    [statement] = announced(owner, PersonStated)
    assert (statement.id, statement.state) == (nobody, None)


@pytest.mark.servers
def test_a_statement_waits_for_a_change_that_is_under_way(postgres_url):
    service = plenary_proposals.service.build(postgres_url, clock=utc_now)
    service.migrate()
    owner, begun = service.database, Event()
    [ada] = register(owner, "Ada")

    def state() -> None:
        begun.set()
        doubt(owner, Doubted(ada, 1, "differs"))

    with ThreadPoolExecutor(1) as pool:
        with owner.work() as work:
            work.session.execute(select(HEAD).where(HEAD.c.subject_id == ada).with_for_update())
            person = work.session.get_one(Person, ada)
            person.name = "Ada King"
            work.session.flush()
            stating = pool.submit(state)
            begun.wait(5)
            _until_somebody_waits(owner)
            work.announce(person.registered())
        stating.result(20)
    assert [statement.state.name for statement in announced(owner, PersonStated)] == ["Ada King"]
    owner.close()


def _until_somebody_waits(owner: Database) -> None:
    waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())")
    pause = Event()
    for _ in range(200):
        with owner.reading() as session:
            if session.scalar(waiting):
                return
        pause.wait(0.05)
    raise AssertionError("nobody waits")
