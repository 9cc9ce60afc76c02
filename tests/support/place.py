"""An installation as tests see it, in either shape: people visit it, facts settle, letters arrive."""

import os
import re
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

from sink import Sink
from society import Clock
from visitors import Visitor

from plenary.composition import EmbeddedBackbone, Trio, build_trio, mailers
from plenary.settings import Settings, embedded_settings
from plenary.site import whole_site
from plenary_proposals.people.actions import appoint, found_society

COMMAND = "from plenary.cli import main; main()"


class Place(ABC):
    """What every shape offers."""

    @abstractmethod
    def visitor(self) -> Visitor:
        """Open a fresh browser."""

    @abstractmethod
    def settle(self) -> None:
        """Let every fact arrive, tell what is due, and send every letter."""

    @abstractmethod
    def calm(self) -> None:
        """Let the quiet window pass, and settle."""

    @abstractmethod
    def letters(self, to: str) -> list[tuple[str, str]]:
        """Give (subject, text) of what was sent to an address, in its order."""

    @abstractmethod
    def now(self) -> datetime:
        """Tell the time there."""

    @abstractmethod
    def run(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a `plenary` command where the data of `service` are."""

    @abstractmethod
    def found(self, *, administrator: str) -> None:
        """Found the society `sgm` with one administrator, as its operator does."""

    def sign_in(self, address: str) -> Visitor:
        """Sign somebody in by mailed code."""
        visitor = self.visitor()
        before = len(self.letters(address))
        page = visitor.send("/proposals/sign-in", "/proposals/sign-in", email=address)
        assert page.status_code == 200, page.get_data(as_text=True)[-2000:]
        self.settle()
        codes = [text for subject, text in self.letters(address)[before:] if "code" in subject]
        assert len(codes) == 1
        found = re.search(r"\b\d{6}\b", codes[0])
        assert found is not None
        entered = visitor.answer(page.get_data(as_text=True), "/proposals/sign-in/code", named="/proposals/sign-in/code", code=found[0])
        assert entered.status_code == 303, entered.get_data(as_text=True)[-2000:]
        return visitor


@dataclass
class Installation(Place):
    """A whole embedded installation in this process, with a clock and a local outbox."""

    folder: Path
    trio: Trio
    settings: Settings
    clock: Clock
    site: object
    backbone: EmbeddedBackbone
    sink: Sink | None = None

    def visitor(self) -> Visitor:
        return Visitor(self.site)

    def settle(self) -> None:
        self.backbone.settle()
        transport = self.settings.transport()
        for mailer in mailers(self.trio, transport, self.settings.mail_from):
            while mailer.send_due():
                continue
        transport.close()
        self.backbone.settle()

    def calm(self) -> None:
        self.clock.forward(hours=1)
        self.settle()

    def now(self) -> datetime:
        return self.clock()

    def run(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_command({"PLENARY_DATA": str(self.folder)}, self.folder, *arguments)

    def found(self, *, administrator: str) -> None:
        database = self.trio.proposals.database
        society = found_society(database, slug="sgm", name="Society of Generous Medicine", time_zone="America/New_York")
        appoint(database, email=administrator, role="administrator", scope_kind="society", scope_id=society)
        self.settle()

    def letters(self, to: str) -> list[tuple[str, str]]:
        if self.sink is not None:
            return [(str(letter["Subject"]), letter.get_content()) for letter in self.sink.letters(to)]
        assert self.settings.outbox is not None
        found = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in sorted(self.settings.outbox.glob("*.eml"))]
        return [(str(letter["Subject"]), letter.get_content()) for letter in found if letter["To"].addresses[0].addr_spec == to]


def run_command(environment: dict[str, str], folder: Path, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Run `plenary` in a process of its own, as an operator does."""
    whole = {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path), **environment}
    command = [sys.executable, "-c", COMMAND, *arguments]
    return subprocess.run(command, env=whole, capture_output=True, text=True, timeout=120, check=check, cwd=folder)


def install(
    folder: Path,
    *,
    demonstration: bool = False,
    clock: Clock | None = None,
    sink: Sink | None = None,
    databases: Mapping[str, str] | None = None,
) -> Installation:
    """Install in `folder`; with a `sink` letters go there by SMTP instead of into the local outbox, with `databases` data are kept in those."""
    smtp = {"PLENARY_SMTP_HOST": "127.0.0.1", "PLENARY_SMTP_PORT": str(sink.port)} if sink else {}
    urls = {f"PLENARY_{name.upper()}_DATABASE_URL": url for name, url in (databases or {}).items()}
    settings = embedded_settings({"PLENARY_DATA": str(folder), **smtp, **urls}, demonstration=demonstration, public_url="http://localhost")
    turned = clock or Clock()
    trio = build_trio(settings.databases, clock=turned, quiet_window=timedelta(minutes=10))
    trio.migrate()
    return Installation(folder, trio, settings, turned, whole_site(trio, settings), EmbeddedBackbone(trio), sink)
