"""A day of the working copy as a table: a column per room, a row per stretch of time; sessions that overlap in a room share one cell."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from plenary_scheduling.meetings.queries import MeetingRow, RoomRow
from plenary_scheduling.program.queries import WorkingRow

HOUR = 60


@dataclass(frozen=True)
class Cell:
    """A part of a room's day, `rows` stretches long; free without `sessions`."""

    rows: int
    sessions: tuple[WorkingRow, ...] = ()


@dataclass(frozen=True)
class Stretch:
    """A row: from `starts_at` (at `minute` after midnight at the venue) for `minutes`, with the cells that begin there."""

    starts_at: datetime
    minute: int
    minutes: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Board:
    """A day: the days there are, the one that is shown, and its rows."""

    days: tuple[date, ...]
    day: date
    stretches: tuple[Stretch, ...]


def lay_out(meeting: MeetingRow, rooms: Sequence[RoomRow], placed: Iterable[WorkingRow], wished: date | None) -> Board:
    """Lay out the `wished` day, or the first one, where the meeting has no such day and nothing stands on it."""
    by_day: dict[date, list[WorkingRow]] = {}
    for row in placed:
        if row.starts_at is not None:
            by_day.setdefault(row.starts_at.astimezone(ZoneInfo(meeting.time_zone)).date(), []).append(row)
    days = tuple(sorted(by_day.keys() | _days_of(meeting)))
    day = wished if wished is not None and wished in days else meeting.starts_on
    return Board(days, day, _stretches(meeting, day, rooms, by_day.get(day, [])))


def _days_of(meeting: MeetingRow) -> set[date]:
    return {meeting.starts_on + timedelta(days=n) for n in range((meeting.ends_on - meeting.starts_on).days + 1)}


def _stretches(meeting: MeetingRow, day: date, rooms: Sequence[RoomRow], placed: list[WorkingRow]) -> tuple[Stretch, ...]:
    midnight = datetime.combine(day, datetime.min.time(), tzinfo=ZoneInfo(meeting.time_zone))
    hours = [*range(meeting.day_opens, meeting.day_closes, HOUR), meeting.day_closes]
    cuts = sorted({(midnight + timedelta(minutes=minute)).astimezone(UTC) for minute in hours} | {cut for row in placed for cut in _span(row)})
    columns = [_column(cuts, [row for row in placed if row.room_id == room.id]) for room in rooms]
    return tuple(
        Stretch(start, _minute(start, midnight), (end - start) // timedelta(minutes=1), tuple(column[start] for column in columns if start in column))
        for start, end in pairwise(cuts)
    )


def _minute(instant: datetime, midnight: datetime) -> int:
    local = instant.astimezone(midnight.tzinfo)
    return (local.date() - midnight.date()).days * 24 * HOUR + local.hour * HOUR + local.minute


def _column(cuts: list[datetime], rows: list[WorkingRow]) -> dict[datetime, Cell]:
    place = {cut: number for number, cut in enumerate(cuts)}
    cells = {cut: Cell(1) for cut in cuts}
    for cluster in _clusters(rows):
        start, end = _span(cluster[0])[0], max(_span(row)[1] for row in cluster)
        for covered in cuts[place[start] + 1 : place[end]]:
            del cells[covered]
        cells[start] = Cell(place[end] - place[start], tuple(cluster))
    return cells


def _clusters(rows: list[WorkingRow]) -> list[list[WorkingRow]]:
    clusters: list[list[WorkingRow]] = []
    for row in sorted(rows, key=_span):
        if clusters and _span(row)[0] < max(_span(other)[1] for other in clusters[-1]):
            clusters[-1].append(row)
        else:
            clusters.append([row])
    return clusters


def _span(row: WorkingRow) -> tuple[datetime, datetime]:
    if row.starts_at is None or row.ends_at is None:
        raise ValueError("an unplaced session stands in no column")
    return row.starts_at.astimezone(UTC), row.ends_at.astimezone(UTC)
