"""Pages and the API under gunicorn, beside bare Flask under the same server: public programs of 36 and 1,000 entries, and starting a proposal.

All over eight connections that stay open, with the databases in PostgreSQL. The client runs on the same processors, for both sides alike.
"""

import argparse
import http.client
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import create_engine

from plenary.composition import EmbeddedBackbone, Trio, build_trio
from plenary.settings import embedded_settings
from plenary_kit.identity.grants import holders
from plenary_kit.identity.identity import Identity
from plenary_kit.identity.visitor import Visitor
from plenary_proposals.calls.actions import CallText, open_call
from plenary_proposals.people.actions import appoint, found_society, sign_in_as
from plenary_scheduling.imports.actions import import_program
from plenary_scheduling.interchange.model import ImportedItem, ImportedPerson, ImportedProgram
from plenary_scheduling.meetings.queries import meeting_by_slug
from plenary_scheduling.program.actions import release_program
from tests.benchmarks.grounds import ROOT, databases, ratio, run, tell
from tests.benchmarks.page_server import BARE

CONNECTIONS = 8
FIRST_DAY = date(2027, 5, 4)
Headers = dict[str, str]


@dataclass(frozen=True)
class Stage:
    """An installation with one society and its administrator."""

    trio: Trio
    society: UUID
    chair: UUID
    environment: dict[str, str]

    def meeting(self, entries: int) -> tuple[str, UUID]:
        """Invent a meeting with that many entries and publish it; gives its address and its id."""
        slug = f"meeting-{entries}"
        import_program(self.trio.scheduling.database, society_id=self.society, slug=slug, program=_program(entries), filename="invented.xml")
        EmbeddedBackbone(self.trio).settle()
        with self.trio.scheduling.database.reading() as session:
            meeting = meeting_by_slug(session, slug)
        release_program(self.trio.scheduling.database, by=self.chair, meeting_id=meeting.id, note="")
        EmbeddedBackbone(self.trio).settle()
        return slug, meeting.id


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    seconds, sizes = (0.3, (5,)) if chosen.quick else (4.0, (36, 1_000))
    with _stage() as stage:
        figures: dict[str, Any] = {}
        for entries in sizes:
            tell(f"program of {entries}")
            slug, meeting = stage.meeting(entries)
            figures |= _program_page(stage, slug, entries, seconds)
        tell("a proposal")
        return figures | _starting(stage, meeting, seconds)


@contextmanager
def _stage() -> Iterator[Stage]:
    names = ("proposals", "scheduling", "notifications")
    with databases(*names) as urls, tempfile.TemporaryDirectory() as folder:
        given = {"PLENARY_DATA": folder, **{f"PLENARY_{name.upper()}_DATABASE_URL": url for name, url in urls.items()}}
        trio = build_trio(urls)
        trio.migrate()
        society = found_society(trio.proposals.database, slug="sgm", name="Society of Generous Medicine", time_zone="UTC")
        appoint(trio.proposals.database, email="charlotte@example.org", role="administrator", scope_kind="society", scope_id=society)
        EmbeddedBackbone(trio).settle()
        with trio.scheduling.database.reading() as session:
            [chair] = holders(session, "administrator", [society])
        yield Stage(trio, society, chair, given)
        trio.close()


def _program_page(stage: Stage, slug: str, entries: int, seconds: float) -> dict[str, Any]:
    path = f"/scheduling/{slug}/"
    with _served("scheduling", stage.environment) as port:
        page, headers = _once(port, path)
        rate = _rate(port, lambda: ("GET", path, None, {}), 200, seconds)
        etag = headers.get("ETag")
        again = _rate(port, lambda: ("GET", path, None, {"If-None-Match": str(etag)}), 304, seconds) if etag else None
    with tempfile.NamedTemporaryFile() as body:
        Path(body.name).write_bytes(page)
        with _served("page", {"BODY": body.name}) as port:
            bare_etag = _once(port, "/")[1]["ETag"]
            bare = _rate(port, lambda: ("GET", "/", None, {}), 200, seconds)
            bare_again = _rate(port, lambda: ("GET", "/", None, {"If-None-Match": str(bare_etag)}), 304, seconds)
    figures = {
        "bytes": len(page),
        "page": rate,
        "bare_page": bare,
        "page_by_bare": ratio(rate, bare),
        "conditional": again,
        "bare_conditional": bare_again,
    }
    return {f"{name}_{entries}": value for name, value in figures.items()}


