"""ETags from integer versions: who changes something says which version they saw, so that no two people overwrite each other unseen."""

import re
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, cast

from flask import Response, make_response, request

from plenary_kit.refusal import Refusal

_ETAG = re.compile(r'"v(\d{1,18})"', re.ASCII)
P = ParamSpec("P")


class VersionMissing(Refusal):
    """A change came without If-Match."""

    code = "precondition-required"
    status = 428


class VersionStale(Refusal):
    """Somebody else changed the thing first."""

    code = "precondition-failed"
    status = 412


def etag_of(version: int) -> str:
    """Write a version as an ETag: `"v7"`."""
    return f'"v{version}"'


def versioned(version: int) -> dict[str, str]:
    """Give the header that names the version of what is answered."""
    return {"ETag": etag_of(version)}


def expected_version() -> int:
    """Read the version that the request's If-Match names, for the action to compare inside its transaction.

    Raises `VersionMissing` (428) without the header and `VersionStale` (412) if it cannot be one of ours.
    """
    header = request.headers.get("If-Match")
    if header is None:
        raise VersionMissing("Read the latest version first and send its ETag in If-Match.")
    found = _ETAG.fullmatch(header.strip())
    if found is None:
        raise VersionStale("If-Match names no version of this. Read it again.")
    return int(found[1])


def conditional(view: Callable[P, object]) -> Callable[P, Response]:
    """Answer 304 to a reader who has the version already; place it directly under `@blp.route`."""

    @wraps(view)
    def answer(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(cast("Response", view(*args, **kwargs)))
        return cast("Response", response.make_conditional(request.environ))

    return answer
