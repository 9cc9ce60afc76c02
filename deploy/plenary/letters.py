"""The local outbox: pages that show the letters of an installation which sends no mail, or whose mail is caught for trying out."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

from flask import Blueprint, render_template, request

from plenary_kit.refusal import Forbidden, NotFound

SHOWN = 200
_NAME = re.compile(r"[0-9a-f-]{36}", re.ASCII)


@dataclass(frozen=True)
class KeptLetter:
    """A letter as it lies in the folder; `name` is its identifier."""

    name: str
    subject: str
    sender: str
    to: str
    date: str
    message_id: str
    text: str


def letters_shown(*, to_all: bool) -> bool:
    """Tell whether the browser that asks may read the letters."""
    return to_all or ip_address(request.remote_addr or "0.0.0.0").is_loopback  # noqa: S104 - an unknown address is not this machine's


def outbox_pages(folder: Path, *, to_all: bool) -> Blueprint:
    """Make the pages that show `folder`: `to_all`, or to browsers on this machine alone, since sign-in codes are among the letters."""
    pages = Blueprint("outbox", __name__)

    @pages.before_request
    def refuse_others() -> None:
        if not letters_shown(to_all=to_all):
            raise Forbidden("The letters of this installation are shown on the machine that it runs on, and nowhere else.")

    @pages.get("/outbox")
    def show() -> str:
        newest = sorted(folder.glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)[:SHOWN]
        return render_template("notifications/outbox.html", letters=[_read(path) for path in newest])

    @pages.get("/outbox/<name>")
    def one(name: str) -> str:
        path = folder / f"{name}.eml"
        if not _NAME.fullmatch(name) or not path.is_file():
            raise NotFound("There is no such letter.")
        return render_template("notifications/letter.html", letter=_read(path))

    return pages


def _read(path: Path) -> KeptLetter:
    message = email.message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=default)
    body = message.get_body(("plain",))
    text = body.get_content() if body else ""
    subject, sender, to, date, message_id = (str(message[name] or "") for name in ("Subject", "From", "To", "Date", "Message-ID"))
    return KeptLetter(path.stem, subject, sender, to, date, message_id, text)
