"""The inbox: what a person was told."""

from uuid import UUID

from flask import Blueprint, redirect, render_template
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_notifications.notices.actions import mark_all_read, mark_read
from plenary_notifications.notices.queries import inbox, unread


def notice_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("notices", __name__)

    @pages.get("/")
    def home() -> Response:
        return redirect("/notifications/inbox", 303)

    @pages.get("/inbox")
    def show() -> str:
        person_id = require_visitor().person_id
        with database.reading() as reading:
            return render_template("notifications/inbox.html", notices=inbox(reading, person_id), unread=unread(reading, person_id))

    @pages.post("/inbox/<uuid:notice_id>/read")
    def read(notice_id: UUID) -> Response:
        mark_read(database, person_id=require_visitor().person_id, notice_id=notice_id)
        return redirect(f"/notifications/inbox#{notice_id}", 303)

    @pages.post("/inbox/read")
    def read_all() -> Response:
        mark_all_read(database, person_id=require_visitor().person_id)
        return redirect("/notifications/inbox", 303)

    return pages
