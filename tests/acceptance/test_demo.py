"""The demonstration: its story, and every page that it leads to."""

import os
import re
import subprocess
import sys
from collections import deque
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from place import install
from society import Clock
from visitors import Visitor

from plenary.demo import tell_story

NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory):
    clock = Clock(datetime(2025, 11, 20, tzinfo=UTC))
    clock.until = lambda instant: setattr(clock, "now", max(clock.now, instant))  # type: ignore[attr-defined]
    place = install(tmp_path_factory.mktemp("demo"), demonstration=True, clock=clock)
    numbers = tell_story(place.trio, clock, NOW, say=lambda _: None)  # type: ignore[arg-type]
    place.settle()
    yield place, numbers
    place.trio.close()


class Reader(HTMLParser):
    """Collects the links of a page, the ids that it defines and the ids that it refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.referred: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get("id"):
            self.ids.append(str(given["id"]))
        for name in ("for", "aria-labelledby", "aria-describedby"):
            self.referred |= set(str(given.get(name) or "").split())
        if tag == "a" and given.get("href"):
            self.links.append(str(given["href"]))


@pytest.mark.capability("N2")
def test_the_story_is_rich(told) -> None:
    _, numbers = told
    assert numbers.people >= 30
    assert numbers.proposals >= 80
    assert numbers.versions == 2
    assert numbers.placed >= 40
    assert numbers.notices >= 150


@pytest.mark.parametrize("who", [None, "Charlotte Okafor", "Ana Whitefeather", "Mateo Lindqvist"])
def test_no_link_is_dead_and_every_page_is_sound(told, who: str | None) -> None:
    place, _ = told
    visitor = Visitor(place.site)
    if who:
        page = visitor.get("/proposals/sign-in")
        action = re.search(rf'action="(/proposals/sign-in/as/[0-9a-f-]+)">(?:(?!</form>).)*{who}', page, re.DOTALL)
        assert action is not None
        visitor.sends("/proposals/sign-in", action[1])
    queue, seen = deque(["/"]), set[str]()
    while queue:
        path = queue.popleft().partition("#")[0]
        shape = re.sub(r"[0-9a-f-]{36}", "ID", path)
        if path in seen or not path.startswith("/") or sum(re.sub(r"[0-9a-f-]{36}", "ID", each) == shape for each in seen) > 4:
            continue
        seen.add(path)
        response = visitor.client.get(path, follow_redirects=True)
        assert response.status_code == 200, path
        if response.mimetype == "text/html":
            reader = Reader()
            reader.feed(response.get_data(as_text=True))
            assert len(reader.ids) == len(set(reader.ids)), f"an id comes twice on {path}"
            assert reader.referred <= set(reader.ids), f"{path} refers to {reader.referred - set(reader.ids)}"
            queue.extend(reader.links)
    assert len(seen) > 12


@pytest.mark.capability("N1", "N2")
def test_once_tells_the_story_and_leaves(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from plenary.cli import main; main()", "demo", "--once"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env=dict(os.environ),
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "notices told" in done.stdout.splitlines()[-1]
    assert not list(tmp_path.iterdir()), "nothing is left behind"
