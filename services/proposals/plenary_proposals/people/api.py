"""The API of people: signing a program in with a mailed code, who one is, one's sign-ins, and the societies of this installation."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import marshmallow as ma
from flask import current_app

from plenary_kit.identity.identity import identity_of
from plenary_kit.identity.visitor import Visitor, require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import PUBLIC, ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.etag import expected_version, versioned
from plenary_kit.web.fields import EmailAddress, Identifier, Instant, Text, TimeZone, WholeNumber
from plenary_kit.web.pace import paced
from plenary_proposals.people.actions import Profile, ask_for_code, change_profile, end_other_sign_ins, end_sign_in, sign_in, sign_out
from plenary_proposals.people.model import NAME_LIMIT, SIGN_IN_PACE
from plenary_proposals.people.queries import SelfRow, SignInRow, SocietyRow, oneself, sign_ins_part, societies_part


class AddressSchema(ma.Schema):
    """Where the code goes."""

    email = EmailAddress(required=True)


class CodeRequestSchema(ma.Schema):
    """A code is on its way by mail: `secret` stays with the program that asked, and the code is worth nothing without it."""

    request_id = Identifier(required=True)
    secret = Text(required=True)


class CodeSchema(ma.Schema):
    """The code from the mail, with what the asking program was given; `name` is for an address that is new here."""

    request_id = Identifier(required=True)
    secret = Text(min=1, max=200, required=True)
    code = Text(min=1, max=20, required=True)
    name = Text(max=200, load_default="")


class TokenSchema(ma.Schema):
    """A bearer token, good in all services until it expires or its sign-in is ended."""

    token = Text(required=True)
    expires_at = Instant(required=True)
    person_id = Identifier(required=True)


class GrantSchema(ma.Schema):
    """A role in a society or a meeting."""

    role = Text(required=True)
    scope_kind = Text(required=True)
    scope_id = Identifier(required=True)


class ProfileSchema(ma.Schema):
    """What people say about themselves; the mail address is the one they sign in with."""

    name = Text(min=1, max=NAME_LIMIT, required=True)
    affiliation = Text(max=NAME_LIMIT, load_default="")
    time_zone = TimeZone(required=True)


class SignInSchema(ma.Schema):
    """A sign-in that is good now."""

    id = Identifier(required=True)
    since = Instant(required=True)
    until = Instant(required=True)


class SelfSchema(ma.Schema):
    """A person as they see themselves."""

    id = Identifier(required=True)
    name = Text(required=True)
    affiliation = Text(required=True)
    email = Text(required=True, allow_none=True)
    time_zone = Text(required=True)
    version = WholeNumber(required=True, metadata={"description": "of the profile"})
    roles = ma.fields.List(ma.fields.Nested(GrantSchema), required=True)


class SocietySchema(ma.Schema):
    """A learned society."""

    id = Identifier(required=True)
    slug = Text(required=True)
    name = Text(required=True)
    time_zone = Text(required=True)


@dataclass(frozen=True)
class Token:
    """What a program that signed in is given."""

    token: str
    expires_at: datetime
    person_id: UUID


def sign_in_api(database: Database) -> ApiBlueprint:
    """Make the sign-in. Its answers hold secrets, so they are not kept for an `Idempotency-Key`; a code works once anyway."""
    api = ApiBlueprint("Sign-in", __name__, url_prefix="/api/sign-in", description="Signing a program in and out")

    @api.route("/codes", methods=["POST"])
    @paced(SIGN_IN_PACE)
    @api.doc(security=PUBLIC)
    @api.arguments(AddressSchema)
    @api.response(201, CodeRequestSchema)
    def ask(values: dict[str, str]) -> dict[str, Any]:
        """Ask for a code by mail."""
        secret = secrets.token_urlsafe(24)
        return {"request_id": ask_for_code(database, email=values["email"], browser=secret), "secret": secret}

    @api.route("/tokens", methods=["POST"])
    @paced(SIGN_IN_PACE)
    @api.doc(security=PUBLIC)
    @api.arguments(CodeSchema)
    @api.response(201, TokenSchema)
    def enter(values: dict[str, Any]) -> Token:
        """Exchange the code for a token."""
        code, name = values["code"].replace(" ", ""), values["name"]
        signed_in = sign_in(database, request_id=values["request_id"], code=code, browser=values["secret"], name=name)
        visitor = Visitor(person_id=signed_in.person_id, name=signed_in.name, session_id=signed_in.session_id)
        return Token(identity_of(current_app).issue(visitor), signed_in.until, signed_in.person_id)

    @api.route("", methods=["DELETE"])
    @api.response(204)
    def leave() -> None:
        """End this sign-in in all services."""
        sign_out(database, require_visitor().session_id)

    return api


def people_api(database: Database) -> ApiBlueprint:
    """Make the API of oneself."""
    api = ApiBlueprint("People", __name__, url_prefix="/api/me", description="Who one is, and where one is signed in")

    def answer() -> tuple[SelfRow, int, dict[str, str]]:
        with database.reading() as reading:
            row = oneself(reading, require_visitor().person_id)
        return row, 200, versioned(row.version)  # never 304: roles change without the profile's version

    @api.route("", methods=["GET"])
    @api.response(200, SelfSchema)
    def me() -> tuple[SelfRow, int, dict[str, str]]:
        """Tell who is signed in, and in which roles."""
        return answer()

    @api.route("", methods=["PUT"])
    @api.guarded
    @api.arguments(ProfileSchema)
    @api.response(200, SelfSchema)
    def describe(values: dict[str, str]) -> tuple[SelfRow, int, dict[str, str]]:
        """Describe oneself anew; programs show the new name at once."""
        change_profile(database, by=require_visitor().person_id, version=expected_version(), profile=Profile(**values))
        return answer()

    @api.route("/sign-ins", methods=["GET"])
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(SignInSchema))
    def mine(arguments: dict[str, Any]) -> tuple[Page[SignInRow], int, dict[str, str]]:
        """List where one is signed in, the latest first."""
        person_id = require_visitor().person_id
        paging = Paging(arguments, f"sign-ins of {person_id}")
        with database.reading() as reading:
            return paging.page(sign_ins_part(reading, person_id, database.clock(), paging.part), "id")

    @api.route("/sign-ins", methods=["DELETE"])
    @api.response(204)
    def end_others() -> None:
        """End all sign-ins but this one."""
        visitor = require_visitor()
        end_other_sign_ins(database, by=visitor.person_id, kept=visitor.session_id)

    @api.route("/sign-ins/<uuid:sign_in_id>", methods=["DELETE"])
    @api.response(204)
    def end_one(sign_in_id: UUID) -> None:
        """End one of one's sign-ins in all services."""
        end_sign_in(database, by=require_visitor().person_id, session_id=sign_in_id)

    return api


def society_api(database: Database) -> ApiBlueprint:
    """Make the API of societies; founding one is the operator's."""
    api = ApiBlueprint("Societies", __name__, url_prefix="/api/societies", description="The societies of this installation")

    @api.route("", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(SocietySchema))
    def all_societies(arguments: dict[str, Any]) -> tuple[Page[SocietyRow], int, dict[str, str]]:
        """List the societies by name."""
        paging = Paging(arguments, "societies")
        with database.reading() as reading:
            return paging.page(societies_part(reading, paging.part), "name", "id")

    return api
