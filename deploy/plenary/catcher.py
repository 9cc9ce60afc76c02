"""A mail catcher for trying the deployed shape out: takes every letter by SMTP and keeps it in the folder that the outbox page shows."""

from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller

from plenary_kit.mail.transports import FolderTransport

LARGEST = 5_000_000


class _Keeper:
    """aiosmtpd's handler: one method for each verb that it cares about."""

    def __init__(self, folder: Path) -> None:
        self._folder = FolderTransport(folder)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """Keep the message."""
        message = message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default)
        self._folder.send(message, ", ".join(envelope.rcpt_tos))
        return "250 caught"


def catching(host: str, port: int, folder: Path) -> Controller:
    """Make a server that is not started yet."""
    return Controller(_Keeper(folder), hostname=host, port=port, data_size_limit=LARGEST)
