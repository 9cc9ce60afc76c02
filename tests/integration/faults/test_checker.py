"""The checker can fail: each kind of violation, planted behind everybody's back after a true story, is found; and the story itself is clean."""

import sqlite3
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest
from checker import DONE, Act, Evidence, broken_promises
from place import Installation, install
from sink import Sink
from society import Clock
from story import CHAIR, at, move, prepared, publish, publish_first, released, starring

ACTS = (
    *(Act("submit", title, DONE) for title in ("Suturing for poets", "Poems for surgeons")),
    *(Act("decide", title, DONE) for title in ("Suturing for poets", "Poems for surgeons")),
    *(Act("publish", note, DONE) for note in ("The first program.", "Moved.")),
)
PLANTED = {
    "unpublished": ("proposals", "UPDATE outbox SET published_at = NULL WHERE seq = 1"),
    "versions not contiguous": ("proposals", "UPDATE outbox_head SET version = version + 1 WHERE subject = 'proposals.proposal'"),
    "lost by scheduling": ("scheduling", "DELETE FROM inbox WHERE type = 'proposals.proposal.accepted.v1'"),
    "invented at notifications": ("proposals", "DELETE FROM outbox WHERE type = 'proposals.role.granted.v1'"),
    "taken twice": ("scheduling", "INSERT INTO inbox SELECT * FROM inbox LIMIT 1"),
    "out of order": ("scheduling", "UPDATE inbox SET applied_at = '2099-01-01' WHERE type = 'proposals.proposal.submitted.v1'"),
    "lane at notifications": ("notifications", "UPDATE inbox_lane SET version = version - 1 WHERE subject = 'proposals.proposal'"),
    "copy at notifications lacks": ("notifications", "DELETE FROM person_copy WHERE name = 'ana'"),
    "copy at scheduling has": ("scheduling", "INSERT INTO session SELECT * FROM session LIMIT 1"),
    "copy at proposals lacks": ("proposals", "UPDATE meeting_copy SET title = 'Another'"),
    "older state kept": ("notifications", "UPDATE person_copy SET version = 0 WHERE name = 'ana'"),
    "told twice": ("notifications", "INSERT INTO notice SELECT * FROM notice WHERE topic = 'decision'"),
    "notice not told": ("notifications", "UPDATE notice SET state = 'owed' WHERE topic = 'decision'"),
    "notice of nothing": ("notifications", "UPDATE notice SET cause_id = id WHERE topic = 'decision'"),
    "not told of": ("notifications", "DELETE FROM notice WHERE topic = 'confirmation'"),
    "no letter for": ("notifications", "DELETE FROM mail_letter WHERE topic = 'decision'"),
    "letter of no notice": ("notifications", "UPDATE notice SET id = cause_id WHERE topic = 'program'"),
    "told before its release": ("proposals", "UPDATE decision SET released_at = '2099-01-01'"),
    "letter not dealt with": ("notifications", "UPDATE mail_letter SET state = 'claimed' WHERE topic = 'decision'"),
    "answered, yet lost": ("proposals", "UPDATE proposal SET title = 'Poems' WHERE title LIKE 'Poems%'"),
    "from nowhere": ("scheduling", "UPDATE release SET note = 'Nobody said so.' WHERE number = 2"),
    "done twice": ("scheduling", "INSERT INTO release SELECT * FROM release WHERE number = 2"),
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, Sink]]:
    """An installation in which a story was told, its tables without constraints, so that any violation can be planted."""
    sink = Sink()
    place = install(tmp_path_factory.mktemp("lived"), clock=Clock(), sink=sink)
    chair = prepared(place)
    released(place, chair)
    publish_first(place, chair)
    starring(place)
    move(chair, "Suturing for poets", "Biscayne", at(place, 1, "14:00"))
    publish(chair, "Moved.")
    place.calm()
    place.trio.close()
    for url in place.settings.databases.values():
        _loosen(url.removeprefix("sqlite:///"))
    yield place, sink
    sink.end()


def _loosen(path: str) -> None:
    with sqlite3.connect(path) as database:
        for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").fetchall():
            database.execute(f'CREATE TABLE loose AS SELECT * FROM "{name}"')
            database.execute(f'DROP TABLE "{name}"')
            database.execute(f'ALTER TABLE loose RENAME TO "{name}"')
    database.close()


def _copied(place: Installation, folder: Path) -> dict[str, str]:
    """Give databases of the same content to tamper with."""
    urls = {}
    for name, url in place.settings.databases.items():
        with sqlite3.connect(url.removeprefix("sqlite:///")) as source, sqlite3.connect(folder / f"{name}.db") as target:
            source.backup(target)
        source.close()
        target.close()
        urls[name] = f"sqlite:///{folder / name}.db"
    return urls


def test_a_true_story_breaks_no_promise(lived, tmp_path):
    place, sink = lived
    assert broken_promises(Evidence(_copied(place, tmp_path), sink.messages, ACTS)) == []


@pytest.mark.parametrize("complaint", PLANTED)
def test_a_planted_violation_is_found(lived, tmp_path, complaint):
    place, sink = lived
    urls = _copied(place, tmp_path)
    service, statement = PLANTED[complaint]
    with sqlite3.connect(urls[service].removeprefix("sqlite:///")) as database:
        assert database.execute(statement).rowcount > 0
    database.close()
    found = broken_promises(Evidence(urls, sink.messages, ACTS))
    assert any(one.startswith(complaint) for one in found), found


def test_mail_that_never_came_came_too_often_or_under_another_name_is_found(lived, tmp_path):
    place, sink = lived
    urls, letters = _copied(place, tmp_path), sink.letters(CHAIR)
    fewer = [message for message in sink.messages if message is not letters[0]]
    assert any("never arrived" in one for one in broken_promises(Evidence(urls, fewer, ACTS)))
    assert any("too many copies" in one for one in broken_promises(Evidence(urls, [*sink.messages, letters[0]], ACTS)))
    strange = EmailMessage()
    strange["Message-ID"] = "<another@example.org>"
    assert any("of no letter" in one for one in broken_promises(Evidence(urls, [*sink.messages, strange], ACTS)))
