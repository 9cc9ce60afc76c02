"""Pages for chairs: what was submitted, deciding, releasing."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound
from plenary_proposals.calls.queries import CallRow, call_by_slug
from plenary_proposals.decisions.actions import decide, release
from plenary_proposals.decisions.model import ACCEPT, DECLINE
from plenary_proposals.decisions.queries import submissions
from plenary_proposals.people.access import refuse_unless_chair


def decision_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("decisions", __name__)

    def chaired(society: str, slug: str) -> tuple[CallRow, UUID]:
        visitor = require_visitor()
        with database.reading() as reading:
            call = call_by_slug(reading, society, slug)
            refuse_unless_chair(reading, visitor.person_id, call.meeting_id, call.society_id)
        return call, visitor.person_id

    @pages.get("/calls/<society>/<slug>/submissions")
    def table(society: str, slug: str) -> str:
        call, _ = chaired(society, slug)
        with database.reading() as reading:
            rows = submissions(reading, call.id)
        held = sum(row.outcome is not None and row.released_at is None and row.state == "submitted" for row in rows)
        return render_template("proposals/submissions.html", call=call, rows=rows, held=held)

    @pages.post("/calls/<society>/<slug>/submissions/<uuid:proposal_id>")
    def one(society: str, slug: str, proposal_id: UUID) -> Response:
        _, by = chaired(society, slug)
        outcome = request.form.get("outcome", "")
        if outcome not in {ACCEPT, DECLINE}:
            raise NotFound("Choose to accept or to decline.")
        decide(database, by=by, proposal_id=proposal_id, outcome=outcome)
        return redirect(f"/proposals/calls/{society}/{slug}/submissions#{proposal_id}", 303)

    @pages.post("/calls/<society>/<slug>/release")
    def all_held(society: str, slug: str) -> Response:
        call, by = chaired(society, slug)
        number = release(database, by=by, call_id=call.id)
        flash(f"{number} {'decision was' if number == 1 else 'decisions were'} released; the people concerned are being told.", "success")
        return redirect(f"/proposals/calls/{society}/{slug}/submissions", 303)

    return pages
