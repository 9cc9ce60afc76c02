"""A society with something of every kind that is copied, made once and given to each test a minute later."""

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from society import Clock, call, submitted
from society import found as found_society
from sqlalchemy import select

from plenary.composition import SERVICES, EmbeddedBackbone, Trio, build_trio
from plenary_proposals.decisions.actions import decide, release
from plenary_proposals.people.actions import sign_in_as, sign_out
from plenary_scheduling.program.actions import place_automatically, release_program
from plenary_scheduling.sessions.model import Session
from plenary_scheduling.stars.actions import star


def opened(folder: Path, clock: Clock) -> Trio:
    return build_trio({name: f"sqlite:///{folder / name}.db" for name in SERVICES}, clock=clock)


@pytest.fixture(scope="module")
def settled(tmp_path_factory) -> SimpleNamespace:
    """A society with something of every kind that is copied."""
    clock, folder = Clock(), tmp_path_factory.mktemp("settled")
    trio = opened(folder, clock)
    trio.migrate()
    settle = EmbeddedBackbone(trio).settle
    society = found_society(trio, settle)
    proposals, scheduling = trio.proposals.database, trio.scheduling.database
    call_id = call(trio, society, clock)
    for title in ("First", "Second", "Third"):
        decide(proposals, by=society.chair, proposal_id=submitted(trio, society, call_id, title), outcome="accept")
    release(proposals, by=society.chair, call_id=call_id)
    settle()
    place_automatically(scheduling, by=society.chair, meeting_id=society.meeting_id)
    release_program(scheduling, by=society.chair, meeting_id=society.meeting_id, note="First version")
    with scheduling.reading() as reading:
        sessions = list(reading.scalars(select(Session.id)))
    for session in sessions:
        star(scheduling, person_id=society.attendee, session_id=session)
    for person in (society.chair, society.submitter):
        sign_out(proposals, sign_in_as(proposals, person).session_id)
    clock.forward(minutes=30)
    settle()
    trio.close()
    return SimpleNamespace(folder=folder, society=society, call=call_id, now=clock.now)


@pytest.fixture
def stage(settled, tmp_path) -> Iterator[SimpleNamespace]:
    """The settled society, a minute later."""
    for name in SERVICES:
        shutil.copy(settled.folder / f"{name}.db", tmp_path)
    clock = Clock(settled.now + timedelta(minutes=1))
    trio = opened(tmp_path, clock)
    yield SimpleNamespace(trio=trio, clock=clock, society=settled.society, call=settled.call, settle=EmbeddedBackbone(trio).settle)
    trio.close()
