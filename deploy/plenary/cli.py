"""The `plenary` command: starting, importing, exporting and looking after an installation."""

import json
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID

import click
from sqlalchemy import select

from plenary.composition import EmbeddedBackbone, Trio, build_trio
from plenary.demo import StoryClock, is_told, tell_story
from plenary.server import Server
from plenary.settings import Settings, embedded_settings
from plenary.site import whole_site
from plenary.workers import EmbeddedWorkers
from plenary_kit.messaging import parked as parking
from plenary_kit.messaging.health import backbone_health
from plenary_kit.observability.logs import set_up_logging
from plenary_kit.persistence.columns import utc_now
from plenary_kit.refusal import NotFound, Refusal
from plenary_proposals.people.actions import found_society, grant_role, register_person
from plenary_proposals.people.model import Person
from plenary_proposals.people.queries import societies
from plenary_scheduling.imports.actions import import_program
from plenary_scheduling.interchange.reading import read_program
from plenary_scheduling.meetings.queries import meeting_by_slug
from plenary_scheduling.program.exports import export_program, export_working_copy
from plenary_scheduling.program.pages.public import WRITERS
from plenary_scheduling.program.queries import latest_release

SUFFIXES = {"schedule.xml": "xml", "schedule.json": "json", "ics": "ics", "csv": "csv"}


def main() -> None:
    """Run the command; a refusal is a sentence on standard error and exit code 2."""
    try:
        commands(standalone_mode=False)
    except Refusal as refusal:
        click.echo(refusal.sentence, err=True)
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        sys.exit(130)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def commands() -> None:
    """Plan the meetings of learned societies. Data lies in the folder that PLENARY_DATA names, or in ./var."""


@commands.command()
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to serve on.")
@click.option("--public-url", help="The address that people type, when it is another one.")
def up(bind: str, public_url: str | None) -> None:
    """Serve all three services in one process, with the backbone and mail behind them."""
    _serve(embedded_settings(public_url=public_url or f"http://{bind.replace('127.0.0.1', 'localhost')}"), bind)


@commands.command()
@click.option("--once", is_flag=True, help="Tell the story in a folder of its own, print a summary and leave.")
@click.option("--bind", default="127.0.0.1:8000", show_default=True, help="Address and port to serve on.")
def demo(*, once: bool, bind: str) -> None:
    """Show an invented society: everybody can be looked at with one click, and mail stays here."""
    if once:
        with tempfile.TemporaryDirectory(prefix="plenary-demo-") as folder:
            settings = embedded_settings({"PLENARY_DATA": folder}, demonstration=True)
            click.echo(f"Done: {_tell(settings)}.")
        return
    address = f"http://{bind.replace('127.0.0.1', 'localhost')}"
    settings = embedded_settings({"PLENARY_DATA": str(Path("var") / "demo")}, public_url=address, demonstration=True)
    _tell(settings)
    click.echo(f"Open {address}/ and choose “Sign in” to look around as anybody. Ctrl-C stops it.")
    _serve(settings, bind)


@commands.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--meeting", required=True, help="Address of the meeting; it is created where there is none.")
@click.option("--society", help="Address of the society; needed where there are several.")
@click.option("--zone", default="UTC", show_default=True, help="Time zone for files that name none.")
@click.option("--dry-run", is_flag=True, help="Read and report, change nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the summary as JSON.")
def import_file(file: Path, meeting: str, society: str | None, zone: str, *, dry_run: bool, as_json: bool) -> None:
    """Take a program in from a schedule.xml, schedule.json or CSV file."""
    program = read_program(file.read_bytes(), file.name, fallback_zone=zone)
    if not dry_run:
        with _installation(embedded_settings()) as trio:
            society_id = _society(trio, society, program.title or meeting)
            import_program(trio.scheduling.database, society_id=society_id, slug=meeting, program=program, filename=file.name)
            _carry(trio, len(program.items), quiet=as_json)
    summary = asdict(program.summary())
    if as_json:
        click.echo(json.dumps(summary))
        return
    for warning in program.warnings:
        click.echo(f"row {warning.row}: {warning.sentence}" if warning.row else warning.sentence, err=True)
    verb = "would be taken in" if dry_run else "taken in"
    click.echo(f"{verb}: " + ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in summary.items()))


