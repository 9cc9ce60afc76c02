"""Copies heal over RabbitMQ and PostgreSQL, by the operator's commands, while every service runs in processes of its own."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deployment import Deployment
from sqlalchemy import delete, insert, select, update

from plenary.composition import SERVICES
from plenary_kit.mail.tables import add_mail_tables
from plenary_kit.persistence.columns import new_id, service_metadata
from plenary_notifications.notices.model import Notice
from plenary_notifications.people.model import PersonCopy
from plenary_proposals.people.actions import register_person

pytestmark = pytest.mark.servers
PEOPLE = 1_200  # more than one stretch of a listing


@pytest.fixture
def deployed(tmp_path: Path, make_postgres: Callable[[str], str], amqp_url: str) -> Iterator[Deployment]:
    made = Deployment(tmp_path, make_postgres, amqp_url)
    try:
        made.start([(name, job) for name in SERVICES for job in ("relay", "consume")])
        made.found(administrator="ada@example.org")
        database = made.database("proposals")
        with database.work() as work:
            for number in range(PEOPLE):
                register_person(work, name=f"Person {number}", email=f"person{number}@example.org")
        database.close()
        made.settle()
        yield made
    finally:
        made.end()


def people(deployed: Deployment) -> list[tuple]:
    columns = (PersonCopy.id, PersonCopy.name, PersonCopy.email, PersonCopy.time_zone)
    database = deployed.database("notifications")
    with database.reading() as session:
        rows = [tuple(row) for row in session.execute(select(*columns).order_by(PersonCopy.id))]
    database.close()
    return rows


def letters_and_notices(deployed: Deployment) -> int:
    mail = service_metadata()
    add_mail_tables(mail)
    database = deployed.database("notifications")
    with database.reading() as session:
        found = len(session.execute(select(Notice.id)).all()) + len(session.execute(select(mail.tables["mail_letter"].c.id)).all())
    database.close()
    return found


def test_a_copy_is_mended_and_rebuilt_over_the_broker(deployed):
    before = people(deployed)
    assert len(before) == PEOPLE + 1
    lost, altered, invented = before[10][0], before[-1][0], new_id()
    database = deployed.database("notifications")
    with database.work() as work:
        work.session.execute(delete(PersonCopy).where(PersonCopy.id == lost))
        work.session.execute(update(PersonCopy).where(PersonCopy.id == altered).values(email="wrong@example.org"))
        work.session.execute(insert(PersonCopy).values(id=invented, version=1, name="Nobody", email=None, time_zone="UTC"))
    database.close()
    said = deployed.run("notifications", "reconcile")
    assert {line for line in said.stdout.splitlines() if "mended" in line} == {
        f"notifications: proposals.person {lost} missing, mended",
        f"notifications: proposals.person {altered} differs in email, mended",
        f"notifications: proposals.person {invented} extra, mended",
    }
    assert "notifications: 5 of 5 kinds compared" in said.stdout
    assert people(deployed) == before
    said = deployed.run("notifications", "rebuild", "proposals.person", "--service", "notifications", "--yes")
    assert "1 of 1 kinds compared" in said.stdout
    deployed.settle()
    assert people(deployed) == before
    assert letters_and_notices(deployed) == 0
