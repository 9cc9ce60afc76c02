"""The local outbox: pages that show the letters of an installation which sends no mail. Mounted in the embedded shape only."""

import email
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

from flask import Blueprint, render_template

from plenary_kit.refusal import NotFound

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


def outbox_pages(folder: Path) -> Blueprint:
    """Make the pages that show `folder`."""
    pages = Blueprint("outbox", __name__)

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
