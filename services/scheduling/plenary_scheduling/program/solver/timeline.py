"""Time as bits: a whole number holds one bit per unit of time, so that what is free, for rooms and people together, is a few machine operations."""

import math
from dataclasses import dataclass
from datetime import datetime, timedelta

from plenary_scheduling.program.solver.model import Interval, Problem, merged

_SECOND = timedelta(seconds=1)
_UNIT = 60


@dataclass(frozen=True, slots=True)
class Timeline:
    """Counts units of `unit` seconds from `origin`. The unit divides every length and limit of the problem, so nothing is rounded."""

    origin: datetime
    unit: int

    def index(self, instant: datetime) -> int:
        """Give the unit that begins at the instant."""
        return (instant - self.origin) // _SECOND // self.unit

    def instant(self, index: int) -> datetime:
        """Give the instant at which the unit begins."""
        return self.origin + timedelta(seconds=index * self.unit)

    def units(self, minutes: int) -> int:
        """Give a length in units."""
        return minutes * _UNIT // self.unit

    def mask(self, spans: tuple[Interval, ...]) -> int:
        """Give the bits of all units inside the intervals; what lies before the origin is cut off."""
        bits = 0
        for span in merged(spans):
            first, last = max(self.index(span.start), 0), max(self.index(span.end), 0)
            bits |= ((1 << (last - first)) - 1) << first
        return bits

    def grid(self, spans: tuple[Interval, ...], grid_minutes: int) -> int:
        """Give the bits at which a session may begin: every `grid_minutes` from the start of each opening."""
        step, bits = self.units(grid_minutes), 0
        for span in merged(spans):
            for index in range(self.index(span.start), self.index(span.end), step):
                bits |= 1 << index
        return bits


def timeline(problem: Problem) -> Timeline:
    """Choose the coarsest unit that divides all lengths and limits, and the first opening as origin."""
    openings = [span for room in problem.rooms for span in room.open]
    origin = min((span.start for span in openings), default=datetime.fromtimestamp(0).astimezone())
    limits = [limit for span in openings for limit in (span.start, span.end)]
    limits += [limit for session in problem.sessions for span in session.unavailable for limit in (span.start, span.end)]
    limits += [session.pinned.starts_at for session in problem.sessions if session.pinned]
    seconds = [abs((limit - origin) // _SECOND) for limit in limits]
    minutes = [problem.grid_minutes, *(session.minutes for session in problem.sessions)]
    return Timeline(origin, math.gcd(*seconds, *(each * _UNIT for each in minutes)) or _UNIT)


def runs(free: int, length: int) -> int:
    """Give the bits at which `length` free units in a row begin."""
    done = 1
    while done * 2 <= length:
        free &= free >> done
        done *= 2
    return free & free >> (length - done) if length > done else free


def starts_of(bits: int) -> list[int]:
    """List the indices of set bits in rising order."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found
