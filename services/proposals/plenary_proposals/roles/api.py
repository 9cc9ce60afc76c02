"""The API of roles, for administrators of a society."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.fields import Choice, EmailAddress, Identifier, Text
from plenary_proposals.people.access import refuse_unless_administrator
from plenary_proposals.people.queries import society_by_id
from plenary_proposals.roles.actions import grant, revoke
from plenary_proposals.roles.model import MEETING, ROLES, SOCIETY
from plenary_proposals.roles.queries import RoleRow, meeting_scope, role_by_id, roles_part, scope_of


class NewRoleSchema(ma.Schema):
    """A role to be given: of the society, or with `meeting_id` of one of its meetings. A new address becomes a person."""

    email = EmailAddress(required=True)
    role = Choice(list(ROLES), required=True)
    meeting_id = Identifier(allow_none=True, load_default=None)


class RoleSchema(ma.Schema):
    """A role that a person holds."""

    id = Identifier(required=True)
    person_id = Identifier(required=True)
    name = Text(required=True)
    email = Text(required=True, allow_none=True)
    role = Text(required=True)
    scope_kind = Choice([SOCIETY, MEETING], required=True)
    scope_id = Identifier(required=True)
    scope = Text(required=True, metadata={"description": "the name of the society or the title of the meeting"})


def role_api(database: Database) -> ApiBlueprint:
    """Make the API of roles."""
    api = ApiBlueprint("Roles", __name__, url_prefix="/api/societies/<uuid:society_id>/roles", description="Who may do what, for administrators")

    def administrator_of(society_id: UUID) -> UUID:
        by = require_visitor().person_id
        with database.reading() as reading:
            refuse_unless_administrator(reading, by, society_id)
        return by

    @api.route("", methods=["GET"])
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(RoleSchema))
    def some(arguments: dict[str, Any], society_id: UUID) -> tuple[Page[RoleRow], int, dict[str, str]]:
        """List who holds which role in the society and its meetings."""
        administrator_of(society_id)
        paging = Paging(arguments, f"roles {society_id}")
        with database.reading() as reading:
            return paging.page(roles_part(reading, society_id, paging.part), "id")

    @api.route("", methods=["POST"])
    @api.once
    @api.arguments(NewRoleSchema)
    @api.response(201, RoleSchema)
    def give(values: dict[str, Any], society_id: UUID) -> tuple[RoleRow, int]:
        """Give a role to whoever signs in with an address; they are told by mail."""
        by, meeting_id = administrator_of(society_id), values["meeting_id"]
        with database.reading() as reading:
            scope = meeting_scope(reading, society_id, meeting_id) if meeting_id else scope_of(society_by_id(reading, society_id))
        grant_id = grant(database, by=by, email=values["email"], role=values["role"], scope=scope)
        with database.reading() as reading:
            return role_by_id(reading, society_id, grant_id), 201

    @api.route("/<uuid:grant_id>", methods=["DELETE"])
    @api.response(204)
    def take(society_id: UUID, grant_id: UUID) -> None:
        """Take a role away, in all services."""
        revoke(database, by=require_visitor().person_id, society_id=society_id, grant_id=grant_id)

    return api
