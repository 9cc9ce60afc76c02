"""The placement problem and its solution as frozen values. Instants are aware, lengths are minutes, intervals are half-open."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True, order=True)
class Interval:
    """A span of time, the end exclusive."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Place:
    """A room and a time."""

    room: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class SessionToPlace:
    """A session that wants a place.

    `people` are never in two sessions at once; `unavailable` holds the times of all of them. A `pinned` place is kept as it is. Without
    `allowed_rooms` every room will do that holds `expected` people and has all that it `needs`.
    """

    id: UUID
    minutes: int
    expected: int | None = None
    people: tuple[UUID, ...] = ()
    unavailable: tuple[Interval, ...] = ()
    pinned: Place | None = None
    allowed_rooms: frozenset[UUID] | None = None
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RoomToFill:
    """A room, open at certain times. Without a `capacity` it holds any number."""

    id: UUID
    capacity: int | None
    open: tuple[Interval, ...]
    equipment: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Problem:
    """Sessions and rooms. Sessions that are not pinned begin a multiple of `grid_minutes` after an opening of their room."""

    sessions: tuple[SessionToPlace, ...]
    rooms: tuple[RoomToFill, ...]
    grid_minutes: int = 15


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a session goes."""

    session: UUID
    room: UUID
    starts_at: datetime


@dataclass(frozen=True, slots=True)
class Unplaced:
    """A session that found no place, and why in people's words."""

    session: UUID
    reason: str


@dataclass(frozen=True, slots=True)
class Solution:
    """The placements and what is left. `bound` is a count that no program can exceed, `proven` says that nothing better exists."""

    placements: tuple[Placement, ...]
    unplaced: tuple[Unplaced, ...]
    bound: int
    seed: int

    @property
    def proven(self) -> bool:
        """Say whether as many sessions are placed as can be."""
        return len(self.placements) >= self.bound


def merged(intervals: tuple[Interval, ...]) -> list[Interval]:
    """Join intervals that touch or overlap, in order; empty ones vanish."""
    joined: list[Interval] = []
    for each in sorted(each for each in intervals if each.start < each.end):
        if joined and each.start <= joined[-1].end:
            joined[-1] = Interval(joined[-1].start, max(joined[-1].end, each.end))
        else:
            joined.append(each)
    return joined


def suits(room: RoomToFill, session: SessionToPlace) -> bool:
    """Say whether the room is allowed, large enough and equipped for the session."""
    large = session.expected is None or room.capacity is None or room.capacity >= session.expected
    return large and (session.allowed_rooms is None or room.id in session.allowed_rooms) and session.needs <= room.equipment
