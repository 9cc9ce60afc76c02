"""The deployed shape as Docker Compose runs it, reached through its gateway alone."""

import json
import os
import re
import subprocess
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from uuid import uuid4

from place import Place, run_command
from proxy import Proxy
from servers import free_port, until
from settling import unsettled
from visitors import Visitor

ROOT = Path(__file__).resolve().parents[2]
_ROW = re.compile(r'<a href="(/notifications/outbox/[^"]+)">([^<]*)</a></th><td data-label="To">([^<]*)</td>')


class Composed(Place):
    """One project of Compose with secrets, ports and volumes of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, self.folder = free_port(), folder
        self._project = f"plenary-{uuid4().hex[:8]}"
        secrets = run_command({}, folder, "secrets", "--public-url", f"http://localhost:{self.port}").stdout
        self._file = folder / "env"
        self._file.write_text(f"{secrets}PLENARY_GATEWAY_PORT={self.port}\nPLENARY_QUIET_MINUTES=0\n")

    def up(self) -> None:
        self.compose("build", "--quiet", seconds=400)
        self.compose("up", "--detach", "--wait", "--wait-timeout", "240", seconds=300)

    def down(self) -> None:
        self.compose("down", "--volumes", "--timeout", "5", seconds=120)

    def compose(self, *arguments: str, seconds: float = 120) -> str:
        """Run `docker compose`; gives what it printed."""
        command = ["docker", "compose", "--project-name", self._project, "--env-file", str(self._file), *arguments]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False, env=dict(os.environ))
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def states(self) -> dict[str, str]:
        """Give the health of each running container by its service."""
        lines = self.compose("ps", "--format", "json").strip().splitlines()
        rows = [row for line in lines for row in _rows(json.loads(line))]
        return {row["Service"]: row["Health"] for row in rows}

    def visitor(self) -> Visitor:
        return Visitor(Proxy(lambda _: self.port))

    def settle(self) -> None:
        until(lambda: not any(unsettled(self._count)), "facts or letters are still on their way", seconds=90)

    def calm(self) -> None:
        self.settle()

    def now(self) -> datetime:
        return datetime.now(UTC)

    def letters(self, to: str) -> list[tuple[str, str]]:
        """Read the catcher's letters as a person does who tries Plenary out, the oldest first."""
        visitor = self.visitor()
        rows = [
            (link, unescape(subject))
            for link, subject, address in _ROW.findall(visitor.get("/notifications/outbox"))
            if to in unescape(address).replace("<", " ").replace(">", " ").split()
        ]
        return [(subject, unescape(visitor.get(link))) for link, subject in reversed(rows)]

    def run(self, service: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        printed = self.compose("exec", "--no-TTY", f"{service}-web", "plenary", *arguments)
        return subprocess.CompletedProcess(arguments, 0, stdout=printed, stderr="")

    def found(self, *, administrator: str) -> None:
        options = ["--name", "Society of Generous Medicine", "--zone", "America/New_York", "--administrator", administrator]
        self.run("proposals", "found", "sgm", *options)
        self.settle()

    def _count(self, service: str, statement: str) -> int:
        query = f'PGPASSWORD="$POSTGRES_PASSWORD" psql -h 127.0.0.1 -U postgres -d {service} -Atc "{statement}"'
        return int(self.compose("exec", "--no-TTY", "postgres", "sh", "-c", query))


def _rows(parsed: object) -> list[dict[str, str]]:
    """Compose prints a list, or an object a line, depending on its version."""
    return [row for row in (parsed if isinstance(parsed, list) else [parsed]) if isinstance(row, dict)]
