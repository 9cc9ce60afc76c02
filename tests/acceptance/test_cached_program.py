"""The public program is rendered once for all guests, and never shows one person's page to another, nor an old program for long."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from place import Installation, install
from society import Clock
from sqlalchemy import event
from story import SUBMITTER, at, move, prepared, publish, publish_first, released, starring
from visitors import Visitor

from plenary.composition import build_trio
from plenary.site import whole_site
from plenary_kit.web import rendered

PROGRAM, FEED = "/scheduling/sgm-annual/", "/scheduling/sgm-annual/program.ics"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    installed = install(tmp_path / "data", clock=Clock(datetime(2016, 1, 4, 12, tzinfo=UTC)))
    yield installed
    installed.trio.close()


@pytest.fixture
def chair(place: Installation) -> Visitor:
    visitor = prepared(place)
    released(place, visitor)
    publish_first(place, visitor)
    return visitor


def statements(place: Installation) -> list[str]:
    """Count what scheduling's database is asked from now on."""
    asked: list[str] = []
    event.listen(place.trio.scheduling.database.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    return asked


@pytest.mark.parametrize("path", [PROGRAM, FEED])
def test_guests_share_one_rendering_and_send_for_it_once(place: Installation, chair: Visitor, path: str) -> None:
    first = place.visitor().client.get(path)
    asked = statements(place)
    guest = place.visitor().client
    second = guest.get(path)
    assert second.get_data() == first.get_data()
    assert asked == [], "what is known to be fresh asks nothing"
    assert "Set-Cookie" not in second.headers
    again = guest.get(path, headers={"If-None-Match": second.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")


@pytest.mark.parametrize("path", [PROGRAM, FEED])
def test_whatever_changes_is_seen_at_once(place: Installation, chair: Visitor, path: str) -> None:
    guest = place.visitor().client
    old = guest.get(path).headers["ETag"]
    move(chair, "Suturing for poets", "Biscayne", at(place, 1, "14:00"))
    assert guest.get(path).headers["ETag"] == old, "the working copy is nobody's but the chairs'"
    publish(chair)
    assert guest.get(path).headers["ETag"] != old


def test_a_presenters_new_name_is_seen_at_once(place: Installation, chair: Visitor) -> None:
    guest = place.visitor()
    assert "the Younger" not in guest.get(PROGRAM)
    place.sign_in(SUBMITTER).sends("/proposals/profile", name="Samir Lindqvist the Younger", affiliation="", time_zone="UTC")
    place.settle()
    assert "the Younger" in guest.get(PROGRAM)


def test_a_page_of_ones_own_is_never_anothers(place: Installation, chair: Visitor) -> None:
    guest_page = place.visitor().get(PROGRAM)
    ana = starring(place)
    assert "session-starred" in ana.get(PROGRAM)
    assert "Build the program" in chair.get(PROGRAM)
    assert place.visitor().get(PROGRAM) == guest_page
    assert "ETag" not in ana.client.get(PROGRAM).headers
    assert "no-store" in ana.client.get(PROGRAM).headers["Cache-Control"]


def test_what_another_process_changed_is_seen_as_soon_as_it_is_asked_for(
    place: Installation, chair: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = build_trio(place.settings.databases, clock=place.clock)
    guest = Visitor(whole_site(other, place.settings)).client
    old = guest.get(PROGRAM).headers["ETag"]
    move(chair, "Suturing for poets", "Biscayne", at(place, 1, "14:00"))
    publish(chair)
    monkeypatch.setattr(rendered, "TRUSTED_SECONDS", 0)
    assert guest.get(PROGRAM).headers["ETag"] != old
    other.close()
