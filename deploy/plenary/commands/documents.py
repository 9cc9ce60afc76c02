"""Commands that write documents from the code."""

from pathlib import Path

import click

from plenary.documents.asyncapi import asyncapi
from plenary.documents.catalog import catalog
from plenary.documents.contracts import read_contracts
from plenary_kit.refusal import Refusal


class StaleDocuments(Refusal):
    """Generated documents do not say what the code says."""

    code = "stale-documents"


@click.command()
@click.option("--check", is_flag=True, help="Write nothing; fail when a document is not fresh.")
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), default=Path("docs/events"), show_default=True)
def events(folder: Path, *, check: bool) -> None:
    """Write the catalog of events, as AsyncAPI and as a page."""
    contracts = read_contracts()
    documents = {folder / "asyncapi.json": asyncapi(contracts), folder / "catalog.md": catalog(contracts)}
    stale = [path for path, content in documents.items() if not path.exists() or path.read_bytes() != content]
    if check and stale:
        raise StaleDocuments(f"Not fresh: {', '.join(map(str, stale))}. Run `plenary events` and commit what it writes.")
    for path in stale:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(documents[path])
        click.echo(f"wrote {path}")


COMMANDS = (events,)
