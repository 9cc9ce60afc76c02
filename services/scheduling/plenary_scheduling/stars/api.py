"""The API of one's stars: who stars a session is told when it moves."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.fields import Identifier, Instant
from plenary_scheduling.stars.actions import star, unstar
from plenary_scheduling.stars.queries import StarRow, stars_part


class StarSchema(ma.Schema):
    """A star on a session."""

    session_id = Identifier(required=True)
    starred_at = Instant(required=True)


def star_api(database: Database) -> ApiBlueprint:
    """Make the API of stars."""
    api = ApiBlueprint("Stars", __name__, url_prefix="/api/stars", description="One's own stars")

    @api.route("", methods=["GET"])
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(StarSchema))
    def mine(arguments: dict[str, Any]) -> tuple[Page[StarRow], int, dict[str, str]]:
        """List one's own stars."""
        person_id = require_visitor().person_id
        paging = Paging(arguments, f"stars of {person_id}")
        with database.reading() as reading:
            return paging.page(stars_part(reading, person_id, paging.part), "session_id")

    @api.route("/<uuid:session_id>", methods=["PUT"])
    @api.response(204)
    def add(session_id: UUID) -> None:
        """Star a session; doing it twice is one star."""
        star(database, person_id=require_visitor().person_id, session_id=session_id)

    @api.route("/<uuid:session_id>", methods=["DELETE"])
    @api.response(204)
    def remove(session_id: UUID) -> None:
        """Take the star away, if there is one."""
        unstar(database, person_id=require_visitor().person_id, session_id=session_id)

    return api
