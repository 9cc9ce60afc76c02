"""The embedded shape as it really stands: one process that answers people, carries facts and sends mail, over three SQLite files."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPConnection
from pathlib import Path

from place import Place, run_command
from proxy import Proxy
from servers import free_port, until
from settling import count, unsettled
from sink import Sink
from visitors import Visitor

from plenary_kit.messaging.opening import open_database

SERVICES = ("proposals", "scheduling", "notifications")
HASTY = "from haste import hurry; hurry()"


class Standing(Place):
    """`plenary up` in a process of its own, with a trap if told so; `watch` starts it again when it died."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port, self.sink = folder, free_port(), Sink()
        self.statuses: dict[int, int] = {}
        self.urls = {name: f"sqlite:///{folder / name}.sqlite" for name in SERVICES}
        self._environment = {
            "PLENARY_ENV": "test",
            "PLENARY_DATA": str(folder),
            "PLENARY_PUBLIC_URL": "http://localhost",
            "PLENARY_QUIET_MINUTES": "0",
            "PLENARY_SMTP_HOST": "127.0.0.1",
            "PLENARY_SMTP_PORT": str(self.sink.port),
        }
        self.deaths, self._trapped, self._begun = 0, False, 0
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, trap: str = "") -> None:
        """Start, or end what runs and start again."""
        self._end_process()
        path = os.pathsep.join(sys.path)
        environment = os.environ | self._environment | {"PYTHONPATH": path} | ({"PLENARY_FAILPOINTS": trap} if trap else {})
        command = [sys.executable, "-c", HASTY, "up", "--bind", f"127.0.0.1:{self.port}"]
        with (self.folder / "up.log").open("ab") as log:
            self._trapped, self._begun = bool(trap), log.tell()
            self._process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=self.folder, start_new_session=True)
        until(lambda: self._answers() or self.sprung(), "the embedded shape does not answer", seconds=60)

    def sprung(self) -> bool:
        """Tell whether the trap killed the process that answers; gunicorn would start the next one with the same trap."""
        return self._trapped and b"was sent SIGKILL" in (self.folder / "up.log").read_bytes()[self._begun :]

    def watch(self) -> None:
        """Start again, without a trap, what died."""
        if self.sprung() or (self._process is not None and self._process.poll() is not None):
            self.deaths += 1
            self.start()

    def until(self, condition: Callable[[], object], complaint: str, seconds: float = 60) -> None:
        until(lambda: self.watch() or bool(condition()), complaint, seconds)  # type: ignore[func-returns-value]

    def visitor(self) -> Visitor:
        return Visitor(Proxy(lambda _: self.port, self.statuses))

    def settle(self) -> None:
        self.until(self.settled, "facts or letters are still on their way")

    def calm(self) -> None:
        self.settle()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def letters(self, to: str) -> list[tuple[str, str]]:
        return [(str(message["Subject"]), message.get_content()) for message in self.sink.letters(to)]

    def run(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_command(self._environment, self.folder, *arguments)

    def found(self, *, administrator: str) -> None:
        options = ["--name", "Society of Generous Medicine", "--zone", "America/New_York", "--administrator", administrator]
        self.run("proposals", "found", "sgm", *options)
        self.settle()

    def settled(self) -> bool:
        databases = {name: open_database(name, url) for name, url in self.urls.items()}
        try:
            return not any(unsettled(lambda name, statement: count(databases[name], statement)))
        finally:
            for database in databases.values():
                database.close()

    def end(self) -> None:
        self._end_process()
        self.sink.end()

    def _end_process(self) -> None:
        if self._process is not None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()

    def _answers(self) -> bool:
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=5)) as connection:
            try:
                connection.request("GET", "/proposals/readyz", headers={"Host": "localhost"})
                return connection.getresponse().status == 200
            except OSError:
                return False