@commands.command("export")
@click.argument("meeting")
@click.option("--format", "form", type=click.Choice(list(SUFFIXES)), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write; standard output otherwise.")
@click.option("--working-copy", is_flag=True, help="Write the working copy even where a version is published.")
def export_file(meeting: str, form: str, output: Path | None, *, working_copy: bool) -> None:
    """Write the program of a meeting in one of the formats that others read."""
    settings = embedded_settings()
    with _installation(settings) as trio, trio.scheduling.database.reading() as reading:
        row = meeting_by_slug(reading, meeting)
        address = settings.web.public_url
        if working_copy or latest_release(reading, row.id) is None:
            exported = export_working_copy(reading, row, public_url=address, now=utc_now())
            click.echo("This is the working copy; it is not published.", err=True)
        else:
            exported = export_program(reading, row, public_url=address)
    _, write = WRITERS[SUFFIXES[form]]
    data = write(exported)
    if output:
        output.write_bytes(data)
    else:
        sys.stdout.buffer.write(data)


@commands.command("found")
@click.argument("slug")
@click.option("--name", required=True, help="Name of the society.")
@click.option("--zone", default="UTC", show_default=True, help="Its usual time zone.")
@click.option("--administrator", required=True, help="Mail address of the person who will run it.")
def found(slug: str, name: str, zone: str, administrator: str) -> None:
    """Found a society and name its first administrator."""
    with _installation(embedded_settings()) as trio:
        society_id = found_society(trio.proposals.database, slug=slug, name=name, time_zone=zone)
        person_id = _person(trio, administrator.casefold())
        grant_role(trio.proposals.database, person_id=person_id, role="administrator", scope_kind="society", scope_id=society_id)
        EmbeddedBackbone(trio).settle()
    click.echo(f"{name} was founded. {administrator} signs in with that address.")


@commands.command()
def doctor() -> None:
    """Say how the installation is doing: each database, what waits, what is parked."""
    with _installation(embedded_settings()) as trio:
        for service in trio.all():
            health = backbone_health(service.database)
            click.echo(f"{service.name}: {health.pending} to publish, {health.waiting} waiting, {health.retrying} retrying, {health.parked} parked")


@commands.group("parked")
def parked_group() -> None:
    """Look after messages that no try could apply."""


@parked_group.command("list")
def parked_list() -> None:
    """List them."""
    with _installation(embedded_settings()) as trio:
        for service in trio.all():
            for row in parking.parked(service.database):
                click.echo(f"{service.name} {row.event_id} {row.type}: {row.last_error}")


@parked_group.command("show")
@click.argument("event", type=click.UUID)
def parked_show(event: UUID) -> None:
    """Print one as it came."""
    with _installation(embedded_settings()) as trio:
        click.echo(_at_its_service(trio, lambda service: parking.payload(service.database, event)))


@parked_group.command("replay")
@click.argument("event", type=click.UUID)
def parked_replay(event: UUID) -> None:
    """Try one again."""
    with _installation(embedded_settings()) as trio:
        for service in trio.all():
            parking.replay(service.database, event)
            service.intake.sweep()
        EmbeddedBackbone(trio).settle()


@parked_group.command("drop")
@click.argument("event", type=click.UUID)
@click.confirmation_option(prompt="The fact is lost to this service. Go on?")
def parked_drop(event: UUID) -> None:
    """Give one up."""
    with _installation(embedded_settings()) as trio:
        _at_its_service(trio, lambda service: parking.drop(service.database, event))


@contextmanager
def _installation(settings: Settings) -> Iterator[Trio]:
    trio = build_trio(settings.databases)
    try:
        trio.create_tables()
        yield trio
    finally:
        trio.close()


def _serve(settings: Settings, bind: str) -> None:
    running: dict[str, Any] = {}

    def begin() -> Any:
        set_up_logging("plenary")
        trio = build_trio(settings.databases)
        trio.create_tables()
        running["workers"] = EmbeddedWorkers(trio, settings)
        running["workers"].start()
        return whole_site(trio, settings)

    def end(_server: object, _worker: object) -> None:
        if "workers" in running:
            running["workers"].stop()

    Server(begin, bind=bind, hooks={"worker_exit": end}).run()


def _tell(settings: Settings) -> str:
    now = utc_now()
    clock = StoryClock(now - timedelta(days=100))
    trio = build_trio(settings.databases, clock=clock)
    try:
        trio.create_tables()
        if is_told(trio):
            return "the society is there already"
        return tell_story(trio, clock, now, say=click.echo).sentence()
    finally:
        trio.close()


def _society(trio: Trio, slug: str | None, title: str) -> UUID:
    """Choose the society that an import belongs to; an empty installation gets one, named after what is imported."""
    with trio.proposals.database.reading() as reading:
        known = societies(reading)
    chosen = [row for row in known if slug in {None, row.slug}]
    if len(chosen) == 1:
        return chosen[0].id
    if not known and slug is None:
        return found_society(trio.proposals.database, slug="society", name=title, time_zone="UTC")
    raise NotFound(f"Name the society with --society: {', '.join(row.slug for row in known) or 'there is none yet, see plenary found'}.")


def _carry(trio: Trio, items: int, *, quiet: bool) -> None:
    """Carry the facts of an import through all services, with a bar that shows how far they came."""
    backbone = EmbeddedBackbone(trio)
    if quiet or not sys.stderr.isatty():
        backbone.settle()
        return
    with click.progressbar(length=items, label="Taking in", file=sys.stderr) as bar:
        while carried := sum(relay.drain_once() for relay in backbone.relays):
            bar.update(carried)
        backbone.settle()


def _person(trio: Trio, email: str) -> UUID:
    with trio.proposals.database.work() as work:
        known = work.session.scalar(select(Person.id).where(Person.email == email))
        return known or register_person(work, name=email.partition("@")[0], email=email).id


def _at_its_service(trio: Trio, act: Any) -> Any:
    for service in trio.all():
        try:
            return act(service)
        except NotFound:
            continue
    raise NotFound("No service has parked that event.")


def stop_on_signals() -> Event:
    """Give an event that SIGTERM and SIGINT set."""
    stop = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    return stop
