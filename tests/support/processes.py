"""Running the backbone in processes of its own, and killing it."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from threading import Event

BACKBONE = Path(__file__).with_name("backbone.py")


class Supervised:
    """A process that is started again whenever it dies, the first time with a failpoint set."""

    def __init__(self, role: str, environment: dict[str, str], failpoint: str | None = None) -> None:
        self.role, self.environment, self.deaths = role, environment, 0
        self._start(failpoint)

    def _start(self, failpoint: str | None = None) -> None:
        extra = {"PLENARY_ENV": "test", "PLENARY_FAILPOINTS": failpoint} if failpoint else {}
        path = os.pathsep.join(sys.path)
        log = subprocess.DEVNULL
        self.process = subprocess.Popen(
            [sys.executable, str(BACKBONE), self.role], env={**os.environ, **self.environment, **extra, "PYTHONPATH": path}, stdout=log, stderr=log
        )

    def watch(self) -> None:
        if self.process.poll() is not None:
            self.deaths += 1
            self._start()

    def end(self) -> None:
        self.process.kill()
        self.process.wait()


def until(condition: Callable[[], bool], watched: list[Supervised], seconds: float = 40) -> None:
    """Poll until `condition` holds, starting dead processes again meanwhile."""
    pause, deadline = Event(), time.monotonic() + seconds
    while not condition():
        for process in watched:
            process.watch()
        assert time.monotonic() < deadline, "did not settle in time"
        pause.wait(0.05)
