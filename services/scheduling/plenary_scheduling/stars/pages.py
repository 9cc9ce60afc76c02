"""The star on a session: a button that works without script."""

from uuid import UUID

from flask import Blueprint, redirect, request
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.redirects import safe_next
from plenary_scheduling.stars.actions import star, unstar


def star_pages(database: Database) -> Blueprint:
    """Make the page actions."""
    pages = Blueprint("stars", __name__)

    @pages.post("/sessions/<uuid:session_id>/star")
    def toggle(session_id: UUID) -> Response:
        person_id = require_visitor().person_id
        action = unstar if request.form.get("starred") == "yes" else star
        action(database, person_id=person_id, session_id=session_id)
        return redirect(safe_next(request.form.get("next"), "/scheduling/"), 303)

    return pages
