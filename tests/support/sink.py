"""A mail server for tests: keeps what it takes, and misbehaves on demand."""

import email
from email import policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.controller import Controller
from servers import free_port


class Sink:
    """Takes mail on `port`. `say(verb, *answers)` makes the next commands of that kind answer so; the answer `cut` drops the connection instead.

    A cut after DATA keeps the message: the sender cannot know whether it was taken.
    """

    def __init__(self) -> None:
        self.port, self.messages = free_port(), list[EmailMessage]()
        self._planned: dict[str, list[str]] = {}
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self._controller.start()

    def say(self, verb: str, *answers: str) -> None:
        self._planned.setdefault(verb, []).extend(answers)

    def letters(self, to: str) -> list[EmailMessage]:
        return [message for message in list(self.messages) if message["To"].addresses[0].addr_spec == to]

    def subjects(self, to: str) -> list[str]:
        return [str(message["Subject"]) for message in self.letters(to)]

    def end(self) -> None:
        self._controller.stop()

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self._answer("MAIL", server) or "250 fine"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: list[str]) -> str:  # noqa: N802
        answer = self._answer("RCPT", server)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 fine"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        planned = self._planned.get("DATA")
        if not planned or planned[0] == "cut":
            self.messages.append(email.message_from_bytes(envelope.content, _class=EmailMessage, policy=policy.default))
        return self._answer("DATA", server) or "250 taken"

    def _answer(self, verb: str, server: Any) -> str | None:
        planned = self._planned.get(verb)
        if not planned:
            return None
        answer = planned.pop(0)
        if answer == "cut":
            server.transport.abort()
        return answer
