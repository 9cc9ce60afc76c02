"""Reads a program from a table (CSV, comma, semicolon or tab).

The plain form has the header `title,start,minutes,room,people` and, if wished, `id, subtitle, kind, track, language, abstract, description, url`,
`end, date, time, state`. `start` is a date and time (`2026-05-01 09:30`, with an offset or in the meeting's zone), or `date` and `time` stand apart.
Several people are separated by semicolons. Columns may come in any order, under common other names, and unknown ones are passed over.
"""

import csv
import io
import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from plenary_scheduling.interchange.clock_time import parse_instant
from plenary_scheduling.interchange.gathering import Gathering, RawItem
from plenary_scheduling.interchange.model import ImportedProgram, NotAProgram

OWN_HEADER = ("id", "title", "subtitle", "kind", "track", "language", "start", "minutes", "room", "people", "abstract", "description", "url", "state")
_NAMES = {
    "title": ("title", "session", "sessiontitle", "talk", "name"),
    "id": ("id", "key", "guid", "uid", "code"),
    "start": ("start", "startsat", "starts", "begin", "begins", "starttime", "datetime"),
    "date": ("date", "day", "startdate"),
    "time": ("time", "clock"),
    "end": ("end", "endsat", "ends", "endtime"),
    "minutes": ("minutes", "mins", "min", "duration", "length"),
    "room": ("room", "location", "loc", "place", "venue"),
    "people": ("people", "persons", "presenters", "speakers", "authors", "names"),
    "kind": ("kind", "type", "format", "tag1"),
    "track": ("track", "topic", "theme", "tag2"),
    "subtitle": ("subtitle",),
    "language": ("language", "lang"),
    "abstract": ("abstract", "desc", "summary"),
    "description": ("description", "details", "notes"),
    "url": ("url", "link", "website"),
    "state": ("state", "status"),
}
_FIELDS = {name: column for column, names in _NAMES.items() for name in names}
_PERSON = re.compile(r"(?:people|person|presenter|speaker|author)\d*\Z")
_ESCAPED = re.compile(r"'+[=+\-@\t\r]")
_GUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z")


def read_csv_table(text: str, filename: str, fallback_zone: ZoneInfo, *, guessed: bool = False) -> ImportedProgram:
    """Read the program; `guessed` says that the text's encoding was guessed.

    Raises `NotAProgram` when the header has no title or no start (or date and time).
    """
    rows = _rows(text)
    header = next(rows, (0, []))[1]
    columns, people = _columns(header)
    if "title" not in columns or not ({"start"} <= columns.keys() or {"date", "time"} <= columns.keys()):
        raise NotAProgram("The table's first row must name its columns, at least title and start, or date and time: title,start,minutes,room,people.")
    gathering = Gathering(fallback_zone, zone_is_known=True, markup=tuple(header) != OWN_HEADER)
    if guessed:
        gathering.warn(0, "guessed-encoding", "The table is not in UTF-8; check that letters with accents came out right.")
    for row, cells in rows:
        _read_row(row, cells, columns, people, gathering)
    return gathering.program(title=_stem(filename), acronym="", version="", span=("", ""), slot="", rooms=[])


def _stem(filename: str) -> str:
    return re.sub(r"\.[A-Za-z]{1,4}\Z", "", re.split(r"[/\\]", filename)[-1])


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Give (line on which the row begins, cells) of rows that are not empty; a row the reader chokes on is given as none."""
    first = re.split(r"[\r\n]", text, maxsplit=1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    while True:
        row = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            yield row, []
            continue
        if any(cell.strip() for cell in cells):
            yield row, [cell[1:] if _ESCAPED.match(cell) else cell for cell in cells]


def _columns(header: list[str]) -> tuple[dict[str, int], list[int]]:
    """Find the column of each field, the first of several, and the columns that hold one person each."""
    names = [re.sub(r"[^a-z0-9]", "", name.lower()) for name in header]
    columns: dict[str, int] = {}
    for index, name in enumerate(names):
        if name in _FIELDS:
            columns.setdefault(_FIELDS[name], index)
    return columns, [index for index, name in enumerate(names) if _PERSON.match(name) and index != columns.get("people")]


def _read_row(row: int, cells: list[str], columns: dict[str, int], people: list[int], gathering: Gathering) -> None:
    if not cells:
        gathering.warn(row, "unreadable-row", "The row cannot be read (a cell is too long or a quote is open) and is left out.")
        return

    def cell(column: str) -> str:
        index = columns.get(column, len(cells))
        return cells[index].strip() if index < len(cells) else ""

    if cell("state").lower() in {"canceled", "cancelled", "withdrawn"}:
        gathering.warn(row, "canceled", "The row says that the item is canceled; it is left out.")
        return
    start, number = cell("start"), cell("id")
    dated = start if parse_instant(start) else ""
    names = [name for name in cell("people").split(";") if name.strip()] + [cells[i] for i in people if i < len(cells) and cells[i].strip()]
    gathering.add(
        RawItem(
            row=row,
            title=cell("title"),
            guid=number if _GUID.match(number) else "",
            number=number,
            subtitle=cell("subtitle"),
            kind=cell("kind"),
            track=cell("track"),
            language=cell("language"),
            abstract=cell("abstract"),
            description=cell("description"),
            names=tuple(names),
            room=cell("room"),
            instant=dated or cell("date"),
            clock=cell("time") or start,
            end=cell("end"),
            length=cell("minutes"),
            url=cell("url"),
        )
    )