def _starting(stage: Stage, meeting: UUID, seconds: float) -> dict[str, Any]:
    now = datetime.now(UTC)
    kinds: list[dict[str, str | int]] = [{"slug": "workshop", "name": "Workshop", "minutes": 60}]
    text = CallText("workshops", "Call for workshops", "", kinds, now - timedelta(days=1), now + timedelta(days=9))
    call = open_call(stage.trio.proposals.database, by=stage.chair, meeting_id=meeting, text=text)
    sent = {"call_id": str(call), "kind": "workshop", "title": "Suturing for poets", "abstract": "Hands-on. " * 90}
    token = _token(stage)

    def start() -> tuple[str, str, bytes, Headers]:
        headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json", "Idempotency-Key": str(uuid4())}
        return "POST", "/proposals/api/proposals", json.dumps(sent).encode(), headers

    with _served("proposals", stage.environment) as port:
        rate = _rate(port, start, 201, seconds)
    address = stage.environment["PLENARY_PROPOSALS_DATABASE_URL"]
    engine = create_engine(address)
    BARE.create(engine)
    engine.dispose()
    with _served("insert", {"DATABASE": address}) as port:
        bare = _rate(port, lambda: ("POST", "/", json.dumps(sent).encode(), {"Content-Type": "application/json"}), 201, seconds)
    return {"start_proposal": rate, "bare_insert": bare, "start_by_bare": ratio(rate, bare)}


def _token(stage: Stage) -> str:
    signed_in = sign_in_as(stage.trio.proposals.database, stage.chair)
    settings = embedded_settings(stage.environment)
    identity = Identity(stage.trio.proposals.database, settings.key_for("proposals"), https=False)
    return identity.issue(Visitor(stage.chair, "Charlotte", signed_in.session_id))


@contextmanager
def _served(what: str, environment: dict[str, str]) -> Iterator[int]:
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    command = [sys.executable, "-m", "tests.benchmarks.page_server", what, str(port)]
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while not _listens(port):
            if time.monotonic() > deadline:
                raise TimeoutError(f"{what} does not answer")
            Event().wait(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(30)


def _listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def _once(port: int, path: str) -> tuple[bytes, Headers]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path)
    answer = connection.getresponse()
    page = answer.read()
    connection.close()
    return page, dict(answer.headers)


def _rate(port: int, make: Callable[[], tuple[str, str, bytes | None, Headers]], status: int, seconds: float) -> float:
    """Ask over eight connections; gives answers a second. Another status than `status` ends the measurement with an error."""

    def ask(until: float) -> int:
        connection, answered = http.client.HTTPConnection("127.0.0.1", port, timeout=30), 0
        while time.monotonic() < until:
            method, path, body, headers = make()
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
            if answer.status != status:
                raise RuntimeError(f"{path} answered {answer.status} instead of {status}: {said[:300]!r}")
            answered += 1
        connection.close()
        return answered

    with ThreadPoolExecutor(CONNECTIONS) as pool:
        list(pool.map(ask, [time.monotonic() + seconds / 4] * CONNECTIONS))
        begun = time.monotonic()
        answered = sum(pool.map(ask, [begun + seconds] * CONNECTIONS))
        return round(answered / (time.monotonic() - begun), 1)


def _program(entries: int) -> ImportedProgram:
    rooms = tuple(f"Room {number + 1}" for number in range(max(2, entries // 60)))
    items = tuple(_item(number, rooms) for number in range(entries))
    return ImportedProgram(f"Meeting of {entries}", "", "1", "UTC", FIRST_DAY, FIRST_DAY + timedelta(days=3), 15, rooms, items, (), 0)


def _item(number: int, rooms: tuple[str, ...]) -> ImportedItem:
    turn = number // len(rooms)
    day = FIRST_DAY + timedelta(days=turn // 16 % 4)
    starts_at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC) + timedelta(minutes=30 * (turn % 16))
    person = ImportedPerson(f"p{number % 700}", f"Ada Example {number % 700}")
    return ImportedItem(
        f"k{number}", "", f"Suturing for poets, part {number}", "", "talk", "Surgery", "", "Hands-on. " * 20, "", (person,),
        rooms[number % len(rooms)], starts_at, 30, "", number, day,
    )  # fmt: skip


if __name__ == "__main__":
    run(measure, about="Pages and the API.")
