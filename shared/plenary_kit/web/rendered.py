"""Answers that look the same to every guest, made once until something changes, and sent again only to those who have an older one.

An answer is good for as long as the service neither announced nor took in anything. That is asked at once after a commit of this very process, and
else at most once a second: what another process changed is seen by guests within that second. Whoever is signed in, or has a message waiting in the
page session, gets a page of their own and never one from here.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Lock
from typing import cast

from flask import Response, request, session

from plenary_kit.identity.visitor import current_visitor
from plenary_kit.messaging.mark import Mark, backbone_mark
from plenary_kit.persistence.database import Database

TRUSTED_SECONDS = 1.0
MOST = 256


@dataclass(frozen=True)
class _Kept:
    body: bytes
    etag: str
    mark: Mark
    commits: int
    checked_at: float


class Rendered:
    """The answers that are kept of one service in this process, the least wanted given up beyond `MOST`."""

    def __init__(self, database: Database) -> None:
        """Keep answers for as long as `database` stays as it is."""
        self._database = database
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        self._lock = Lock()

    def answer(self, content_type: str, render: Callable[[], str | bytes]) -> Response:
        """Answer this request from what is kept, or by `render`; 304 to whoever has it already."""
        if current_visitor() is not None or session.get("_flashes"):
            return Response(render(), content_type=content_type)
        kept = self._good(request.path, render)
        response = Response(kept.body, content_type=content_type)
        response.set_etag(kept.etag)
        response.headers["Cache-Control"] = "no-cache"
        return cast("Response", response.make_conditional(request))

    def _good(self, key: str, render: Callable[[], str | bytes]) -> _Kept:
        kept = self._kept.get(key)
        commits, now = self._database.commits, time.monotonic()
        if kept is not None and kept.commits == commits and now - kept.checked_at < TRUSTED_SECONDS:
            return kept
        with self._database.reading() as reading:
            mark = backbone_mark(reading)
        if kept is not None and kept.mark == mark and kept.commits == commits:
            return self._keep(key, replace(kept, checked_at=now))
        body = render()
        made = body.encode() if isinstance(body, str) else body
        return self._keep(key, _Kept(made, hashlib.sha256(made).hexdigest()[:32], mark, commits, now))

    def _keep(self, key: str, kept: _Kept) -> _Kept:
        with self._lock:
            self._kept[key] = kept
            self._kept.move_to_end(key)
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return kept
