"""Probes for the health checks of containers: `python -m plenary.probe alive`, or `ready http://127.0.0.1:8000`.

Asked every few seconds in every container, so it imports nothing but the standard library.
"""

import os
import sys
from collections.abc import Sequence
from http.client import HTTPConnection
from urllib.parse import urlsplit

from plenary.signals import age_of_sign_of_life

STALE_SECONDS = 15.0
_OK = 200


def main(arguments: Sequence[str]) -> str | None:
    """Answer None when all is well, else a sentence that says what is not."""
    match list(arguments):
        case ["alive"]:
            return not_alive()
        case ["ready", address]:
            return not_ready(address, os.environ.get("PLENARY_SERVICE", ""), os.environ.get("PLENARY_PUBLIC_URL", ""))
        case _:
            return "usage: python -m plenary.probe alive | ready ADDRESS"


def not_alive() -> str | None:
    """Say why the worker of this container seems dead: it gave no sign of life lately."""
    age = age_of_sign_of_life()
    if age is None:
        return "No worker gave a sign of life here."
    return f"The last sign of life is {age:.0f} seconds old." if age > STALE_SECONDS else None


def not_ready(address: str, service: str, public_url: str) -> str | None:
    """Say why the web process at `address` is not ready: it does not answer, or something that it needs does not."""
    place = urlsplit(address)
    connection = HTTPConnection(place.hostname or "127.0.0.1", place.port or 80, timeout=5)
    try:
        connection.request("GET", f"/{service}/readyz", headers={"Host": urlsplit(public_url).netloc})
        answer = connection.getresponse()
        said = answer.read(1000).decode("utf-8", "replace").strip()
    except OSError as error:
        return f"Nothing answers at {address}: {type(error).__name__}."
    finally:
        connection.close()
    return None if answer.status == _OK else f"{answer.status}: {said}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
