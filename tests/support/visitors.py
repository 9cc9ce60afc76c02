"""People at their browsers: forms are filled in as the pages offer them, over the whole site in one process."""

import re
from dataclasses import dataclass
from email import message_from_bytes, policy
from html import unescape
from pathlib import Path
from typing import Any

from society import Clock
from werkzeug.test import Client, TestResponse

from plenary.composition import EmbeddedBackbone, Trio, build_trio, mailers
from plenary.settings import Settings, embedded_settings
from plenary.site import whole_site
from plenary_kit.mail.transports import FolderTransport

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Visitor:
    """One person's browser."""

    def __init__(self, site: Any) -> None:
        self.client = Client(site)

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path, follow_redirects=True)
        assert response.status_code == status, (path, response.status, response.get_data(as_text=True)[-1500:])
        return response.get_data(as_text=True)

    def send(self, page: str, action: str | None = None, **fields: Any) -> TestResponse:
        """Fill in the form on `page` that posts to `action` (or the one without an action) and send it."""
        html = self.get(page)
        form = _the_form(html, action)
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(form)}
        return self.client.post(action or page, data={**hidden, **fields})

    def sends(self, page: str, action: str | None = None, **fields: Any) -> str:
        """Send a form that must be taken; gives the page that follows."""
        response = self.send(page, action, **fields)
        assert response.status_code == 303, (response.status, response.get_data(as_text=True)[-3000:])
        return self.get(response.location.partition("#")[0])


def _the_form(html: str, action: str | None) -> str:
    for form in _FORM.findall(html):
        opening = form[: form.index(">")]
        if (f'action="{action}"' in opening) if action else ('action="' not in opening and 'method="post"' in opening):
            return str(form)
    raise AssertionError(f"no form for {action}: {html[-2000:]}")


@dataclass
class Installation:
    """A whole installation in this process, with a clock and a local outbox."""

    trio: Trio
    settings: Settings
    clock: Clock
    site: Any
    backbone: EmbeddedBackbone

    def visitor(self) -> Visitor:
        return Visitor(self.site)

    def settle(self) -> None:
        """Carry every fact, tell what is due, and send every letter."""
        self.backbone.settle()
        for mailer in mailers(self.trio, FolderTransport(self.outbox), self.settings.mail_from):
            while mailer.send_due():
                continue
        self.backbone.settle()

    @property
    def outbox(self) -> Path:
        assert self.settings.outbox is not None
        return self.settings.outbox

    def letters(self, to: str) -> list[tuple[str, str]]:
        """Give (subject, text) of what was sent to an address, by name of file, which is by time."""
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.outbox.glob("*.eml"))]
        return [(str(letter["Subject"]), letter.get_content()) for letter in found if letter["To"].addresses[0].addr_spec == to]

    def sign_in(self, address: str) -> Visitor:
        """Sign somebody in by mailed code, as in the deployed shape."""
        visitor = self.visitor()
        before = len(self.letters(address))
        page = visitor.send("/proposals/sign-in", "/proposals/sign-in", email=address)
        assert page.status_code == 200, page.get_data(as_text=True)[-2000:]
        self.settle()
        codes = [text for subject, text in self.letters(address) if "code" in subject]
        assert len(self.letters(address)) == before + 1
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(_the_form(page.get_data(as_text=True), "/proposals/sign-in/code"))}
        found = re.search(r"\b\d{6}\b", codes[-1])
        assert found is not None
        entered = visitor.client.post("/proposals/sign-in/code", data={**hidden, "code": found[0]})
        assert entered.status_code == 303, entered.get_data(as_text=True)[-2000:]
        return visitor


def install(folder: Path, *, demonstration: bool = False, clock: Clock | None = None) -> Installation:
    settings = embedded_settings({"PLENARY_DATA": str(folder)}, demonstration=demonstration, public_url="http://localhost")
    turned = clock or Clock()
    trio = build_trio(settings.databases, clock=turned)
    trio.create_tables()
    return Installation(trio, settings, turned, whole_site(trio, settings), EmbeddedBackbone(trio))
