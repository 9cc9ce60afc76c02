"""An independent checker: reads a problem and a solution and lists every rule that is broken. It shares no code with the solvers' search."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID

from plenary_scheduling.program.solver.model import Place, Placement, Problem, RoomToFill, SessionToPlace, Solution, merged, suits


def broken_rules(problem: Problem, solution: Solution) -> list[str]:
    """Give a sentence per broken rule; an empty list means that the solution may be published as it is."""
    return [*_accounting(problem, solution), *_single(problem, solution), *_together(problem, solution)]


def _accounting(problem: Problem, solution: Solution) -> Iterator[str]:
    told = Counter([each.session for each in solution.placements] + [each.session for each in solution.unplaced])
    wanted = {session.id for session in problem.sessions}
    for session in wanted | told.keys():
        if told[session] != 1 or session not in wanted:
            yield f"Session {session} is told {told[session]} times."
    if any(not each.reason for each in solution.unplaced):
        yield "An unplaced session has no reason."
    if solution.bound < len(solution.placements):
        yield "More sessions are placed than the bound says is possible."


def _single(problem: Problem, solution: Solution) -> Iterator[str]:
    sessions = {session.id: session for session in problem.sessions}
    rooms = {room.id: room for room in problem.rooms}
    for each in solution.placements:
        session, room = sessions.get(each.session), rooms.get(each.room)
        if session is None or room is None:
            yield f"{each} names a session or room that is not there."
        else:
            yield from _fits(session, room, each, problem.grid_minutes)


def _fits(session: SessionToPlace, room: RoomToFill, each: Placement, grid: int) -> Iterator[str]:
    ends_at = each.starts_at + timedelta(minutes=session.minutes)
    if session.pinned is not None and session.pinned != Place(each.room, each.starts_at):
        yield f"Session {session.id} is not where it is pinned."
    if not suits(room, session):
        yield f"Room {room.id} does not suit session {session.id}."
    opening = next((span for span in merged(room.open) if span.start <= each.starts_at and ends_at <= span.end), None)
    if opening is None:
        yield f"Room {room.id} is closed during session {session.id}."
    elif session.pinned is None and (each.starts_at - opening.start) % timedelta(minutes=grid):
        yield f"Session {session.id} is off the grid."
    if any(span.start < ends_at and each.starts_at < span.end for span in session.unavailable):
        yield f"A presenter of session {session.id} is unavailable."


def _together(problem: Problem, solution: Solution) -> Iterator[str]:
    sessions = {session.id: session for session in problem.sessions}
    busy: dict[tuple[str, UUID], list[tuple[datetime, datetime, UUID]]] = defaultdict(list)
    for each in solution.placements:
        session = sessions.get(each.session)
        if session is None:
            continue
        span = (each.starts_at, each.starts_at + timedelta(minutes=session.minutes), session.id)
        for holder in [("Room", each.room), *(("Person", person) for person in set(session.people))]:
            busy[holder].append(span)
    for (what, who), spans in busy.items():
        last = None
        for span in sorted(spans):
            if last is not None and span[0] < last[1]:
                yield f"{what} {who} has sessions {last[2]} and {span[2]} at once."
            last = span if last is None or span[1] > last[1] else last
