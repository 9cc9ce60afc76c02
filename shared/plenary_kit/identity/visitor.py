"""The visitor: the person who is asking, as far as a page or an API call knows them."""

from dataclasses import dataclass
from typing import cast
from uuid import UUID

from flask import g

from plenary_kit.refusal import Refusal


class SignInNeeded(Refusal):
    """Nobody is signed in: pages lead to the sign-in and come back, the API answers 401."""

    code = "sign-in-needed"
    status = 401


@dataclass(frozen=True)
class Visitor:
    """A signed-in person and the sign-in (`session_id`) that their token belongs to."""

    person_id: UUID
    name: str
    session_id: UUID


def current_visitor() -> Visitor | None:
    """Give who is signed in, or `None` for a guest."""
    return cast("Visitor | None", g.get("visitor"))


def require_visitor() -> Visitor:
    """Give who is signed in; raises `SignInNeeded` for a guest."""
    visitor = current_visitor()
    if visitor is None:
        raise SignInNeeded("Sign in to go on.")
    return visitor
