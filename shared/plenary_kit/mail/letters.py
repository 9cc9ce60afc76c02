"""A letter to one person, and the message that it becomes."""

from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from plenary_kit.context import MessageContext, current_context


@dataclass(frozen=True)
class Letter:
    """A letter as an action hands it in.

    `id` is the cause's own identifier, so that handing in twice is one letter. A `secret` text (a sign-in code) is erased once sent. Letters of
    lower `priority` numbers leave first. `context` is the story that the letter ends.
    """

    id: UUID
    topic: str
    name: str
    address: str
    subject: str
    text: str
    secret: bool = False
    priority: int = 5
    context: MessageContext = field(default_factory=current_context)


@dataclass(frozen=True)
class Sender:
    """Whom mail comes from: `domain` makes Message-IDs, and must stay the same over the life of an installation."""

    name: str
    address: str
    domain: str


def message_id(letter_id: UUID, sender: Sender) -> str:
    """Give the Message-ID that every copy of a letter bears."""
    return f"<{letter_id}@{sender.domain}>"


def compose(letter: Letter, sender: Sender, now: datetime) -> EmailMessage:
    """Build the MIME message; header values lose line breaks, so that no text can add a header."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _one_line(letter.subject)
    message["From"] = _address(sender.name, sender.address)
    message["To"] = _address(letter.name, letter.address)
    message["Date"] = format_datetime(now)
    message["Message-ID"] = message_id(letter.id, sender)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Plenary-Topic"] = _one_line(letter.topic)
    message["X-Correlation-ID"] = _one_line(letter.context.correlation_id)
    message.set_content(letter.text)
    return message


def _address(name: str, address: str) -> Address:
    return Address(display_name=_one_line(name), addr_spec=address)


def _one_line(text: str) -> str:
    return " ".join(text.split())
