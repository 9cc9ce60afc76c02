"""Societies on one installation are strangers: who runs one of them reaches nothing of another's, and does not learn what exists there."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from operations import SPAN, good_bodies
from programs import Program, Stage, build_stage, sign_in
from sqlalchemy import select
from visitors import Visitor
from werkzeug.routing import Rule

from plenary_kit.messaging.tables import OUTBOX
from plenary_proposals.people.actions import appoint, found_society

SECRET, DECIDED = "Only its author and the chairs know this title", "Accepted, and in nobody's program yet"
STRANGER = "bela@example.org"
PART = re.compile(r"<(?:[^:<>]+:)?(\w+)>")
KIT = {"static", "kit", "health", "api-docs", "outbox"}
# What everybody may look at, or who is signed in may do anywhere: calls, programs, proposing, stars.
OPEN = {
    "/proposals/api/calls/<uuid:call_id>",
    "/proposals/calls/<society>/<slug>",
    "/proposals/calls/<society>/<slug>/propose",
    "/scheduling/api/meetings/<uuid:meeting_id>",
    "/scheduling/api/meetings/<uuid:meeting_id>/program",
    "/scheduling/api/meetings/<uuid:meeting_id>/releases",
    "/scheduling/api/meetings/<uuid:meeting_id>/releases/<int(min=1, max=1000000):number>",
    "/scheduling/api/meetings/<uuid:meeting_id>/releases/<int(min=1, max=1000000):number>/changes",
    "/scheduling/api/stars/<uuid:session_id>",
    "/scheduling/<slug>/",
    "/scheduling/<slug>/changes",
    "/scheduling/<slug>/program.<suffix>",
    "/scheduling/<slug>/sessions/<uuid:session_id>",
    "/scheduling/sessions/<uuid:session_id>/star",
}


@dataclass(frozen=True)
class Route:
    """A rule of one service's url map, for one method."""

    method: str
    mount: str
    rule: Rule

    @property
    def path(self) -> str:
        return f"{self.mount}{self.rule.rule}"

    def at(self, parts: dict[str, Any]) -> str:
        return PART.sub(lambda found: str(parts[found[1]]), self.path)

    @property
    def described(self) -> str:
        """Name it as the API's description does."""
        return f"{self.method} " + PART.sub(r"{\1}", self.path)


def routes(site: Any) -> list[Route]:
    """List every route that leads to something of somebody: those whose path names a thing."""
    mounts: dict[str, Flask] = site.mounts
    return [
        Route(method, mount, rule)
        for mount, app in mounts.items()
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
        if rule.arguments and rule.endpoint.partition(".")[0] not in KIT and not rule.endpoint.endswith(".static")
    ]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    built = build_stage(Path(tmp_path_factory.mktemp("data")))
    built.accepted("A talk that everybody may see")
    built.chair.does("POST", f"{built.meeting}/placement")
    built.chair.does("POST", f"{built.meeting}/releases", {}, status=201)
    built.accepted(DECIDED)
    built.submitted(SECRET)
    database = built.place.trio.proposals.database
    other = found_society(database, slug="other", name="The Other Society", time_zone="UTC")
    appoint(database, email=STRANGER, role="administrator", scope_kind="society", scope_id=other)
    built.place.clock.forward(hours=1)
    built.place.settle()
    yield built
    built.place.trio.close()


@pytest.fixture(scope="module")
def parts(stage: Stage) -> dict[str, Any]:
    """Give something of the first society for every name that stands in a path."""
    waiting = next(one["id"] for one in stage.samir.pages("/proposals/api/proposals") if one["title"] == SECRET)
    sessions = stage.chair.pages(f"{stage.meeting}/sessions", state="unplaced")
    role = stage.chair.pages(f"/proposals/api/societies/{stage.society.society_id}/roles")[0]
    return {
        "society": "sgm",
        "society_id": stage.society.society_id,
        "slug": "sgm-2016",
        "suffix": "xml",
        "meeting_id": stage.society.meeting_id,
        "room_id": stage.society.rooms[0],
        "call_id": stage.call_id,
        "proposal_id": waiting,
        "session_id": sessions[0]["id"],
        "grant_id": role["id"],
        "sign_in_id": stage.samir.pages("/proposals/api/me/sign-ins")[0]["id"],
        "notice_id": stage.samir.pages("/notifications/api/notices")[0]["id"],
        "number": 1,
    }


