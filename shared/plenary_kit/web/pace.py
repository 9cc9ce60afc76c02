"""Pace: how often one address may ask for what costs others something, such as a letter, or a guess at a code.

Counted in each process. Behind a gateway the address is the one that the gateway saw: see `plenary.site`.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

_PACE = "plenary_pace"
View = TypeVar("View", bound=Callable[..., object])


def paced(limit: str) -> Callable[[View], View]:
    """Mark a view with its pace for one address, as in `120 per minute`; place it directly under the route."""

    def mark(view: View) -> View:
        setattr(view, _PACE, limit)
        return view

    return mark


def keep_pace(app: Flask) -> None:
    """Hold every marked view of `app` to its pace: whoever is faster gets 429 and is told when to come back."""
    limiter = Limiter(get_remote_address, app=app, storage_uri="memory://", headers_enabled=True, strategy="moving-window")
    for endpoint, view in app.view_functions.items():
        limit = getattr(view, _PACE, None)
        if limit is not None:
            app.view_functions[endpoint] = cast("Any", limiter.limit(limit)(view))
