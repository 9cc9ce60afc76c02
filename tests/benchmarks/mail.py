"""The way of a letter: claim → build → SMTP to a sink on this machine → durable mark, with the letters in PostgreSQL.

Beside it the two parts that any mailer has: building the message, and handing it to the same sink over a connection that stays open.
"""

import argparse
import smtplib
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import Any
from uuid import uuid4

from plenary.composition import open_one
from plenary_kit.mail.letters import Letter, Sender, compose
from plenary_kit.mail.mailer import Mailer
from plenary_kit.mail.post import hand_in
from plenary_kit.mail.transports import SmtpTransport
from plenary_kit.persistence.columns import utc_now
from plenary_kit.persistence.database import Database
from tests.benchmarks.grounds import databases, ratio, run, tell

SENDER = Sender("Plenary", "plenary@example.org", "example.org")
TEXT = "The program has changed. Your session begins an hour later, in another room.\n" * 50


def measure(chosen: argparse.Namespace) -> dict[str, Any]:
    count = 20 if chosen.quick else 2_000
    with databases("mail") as urls, sink() as port:
        service = open_one("notifications", urls["mail"])
        service.migrate()
        tell(f"{count} letters")
        handing = _handed_in(service.database, count)
        figures = _sent(service.database, port, count) | {"hand_in_per_second": round(count / handing)}
        service.database.close()
        build, send = _parts(port, count)
    whole = figures["cpu_us"]
    return figures | {"build_us": build, "send_us": send, "cpu_by_build_and_send": ratio(whole, build + send) if build + send else None}


@contextmanager
def sink() -> Iterator[int]:
    """Let a process of its own take mail and throw it away; gives its port."""
    with socket.socket() as chosen:
        chosen.bind(("127.0.0.1", 0))
        port = int(chosen.getsockname()[1])
    command = [sys.executable, "-m", "aiosmtpd", "--nosetuid", "--listen", f"127.0.0.1:{port}", "--class", "aiosmtpd.handlers.Sink"]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 20
        while not _listens(port):
            if time.monotonic() > deadline:
                raise TimeoutError("the sink does not answer")
            Event().wait(0.05)
        yield port
    finally:
        process.terminate()
        process.wait(10)


def _listens(port: int) -> bool:
    with socket.socket() as trying:
        return trying.connect_ex(("127.0.0.1", port)) == 0


def _letter(number: int) -> Letter:
    return Letter(uuid4(), "program", f"Ada Example {number}", f"ada{number}@example.org", f"Moved: session {number}", TEXT)


def _handed_in(database: Database, count: int) -> float:
    begun = time.monotonic()
    with database.work() as work:
        for number in range(count):
            hand_in(work, _letter(number))
    return time.monotonic() - begun


def _sent(database: Database, port: int, count: int) -> dict[str, Any]:
    mailer = Mailer(database, SmtpTransport("127.0.0.1", port, SENDER.address), SENDER)
    begun, used, sent = time.monotonic(), time.process_time(), 0
    while attempted := mailer.send_due():
        sent += attempted
    seconds, processor = time.monotonic() - begun, time.process_time() - used
    if sent != count:
        raise RuntimeError(f"{sent} of {count} letters were sent")
    return {"letters": count, "rate": round(count / seconds), "cpu_us": round(processor / count * 1e6)}


def _parts(port: int, count: int) -> tuple[int, int]:
    """Give the processor time, in µs a letter, of building it and of handing it over."""
    now, used = utc_now(), time.process_time()
    built = [compose(_letter(number), SENDER, now).as_bytes() for number in range(count)]
    building = time.process_time() - used
    with smtplib.SMTP("127.0.0.1", port, timeout=30) as connection:
        used = time.process_time()
        for number, message in enumerate(built):
            connection.sendmail(SENDER.address, [f"ada{number}@example.org"], message)
        sending = time.process_time() - used
    return round(building / count * 1e6), round(sending / count * 1e6)


if __name__ == "__main__":
    run(measure, about="The way of a letter.")
