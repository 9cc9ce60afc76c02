"""Placement as a constraint program for OR-tools' CP-SAT: places as many sessions as can be, and proves how many that is."""

from uuid import UUID

from ortools.sat.python import cp_model

from plenary_scheduling.program.solver.greedy import Board, Spot
from plenary_scheduling.program.solver.model import Problem, SessionToPlace

DETERMINISTIC_SECONDS = 20.0


def place_exactly(problem: Problem, hint: Board, *, seed: int) -> tuple[dict[UUID, Spot], int]:
    """Give the spots of the sessions that are not pinned, and a number of placed sessions (pinned ones included) that no program exceeds.

    Reproducible: one worker, a seed, and a limit in the solver's own deterministic time.
    """
    model = cp_model.CpModel()
    base = Board(problem)
    choices = {session.id: _choices(model, base, session) for session in problem.sessions if session.id not in base.spots}
    for options in choices.values():
        model.add_at_most_one(options.values())
    _no_two_at_once(model, base, choices)
    for key, options in choices.items():
        for spot, chosen in options.items():
            model.add_hint(chosen, hint.spots.get(key) == spot)
    model.maximize(sum(chosen for options in choices.values() for chosen in options.values()))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    solver.parameters.max_deterministic_time = DETERMINISTIC_SECONDS
    status = solver.solve(model)
    bound = len(base.spots) + int(solver.best_objective_bound + 1e-6)
    if status not in {cp_model.OPTIMAL, cp_model.FEASIBLE}:
        return {}, len(problem.sessions)
    found = {key: spot for key, options in choices.items() for spot, chosen in options.items() if solver.boolean_value(chosen)}
    return found, bound


def _choices(model: cp_model.CpModel, board: Board, session: SessionToPlace) -> dict[Spot, cp_model.IntVar]:
    return {spot: model.new_bool_var("") for spot in board.spots_for(session)}


def _no_two_at_once(model: cp_model.CpModel, board: Board, choices: dict[UUID, dict[Spot, cp_model.IntVar]]) -> None:
    """Let neither a room nor a person hold two intervals that overlap; pinned sessions have taken their time out of the choices already."""
    held: dict[UUID, list[cp_model.IntervalVar]] = {}
    for key, options in choices.items():
        session = board.sessions[key]
        length = board.time.units(session.minutes)
        for spot, chosen in options.items():
            interval = model.new_optional_fixed_size_interval_var(spot.start, length, chosen, "")
            for holder in (spot.room, *set(session.people)):
                held.setdefault(holder, []).append(interval)
    for intervals in held.values():
        model.add_no_overlap(intervals)
