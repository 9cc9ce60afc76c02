"""The inbox: one's own notices and nobody else's."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Stage, build_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


INBOX = "/notifications/api/notices"


def told(stage: Stage, number: int = 3) -> list[str]:
    """Let Samir be told of some submissions; gives the ids of his notices, the latest first."""
    for count in range(number):
        stage.submitted(f"Number {count}")
    stage.place.settle()
    return [notice["id"] for notice in stage.samir.pages(INBOX)]


def test_one_reads_ones_own_the_latest_first(stage: Stage) -> None:
    told(stage, 5)
    titles = [notice["title"] for notice in stage.samir.pages(INBOX)]
    assert titles == [f"We received “Number {count}”" for count in (4, 3, 2, 1, 0)]
    assert stage.ana.pages(INBOX) == []
    assert stage.samir.does("GET", f"{INBOX}/unread") == {"unread": 5}


def test_a_notice_is_marked_as_read_and_keeps_its_first_instant(stage: Stage) -> None:
    newest, *_ = told(stage)
    stage.samir.does("PUT", f"{INBOX}/{newest}/read", status=204)
    read = stage.samir.does("GET", f"{INBOX}/{newest}")
    assert read["read_at"] == "2016-01-04T12:00:00Z"
    stage.place.clock.forward(hours=1)
    stage.samir.does("PUT", f"{INBOX}/{newest}/read", status=204)
    assert stage.samir.does("GET", f"{INBOX}/{newest}") == read
    assert [notice["id"] for notice in stage.samir.pages(INBOX, state="read")] == [newest]
    assert newest not in {notice["id"] for notice in stage.samir.pages(INBOX, state="unread")}
    assert stage.samir.does("GET", f"{INBOX}/unread") == {"unread": 2}


def test_all_are_marked_as_read(stage: Stage) -> None:
    told(stage)
    stage.samir.does("PUT", f"{INBOX}/read", status=204)
    assert stage.samir.does("GET", f"{INBOX}/unread") == {"unread": 0}
    assert stage.samir.pages(INBOX, state="unread") == []


def test_a_strangers_notice_looks_like_none(stage: Stage) -> None:
    newest, *_ = told(stage, 1)
    stage.ana.refused("GET", f"{INBOX}/{newest}", status=404, code="not-found")
    stage.ana.refused("PUT", f"{INBOX}/{newest}/read", status=404, code="not-found")
    stage.ana.does("PUT", f"{INBOX}/read", status=204)
    assert stage.samir.does("GET", f"{INBOX}/unread") == {"unread": 1}
