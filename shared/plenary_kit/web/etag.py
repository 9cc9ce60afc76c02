"""ETags from integer versions: who changes something says which version they saw, so that no two people overwrite each other unseen."""

import re
from typing import cast

from flask import Response, request

from plenary_kit.refusal import Refusal

_ETAG = re.compile(r'"v(\d{1,18})"', re.ASCII)


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


def refuse_unless_version(seen: int, version: int) -> None:
    """Raise `VersionStale` unless the version that was `seen` is still the present one."""
    if seen != version:
        raise VersionStale("Somebody changed this in the meantime. Read the latest version and make your change again.")


def with_version(response: Response, version: int) -> Response:
    """Name the version in the answer, and answer 304 to a reader who has it already."""
    response.headers["ETag"] = etag_of(version)
    return cast("Response", response.make_conditional(request.environ))
