"""The thread of a request: its id, its correlation id and its `traceparent`, in and out."""

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import uuid_utils.compat

from plenary_kit.context import MessageContext, within
from plenary_kit.observability.tracing import continue_trace

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

REQUEST_ID = "plenary.request_id"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}", re.ASCII)


class Traced:
    """WSGI: run each request as one step of a story, so that the facts it announces belong to that story.

    A request id or correlation id from outside is taken over when it is well formed; anything else is replaced.
    """

    def __init__(self, app: "WSGIApplication") -> None:
        """Wrap `app`."""
        self._app = app

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """Answer one request."""
        request_id = _sound(environ.get("HTTP_X_REQUEST_ID")) or str(uuid_utils.compat.uuid7())
        environ[REQUEST_ID] = request_id
        context = MessageContext(
            correlation_id=_sound(environ.get("HTTP_X_CORRELATION_ID")) or request_id,
            causation_id=request_id,
            traceparent=continue_trace(environ.get("HTTP_TRACEPARENT")),
        )
        with within(context):
            return self._app(environ, start_response)


def _sound(text: str | None) -> str | None:
    return text if text and _ID.fullmatch(text) else None
