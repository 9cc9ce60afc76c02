"""What can be done with societies, people, roles and sign-ins."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select

from plenary_contracts.proposals import RoleGranted, SignInEnded
from plenary_kit.identity.grants import remember_ended_session, remember_grant
from plenary_kit.mail.letters import Letter
from plenary_kit.mail.post import hand_in
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_proposals.people.model import (
    CODE_LIFETIME,
    CODE_TRIES,
    SIGN_IN_LIFETIME,
    Person,
    SignIn,
    SignInCode,
    Society,
    StaleProfile,
    TooManyCodes,
    WrongCode,
    digest,
)


@dataclass(frozen=True)
class SignedIn:
    """A sign-in that succeeded: enough to issue a token."""

    session_id: UUID
    person_id: UUID
    name: str
    until: datetime


@dataclass(frozen=True)
class Profile:
    """What people say about themselves; `time_zone` is an IANA name."""

    name: str
    affiliation: str
    time_zone: str


def found_society(database: Database, *, slug: str, name: str, time_zone: str) -> UUID:
    """Found a society; announces `society.founded`."""
    with database.work() as work:
        society = Society(id=new_id(), slug=slug, name=name, time_zone=time_zone)
        work.session.add(society)
        work.announce(society.founded())
        return society.id


def register_person(work: Work, *, name: str, email: str | None, affiliation: str = "", time_zone: str = "UTC") -> Person:
    """Make a person known inside the unit of work `work`; announces `person.registered`."""
    person = Person(id=new_id(), name=name, email=email, affiliation=affiliation, time_zone=time_zone, registered_at=work.now)
    work.session.add(person)
    work.session.flush()
    work.announce(person.registered())
    return person


def person_of(work: Work, email: str, name: str = "") -> Person:
    """Give the person who signs in with `email` (case folded), registering one of that name where there is none."""
    person = work.session.scalar(select(Person).where(Person.email == email))
    return person or register_person(work, name=name or email.partition("@")[0], email=email)


def grant_role(database: Database, *, person_id: UUID, role: str, scope_kind: str, scope_id: UUID) -> None:
    """Give a person a role within a scope; announces `role.granted`."""
    with database.work() as work:
        give_role(work, person_id=person_id, role=role, scope_kind=scope_kind, scope_id=scope_id)


def give_role(work: Work, *, person_id: UUID, role: str, scope_kind: str, scope_id: UUID) -> UUID:
    """Give a person a role inside the unit of work `work`; announces `role.granted`, gives the grant's id."""
    grant = RoleGranted(id=new_id(), person_id=person_id, role=role, scope_kind=scope_kind, scope_id=scope_id)
    remember_grant(work.session, id=grant.id, person_id=person_id, role=role, scope_kind=scope_kind, scope_id=scope_id)
    work.announce(grant)
    return grant.id


def appoint(database: Database, *, email: str, role: str, scope_kind: str, scope_id: UUID) -> None:
    """Give a role to whoever signs in with `email`, registering a person where there is none; announces what `grant_role` does."""
    with database.work() as work:
        give_role(work, person_id=person_of(work, email.casefold()).id, role=role, scope_kind=scope_kind, scope_id=scope_id)


def ask_for_code(database: Database, *, email: str, browser: str) -> UUID:
    """Mail a six-digit code to `email`, good in this `browser` (or program) alone; the same answer whether or not the address is known.

    Raises `TooManyCodes` after five codes in ten minutes.
    """
    address, code = email.casefold(), f"{secrets.randbelow(1_000_000):06d}"
    with database.work() as work:
        since = work.now - CODE_LIFETIME
        recent = work.session.scalar(select(func.count()).where(SignInCode.email == address, SignInCode.asked_at > since)) or 0
        if recent >= CODE_TRIES:
            raise TooManyCodes("Too many codes were asked for. Use the latest one, or wait ten minutes.", field="email")
        request = SignInCode(id=new_id(), email=address, browser_digest=digest(browser), code_digest="", asked_at=work.now)
        request.code_digest = digest(f"{request.id}{code}")
        work.session.add(request)
        hand_in(work, _code_letter(request.id, address, code))
        return request.id


