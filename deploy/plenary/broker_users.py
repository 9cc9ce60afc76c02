"""Users of the broker: each service may declare, write and read what is its own, and read what the others publish; nothing else.

They are made through RabbitMQ's management API, again at every start: a changed password takes effect, and doing it twice changes nothing.
"""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from urllib.parse import quote, urlsplit

from plenary.settings import SERVICES
from plenary_kit.refusal import Refusal

_VHOST = quote("/", safe="")
_DONE = (200, 201, 204)


class BrokerRefused(Refusal):
    """The management API cannot be reached, or does not take what it is sent."""

    code = "broker-refused"


@dataclass(frozen=True)
class Rights:
    """Regular expressions over names, as RabbitMQ's permissions are."""

    configure: str
    write: str
    read: str


def rights_of(service: str) -> Rights:
    """Say what a service may do: its own exchange, queue, dead letters and sign of listening, and binding its queue to any exchange of facts."""
    own = rf"^{service}\.(events|inbox|dead|listening\.[0-9a-f]{{8}})$"
    return Rights(configure=own, write=own, read=rf"^({service}\.(inbox|dead)|[a-z]+\.events)$")


@dataclass(frozen=True)
class Management:
    """RabbitMQ's management API at `url`, spoken to as an administrator."""

    url: str
    user: str
    password: str

    def ensure_users(self, passwords: Mapping[str, str]) -> None:
        """Give each service its user; raises `BrokerRefused`."""
        for service in SERVICES:
            self._put(f"users/{service}", {"password": passwords[service], "tags": ""})
            self._put(f"permissions/{_VHOST}/{service}", vars(rights_of(service)))

    def _put(self, path: str, body: Mapping[str, str]) -> None:
        place = urlsplit(self.url)
        token = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        connection = HTTPConnection(place.hostname or "localhost", place.port or 15672, timeout=10)
        try:
            headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
            connection.request("PUT", f"/api/{path}", json.dumps(body), headers)
            status = connection.getresponse().status
        except (OSError, HTTPException) as error:
            raise BrokerRefused(f"The broker's management API at {self.url} cannot be reached: {type(error).__name__}.") from error
        finally:
            connection.close()
        if status not in _DONE:
            raise BrokerRefused(f"The broker answered {status} to {path.partition('/')[0]}; check the administrator's name and password.")
