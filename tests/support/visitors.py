"""People at their browsers: forms are filled in as the pages offer them, over any site that answers as WSGI."""

import re
from html import unescape
from typing import Any

from werkzeug.test import Client, TestResponse

_FORM = re.compile(r"<form\b[^>]*>.*?</form>", re.DOTALL)
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)"')


class Visitor:
    """One person's browser."""

    def __init__(self, site: Any) -> None:
        self.client = Client(site)
        self.headers: dict[str, str] = {}  # what the browser sends with every request

    def get(self, path: str, status: int = 200) -> str:
        response = self.client.get(path, follow_redirects=True, headers=self.headers)
        assert response.status_code == status, (path, response.status, response.get_data(as_text=True)[-1500:])
        return response.get_data(as_text=True)

    def send(self, page: str, action: str | None = None, **fields: Any) -> TestResponse:
        """Fill in the form on `page` that posts to `action` (or the one without an action) and send it."""
        return self.answer(self.get(page), action or page, named=action, **fields)

    def answer(self, html: str, target: str, *, named: str | None, **fields: Any) -> TestResponse:
        """Fill in a form of a page that was got already."""
        hidden = {name: unescape(value) for name, value in _HIDDEN.findall(_the_form(html, named))}
        return self.client.post(target, data={**hidden, **fields}, headers=self.headers)

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
