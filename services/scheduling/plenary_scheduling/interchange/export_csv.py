"""Writes the program as a table that spreadsheets open with its letters intact and without running anything in it."""

import csv
import io
import re

from plenary_scheduling.interchange.csv_table import OWN_HEADER
from plenary_scheduling.interchange.leaving import ExportProgram, ExportSession
from plenary_scheduling.interchange.plain_text import clean

_RISKY = re.compile(r"'*[=+\-@\t\r]")


def write_csv_table(program: ExportProgram) -> bytes:
    """Write all sessions, placed or not, in UTF-8 with its mark.

    A cell that begins like a formula is led by an apostrophe, which the reader takes off.
    """
    table = io.StringIO(newline="")
    writer = csv.writer(table)
    writer.writerow(OWN_HEADER)
    for session in sorted(program.sessions, key=lambda each: (each.starts_at is None, each.starts_at or program.changed_at, each.room, each.id)):
        writer.writerow([safe_cell(cell) for cell in _cells(session, program)])
    return table.getvalue().encode("utf-8-sig")


def safe_cell(text: str) -> str:
    """Give a cell that no spreadsheet takes for a formula."""
    text = clean(text)
    return f"'{text}" if _RISKY.match(text) else text


def _cells(session: ExportSession, program: ExportProgram) -> list[str]:
    start = "" if session.starts_at is None else session.starts_at.astimezone(program.zone).isoformat(sep=" ", timespec="minutes")
    people = "; ".join(person.name.replace(";", ",") for person in session.persons)
    state = "canceled" if session.canceled else "confirmed"
    texts = [session.title, session.subtitle, session.kind, session.track, session.language]
    return [str(session.id), *texts, start, str(session.minutes), session.room, people, session.abstract, session.description, session.url, state]
