"""A day as a table: rows begin where something begins or ends, sessions that overlap share a cell, and no part of a room's day is said twice."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

from plenary_scheduling.meetings.queries import MeetingRow, RoomRow
from plenary_scheduling.program.pages.board import Board, lay_out
from plenary_scheduling.program.queries import WorkingRow

FIRST = date(2016, 5, 11)
ATLANTIC, BISCAYNE = RoomRow(uuid4(), "Atlantic", 120, 0, 1), RoomRow(uuid4(), "Biscayne", 40, 1, 1)
MEETING = MeetingRow(
    id=uuid4(),
    society_id=uuid4(),
    slug="sgm",
    title="Annual Meeting",
    venue="",
    starts_on=FIRST,
    ends_on=FIRST + timedelta(days=1),
    time_zone="America/New_York",
    day_opens=9 * 60,
    day_closes=12 * 60,
    grid=15,
    version=1,
    society=None,
)


def session(title: str, room: UUID, start: datetime, minutes: int) -> WorkingRow:
    end = start + timedelta(minutes=minutes)
    return WorkingRow(uuid4(), title, "workshop", minutes, None, (), (), room, "", start, end, 1)


def utc(hour: int, minute: int = 0, day: int = 11) -> datetime:
    return datetime(2016, 5, day, hour, minute, tzinfo=UTC)


def shape(board: Board) -> list[tuple[int, int, list[tuple[int, list[str]]]]]:
    return [(row.minute, row.minutes, [(cell.rows, [each.title for each in cell.sessions]) for cell in row.cells]) for row in board.stretches]


def test_an_empty_day_has_a_row_for_each_open_hour() -> None:
    board = lay_out(MEETING, [ATLANTIC], [], None)
    assert board.days == (FIRST, FIRST + timedelta(days=1))
    assert shape(board) == [(540, 60, [(1, [])]), (600, 60, [(1, [])]), (660, 60, [(1, [])])]


def test_a_session_spans_its_rows_and_overlapping_ones_share_a_cell() -> None:
    alone = session("Alone", BISCAYNE.id, utc(13), 60)
    early, late = session("Early", ATLANTIC.id, utc(13, 30), 60), session("Late", ATLANTIC.id, utc(14), 45)
    board = lay_out(MEETING, [ATLANTIC, BISCAYNE], [late, alone, early], FIRST)
    assert shape(board) == [
        (540, 30, [(1, []), (2, ["Alone"])]),
        (570, 30, [(3, ["Early", "Late"])]),
        (600, 30, [(1, [])]),
        (630, 15, [(1, [])]),
        (645, 15, [(1, []), (1, [])]),
        (660, 60, [(1, []), (1, [])]),
    ]


def test_every_row_is_whole() -> None:
    placed = [session(str(n), ATLANTIC.id if n % 2 else BISCAYNE.id, utc(13, 7 * n), 20 + n) for n in range(8)]
    board = lay_out(MEETING, [ATLANTIC, BISCAYNE], placed, FIRST)
    assert sum(cell.rows for row in board.stretches for cell in row.cells) == 2 * len(board.stretches)
    assert [before.minute + before.minutes for before in board.stretches[:-1]] == [after.minute for after in board.stretches[1:]]


def test_what_stands_outside_of_the_days_and_hours_is_shown_all_the_same() -> None:
    night = session("Night", ATLANTIC.id, utc(3, day=14), 60)  # 11 PM in New York on May 13, an hour before a day that the meeting does not have
    board = lay_out(MEETING, [ATLANTIC], [night], date(2016, 5, 13))
    assert board.days[-1] == date(2016, 5, 13)
    assert board.stretches[-1].minute == 23 * 60
    assert board.stretches[-1].cells[0].sessions == (night,)


def test_a_day_that_there_is_not_gives_the_first() -> None:
    assert lay_out(MEETING, [ATLANTIC], [], date(2020, 1, 1)).day == FIRST
