"""The installation that a command works on: all services of the embedded shape, or the one service that a deployed process belongs to.

A process of the deployed shape is told which service it is by PLENARY_SERVICE; without it everything lies in the folder that PLENARY_DATA names.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from threading import Event

from plenary.composition import EmbeddedBackbone, Trio, build_trio, open_one
from plenary.settings import SERVICES, Settings, deployed_settings, embedded_settings
from plenary_kit.refusal import Refusal
from plenary_kit.service import Service


class ElsewhereRefusal(Refusal):
    """The command needs a service that this process is not."""

    code = "elsewhere"


def deployed_service() -> str | None:
    """Name the service that this process is of, or None in the embedded shape; an unknown name raises `ElsewhereRefusal`."""
    name = os.environ.get("PLENARY_SERVICE")
    if name and name not in SERVICES:
        raise ElsewhereRefusal(f"PLENARY_SERVICE is {name!r}; it must be one of {', '.join(SERVICES)}, or be unset.")
    return name or None


def own_settings() -> tuple[str, Settings]:
    """Give the name and the settings of the one deployed service of this process; raises `ElsewhereRefusal` in the embedded shape."""
    name = deployed_service()
    if name is None:
        raise ElsewhereRefusal("Set PLENARY_SERVICE to say which service this is. For everything in one process there is “plenary up”.")
    return name, deployed_settings(name)


def settings_here() -> Settings:
    """Give the settings of this process in whichever shape it is."""
    name = deployed_service()
    return deployed_settings(name) if name else embedded_settings()


@contextmanager
def own_service() -> Iterator[tuple[Service, Settings]]:
    """Open the one deployed service of this process."""
    name, settings = own_settings()
    service = open_one(name, settings.databases[name], quiet_window=settings.quiet_window)
    try:
        yield service, settings
    finally:
        service.database.close()


@contextmanager
def embedded_trio(settings: Settings | None = None) -> Iterator[Trio]:
    """Open the three services of the embedded shape, their databases migrated."""
    chosen = settings or embedded_settings()
    trio = build_trio(chosen.databases, quiet_window=chosen.quiet_window)
    try:
        trio.migrate()
        yield trio
    finally:
        trio.close()


@dataclass(frozen=True)
class Here:
    """What this process may look into, and `carry`, which lets facts travel for a moment: by itself where everything is one process."""

    services: tuple[Service, ...]
    carry: Callable[[], object]

    def at(self, name: str) -> Service:
        """Give the service `name`; raises `ElsewhereRefusal` in a process of another one."""
        found = next((service for service in self.services if service.name == name), None)
        if found is None:
            raise ElsewhereRefusal(f"This needs the database of {name}. Run it in a process of that service.")
        return found


@contextmanager
def installation_here() -> Iterator[Here]:
    """Open every service that this process may look into; in the embedded shape, what the block announced is carried before it ends."""
    if deployed_service():
        with own_service() as (service, _):
            yield Here((service,), partial(Event().wait, 0.2))
        return
    with embedded_trio() as trio:
        backbone = EmbeddedBackbone(trio)
        yield Here(trio.all(), backbone.step)
        backbone.settle()
