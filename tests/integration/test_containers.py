"""Containers for real, where an engine answers: the whole of docker-compose.yml, and servers that testcontainers starts."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from composed import Composed
from deployment import Deployment
from ladder import engine_answers, postgres_container, rabbit_container
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url
from story import ATTENDEE, SUBMITTER, at, move, prepared, publish, publish_first, released, starring

pytestmark = pytest.mark.timeout(900)


@pytest.fixture(scope="module", autouse=True)
def engine() -> None:
    """Skip with the reason where no container engine answers."""
    if not engine_answers():
        pytest.skip("no container engine answers")


@pytest.fixture
def composed(tmp_path: Path) -> Iterator[Composed]:
    if shutil.which("docker") is None:
        pytest.skip("no docker command to run Compose with")
    made = Composed(tmp_path)
    try:
        made.up()
        yield made
    finally:
        made.down()


def test_compose_starts_healthy_and_tells_the_story_through_the_gateway_across_a_restart_of_the_broker(composed: Composed) -> None:
    assert set(composed.states().values()) == {"healthy"}, composed.states()
    chair = prepared(composed)
    released(composed, chair)
    composed.compose("kill", "rabbitmq")
    chair.sends("/scheduling/sgm-annual/plan", "/scheduling/sgm-annual/plan/automatic")
    publish(chair, "Published while the broker was away.")
    composed.compose("start", "rabbitmq")
    composed.calm()
    assert len([subject for subject, _ in composed.letters(SUBMITTER) if subject.startswith("Scheduled")]) == 1
    starring(composed)
    move(chair, "Suturing for poets", "Biscayne", at(composed, 1, "14:00"))
    publish(chair, "A room was needed elsewhere.")
    composed.calm()
    assert [subject for subject, _ in composed.letters(ATTENDEE) if "code" not in subject] == ["Moved: “Suturing for poets”"]
    assert "answers" in composed.run("scheduling", "doctor").stdout


@pytest.fixture
def container_databases() -> Iterator[Callable[[str], str]]:
    url, end = postgres_container()
    admin = create_engine(url, isolation_level="AUTOCOMMIT")

    def make(name: str) -> str:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        return make_url(url).set(database=name).render_as_string(hide_password=False)

    yield make
    admin.dispose()
    end()


@pytest.fixture
def container_broker() -> Iterator[str]:
    url, end = rabbit_container()
    yield url
    end()


def test_the_story_stands_on_servers_in_containers(tmp_path: Path, container_databases: Callable[[str], str], container_broker: str) -> None:
    deployment = Deployment(tmp_path, container_databases, container_broker)
    try:
        deployment.start()
        chair = prepared(deployment)
        released(deployment, chair)
        publish_first(deployment, chair)
        assert len([subject for subject, _ in deployment.letters(SUBMITTER) if subject.startswith("Scheduled")]) == 1
    finally:
        deployment.end()
