"""Where tests find real servers: the first rung that holds is taken.

A given address; a server that runs on this machine at its standard port; a container, where an engine answers; a private one from the machine's
binaries; else the test is skipped with all reasons, or fails where PLENARY_REQUIRE_SERVERS says that servers must be there.
"""

import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

from requiring import missing
from servers import NoBinariesError, PrivatePostgres, PrivateRabbit, until
from sqlalchemy import create_engine
from sqlalchemy.exc import OperationalError
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer

from plenary_kit.messaging.brokers import BrokerDownError
from plenary_kit.messaging.topology import connect

Rung = tuple[str, Callable[[], tuple[str, Callable[[], None]]]]


class NotHereError(Exception):
    """This rung of the ladder does not hold; says why."""


def served(what: str, ladder: list[Rung], exercised: dict[str, str]) -> Iterator[str]:
    """Climb the ladder, give the address, and end afterwards what was started."""
    reasons = []
    for name, start in ladder:
        try:
            url, end = start()
        except NotHereError as reason:
            reasons.append(f"{name}: {reason}")
            continue
        exercised[what] = name
        yield url
        end()
        return
    complaint = f"no {what} ({'; '.join(reasons)})"
    exercised[what] = complaint
    missing(complaint)


def postgres_ladder(folder: Path) -> list[Rung]:
    """List the ways to a PostgreSQL whose administrator's address is known."""
    running = "postgresql+psycopg://postgres@127.0.0.1:5432/postgres"
    return [
        ("given by PLENARY_TEST_POSTGRES_URL", lambda: _given("PLENARY_TEST_POSTGRES_URL")),
        ("running on this machine", lambda: _running_postgres(running)),
        ("container", postgres_container),
        ("private, from this machine's binaries", lambda: _private(lambda: PrivatePostgres(folder))),
    ]


def rabbit_ladder(folder: Path) -> list[Rung]:
    """List the ways to a RabbitMQ."""
    return [
        ("given by PLENARY_TEST_AMQP_URL", lambda: _given("PLENARY_TEST_AMQP_URL")),
        ("running on this machine", lambda: _running_rabbit("amqp://guest:guest@127.0.0.1:5672//")),
        ("container", rabbit_container),
        ("private, from this machine's binaries", lambda: _private(lambda: PrivateRabbit(folder))),
    ]


def postgres_container() -> tuple[str, Callable[[], None]]:
    """Start PostgreSQL in a container."""
    _engine()
    container = PostgresContainer("postgres:17", driver="psycopg").start()
    return container.get_connection_url(), container.stop


def rabbit_container() -> tuple[str, Callable[[], None]]:
    """Start RabbitMQ in a container."""
    _engine()
    container = DockerContainer("rabbitmq:4-management").with_exposed_ports(5672).start()
    url = f"amqp://guest:guest@{container.get_container_host_ip()}:{container.get_exposed_port(5672)}//"
    until(lambda: _answers(url), "RabbitMQ's container does not answer", seconds=90)
    return url, container.stop


def _given(variable: str) -> tuple[str, Callable[[], None]]:
    if variable not in os.environ:
        raise NotHereError("not set")
    return os.environ[variable], _nothing


def _running_postgres(url: str) -> tuple[str, Callable[[], None]]:
    engine = create_engine(url, connect_args={"connect_timeout": 3})
    try:
        engine.connect().close()
    except OperationalError as error:
        raise NotHereError("does not answer") from error
    finally:
        engine.dispose()
    return url, _nothing


def _running_rabbit(url: str) -> tuple[str, Callable[[], None]]:
    if not _answers(url):
        raise NotHereError("does not answer")
    return url, _nothing


def _answers(url: str) -> bool:
    try:
        connect(url).release()
    except BrokerDownError:
        return False
    return True


def engine_answers() -> bool:
    """Tell whether a container engine listens; asked by a plain socket, since docker's client leaves its own open when nobody does."""
    address = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    kind, _, place = address.partition("://")
    try:
        if kind == "unix":
            with socket.socket(socket.AF_UNIX) as asked:
                asked.connect(place)
        else:
            host, _, port = place.partition(":")
            socket.create_connection((host, int(port or 2375)), timeout=3).close()
    except OSError:
        return False
    return True


def _engine() -> None:
    if not engine_answers():
        raise NotHereError("no engine answers")


def _private(start: Callable[[], PrivatePostgres | PrivateRabbit]) -> tuple[str, Callable[[], None]]:
    try:
        server = start()
    except NoBinariesError as error:
        raise NotHereError(f"no {error} here") from error
    return server.url, server.end


def _nothing() -> None:
    """End nothing: it was not started here."""
