"""Nobody asks for sign-in codes, or guesses at them, faster than people do."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from programs import Stage, build_stage
from werkzeug.test import Client, TestResponse

PACE = 120


def ask(client: Client, number: int, **options: Any) -> TestResponse:
    return client.post("/proposals/api/sign-in/codes", json={"email": f"ada-{number}@example.org"}, **options)


def guess(client: Client, number: int, **options: Any) -> TestResponse:
    request_id = "0192f0c1-0000-7000-8000-000000000000"
    return client.post("/proposals/api/sign-in/tokens", json={"request_id": request_id, "secret": "x", "code": f"{number:06d}"}, **options)


@pytest.fixture
def stage(tmp_path: Path):
    built: Stage = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


@pytest.mark.parametrize("act", [ask, guess])
def test_the_pace_is_kept_by_address_and_the_way_back_is_said(stage: Stage, act: Callable[..., TestResponse]) -> None:
    client = stage.place.visitor().client
    assert 429 not in {act(client, number).status_code for number in range(PACE)}
    refused = act(client, PACE)
    assert refused.status_code == 429
    assert refused.mimetype == "application/problem+json"
    assert 0 < int(refused.headers["Retry-After"]) <= 61
    assert act(client, PACE + 1, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code != 429
