"""Commands for programs: founding a society, taking a program in from a file, writing one out."""

import json
import sys
import time
from dataclasses import asdict
from pathlib import Path
from uuid import UUID

import click

from plenary.composition import EmbeddedBackbone
from plenary.installation import Here, deployed_service, embedded_trio, installation_here, settings_here
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound
from plenary_proposals.people.actions import appoint, found_society
from plenary_proposals.people.queries import societies as founded_societies
from plenary_scheduling.imports.actions import import_program
from plenary_scheduling.imports.queries import arrived
from plenary_scheduling.interchange.model import ImportedProgram
from plenary_scheduling.interchange.reading import read_program
from plenary_scheduling.meetings.queries import meeting_by_slug, societies
from plenary_scheduling.program.exports import export_program, export_working_copy
from plenary_scheduling.program.pages.public import WRITERS
from plenary_scheduling.program.queries import latest_release

SUFFIXES = {"schedule.xml": "xml", "schedule.json": "json", "ics": "ics", "csv": "csv"}
PATIENCE_SECONDS = 30.0


@click.command()
@click.argument("slug")
@click.option("--name", required=True, help="Name of the society.")
@click.option("--zone", default="UTC", show_default=True, help="Its usual time zone.")
@click.option("--administrator", required=True, help="Mail address of the person who will run it.")
def found(slug: str, name: str, zone: str, administrator: str) -> None:
    """Found a society and name its first administrator."""
    with installation_here() as here:
        database = here.at("proposals").database
        society_id = found_society(database, slug=slug, name=name, time_zone=zone)
        appoint(database, email=administrator, role="administrator", scope_kind="society", scope_id=society_id)
    click.echo(f"{name} was founded. {administrator} signs in with that address.")


@click.command("import")
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
        _take_in(program, file.name, meeting, society, quiet=as_json)
    summary = asdict(program.summary())
    if as_json:
        click.echo(json.dumps(summary))
        return
    for warning in program.warnings:
        click.echo(f"row {warning.row}: {warning.sentence}" if warning.row else warning.sentence, err=True)
    verb = "would be taken in" if dry_run else "taken in"
    click.echo(f"{verb}: " + ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in summary.items()))


@click.command("export")
@click.argument("meeting")
@click.option("--format", "form", type=click.Choice(list(SUFFIXES)), required=True)
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), help="Where to write; standard output otherwise.")
@click.option("--working-copy", is_flag=True, help="Write the working copy even where a version is published.")
def export_file(meeting: str, form: str, output: Path | None, *, working_copy: bool) -> None:
    """Write the program of a meeting in one of the formats that others read."""
    address = settings_here().web.public_url
    with installation_here() as here, here.at("scheduling").database.reading() as reading:
        row = meeting_by_slug(reading, meeting)
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


def _take_in(program: ImportedProgram, filename: str, meeting: str, society: str | None, *, quiet: bool) -> None:
    if deployed_service() is None and society is None:
        _found_where_there_is_none(program.title or meeting)
    with installation_here() as here:
        database = here.at("scheduling").database
        society_id = _chosen(database, society)
        import_id = import_program(database, society_id=society_id, slug=meeting, program=program, filename=filename)
        _follow(here, database, import_id, len(program.items), quiet=quiet or not sys.stderr.isatty())


def _found_where_there_is_none(name: str) -> None:
    """Give an empty embedded installation a society, named after what is imported, so that trying Plenary out takes one command."""
    with embedded_trio() as trio:
        with trio.proposals.database.reading() as reading:
            known = founded_societies(reading)
        if not known:
            found_society(trio.proposals.database, slug="society", name=name, time_zone="UTC")
        EmbeddedBackbone(trio).settle()


def _chosen(database: Database, slug: str | None) -> UUID:
    """Choose the society that an import belongs to, of those that scheduling knows."""
    with database.reading() as reading:
        known = societies(reading)
    chosen = [row for row in known if slug in {None, row.slug}]
    if len(chosen) != 1:
        names = ", ".join(row.slug for row in known)
        raise NotFound(f"Name the society with --society: {names}." if known else "There is no society yet; see “plenary found --help”.")
    return chosen[0].id


def _follow(here: Here, database: Database, import_id: UUID, items: int, *, quiet: bool) -> None:
    """Watch the items come back from proposals as sessions, behind a bar; give up watching, not carrying, after a while without progress."""
    seen, since = 0, time.monotonic()
    with click.progressbar(length=items, label="Taking in", file=sys.stderr, hidden=quiet) as bar:
        while seen < items and time.monotonic() - since < PATIENCE_SECONDS:
            here.carry()
            with database.reading() as reading:
                now = arrived(reading, import_id)
            if now > seen:
                bar.update(now - seen)
                seen, since = now, time.monotonic()
    if seen < items:
        click.echo(f"{items - seen} items are still on their way; they appear as soon as the other services take them in.", err=True)


COMMANDS = (found, import_file, export_file)
