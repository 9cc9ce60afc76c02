"""Logs: lines of JSON that tell the story and no personal data."""

import io
import json
from collections.abc import Iterator

import pytest
import structlog

from plenary_kit.context import MessageContext, within
from plenary_kit.observability.logs import set_up_logging


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    stream = io.StringIO()
    set_up_logging("proposals", stream=stream)
    yield stream
    structlog.reset_defaults()


def logged(lines: io.StringIO) -> dict[str, object]:
    [line] = lines.getvalue().splitlines()
    parsed: dict[str, object] = json.loads(line)
    return parsed


def test_a_line_names_the_service_and_the_story(lines: io.StringIO) -> None:
    with within(MessageContext("story", None, "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")):
        structlog.get_logger().info("something.happened", count=3)
    line = logged(lines)
    assert (line["service"], line["event"], line["count"], line["correlation_id"]) == ("proposals", "something.happened", 3, "story")
    assert line["trace_id"] == "4bf92f3577b34da6a3ce929d0e0e4736"


@pytest.mark.parametrize("key", ["name", "email", "Authorization", "cookie", "token", "title", "code"])
def test_what_is_personal_is_withheld(lines: io.StringIO, key: str) -> None:
    structlog.get_logger().warning("careless", **{key: "Ada Lovelace"})
    assert "Lovelace" not in lines.getvalue()
    assert logged(lines)[key] == "[withheld]"


def test_an_exception_keeps_its_places_and_not_its_message(lines: io.StringIO) -> None:
    try:
        int("ada@example.org is no number")
    except ValueError as error:
        structlog.get_logger().error("web.bug", exc_info=error)
    assert "ada@example.org" not in lines.getvalue()
    line = logged(lines)
    assert line["error"] == "builtins.ValueError"
    assert "test_an_exception_keeps" in str(line["places"])


def test_nobody_can_forge_a_line(lines: io.StringIO) -> None:
    structlog.get_logger().info("asked", path='/x\n{"event": "forged"}\x1b[31m')
    assert len(lines.getvalue().splitlines()) == 1
    assert "\x1b" not in lines.getvalue()
