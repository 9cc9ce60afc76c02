"""Signals between a worker process and the machine around it: when to leave, and that it lives."""

import signal
import tempfile
import time
from pathlib import Path
from threading import Event

_SIGN_OF_LIFE = Path(tempfile.gettempdir()) / "plenary-alive"


def stop_on_signals() -> Event:
    """Give an event that SIGTERM and SIGINT set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop


def give_sign_of_life() -> None:
    """Leave a fresh sign that the worker of this container lives."""
    _SIGN_OF_LIFE.touch()


def age_of_sign_of_life() -> float | None:
    """Give the age of the latest sign in seconds; None when there never was one."""
    return time.time() - _SIGN_OF_LIFE.stat().st_mtime if _SIGN_OF_LIFE.exists() else None
