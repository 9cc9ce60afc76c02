"""Settings of a service's web edge."""

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

MEGABYTE = 1024 * 1024
SHORTEST_SECRET = 32
_LOCAL = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True, kw_only=True)
class WebSettings:
    """How a service meets the world.

    `secret_key` signs page sessions, CSRF tokens and cursors; all services of one installation share it, as they share one origin.
    `public_url` is the origin that people type, e.g. `https://meetings.example.org`. `max_body` is in bytes.
    """

    secret_key: str
    public_url: str
    environment: Literal["embedded", "deployed", "test"]
    max_body: int = 2 * MEGABYTE
    trusted_hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse to start with settings that cannot be safe."""
        if self.environment == "deployed" and len(self.secret_key) < SHORTEST_SECRET:
            raise ValueError(f"the secret key needs at least {SHORTEST_SECRET} characters")
        if urlsplit(self.public_url).hostname is None:
            raise ValueError("the public URL needs a scheme and a host, as in https://meetings.example.org")

    @property
    def https(self) -> bool:
        """Tell whether people reach the service through TLS."""
        return urlsplit(self.public_url).scheme == "https"

    @property
    def hosts(self) -> list[str]:
        """List the Host headers that are answered; this machine's own names too unless deployed."""
        own = [urlsplit(self.public_url).hostname or "", *self.trusted_hosts]
        return own if self.environment == "deployed" else [*own, *_LOCAL]
