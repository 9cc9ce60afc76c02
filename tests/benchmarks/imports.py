"""Import and export of a real program: FOSDEM 2021 (773 items) from the folder that PLENARY_REAL_INPUTS names.

The import goes the whole way in the embedded shape: read, announced, accepted in proposals, placed as sessions in scheduling, known to notifications.
"""

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from plenary.composition import EmbeddedBackbone, build_trio
from plenary_kit.identity.grants import holders
from plenary_proposals.people.actions import appoint, found_society
from plenary_scheduling.imports.actions import import_program
from plenary_scheduling.interchange.reading import read_program
from plenary_scheduling.meetings.queries import meeting_by_slug
from plenary_scheduling.program.actions import release_program
from plenary_scheduling.program.exports import export_program
from plenary_scheduling.program.pages.public import WRITERS
from tests.benchmarks.grounds import run, tell

ADDRESS = "https://meetings.example.org"
FILE = Path("fosdem2021") / "fosdem_2021.xml"


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    folder = os.environ.get("PLENARY_REAL_INPUTS")
    if not folder:
        return {"items": 0, "reason": "set PLENARY_REAL_INPUTS to the folder that holds the real programs"}
    data = (Path(folder) / FILE).read_bytes()
    with tempfile.TemporaryDirectory() as place:
        return _measured(Path(place), data, rounds=1 if chosen.quick else 5)


def _measured(place: Path, data: bytes, *, rounds: int) -> dict[str, Any]:
    trio = build_trio({name: f"sqlite:///{place / name}.sqlite" for name in ("proposals", "scheduling", "notifications")})
    trio.migrate()
    backbone, database = EmbeddedBackbone(trio), trio.scheduling.database
    society = found_society(trio.proposals.database, slug="sgm", name="Society of Generous Medicine", time_zone="UTC")
    appoint(trio.proposals.database, email="charlotte@example.org", role="administrator", scope_kind="society", scope_id=society)
    backbone.settle()
    with database.reading() as session:
        [chair] = holders(session, "administrator", [society])
    tell("import")
    seconds, program = _timed(lambda: read_program(data, FILE.name, fallback_zone="Europe/Brussels"))
    begun = time.monotonic()
    import_program(database, society_id=society, slug="fosdem", program=program, filename=FILE.name)
    backbone.settle()
    importing = seconds + time.monotonic() - begun
    with database.reading() as session:
        meeting = meeting_by_slug(session, "fosdem")
    release_program(database, by=chair, meeting_id=meeting.id, note="As imported.")
    items = len(program.items)
    figures = {"items": items, "read_per_second": round(items / seconds), "import_per_second": round(items / importing)}
    for suffix in WRITERS:
        tell(suffix)
        figures[f"export_{suffix}_ms"] = round(min(_export(database, suffix) for _ in range(rounds)) * 1000, 1)
    trio.close()
    return figures


def _export(database: Any, suffix: str) -> float:
    def export() -> bytes:
        with database.reading() as session:
            return WRITERS[suffix][1](export_program(session, meeting_by_slug(session, "fosdem"), public_url=ADDRESS))

    return _timed(export)[0]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.monotonic()
    result = work()
    return time.monotonic() - begun, result


if __name__ == "__main__":
    run(measure, about="Import and export of FOSDEM 2021.")
