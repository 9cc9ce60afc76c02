"""A gateway for tests: passes each request on to the port that its path belongs to, as the deployed shape's gateway does."""

from collections.abc import Callable
from contextlib import closing
from http.client import HTTPConnection
from typing import Any

_HOP_BY_HOP = {"connection", "transfer-encoding"}


class Proxy:
    """A WSGI application in front of real servers on this machine."""

    def __init__(self, port_of: Callable[[str], int], statuses: dict[int, int] | None = None) -> None:
        """Ask `port_of` for the port of a path's first part; `statuses` counts the answers of each kind."""
        self._port_of, self._statuses = port_of, {} if statuses is None else statuses

    def __call__(self, environ: dict[str, Any], start_response: Any) -> list[bytes]:
        path = environ["PATH_INFO"].encode("latin-1").decode()
        query = f"?{environ['QUERY_STRING']}" if environ["QUERY_STRING"] else ""
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        with closing(HTTPConnection("127.0.0.1", self._port_of(path.split("/")[1]), timeout=60)) as connection:
            connection.request(environ["REQUEST_METHOD"], path + query, body=body, headers=_headers(environ))
            answer = connection.getresponse()
            content = answer.read()
        self._statuses[answer.status] = self._statuses.get(answer.status, 0) + 1
        start_response(f"{answer.status} {answer.reason}", [pair for pair in answer.getheaders() if pair[0].lower() not in _HOP_BY_HOP])
        return [content]


def _headers(environ: dict[str, Any]) -> dict[str, str]:
    headers = {key[5:].replace("_", "-").title(): value for key, value in environ.items() if key.startswith("HTTP_")}
    return headers | {key.replace("_", "-").title(): environ[key] for key in ("CONTENT_TYPE", "CONTENT_LENGTH") if environ.get(key)}
