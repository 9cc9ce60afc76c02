"""Commands that run: the embedded shape, the demonstration, and the web and worker processes of the deployed shape."""

import logging
import os
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from plenary.composition import WRITING, build_trio, open_one
from plenary.demo import StoryClock, is_told, tell_story
from plenary.installation import installation_here, own_settings
from plenary.server import Server
from plenary.settings import Settings, embedded_settings
from plenary.signals import give_sign_of_life, stop_on_signals
from plenary.site import one_site, whole_site
from plenary.workers import CONSUME, MAIL, RELAY, Workers, deployed_workers, embedded_workers
from plenary_kit.observability.logs import set_up_logging
from plenary_kit.persistence.columns import utc_now
from plenary_kit.refusal import Refusal

BIND = click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to serve on.")
LOOK_SECONDS = 2.0


class NothingToSend(Refusal):
    """The service writes no letters."""

    code = "nothing-to-send"


@click.command()
@BIND
@click.option("--public-url", help="The address that people type, when it is another one.")
def up(bind: str, public_url: str | None) -> None:
    """Serve all three services in one process, with the backbone and mail behind them."""
    _serve_all(embedded_settings(public_url=public_url or _local(bind)), bind)


@click.command()
@click.option("--once", is_flag=True, help="Tell the story in a folder of its own, print a summary and leave.")
@BIND
def demo(*, once: bool, bind: str) -> None:
    """Show an invented society: everybody can be looked at with one click, and mail stays here."""
    if once:
        with tempfile.TemporaryDirectory(prefix="plenary-demo-") as folder:
            click.echo(f"Done: {_tell(embedded_settings({'PLENARY_DATA': folder}, demonstration=True))}.")
        return
    settings = embedded_settings({"PLENARY_DATA": str(Path("var") / "demo")}, public_url=_local(bind), demonstration=True)
    click.echo(f"Here is {_tell(settings)}.")
    click.echo(f"Open {_local(bind)}/ and choose “Sign in” to look around as anybody. Ctrl-C stops it.")
    _serve_all(settings, bind)


@click.command()
@BIND
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64), help="Processes that answer requests.")
def serve(bind: str, workers: int) -> None:
    """Serve the pages and the API of one service (deployed shape)."""
    name, settings = own_settings()

    def begin() -> Any:
        set_up_logging(name)
        return one_site(open_one(name, settings.databases[name], quiet_window=settings.quiet_window), settings)

    Server(begin, bind=bind, workers=workers).run()


@click.command()
def relay() -> None:
    """Carry what one service announced to the broker (deployed shape); of several, one works and the others wait."""
    _work(RELAY)


@click.command()
def consume() -> None:
    """Take in what the other services announced (deployed shape); several may run."""
    _work(CONSUME)


@click.command()
def mail() -> None:
    """Send the letters of one service (deployed shape); several may run."""
    name, _ = own_settings()
    if name not in WRITING:
        raise NothingToSend(f"{name} writes no letters; the services that do are {' and '.join(sorted(WRITING))}.")
    _work(MAIL)


@click.command()
def migrate() -> None:
    """Bring the database to this release; run it before the processes of a new release start."""
    with installation_here() as here:
        for service in here.services:
            service.migrate()
            click.echo(f"{service.name}: up to date")


def _work(*jobs: str) -> None:
    name, settings = own_settings()
    set_up_logging(name)
    service = open_one(name, settings.databases[name], quiet_window=settings.quiet_window)
    try:
        _run_until_told(deployed_workers(service, settings, frozenset(jobs)))
    finally:
        service.database.close()


def _run_until_told(workers: Workers) -> None:
    """Work until a signal comes, then finish what is under way; a thread that died ends the process, so that it is started again whole."""
    stop = stop_on_signals()
    workers.start()
    while not stop.wait(LOOK_SECONDS):
        if not workers.alive():
            raise SystemExit("a worker ended unexpectedly; start the process again")
        give_sign_of_life()
    workers.stop()


def _serve_all(settings: Settings, bind: str) -> None:
    running: list[Callable[[], None]] = []

    def begin() -> Any:
        # whoever looks at the demonstration reads its address and not a line for each request
        set_up_logging("plenary", level=logging.WARNING if settings.demonstration else logging.INFO)
        trio = build_trio(settings.databases, quiet_window=settings.quiet_window)
        trio.migrate()
        workers = embedded_workers(trio, settings)
        workers.start()
        running.append(workers.stop)
        return whole_site(trio, settings)

    def end(_server: object, _worker: object) -> None:
        for stop in running:
            stop()

    Server(begin, bind=bind, hooks={"worker_exit": end}).run()


def _tell(settings: Settings) -> str:
    now = utc_now()
    clock = StoryClock(now - timedelta(days=100))
    trio = build_trio(settings.databases, clock=clock)
    try:
        trio.migrate()
        if is_told(trio):
            return "the society that was invented at the first start"
        return tell_story(trio, clock, now, say=click.echo).sentence()
    finally:
        trio.close()


def _local(bind: str) -> str:
    host = bind.replace("127.0.0.1", "localhost").replace("0.0.0.0", "localhost")  # noqa: S104 - only named here, never bound to
    return os.environ.get("PLENARY_PUBLIC_URL", f"http://{host}")


COMMANDS = (up, demo, serve, relay, consume, mail, migrate)
