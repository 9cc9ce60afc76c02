"""Stars: one per person and session, each person's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Stage, build_stage


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def test_a_star_is_set_once_listed_and_taken_away(stage: Stage) -> None:
    for title in ("First", "Second", "Third"):
        stage.accepted(title)
    sessions = [session["id"] for session in stage.chair.pages(f"{stage.meeting}/sessions")]
    for session in [*sessions, sessions[0]]:
        stage.ana.does("PUT", f"/scheduling/api/stars/{session}", status=204)
    assert {star["session_id"] for star in stage.ana.pages("/scheduling/api/stars")} == set(sessions)
    assert stage.samir.pages("/scheduling/api/stars") == []
    for _ in range(2):
        stage.ana.does("DELETE", f"/scheduling/api/stars/{sessions[0]}", status=204)
    assert {star["session_id"] for star in stage.ana.pages("/scheduling/api/stars")} == set(sessions[1:])
    stage.ana.refused("PUT", f"/scheduling/api/stars/{stage.call_id}", status=404, code="not-found")
