"""Societies, persons and the ways they sign in.

A sign-in code is six digits, good for ten minutes and five tries, and bound to the browser that asked for it; only hashes are kept.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from plenary_contracts.proposals import PersonChanged, PersonRegistered, SocietyFounded
from plenary_kit.refusal import Refusal, Stale
from plenary_proposals.base import Base

CODE_LIFETIME = timedelta(minutes=10)
CODE_TRIES = 5
SIGN_IN_PACE = "120 per minute"  # for one address: a lecture hall behind one, and no machine that guesses
SIGN_IN_LIFETIME = timedelta(hours=12)
NAME_LIMIT = 200


class WrongCode(Refusal):
    """The code does not fit: mistyped, used up, too old, or asked for by another browser."""

    code = "wrong-code"
    status = 422


class TooManyCodes(Refusal):
    """One address may ask for five codes in ten minutes."""

    code = "too-many-codes"
    status = 429


class StaleProfile(Stale):
    """The profile was saved elsewhere since it was read."""

    code = "stale-profile"


class Society(Base):
    """A learned society; `time_zone` (IANA) is the default of its meetings."""

    __tablename__ = "society"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]

    def founded(self) -> SocietyFounded:
        """State the society as a fact."""
        return SocietyFounded(id=self.id, slug=self.slug, name=self.name, time_zone=self.time_zone)


class Person(Base):
    """Someone who proposes, presents, chairs or attends; without an `email` they have no account yet. `version` guards against lost edits."""

    __tablename__ = "person"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    affiliation: Mapped[str] = mapped_column(default="")
    email: Mapped[str | None] = mapped_column(unique=True)
    time_zone: Mapped[str] = mapped_column(default="UTC")
    registered_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(server_default="1")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy reads it as a plain dict

    def registered(self) -> PersonRegistered:
        """State the person as a fact."""
        return PersonRegistered(id=self.id, name=self.name, affiliation=self.affiliation, email=self.email, time_zone=self.time_zone)

    def describe(self, *, name: str, affiliation: str, time_zone: str) -> PersonChanged | None:
        """Take a new description of oneself; gives the fact, or None when it says what was known already."""
        if (self.name, self.affiliation, self.time_zone) == (name, affiliation, time_zone):
            return None
        self.name, self.affiliation, self.time_zone = name, affiliation, time_zone
        return PersonChanged(id=self.id, name=name, affiliation=affiliation, email=self.email, time_zone=time_zone)


class SignInCode(Base):
    """A code that was mailed to `email` for one browser."""

    __tablename__ = "sign_in_code"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(index=True)
    browser_digest: Mapped[str]
    code_digest: Mapped[str]
    asked_at: Mapped[datetime]
    tries_left: Mapped[int] = mapped_column(default=CODE_TRIES)
    used_at: Mapped[datetime | None]

    def refuse_unless_right(self, code: str, browser: str, now: datetime) -> None:
        """Use the code up, or raise `WrongCode`; a wrong try counts (the caller keeps the count durable)."""
        alive = self.used_at is None and self.tries_left > 0 and now < self.asked_at + CODE_LIFETIME
        same_browser = hmac.compare_digest(self.browser_digest, digest(browser))
        same_code = hmac.compare_digest(self.code_digest, digest(f"{self.id}{code}"))
        if alive and same_browser and same_code:
            self.used_at = now
            return
        self.tries_left = max(0, self.tries_left - 1)
        raise WrongCode("This code does not fit. Check the latest mail, or ask for a new code.", field="code")


class SignIn(Base):
    """One browser's sign-in: the session that a token names."""

    __tablename__ = "sign_in"
    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(index=True)
    since: Mapped[datetime]
    until: Mapped[datetime]
    ended_at: Mapped[datetime | None]


def digest(secret: str) -> str:
    """Hash a short-lived secret for storage."""
    return hashlib.sha256(secret.encode()).hexdigest()