def sign_in(database: Database, *, request_id: UUID, code: str, browser: str, name: str = "") -> SignedIn:
    """Use a code up and open a sign-in; a new address becomes a person. A wrong try is counted, then raises `WrongCode`."""
    refused: WrongCode | None = None
    with database.work() as work:
        request = work.session.get(SignInCode, request_id, with_for_update=True)
        if request is None:
            raise WrongCode("This code does not fit. Ask for a new one.", field="code")
        try:
            request.refuse_unless_right(code, browser, work.now)
        except WrongCode as refusal:
            refused = refusal  # the lowered count of tries must be committed before the refusal goes out
        else:
            return _open(work, person_of(work, request.email, name))
    raise refused


def sign_in_as(database: Database, person_id: UUID) -> SignedIn:
    """Open a sign-in without a code: the demonstration's one-click door, which the deployed shape does not mount."""
    with database.work() as work:
        person = work.session.get(Person, person_id)
        if person is None:
            raise NotFound("There is no such person.")
        return _open(work, person)


def sign_out(database: Database, session_id: UUID) -> None:
    """End a sign-in everywhere; announces `sign_in.ended`. Ending it twice changes nothing."""
    with database.work() as work:
        session = work.session.get(SignIn, session_id, with_for_update=True)
        if session is not None:
            _end(work, session)


def end_sign_in(database: Database, *, by: UUID, session_id: UUID) -> None:
    """End one of a person's own sign-ins, as `sign_out` does; somebody else's raises `NotFound` like one that does not exist."""
    with database.work() as work:
        session = work.session.get(SignIn, session_id, with_for_update=True)
        if session is None or session.person_id != by:
            raise NotFound("There is no such sign-in.")
        _end(work, session)


def end_other_sign_ins(database: Database, *, by: UUID, kept: UUID) -> int:
    """End every sign-in of a person but the one that is `kept`; announces `sign_in.ended` for each, gives their number."""
    with database.work() as work:
        others = select(SignIn).where(SignIn.person_id == by, SignIn.id != kept, SignIn.ended_at.is_(None), SignIn.until > work.now)
        found = list(work.session.scalars(others.order_by(SignIn.id).with_for_update()))
        for session in found:
            _end(work, session)
        return len(found)


def change_profile(database: Database, *, by: UUID, version: int, profile: Profile) -> None:
    """Describe oneself anew over `version`; announces `person.changed` if anything changed. A newer version raises `StaleProfile`."""
    with database.work() as work:
        person = work.session.get(Person, by, with_for_update=True)
        if person is None:
            raise NotFound("There is no such person.")
        if person.version != version:
            raise StaleProfile("Your profile was saved elsewhere since you opened it. Both are below.")
        changed = person.describe(name=profile.name, affiliation=profile.affiliation, time_zone=profile.time_zone)
        if changed is not None:
            work.announce(changed)


def _open(work: Work, person: Person) -> SignedIn:
    session = SignIn(id=new_id(), person_id=person.id, since=work.now, until=work.now + SIGN_IN_LIFETIME)
    work.session.add(session)
    return SignedIn(session_id=session.id, person_id=person.id, name=person.name, until=session.until)


def _end(work: Work, session: SignIn) -> None:
    if session.ended_at is None:
        session.ended_at = work.now
        remember_ended_session(work.session, session_id=session.id, until=session.until)
        work.announce(SignInEnded(id=session.id, until=session.until))


def _code_letter(request_id: UUID, address: str, code: str) -> Letter:
    minutes = CODE_LIFETIME // timedelta(minutes=1)
    text = (
        f"Your code is {code}\n\nEnter it in the browser or program in which you asked for it. It works once, within {minutes} minutes.\n\n"
        "If you did not ask for it, ignore this mail: nobody can sign in without the code.\n"
    )
    return Letter(id=request_id, topic="sign-in", name="", address=address, subject="Your Plenary sign-in code", text=text, secret=True)
