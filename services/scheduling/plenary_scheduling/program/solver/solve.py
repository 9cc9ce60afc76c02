"""The solver's door: quick placement first, OR-tools where sessions are left over and it is installed, and a reason for whatever finds no place."""

from datetime import timedelta
from importlib import import_module
from importlib.util import find_spec

from plenary_scheduling.program.solver.greedy import Board, place_greedily
from plenary_scheduling.program.solver.model import Problem, SessionToPlace, Solution, Unplaced


def solve(problem: Problem, *, seed: int = 0) -> Solution:
    """Place as many sessions as can be; the same problem and seed give the same solution."""
    board = place_greedily(problem, seed=seed)
    bound = sum(bool(session.pinned) or bool(board.openings(session)) for session in problem.sessions)
    if len(board.spots) < bound and find_spec("ortools"):
        board, bound = _improved(problem, board, seed)
    left = [session for session in problem.sessions if session.id not in board.spots]
    unplaced = tuple(Unplaced(session.id, reason_for(session, board)) for session in left)
    return Solution(board.placements(), unplaced, max(bound, len(board.spots)), seed)


def reason_for(session: SessionToPlace, board: Board) -> str:
    """Say in people's words why the session found no place."""
    rooms = board.suitable(session)
    if not board.rooms:
        return "The meeting has no room yet."
    if not rooms:
        largest = max((room.capacity or 0 for room in board.rooms.values()), default=0)
        return f"No room holds {session.expected} people; the largest holds {largest}." if session.expected else "No room has what it needs."
    if not any(span.end - span.start >= _length(session) for room in rooms for span in room.open):
        return f"It takes {session.minutes} minutes, and no suitable room is open that long."
    if not board.openings(session):
        return "Its presenters are unavailable whenever a suitable room is open."
    return "All suitable rooms are taken when its presenters are free. Add a room, lengthen the day, or shorten sessions."


def _length(session: SessionToPlace) -> timedelta:
    return timedelta(minutes=session.minutes)


def _improved(problem: Problem, board: Board, seed: int) -> tuple[Board, int]:
    exact = import_module("plenary_scheduling.program.solver.exact")  # OR-tools is heavy, and an extra
    found, bound = exact.place_exactly(problem, board, seed=seed)
    better = Board(problem)
    for session in problem.sessions:
        if session.id in found:
            better.put(session, found[session.id])
    return (better, bound) if len(better.spots) >= len(board.spots) else (board, bound)
