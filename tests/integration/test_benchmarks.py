"""Every benchmark still runs, at its smallest size, and its last line holds the figures that it promises; what they are is no test's matter."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROMISED = {
    "events": {"rate", "raw_rate", "celery_rate", "p50_ms", "p99_ms", "cost_us"},
    "mail": {"rate", "cpu_us", "build_us", "send_us"},
    "pages": {"page_by_bare_5", "start_proposal", "bare_insert", "start_by_bare"},
    "imports": {"items"},
    "placement": {"seconds_30", "unplaced_30", "broken_30", "same_again_30"},
}


@pytest.mark.servers
@pytest.mark.timeout(180)
@pytest.mark.parametrize("program", PROMISED)
def test_it_runs_and_keeps_its_promise(program: str, postgres_server: str, amqp_url: str) -> None:
    environment = {**os.environ, "PLENARY_TEST_POSTGRES_URL": postgres_server, "PLENARY_TEST_AMQP_URL": amqp_url}
    command = [sys.executable, "-m", f"tests.benchmarks.{program}", "--quick", "--json"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=170, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures.keys() >= PROMISED[program]
    assert figures.get("broken_30", 0) == 0