@pytest.fixture(scope="module")
def stranger(stage: Stage) -> tuple[Program, Visitor]:
    """Sign the administrator of the other society in, with a program and at a browser."""
    return sign_in(stage.place, STRANGER), stage.place.sign_in(STRANGER)


def asked(stranger: tuple[Program, Visitor], route: Route, parts: dict[str, Any], good: dict[str, object]) -> tuple[int, str]:
    """Take a route as the stranger: the status, and what was answered."""
    program, visitor = stranger
    path = route.at(parts)
    if "/api/" in route.path:
        upload = {"file": (BytesIO(b"title\nA talk\n"), "program.csv")} if "/imports" in path and route.method == "POST" else None
        answer = program.call(route.method, path, good.get(route.described), data=upload, If_Match='"v1"')
    elif route.method == "GET":
        answer = visitor.client.get(path)
    else:
        token = re.search(r'name="csrf_token" value="([^"]+)"', visitor.get("/proposals/profile"))
        assert token is not None
        answer = visitor.client.post(path, data={"csrf_token": token[1], "version": "1", "outcome": "accept", "starts_at": SPAN["starts_at"][:16]})
    return answer.status_code, answer.get_data(as_text=True)


@pytest.mark.capability("M1")
def test_no_route_shows_a_stranger_what_is_there(stage: Stage, parts: dict[str, Any], stranger: tuple[Program, Visitor]) -> None:
    good, found = good_bodies(stage), routes(stage.place.site)
    closed = [route for route in found if route.path not in OPEN]
    assert len(closed) > 45, "the walk lost its way"
    assert {route.path for route in found} >= OPEN
    nowhere = {**{name: uuid4() for name in parts}, "society": "nowhere", "slug": "nowhere", "suffix": "xml", "number": 1}
    before = told(stage)
    calls = {**parts, "slug": "workshops"}
    for route in closed:
        here = calls if "society" in route.rule.arguments else {**parts, "slug": "sgm"} if "/societies/" in route.path else parts
        status, text = asked(stranger, route, here, good)
        assert status == 404, (route.method, route.path, status, text[:300])
        assert status == asked(stranger, route, nowhere, good)[0]
        assert SECRET not in text
        assert DECIDED not in text
    assert told(stage) == before, "a stranger changed something"


def test_nothing_that_is_open_names_what_is_not(stage: Stage, parts: dict[str, Any], stranger: tuple[Program, Visitor]) -> None:
    for route in routes(stage.place.site):
        if route.path in OPEN and route.method == "GET":
            here = {**parts, "slug": "workshops"} if "society" in route.rule.arguments else parts
            _, text = asked(stranger, route, here, {})
            assert SECRET not in text
            assert DECIDED not in text


def told(stage: Stage) -> list[str]:
    """List every fact that was announced, in all services, and what the first society's people see of their own."""
    facts = []
    for service in stage.place.trio.all():
        with service.database.reading() as reading:
            facts += [str(row.event_id) for row in reading.execute(select(OUTBOX.c.event_id).order_by(OUTBOX.c.seq))]
    seen = [
        stage.chair.pages(f"{stage.meeting}/sessions"),
        stage.chair.pages(f"{stage.meeting}/rooms"),
        stage.chair.pages(f"/proposals/api/calls/{stage.call_id}/submissions"),
        stage.samir.pages("/proposals/api/proposals"),
        stage.samir.pages("/notifications/api/notices"),
        stage.samir.does("GET", "/proposals/api/me"),
    ]
    return [*facts, json.dumps(seen)]
