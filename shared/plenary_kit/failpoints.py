"""Failpoints: named instants at which a test kills, stops or breaks the process.

`PLENARY_FAILPOINTS="relay.before_mark@3:kill,mailer.claimed:raise"` acts at the third pass of one and the first pass of the other. Anything but the
test environment (`PLENARY_ENV=test`) refuses to start with it.
"""

import os
import signal
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

KNOWN = frozenset(
    {
        "work.before_commit",
        "work.after_commit",
        "relay.after_read",
        "relay.after_publish",
        "relay.after_mark",
        "consumer.received",
        "consumer.before_commit",
        "consumer.after_commit_before_ack",
        "consumer.after_ack",
        "mailer.claimed",
        "mailer.before_send",
        "mailer.after_send_before_mark",
    }
)


class FailpointReachedError(Exception):
    """What a failpoint with the action `raise` raises."""


@dataclass(frozen=True)
class Trap:
    """Act at the `nth` pass of the instant `name`."""

    name: str
    nth: int
    action: str


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def _raise() -> None:
    raise FailpointReachedError


_ACTIONS: dict[str, Callable[[], None]] = {"kill": _kill, "stop": _stop, "raise": _raise}


def parse_traps(text: str) -> dict[str, Trap]:
    """Read the traps of an environment variable; an unknown name or action raises `ValueError`."""
    traps = {}
    for part in filter(None, text.split(",")):
        place, _, action = part.partition(":")
        name, _, nth = place.partition("@")
        if name not in KNOWN or action not in _ACTIONS:
            raise ValueError(f"unknown failpoint: {part}")
        traps[name] = Trap(name, int(nth or 1), action)
    return traps


def _traps_of_environment() -> dict[str, Trap]:
    text = os.environ.get("PLENARY_FAILPOINTS", "")
    if text and os.environ.get("PLENARY_ENV") != "test":
        raise SystemExit("PLENARY_FAILPOINTS is for tests alone; set PLENARY_ENV=test or unset it.")
    return parse_traps(text)


_traps = _traps_of_environment()
_passes: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Mark the instant `name`; does nothing unless a trap is set there."""
    trap = _traps.get(name)
    if trap is None:
        return
    _passes[name] += 1
    if _passes[name] == trap.nth:
        _ACTIONS[trap.action]()
