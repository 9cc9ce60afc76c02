"""The servers beneath are killed: RabbitMQ in a burst, PostgreSQL under requests. What was answered stays, and everything recovers by itself."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from checker import Evidence, broken_promises
from deployment import JOBS, Deployment
from load import Load
from place import Place
from requiring import missing
from servers import NoBinariesError, PrivatePostgres, PrivateRabbit
from settling import count
from story import CHAIR

from plenary_proposals.people.actions import register_person

BURST = 1_500
CARRYING = [key for key in JOBS if key[1] in {"relay", "consume"}]
pytestmark = [pytest.mark.servers, pytest.mark.timeout(300)]


@pytest.fixture
def rabbit(tmp_path: Path) -> Iterator[PrivateRabbit]:
    try:
        node = PrivateRabbit(tmp_path / "rabbit")
    except NoBinariesError as binary:
        missing(f"a private RabbitMQ: no {binary} on this machine")
    yield node
    node.end()


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[PrivatePostgres]:
    try:
        cluster = PrivatePostgres(tmp_path / "postgres")
    except NoBinariesError as binary:
        missing(f"a private PostgreSQL: no {binary} on this machine")
    yield cluster
    cluster.end()


@pytest.mark.capability("K10")
def test_the_broker_is_killed_in_a_burst(tmp_path, make_postgres, rabbit):
    folder = tmp_path / "deployed"
    folder.mkdir()
    place = Deployment(folder, make_postgres, rabbit.url, hasty=True)
    try:
        place.start(CARRYING)
        place.found(administrator=CHAIR)
        database, notifications = place.database("proposals"), place.database("notifications")
        with database.work() as work:
            for number in range(BURST):
                register_person(work, name=f"Person {number}", email=f"person{number}@example.org")
        place.until(lambda: count(notifications, "SELECT count(*) FROM person_copy") > 1, "the burst does not begin")
        rabbit.kill()
        begun = count(notifications, "SELECT count(*) FROM person_copy")
        with database.work() as work:
            register_person(work, name="Patience", email="patience@example.org")
        rabbit.start()
        place.settle()
        assert begun < BURST + 2 == count(notifications, "SELECT count(*) FROM person_copy")
        assert place.deaths == 0
        assert broken_promises(Evidence(place.urls, place.sink.messages)) == []
        database.close()
        notifications.close()
    finally:
        place.end()


@pytest.mark.capability("K10")
def test_all_of_postgresql_is_killed_while_people_work(tmp_path, amqp_url, postgres):
    folder = tmp_path / "deployed"
    folder.mkdir()
    place = Deployment(folder, postgres.database, amqp_url, hasty=True)
    try:
        place.start()
        load = Load(place)
        load.wave()
        postgres.kill()
        assert load.propose("While the database is away") == ""
        assert place.visitor().client.get("/scheduling/sgm-annual/").status_code == 503
        assert _not_ready(place)
        postgres.start()
        place.until_answering()
        load.wave()
        place.settle()
        assert 500 not in place.statuses, place.statuses
        assert broken_promises(Evidence(place.urls, place.sink.messages, load.acts)) == []
    finally:
        place.end()


def _not_ready(place: Place) -> bool:
    answer = place.visitor().client.get("/proposals/readyz")
    return answer.status_code == 503 and answer.json["checks"]["database"] is False
