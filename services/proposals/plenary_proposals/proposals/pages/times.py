"""The part of a proposal's form in which presenters say when they cannot come: rows of a day and hours, in the meeting's zone, without any script."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from marshmallow import Schema, ValidationError
from marshmallow.fields import Field
from werkzeug.datastructures import MultiDict

from plenary_kit.web.fields import LocalDate, TimeOfDay, in_zone
from plenary_kit.web.forms import FormResult, load
from plenary_proposals.calls.queries import CallRow
from plenary_proposals.proposals.model import MOST_SPANS

FEWEST_ROWS, SPARE_ROWS = 2, 2
END_OF_DAY = 24 * 60
ROWS = range(1, MOST_SPANS + 1)


def read_times(form: "MultiDict[str, str]", zone: str) -> tuple[FormResult, list[list[str]]]:
    """Read the rows; gives their spans as RFC 3339 pairs. A row without hours means the whole day, an end at midnight the end of the day."""
    read = load(_schema(), form)
    spans = []
    for number in ROWS if read.ok else ():
        day, start, end = (read.values[f"away_{number}_{part}"] for part in ("day", "from", "until"))
        if day is None:
            read = read if start is None and end is None else read.with_error(f"away_{number}_day", "Choose the day.")
        elif (end or END_OF_DAY) <= (start or 0):
            read = read.with_error(f"away_{number}_until", "Give a time after the one from which you cannot come.")
        else:
            try:
                spans.append([in_zone(_at(day, minutes), zone).isoformat() for minutes in (start or 0, end or END_OF_DAY)])
            except ValidationError as error:
                read = read.with_error(f"away_{number}_from", str(error.messages[0]))
    return read, spans


def typed_times(spans: list[list[str]], zone: str) -> dict[str, str]:
    """Write spans into rows as a browser would type them; one that goes past midnight takes a row a day."""
    typed: dict[str, str] = {}
    parts = [part for span in spans for part in _by_day(*(datetime.fromisoformat(end).astimezone(ZoneInfo(zone)) for end in span))]
    for number, (start, end) in enumerate(parts, 1):
        whole = start.time() == end.time() == time()
        typed[f"away_{number}_day"] = start.date().isoformat()
        typed[f"away_{number}_from"] = "" if whole else f"{start:%H:%M}"
        typed[f"away_{number}_until"] = "" if whole else f"{end:%H:%M}"
    return typed


def rows_to_show(form: FormResult) -> range:
    """Say which rows the form shows: those that are filled in, and some to fill in."""
    filled = [number for number in ROWS if any(form.typed.get(f"away_{number}_{part}") for part in ("day", "from", "until"))]
    return range(1, min(MOST_SPANS, max(FEWEST_ROWS, max(filled, default=0) + SPARE_ROWS)) + 1)


def days_to_choose(call: CallRow, form: FormResult) -> list[date]:
    """List the days of the meeting, and any other that is filled in already."""
    days = {call.meeting_starts_on + timedelta(days=number) for number in range((call.meeting_ends_on - call.meeting_starts_on).days + 1)}
    for number in ROWS:
        try:
            days.add(date.fromisoformat(str(form.typed.get(f"away_{number}_day", ""))))
        except ValueError:
            continue  # an empty row, or a day that the form refuses
    return sorted(days)


def _schema() -> type[Schema]:
    columns: dict[str, Field[Any]] = {}
    for number in ROWS:
        columns[f"away_{number}_day"] = LocalDate(allow_none=True, load_default=None)
        columns |= {f"away_{number}_{part}": TimeOfDay(allow_none=True, load_default=None) for part in ("from", "until")}
    return Schema.from_dict(columns)


def _at(day: date, minutes: int) -> datetime:
    return datetime.combine(day, time()) + timedelta(minutes=minutes)


def _by_day(first: datetime, last: datetime) -> Iterator[tuple[datetime, datetime]]:
    start, end = first.replace(tzinfo=None), last.replace(tzinfo=None)
    while start < end:
        midnight = datetime.combine(start.date() + timedelta(days=1), time())
        yield start, min(midnight, end)
        start = midnight
