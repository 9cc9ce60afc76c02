"""The deployed shape for tests: every web process, relay, consumer and mailer of the three services in a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Protocol
from uuid import uuid4

from cleaning import remove
from kombu import Connection
from place import COMMAND, Place, run_command
from proxy import Proxy
from servers import free_port, until
from settling import count, unsettled
from sink import Sink
from standing import HASTY
from visitors import Visitor

from plenary.composition import SERVICES, listeners
from plenary_kit.identity.keys import generate_private_pem, public_pem_of
from plenary_kit.messaging.opening import open_database
from plenary_kit.persistence.database import Database

JOBS = (*((name, job) for name in SERVICES for job in ("serve", "relay", "consume")), ("proposals", "mail"), ("notifications", "mail"))
Key = tuple[str, str]
SPRUNG = "sprung"


class Makes(Protocol):
    """Makes an empty database of a name and gives its address."""

    def __call__(self, name: str) -> str: ...


class Deployment(Place):
    """The running processes. `watch` starts again whatever died, as a supervisor does."""

    def __init__(self, folder: Path, make_database: Makes, amqp_url: str, *, quiet_minutes: float = 0.0, hasty: bool = False) -> None:
        self._command = HASTY if hasty else COMMAND
        self.folder, self.amqp_url, self.prefix = folder, amqp_url, f"deployed-{uuid4().hex[:8]}."
        self.urls = {name: make_database(f"{name}_{uuid4().hex[:8]}") for name in SERVICES}
        self.ports = {name: free_port() for name in SERVICES}
        self.sink, self.deaths = Sink(), 0
        self.statuses: dict[int, int] = {}
        self._traps: dict[Key, list[str]] = {}
        self._environment = self._made(quiet_minutes)
        self._processes: dict[Key, subprocess.Popen[bytes]] = {}
        for name in SERVICES:
            self.run(name, "migrate")

    def start(self, jobs: Iterable[Key] = JOBS, failpoints: dict[Key, str] | None = None) -> None:
        """Start processes, some with a failpoint set for their first life."""
        for key in jobs:
            self._start(key, (failpoints or {}).get(key))
        self.until_answering()

    def watch(self) -> None:
        """Start again whatever died."""
        for key, process in self._processes.items():
            if process.poll() is not None:
                self.deaths += 1
                self._start(key, self._next_trap(key))

    def arm(self, traps: Mapping[Key, Sequence[str]]) -> None:
        """Give processes a trap for each of their next lives, and end the present ones of those."""
        self._traps |= {key: list(waiting) for key, waiting in traps.items()}
        for key in traps:
            self._processes[key].kill()

    def armed(self) -> bool:
        """Tell whether a trap still waits for its life, or to be sprung."""
        return any(self._traps.values())

    def replace(self, key: Key, failpoint: str | None = None) -> None:
        """Let a process leave in order, and another one take its place."""
        self.stop(key)
        self._start(key, failpoint)

    def signal(self, key: Key, number: int) -> None:
        self._processes[key].send_signal(number)

    def sleeps(self, key: Key) -> bool:
        """Tell whether a process was stopped and not yet told to continue."""
        return Path(f"/proc/{self._processes[key].pid}/stat").read_text().rpartition(")")[2].split()[0] == "T"

    def stop(self, key: Key) -> int:
        """Ask a process to leave; gives its exit code."""
        process = self._processes.pop(key)
        process.terminate()
        return process.wait(30)

    def run(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_command(self._environment[service], self.folder, *arguments)

    def visitor(self) -> Visitor:
        return Visitor(Proxy(lambda name: self.ports[name if name in SERVICES else "proposals"], self.statuses))

    def until(self, condition: Any, complaint: str, seconds: float = 60) -> None:
        """Poll until `condition` holds, minding the processes meanwhile."""
        until(lambda: self.watch() or bool(condition()), complaint, seconds)  # type: ignore[func-returns-value]

    def until_answering(self) -> None:
        self.until(lambda: all(self._answers(name) for name in SERVICES if (name, "serve") in self._processes), "a service does not answer")

    def settle(self) -> None:
        try:
            self.until(self.settled, "not settled")
        except AssertionError as late:
            raise AssertionError(f"still on their way: {self.remaining()}") from late

    def calm(self) -> None:
        self.settle()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def letters(self, to: str) -> list[tuple[str, str]]:
        return [(str(message["Subject"]), message.get_content()) for message in self.sink.letters(to)]

    def found(self, *, administrator: str) -> None:
        options = ["--name", "Society of Generous Medicine", "--zone", "America/New_York", "--administrator", administrator]
        self.run("proposals", "found", "sgm", *options)
        self.settle()

    def settled(self) -> bool:
        return not self.remaining()

    def remaining(self) -> list[str]:
        """Say what is on its way."""
        databases = {name: self.database(name) for name in SERVICES}
        try:
            return list(unsettled(lambda name, statement: count(databases[name], statement)))
        finally:
            for database in databases.values():
                database.close()

    def database(self, name: str) -> Database:
        return open_database(name, self.urls[name])

    def end(self) -> None:
        for process in self._processes.values():
            process.send_signal(signal.SIGCONT)
            process.kill()
        for process in self._processes.values():
            process.wait()
        self.sink.end()
        with suppress(OSError), Connection(self.amqp_url) as connection:
            for name, subjects in listeners().items():
                remove(connection.default_channel, self.prefix, name, subjects)

    def _made(self, quiet_minutes: float) -> dict[str, dict[str, str]]:
        """Make the environment of each service: its own database, the shared secret, and the signing key for the one that signs people in."""
        pem = generate_private_pem()
        (self.folder / "signing.pem").write_text(pem)
        (self.folder / "verifying.pem").write_text(public_pem_of(pem))
        common = {
            "PLENARY_ENV": "test",
            "PLENARY_AMQP_URL": self.amqp_url,
            "PLENARY_AMQP_PREFIX": self.prefix,
            "PLENARY_SECRET_KEY": uuid4().hex,
            "PLENARY_PUBLIC_URL": "http://localhost",
            "PLENARY_SMTP_HOST": "127.0.0.1",
            "PLENARY_SMTP_PORT": str(self.sink.port),
            "PLENARY_MAIL_FROM": "plenary@example.org",
            "PLENARY_QUIET_MINUTES": str(quiet_minutes),
            "PLENARY_SIGNING_KEY_FILE": str(self.folder / "signing.pem"),
            "PLENARY_VERIFYING_KEY_FILE": str(self.folder / "verifying.pem"),
        }
        return {name: common | {"PLENARY_SERVICE": name, "PLENARY_DATABASE_URL": self.urls[name], "TMPDIR": self._tmp(name)} for name in SERVICES}

    def _tmp(self, name: str) -> str:
        folder = self.folder / f"tmp-{name}"
        folder.mkdir()
        return str(folder)

    def _next_trap(self, key: Key) -> str | None:
        """Take the trap of this life; the one of the life before was sprung."""
        waiting = self._traps.get(key, [])
        self._traps[key] = waiting[1:] if waiting and waiting[0] == SPRUNG else waiting
        if not self._traps[key]:
            return None
        trap, self._traps[key][0] = self._traps[key][0], SPRUNG
        return trap

    def _start(self, key: Key, failpoint: str | None = None) -> None:
        name, job = key[0], key[1].partition(" ")[0]  # "mail again" is another mailer
        options = ["--bind", f"127.0.0.1:{self.ports[name]}", "--workers", "1"] if job == "serve" else []
        environment = os.environ | self._environment[name] | {"PYTHONPATH": os.pathsep.join(sys.path)}
        environment |= {"PLENARY_FAILPOINTS": failpoint} if failpoint else {}
        command = [sys.executable, "-c", self._command, job, *options]
        with (self.folder / f"{name}-{job}.log").open("ab") as log:
            self._processes[key] = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.folder)

    def _answers(self, name: str) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.ports[name], timeout=5)) as connection:
            try:
                connection.request("GET", f"/{name}/readyz", headers={"Host": "localhost"})
                return connection.getresponse().status == 200
            except OSError:
                return False
