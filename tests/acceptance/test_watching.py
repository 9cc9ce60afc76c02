"""What operators watch: whether each service can work, and what waits in its backbone."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from programs import Stage, build_stage
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import text

SERVICES = ("proposals", "scheduling", "notifications")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    built = build_stage(tmp_path / "data")
    yield built
    built.place.trio.close()


def figures(stage: Stage, service: str) -> dict[str, float]:
    """Give the backbone's figures by name and reason."""
    exposed = stage.guest.call("GET", f"/{service}/metrics").get_data(as_text=True)
    samples = [sample for family in text_string_to_metric_families(exposed) for sample in family.samples]
    backbone = [sample for sample in samples if sample.name.startswith(("plenary_outbox", "plenary_inbox"))]
    assert {sample.labels["service"] for sample in backbone} <= {service}
    return {sample.name + sample.labels.get("reason", ""): sample.value for sample in backbone}


@pytest.mark.parametrize("service", SERVICES)
def test_a_service_at_rest_is_ready_and_nothing_waits(stage: Stage, service: str) -> None:
    assert stage.guest.does("GET", f"/{service}/readyz") == {"status": "ready", "checks": {"database": True, "backbone": True}}
    assert set(figures(stage, service).values()) == {0.0}
    assert len(figures(stage, service)) == 5


def test_a_relay_that_stands_still_is_seen_by_number_and_age(stage: Stage) -> None:
    stage.submitted()
    stage.place.clock.forward(minutes=5)
    stage.submitted("Another")
    assert figures(stage, "proposals")["plenary_outbox_pending"] == 2
    assert figures(stage, "proposals")["plenary_outbox_oldest_seconds"] == 300
    stage.place.settle()
    assert figures(stage, "proposals")["plenary_outbox_pending"] == 0


def test_a_service_without_its_tables_is_not_ready_and_still_answers(stage: Stage) -> None:
    with stage.place.trio.scheduling.database.work() as work:
        work.session.execute(text("ALTER TABLE outbox RENAME TO lost"))
    unready = stage.guest.does("GET", "/scheduling/readyz", status=503)
    assert unready == {"status": "not ready", "checks": {"database": True, "backbone": False}}
    assert figures(stage, "scheduling") == {}
    assert "plenary_http_requests_total" in stage.guest.call("GET", "/scheduling/metrics").get_data(as_text=True)
    assert stage.guest.does("GET", "/proposals/readyz")["status"] == "ready"
