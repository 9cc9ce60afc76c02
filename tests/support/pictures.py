"""Take the pictures of the documentation from the demonstration, in a real browser: `.venv/bin/python tests/support/pictures.py`."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

from browsing import chromium, open_reader, served
from place import install
from playwright.sync_api import sync_playwright

from plenary.demo import StoryClock, tell_story

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
SIZE = {"width": 1100, "height": 760}
PICTURES = {"program": "/scheduling/annual-meeting/", "plan": "/scheduling/annual-meeting/plan"}
NOW = datetime(2026, 3, 2, 15, tzinfo=UTC)


def take(folder: Path) -> None:
    """Tell the story, and picture its pages as the chair sees them."""
    clock = StoryClock(datetime(2025, 11, 20, tzinfo=UTC))
    with tempfile.TemporaryDirectory() as data:
        place = install(Path(data), demonstration=True, clock=clock)  # type: ignore[arg-type]  # it turns like the tests' own
        tell_story(place.trio, clock, NOW, say=print)
        with served(place.site) as address, sync_playwright() as playwright, chromium(playwright, {}) as browser:
            reader = open_reader(browser, address, width=SIZE)
            reader.visit("/proposals/sign-in")
            reader.page.get_by_role("button", name="Charlotte Okafor").click()
            for name, path in PICTURES.items():
                reader.visit(path)
                reader.page.screenshot(path=folder / f"{name}.png")
        place.trio.close()


if __name__ == "__main__":
    take(FOLDER)
