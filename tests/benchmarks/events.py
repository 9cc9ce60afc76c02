"""Events end to end: outbox rows in PostgreSQL → relay → quorum queue → inbox, lane and copy in another PostgreSQL.

`python -m tests.benchmarks.events --json` measures the rate with a backlog, the way of a fact from commit to copy at 100 facts a second, and the
processor time of every part; beside publishing the same bytes as fast as the client library can, and beside Celery doing the same work.
"""

import argparse
import time
from collections.abc import Sequence
from threading import Event
from typing import Any
from uuid import uuid4

import psycopg
from sqlalchemy import text

from plenary_kit.messaging.outbox import Outbox
from tests.benchmarks.backbone_line import Line, backbone_line, changed
from tests.benchmarks.celery_rate import PeerFigures, celery_figures
from tests.benchmarks.grounds import AMQP, percentiles, ratio, run, tell
from tests.benchmarks.raw_publishing import raw_rate

PEOPLE = 2_000
OFFERED = 100
PARTS = ("relay", "consume", "broker", "postgresql")


def options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--events", type=int, default=20_000, help="backlog to carry (default 20,000)")
    parser.add_argument("--celery-events", type=int, default=2_000, help="events that Celery carries (default 2,000; 0 leaves it out)")
    parser.add_argument("--seconds", type=int, default=10, help="how long facts are announced at 100 a second (default 10)")
    parser.add_argument("--history", type=int, default=200_000, help="carried events in the databases for the comparison of costs (default 200,000)")


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    if chosen.quick:
        chosen.events, chosen.celery_events, chosen.seconds, chosen.history = 600, 0, 2, 1_000
    tell("saturated")
    with backbone_line(history=1_000) as line:
        figures = saturated(line, chosen.events)
        payloads = _payloads(line, chosen.events)
        tell("raw")
        raw = max(raw_rate(AMQP, f"bench-raw-{uuid4().hex[:10]}", payloads) for _ in range(2))
        celery = _celery(line, payloads[: chosen.celery_events])
    tell(f"{OFFERED} a second")
    with backbone_line(history=1_000) as line:
        figures |= paced(line, chosen.seconds)
    tell("with a history")
    with backbone_line(history=chosen.history) as line:
        later = saturated(line, chosen.events)
    compared = {"raw_rate": round(raw), "celery_rate": celery.rate, "celery_client_us": celery.client_us, "celery_reason": celery.reason}
    return figures | compared | _ratios(figures, later, raw, celery) | {"history": chosen.history, "rate_with_history": later["rate"]}


def saturated(line: Line, count: int) -> dict[str, Any]:
    """Carry a backlog that becomes visible in one commit."""
    people = [uuid4() for _ in range(min(PEOPLE, count))]
    last = line.announce(people, count)
    seconds = line.await_event(last) - line.announced_at
    after, before = line.processor_seconds(), line.spent_before
    costs = {part: round((after[part] - before[part]) / count * 1e6, 1) for part in PARTS}
    return {"events": count, "rate": round(count / seconds), **{f"{part}_us": cost for part, cost in costs.items()}}


def paced(line: Line, seconds: int) -> dict[str, Any]:
    """Announce one fact a commit, 100 a second; between them, commit single rows into the same server for comparison."""
    people, rung, single = [uuid4() for _ in range(200)], [], list[float]()
    bell = line.source.outlet
    assert isinstance(bell, Outbox)
    ring = bell.doorbell.ring
    bell.doorbell.ring = lambda: (rung.append(time.monotonic()), ring())[1]  # type: ignore[method-assign]
    address = line.source.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
    begun = time.monotonic()
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE single_commit (number int)")
        for number in range(seconds * OFFERED):
            Event().wait(max(0.0, begun + number / OFFERED - time.monotonic()))
            with line.source.work() as work:
                work.announce(changed(people[number % len(people)], number))
            if number % 2:
                single.append(_single_commit(connection, number))
    ids = _last_ids(line, len(rung))
    line.await_event(ids[-1])
    committed = line.committed_at()
    copied = percentiles([committed[str(event)] - instant for event, instant in zip(ids, rung, strict=True)])
    alone = percentiles(single)
    figures = {"p50_ms": copied[0], "p99_ms": copied[1], "commit_p50_ms": alone[0], "commit_p99_ms": alone[1]}
    return figures | {"p50_by_commit": ratio(copied[0], alone[0]), "p99_by_commit": ratio(copied[1], alone[1])}


def _single_commit(connection: psycopg.Connection, number: int) -> float:
    begun = time.monotonic()
    connection.execute("INSERT INTO single_commit VALUES (%s)", (number,))
    return time.monotonic() - begun


def _last_ids(line: Line, count: int) -> list[Any]:
    with line.source.reading() as session:
        return list(
            session.scalars(
                text("SELECT event_id FROM (SELECT seq, event_id FROM outbox ORDER BY seq DESC LIMIT :count) t ORDER BY seq"), {"count": count}
            )
        )


def _payloads(line: Line, count: int) -> list[bytes]:
    with line.source.reading() as session:
        return [bytes(payload) for payload in session.scalars(text("SELECT payload FROM outbox ORDER BY seq DESC LIMIT :count"), {"count": count})]


def _celery(line: Line, payloads: Sequence[bytes]) -> PeerFigures:
    if not payloads:
        return PeerFigures(None, None, "left out")
    tell("Celery")
    return celery_figures(AMQP, line.target.engine.url.render_as_string(hide_password=False), f"bench-celery-{uuid4().hex[:10]}", payloads)


def _ratios(figures: dict[str, Any], later: dict[str, Any], raw: float, celery: PeerFigures) -> dict[str, Any]:
    cost, afterwards = (sum(each[f"{part}_us"] for part in PARTS) for each in (figures, later))
    return {
        "rate_by_raw": ratio(figures["rate"], raw),
        "rate_by_celery": ratio(figures["rate"], celery.rate) if celery.rate else None,
        "cost_us": round(cost, 1),
        "cost_with_history_by_without": ratio(afterwards, cost) if cost else None,
    }


if __name__ == "__main__":
    run(measure, about="Events end to end.", options=options)
