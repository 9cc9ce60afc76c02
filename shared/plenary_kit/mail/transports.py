"""Ways out for mail: an SMTP server, or a folder that a page shows."""

import smtplib
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Protocol

_OK = 250  # RFC 5321: requested action completed


class Deferred(Exception):  # noqa: N818 - an answer, not a fault
    """The server cannot take the message now (4xx, or no connection): try again later."""


class Unanswered(Deferred):
    """The connection broke after the message was begun: whether it was taken is not known."""


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """The server will never take the message (5xx)."""


class Transport(Protocol):
    """Takes one message for one recipient, and says what the other side said."""

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Hand the message over and give the server's words; raise `Deferred`, `Unanswered` or `Refused` when nobody said that it was taken."""
        ...

    def close(self) -> None:
        """Drop whatever connection is open."""


@dataclass(frozen=True)
class FolderTransport:
    """Writes each message to `folder`, named by its Message-ID, so that a second copy replaces the first."""

    folder: Path

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Write the message in one step."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        unfinished = self.folder / f".{name}.part"
        unfinished.write_bytes(message.as_bytes())
        unfinished.replace(self.folder / f"{name}.eml")
        return f"kept in the local outbox for {recipient}"

    def close(self) -> None:
        """Hold nothing."""


@dataclass
class SmtpTransport:
    """Sends through one server over a connection that is reused until it breaks. TLS certificates are verified."""

    host: str
    port: int
    sender: str
    starttls: bool = False
    user: str = ""
    password: str = field(default="", repr=False)
    timeout: float = 30.0
    _connection: smtplib.SMTP | None = field(default=None, init=False, repr=False)

    def send(self, message: EmailMessage, recipient: str) -> str:
        """Send over the open connection; one that went stale is opened anew before the message is begun."""
        connection = self._reached()
        try:
            connection.send_message(message, from_addr=self.sender, to_addrs=[recipient])
        except smtplib.SMTPRecipientsRefused as error:
            code, words = next(iter(error.recipients.values()))
            raise _answer(code, words) from error
        except smtplib.SMTPResponseException as error:
            self.close()
            raise _answer(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            self.close()
            raise Unanswered(f"no answer: {type(error).__name__}") from error
        return "250 taken"

    def close(self) -> None:
        """Drop the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _reached(self) -> smtplib.SMTP:
        try:
            return self._connected()
        except smtplib.SMTPResponseException as error:
            raise _answer(error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            raise Deferred(f"no connection: {type(error).__name__}") from error

    def _connected(self) -> smtplib.SMTP:
        if self._connection is not None and self._alive(self._connection):
            return self._connection
        self.close()
        connection = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        if self.starttls:
            connection.starttls(context=ssl.create_default_context())
        if self.user:
            connection.login(self.user, self.password)
        self._connection = connection
        return connection

    @staticmethod
    def _alive(connection: smtplib.SMTP) -> bool:
        try:
            return bool(connection.noop()[0] == _OK)
        except (smtplib.SMTPException, OSError):
            return False


def _answer(code: int, words: bytes | str) -> Deferred | Refused:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    permanent = 500  # RFC 5321: 5yz replies are permanent, 4yz transient
    kind = Refused if code >= permanent else Deferred
    return kind(f"{code} {said}"[:300])
