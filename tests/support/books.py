"""The tables of an installation as plain values, read without a word of the product: ids without dashes, lists and documents as text."""

import json
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import create_engine, text

Row = tuple[Any, ...]
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class Books:
    """Reads the databases of the services by their addresses; `close` gives the connections back."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self._engines = {name: create_engine(url) for name, url in urls.items()}

    def rows(self, service: str, statement: str) -> list[Row]:
        with self._engines[service].connect() as connection:
            return [tuple(map(_plain, row)) for row in connection.execute(text(statement))]

    def close(self) -> None:
        for engine in self._engines.values():
            engine.dispose()


def body(payload: bytes | memoryview) -> dict[str, Any]:
    """Read the data of a stored message."""
    found: dict[str, Any] = json.loads(bare(bytes(payload).decode()))["data"]
    return found


def bare(words: str) -> str:
    """Write ids as both kinds of database can be made to."""
    return _ID.sub(lambda found: found[0].replace("-", ""), words)


def _plain(value: Any) -> Any:
    if isinstance(value, bytes | memoryview | int | None):
        return value
    if isinstance(value, list | dict):
        return bare(json.dumps(value))
    return bare(str(value))
