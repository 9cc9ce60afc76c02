"""Installations that are broken on purpose, in both shapes."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from deployment import Deployment
from standing import Standing


@pytest.fixture
def deployed(tmp_path: Path, make_postgres: Callable[[str], str], amqp_url: str) -> Iterator[Deployment]:
    """Give every process of the three services over PostgreSQL and RabbitMQ, with short waits."""
    made = Deployment(tmp_path, make_postgres, amqp_url, hasty=True)
    try:
        made.start()
        yield made
    finally:
        made.end()


@pytest.fixture
def standing(tmp_path: Path) -> Iterator[Standing]:
    """Give the embedded shape in one process, with short waits."""
    made = Standing(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.end()
