"""The API of the inbox: what one was told, and what of it is read."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.fields import Choice, Identifier, Instant, Text, WholeNumber
from plenary_notifications.notices.actions import mark_all_read, mark_read
from plenary_notifications.notices.queries import NoticeRow, inbox_part, notice_of, unread

READ, UNREAD = "read", "unread"


class NoticeSchema(ma.Schema):
    """A notice; `read_at` is null while it is unread."""

    id = Identifier(required=True)
    topic = Text(required=True)
    title = Text(required=True)
    text = Text(required=True)
    reason = Text(required=True, metadata={"description": "why one is told: \u201cYou get this because ...\u201d"})
    told_at = Instant(required=True)
    read_at = Instant(required=True, allow_none=True)


class NoticeArguments(PageArguments):
    """Which notices."""

    state = Choice([READ, UNREAD], load_default=None)


class UnreadSchema(ma.Schema):
    """How many notices are unread."""

    unread = WholeNumber(required=True)


def notice_api(database: Database) -> ApiBlueprint:
    """Make the API of the inbox."""
    api = ApiBlueprint("Inbox", __name__, url_prefix="/api/notices", description="What one was told")

    @api.route("", methods=["GET"])
    @api.arguments(NoticeArguments, location="query")
    @api.response(200, page_of(NoticeSchema))
    def some(arguments: dict[str, Any]) -> tuple[Page[NoticeRow], int, dict[str, str]]:
        """List what one was told, the latest first."""
        person_id, read = require_visitor().person_id, {READ: True, UNREAD: False}.get(arguments["state"])
        paging = Paging(arguments, f"notices of {person_id} {read}")
        with database.reading() as reading:
            return paging.page(inbox_part(reading, person_id, paging.part, read=read), "id")

    @api.route("/unread", methods=["GET"])
    @api.response(200, UnreadSchema)
    def count() -> dict[str, int]:
        """Count what is unread."""
        with database.reading() as reading:
            return {"unread": unread(reading, require_visitor().person_id)}

    @api.route("/<uuid:notice_id>", methods=["GET"])
    @api.response(200, NoticeSchema)
    def one(notice_id: UUID) -> NoticeRow:
        """Look at a notice."""
        with database.reading() as reading:
            return notice_of(reading, require_visitor().person_id, notice_id)

    @api.route("/<uuid:notice_id>/read", methods=["PUT"])
    @api.response(204)
    def read_one(notice_id: UUID) -> None:
        """Mark a notice as read."""
        mark_read(database, person_id=require_visitor().person_id, notice_id=notice_id)

    @api.route("/read", methods=["PUT"])
    @api.response(204)
    def read_all() -> None:
        """Mark everything as read."""
        mark_all_read(database, person_id=require_visitor().person_id)

    return api
