"""Runs Celery at the same work in an environment of its own, which is made once and kept under `var/`."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import psycopg

from plenary_kit.messaging.topology import connect
from tests.benchmarks.grounds import ROOT, processor_seconds, tell

ENVIRONMENT = ROOT / "var" / "benchmarks" / "celery"
REQUIREMENTS = ("celery>=5.5,<6", "psycopg[binary]>=3.2")
PATIENCE_SECONDS = 120


@dataclass(frozen=True)
class PeerFigures:
    """Celery's rate in events a second and its processes' µs an event; None with a reason where it could not run."""

    rate: float | None
    client_us: float | None
    reason: str | None = None


def celery_figures(amqp: str, database: str, queue: str, payloads: Sequence[bytes]) -> PeerFigures:
    """Carry `payloads` with Celery into the `person_copy` of `database`, by one publisher and one worker."""
    try:
        _environment()
    except subprocess.SubprocessError as error:
        return PeerFigures(None, None, f"Celery could not be installed: {error}")
    address = database.replace("+psycopg", "")
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE TABLE peer_inbox (event_id uuid PRIMARY KEY)")
        try:
            return _measured(amqp, address, queue, payloads, connection)
        finally:
            _forget(amqp, queue)


def _environment() -> None:
    if (ENVIRONMENT / "installed").exists():
        return
    tell("installing Celery in an environment of its own")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT)], check=True, timeout=120)
    subprocess.run([str(ENVIRONMENT / "bin" / "pip"), "install", "--quiet", *REQUIREMENTS], check=True, timeout=600, capture_output=True)
    (ENVIRONMENT / "installed").touch()


def _measured(amqp: str, address: str, queue: str, payloads: Sequence[bytes], connection: psycopg.Connection) -> PeerFigures:
    environment = {**os.environ, "AMQP_URL": amqp, "PEER_DATABASE": address, "PEER_QUEUE": queue}
    folder, python = Path(__file__).parent, ENVIRONMENT / "bin"
    command = [str(python / "celery"), "-A", "celery_peer", "worker", "--pool", "solo", "--loglevel", "error", "--without-gossip", "--without-mingle"]
    worker = subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    publisher = [str(python / "python"), "celery_peer.py"]
    try:
        _publish(publisher, payloads[:1], folder, environment)
        _arrived(connection, 1)
        before = processor_seconds([worker.pid])
        began, publishing = _publish(publisher, payloads[1:], folder, environment)
        _arrived(connection, len(payloads))
        seconds, count = time.monotonic() - began, len(payloads) - 1
        used = processor_seconds([worker.pid]) - before + publishing
        return PeerFigures(round(count / seconds, 1), round(used / count * 1e6, 1))
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(30)


def _publish(command: list[str], payloads: Sequence[bytes], folder: Path, environment: dict[str, str]) -> tuple[float, float]:
    """Send the tasks from a process of their own; gives when it began to send, and the processor seconds that it used."""
    given = json.dumps([payload.decode() for payload in payloads]).encode()
    before = os.times()
    done = subprocess.run(command, cwd=folder, env=environment, input=given, check=True, capture_output=True, timeout=PATIENCE_SECONDS)
    after = os.times()
    return float(done.stdout.split()[0]), after.children_user - before.children_user + after.children_system - before.children_system


def _arrived(connection: psycopg.Connection, count: int) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while True:
        row = connection.execute("SELECT count(*) FROM peer_inbox").fetchone()
        if row and row[0] >= count:
            return
        if time.monotonic() > deadline:
            raise TimeoutError(f"Celery took {row and row[0]} of {count} events")
        Event().wait(0.05)


def _forget(amqp: str, queue: str) -> None:
    connection = connect(amqp)
    connection.default_channel.queue_delete(queue)
    connection.default_channel.exchange_delete(queue)
    connection.release()
