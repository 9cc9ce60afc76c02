"""Automatic placement: how long until every session has a place, at 300 and at 1,100 sessions.

What comes out is judged by a checker that knows nothing of the solver; the same input and seed must give the same schedule.
"""

import argparse
import random
import time
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from plenary_scheduling.program.solver.model import Interval, Placement, Problem, RoomToFill, SessionToPlace
from plenary_scheduling.program.solver.solve import solve
from tests.benchmarks.grounds import run, tell

FIRST_DAY = datetime(2027, 5, 4, 9, tzinfo=UTC)
DAYS, HOURS, GRID = 4, 9, 15


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    figures: dict[str, Any] = {}
    for sessions in (30,) if chosen.quick else (300, 1_100):
        tell(f"{sessions} sessions")
        problem = instance(sessions, seed=7)
        begun = time.monotonic()
        solution = solve(problem, seed=1)
        figures[f"seconds_{sessions}"] = round(time.monotonic() - begun, 2)
        figures[f"unplaced_{sessions}"] = len(solution.unplaced)
        figures[f"broken_{sessions}"] = broken(problem, solution.placements)
        figures[f"same_again_{sessions}"] = solve(problem, seed=1) == solution
    return figures


def instance(count: int, *, seed: int) -> Problem:
    """Invent a meeting of four days: rooms of many sizes, filled to about two thirds; one to three presenters, one in ten away for a day."""
    chance = random.Random(seed)
    identifiers = (UUID(int=chance.getrandbits(128), version=4) for _ in range(10 * count))
    lengths = [chance.choice((15, 20, 30, 45, 60, 90)) for _ in range(count)]
    rooms = round(sum(lengths) / (DAYS * HOURS * 60) * 1.5) + 1
    days = [Interval(FIRST_DAY + timedelta(days=day), FIRST_DAY + timedelta(days=day, hours=HOURS)) for day in range(DAYS)]
    people = [next(identifiers) for _ in range(count)]
    away = {person: chance.choice(days) for person in people if chance.random() < 0.1}
    made = []
    for minutes in lengths:
        presenters = tuple(chance.sample(people, chance.randint(1, 3)))
        unavailable = tuple(away[person] for person in presenters if person in away)
        made.append(SessionToPlace(next(identifiers), minutes, expected=chance.choice((10, 20, 40, 80)), people=presenters, unavailable=unavailable))
    open_rooms = tuple(RoomToFill(next(identifiers), (40, 80, 120, 400)[number % 4], tuple(days)) for number in range(rooms))
    return Problem(tuple(made), open_rooms, GRID)


def broken(problem: Problem, placements: tuple[Placement, ...]) -> int:
    """Count the broken rules: twice placed, a small or closed room, an absent presenter, a room or a person in two places at once."""
    sessions, rooms = {each.id: each for each in problem.sessions}, {each.id: each for each in problem.rooms}
    faults = len(placements) - len({each.session for each in placements})
    taken: dict[UUID, list[tuple[datetime, datetime]]] = defaultdict(list)
    for each in placements:
        session, room = sessions[each.session], rooms[each.room]
        begins, ends = each.starts_at, each.starts_at + timedelta(minutes=session.minutes)
        faults += (room.capacity or 0) < (session.expected or 0)
        faults += not any(span.start <= begins and ends <= span.end for span in room.open)
        faults += any(span.start < ends and begins < span.end for span in session.unavailable)
        for holder in (each.room, *session.people):
            faults += any(start < ends and begins < end for start, end in taken[holder])
            taken[holder].append((begins, ends))
    return faults


if __name__ == "__main__":
    run(measure, about="Automatic placement.")
