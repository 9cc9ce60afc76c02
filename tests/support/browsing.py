"""A real browser on an embedded installation: the pages are served on a free port, and what the browser complains of is kept."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from place import Installation
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, Request
from requiring import missing
from werkzeug.serving import WSGIRequestHandler, make_server

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOCUSED = """() => {
  const there = document.activeElement;
  return there.matches("a, button, input, select, textarea, summary") ? there.labels?.[0]?.innerText ?? there.innerText : "";
}"""
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}


class _Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """Say nothing about each request."""


@contextmanager
def served(site: Any) -> Iterator[str]:
    """Serve `site` on a free port of this machine; gives its address."""
    server = make_server("127.0.0.1", 0, site, threaded=True, request_handler=_Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def chromium(playwright: Playwright, exercised: dict[str, str]) -> Iterator[Browser]:
    """Start the machine's Chromium; without one the tests are skipped, or fail where everything must be there."""
    path = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    exercised["browser"] = path or "no Chromium on this machine"
    if path is None:
        missing("no Chromium on this machine")
    browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
    try:
        yield browser
    finally:
        browser.close()


@dataclass
class Reader:
    """One person's browser; `complaints` are errors of its console and requests to other hosts."""

    address: str
    context: BrowserContext
    page: Page
    complaints: list[str] = field(default_factory=list)

    def visit(self, path: str) -> None:
        self.page.goto(self.address + path)

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def tab_to(self, name: str) -> None:
        """Press Tab until what has the focus is called `name`."""
        for _ in range(150):
            self.press("Tab")
            if name in self.focused():
                return
        raise AssertionError(f"{name!r} is not reached by Tab on {self.page.url}")

    def focused(self) -> str:
        """Tell the name of the control that has the focus."""
        return str(self.page.evaluate(FOCUSED))

    def type_into(self, name: str, text: str) -> None:
        self.tab_to(name)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)

    def go(self, name: str) -> None:
        """Reach a link or a button by Tab and press it."""
        self.tab_to(name)
        with self.page.expect_navigation():
            self.press("Enter")

    def heard(self, path: str) -> None:
        assert self.complaints == [], path


def open_reader(browser: Browser, address: str, *, scripts: bool = True, width: dict[str, int] | None = None) -> Reader:
    """Open a fresh browser of a person who wants no motion."""
    context = browser.new_context(viewport=width or DESK, reduced_motion="reduce", java_script_enabled=scripts)
    page = context.new_page()
    page.set_default_timeout(10_000)
    reader = Reader(address, context, page)
    page.on("console", lambda message: reader.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: reader.complaints.append(str(error)))
    page.on("request", lambda request: _note_foreign(reader, request))
    page.on("dialog", lambda dialog: dialog.accept())
    return reader


def _note_foreign(reader: Reader, request: Request) -> None:
    if urlsplit(request.url).netloc != urlsplit(reader.address).netloc:
        reader.complaints.append(f"asks another host: {request.url}")


def faults(page: Page) -> list[str]:
    """List what axe finds, with the element that it found it on."""
    found = Axe().run(page, options={"runOnly": TAGS, "resultTypes": ["violations"]}).response["violations"]
    return [f"{each['id']}: {each['nodes'][0]['html'][:200]} ({len(each['nodes'])}): {each['nodes'][0]['failureSummary'][:300]}" for each in found]


def refuse_nothing(reader: Reader, state: str) -> None:
    """Look at the page as it is, in light and dark, at a desk and on a phone."""
    for scheme, size in (("light", DESK), ("dark", PHONE), ("light", PHONE), ("dark", DESK)):
        reader.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        reader.page.set_viewport_size(size)
        assert faults(reader.page) == [], (state, scheme, size)
        wider = reader.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{state} is {wider} px wider than {size['width']}"
    reader.page.set_viewport_size(DESK)
    reader.heard(state)


def refused(reader: Reader, state: str) -> None:
    """Look at a page whose status the browser itself notes as an error."""
    assert [each for each in reader.complaints if "the server responded with a status of 4" not in each] == []
    reader.complaints.clear()
    refuse_nothing(reader, state)


def sign_in_by_keyboard(reader: Reader, place: Installation, email: str) -> None:
    reader.visit("/proposals/sign-in")
    reader.type_into("Mail address", email)
    reader.go("Send me a code")
    place.settle()
    code = re.search(r"\b\d{6}\b", place.letters(email)[-1][1])
    assert code is not None
    reader.type_into("Code", code[0])
    reader.go("Sign in")


def put_down(reader: Reader) -> None:
    with reader.page.expect_navigation():
        reader.press("Enter")


def carry(reader: Reader, title: str, *keys: str) -> None:
    """Pick a session up, carry it, and wait until the server said what stands against the place."""
    reader.page.get_by_role("link", name=title).focus()
    reader.press("m", *keys)


def sign_in_without_scripts(reader: Reader, place: Installation, email: str) -> None:
    reader.visit("/proposals/sign-in")
    reader.page.get_by_label("Mail address").fill(email)
    reader.page.get_by_role("button", name="Send me a code").click()
    place.settle()
    code = re.search(r"\b\d{6}\b", place.letters(email)[-1][1])
    assert code is not None
    reader.page.get_by_label("Code").fill(code[0])
    reader.page.locator("main").get_by_role("button", name="Sign in").click()
