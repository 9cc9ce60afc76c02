"""Greedy placement with repair: the hardest session first into the smallest room that suits, and a few restarts for what is left over."""

import random
from dataclasses import dataclass
from uuid import UUID

from plenary_scheduling.program.solver.model import Placement, Problem, RoomToFill, SessionToPlace, suits
from plenary_scheduling.program.solver.timeline import Timeline, runs, starts_of, timeline

RESTARTS = 12
EJECTIONS = 400


@dataclass(frozen=True)
class Spot:
    """A room and the unit of time at which a session begins."""

    room: UUID
    start: int


class Board:
    """Who and what is free when, as bits; and where each session stands."""

    def __init__(self, problem: Problem) -> None:
        """Begin with the pinned sessions in place."""
        self.time: Timeline = timeline(problem)
        self.sessions = {session.id: session for session in problem.sessions}
        self.rooms = {room.id: room for room in problem.rooms}
        self._free_room = {room.id: self.time.mask(room.open) for room in problem.rooms}
        self._starts = {room.id: self.time.grid(room.open, problem.grid_minutes) for room in problem.rooms}
        self._busy_person: dict[UUID, int] = {}
        self.spots: dict[UUID, Spot] = {}
        for session in problem.sessions:
            if session.pinned is not None and session.pinned.room in self.rooms:
                self.put(session, Spot(session.pinned.room, self.time.index(session.pinned.starts_at)))

    def put(self, session: SessionToPlace, spot: Spot) -> None:
        """Take the time of the room and of the people."""
        bits = self._bits(session, spot)
        self._free_room[spot.room] &= ~bits
        for person in session.people:
            self._busy_person[person] = self._busy_person.get(person, 0) | bits
        self.spots[session.id] = spot

    def take_out(self, session: SessionToPlace) -> Spot:
        """Give the time back."""
        spot = self.spots.pop(session.id)
        bits = self._bits(session, spot)
        self._free_room[spot.room] |= bits
        for person in session.people:
            self._busy_person[person] &= ~bits
        return spot

    def spots_for(self, session: SessionToPlace) -> list[Spot]:
        """List where the session can go now: small rooms first, then early."""
        closed = self.time.mask(session.unavailable)
        for person in session.people:
            closed |= self._busy_person.get(person, 0)
        length = self.time.units(session.minutes)
        return [
            Spot(room.id, start)
            for room in self.suitable(session)
            for start in starts_of(runs(self._free_room[room.id] & ~closed, length) & self._starts[room.id])
        ]

    def suitable(self, session: SessionToPlace) -> list[RoomToFill]:
        """List the rooms that suit, the smallest first; rooms without a limit come last."""
        rooms = [room for room in self.rooms.values() if suits(room, session)]
        return sorted(rooms, key=lambda room: (room.capacity is None, room.capacity or 0, room.id))

    def blockers(self, session: SessionToPlace, spot: Spot) -> list[SessionToPlace]:
        """List who stands in the way at `spot`: in the room, or with the same people."""
        end = spot.start + self.time.units(session.minutes)
        found = []
        for other_id, other_spot in self.spots.items():
            other = self.sessions[other_id]
            over = other_spot.start < end and spot.start < other_spot.start + self.time.units(other.minutes)
            if over and (other_spot.room == spot.room or set(other.people) & set(session.people)):
                found.append(other)
        return found

    def openings(self, session: SessionToPlace) -> list[Spot]:
        """List where the session could go if nobody else were there."""
        closed, length = self.time.mask(session.unavailable), self.time.units(session.minutes)
        rooms = self.suitable(session)
        return [
            Spot(room.id, start) for room in rooms for start in starts_of(runs(self.time.mask(room.open) & ~closed, length) & self._starts[room.id])
        ]

    def placements(self) -> tuple[Placement, ...]:
        """State where everything stands, in the order of the ids."""
        return tuple(Placement(key, spot.room, self.time.instant(spot.start)) for key, spot in sorted(self.spots.items()))

    def _bits(self, session: SessionToPlace, spot: Spot) -> int:
        return ((1 << self.time.units(session.minutes)) - 1) << spot.start


def place_greedily(problem: Problem, *, seed: int) -> Board:
    """Give the fullest board of some restarts; the first is ordered by difficulty, the others shuffle a little. Same seed, same board."""
    dice = random.Random(seed)  # noqa: S311 - reproducible, not secret
    best: Board | None = None
    for attempt in range(RESTARTS):
        board = _attempt(problem, dice, shuffled=attempt > 0)
        if best is None or len(board.spots) > len(best.spots):
            best = board
        if len(best.spots) == len(problem.sessions):
            break
    return best or Board(problem)


def _attempt(problem: Problem, dice: random.Random, *, shuffled: bool) -> Board:
    board = Board(problem)
    waiting = [session for session in problem.sessions if session.id not in board.spots]
    room_choice = {session.id: len(board.openings(session)) for session in waiting}
    waiting.sort(key=lambda session: (room_choice[session.id] * (dice.uniform(0.5, 1.5) if shuffled else 1), -session.minutes, session.id))
    left = []
    for session in waiting:
        spots = board.spots_for(session)
        if spots:
            board.put(session, spots[0])
        else:
            left.append(session)
    _repair(board, left, dice)
    return board


def _repair(board: Board, left: list[SessionToPlace], dice: random.Random) -> None:
    """Let each left-over session push one other aside, if that one finds another place."""
    budget = EJECTIONS
    for session in left:
        spots = board.openings(session)
        dice.shuffle(spots)
        for spot in spots:
            if budget == 0:
                return
            budget -= 1
            if _make_room(board, session, spot):
                break


def _make_room(board: Board, session: SessionToPlace, spot: Spot) -> bool:
    blockers = board.blockers(session, spot)
    if len(blockers) != 1 or blockers[0].pinned is not None:
        return False
    other = blockers[0]
    before = board.take_out(other)
    if spot not in board.spots_for(session):
        board.put(other, before)
        return False
    board.put(session, spot)
    elsewhere = board.spots_for(other)
    if elsewhere:
        board.put(other, elsewhere[0])
        return True
    board.take_out(session)
    board.put(other, before)
    return False
