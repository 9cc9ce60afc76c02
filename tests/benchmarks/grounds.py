"""What every benchmark stands on: databases of its own, figures about processes and times, and the lines that it prints.

A benchmark is a program, never a timed test: it prints JSON lines, the last of which holds its figures. Absolute times drift on shared machines by a
factor of two and more, so what counts are ratios within one run.
"""

import argparse
import json
import logging
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import structlog
from sqlalchemy import create_engine, make_url, text

ROOT = Path(__file__).parents[2]
POSTGRES = os.environ.get("PLENARY_TEST_POSTGRES_URL", "postgresql+psycopg://postgres@127.0.0.1:5432/postgres")
AMQP = os.environ.get("PLENARY_TEST_AMQP_URL", "amqp://guest:guest@127.0.0.1:5672//")
_TICKS = os.sysconf("SC_CLK_TCK")


@contextmanager
def databases(*names: str) -> Iterator[dict[str, str]]:
    """Make PostgreSQL databases with unique names, give their addresses, and drop them in the end."""
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    unique = {name: f"plenary_bench_{name}_{uuid4().hex[:12]}" for name in names}
    try:
        with admin.connect() as connection:
            for database in unique.values():
                connection.execute(text(f'CREATE DATABASE "{database}"'))
        yield {name: make_url(POSTGRES).set(database=database).render_as_string(hide_password=False) for name, database in unique.items()}
    finally:
        with admin.connect() as connection:
            for database in unique.values():
                connection.execute(text(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)'))
        admin.dispose()


def processor_seconds(processes: Iterable[int]) -> float:
    """Add up the processor time, user and system, that `processes` have used so far; one that is gone counts nothing."""
    total = 0
    for process in processes:
        try:
            fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += int(fields[11]) + int(fields[12])
    return total / _TICKS


def processes_with(*words: str) -> list[int]:
    """List the processes whose command line holds one of `words`."""
    found = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            command = (entry / "cmdline").read_bytes().decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if any(word in command for word in words):
            found.append(int(entry.name))
    return found


def percentiles(seconds: Sequence[float]) -> tuple[float, float]:
    """Give the 50th and the 99th percentile in milliseconds."""
    cuts = statistics.quantiles(seconds, n=100, method="inclusive")
    return round(cuts[49] * 1000, 2), round(cuts[98] * 1000, 2)


def machine() -> dict[str, object]:
    """Describe where this runs, and how busy it was at the beginning."""
    return {"python": platform.python_version(), "processors": os.cpu_count(), "load": round(os.getloadavg()[0], 1)}


def run(
    measure: Callable[[argparse.Namespace], dict[str, Any]], *, about: str, options: Callable[[argparse.ArgumentParser], None] | None = None
) -> None:
    """Read the command line, measure, and print the figures as the last line: JSON with --json, else one figure a line."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--json", action="store_true", help="print JSON lines")
    parser.add_argument("--quick", action="store_true", help="the smallest size that still goes every way; its figures mean nothing")
    if options:
        options(parser)
    chosen = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    figures = machine() | measure(chosen)
    if chosen.json:
        print(json.dumps(figures), flush=True)
        return
    for name, value in figures.items():
        print(f"{name:28} {value}")


def tell(words: str) -> None:
    """Say on standard error what is being measured."""
    print(words, file=sys.stderr, flush=True)


def ratio(value: float, other: float) -> float:
    """Divide, to three digits."""
    return round(value / other, 3)
