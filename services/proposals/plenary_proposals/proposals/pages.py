"""Pages about one's own proposals: draft, edit, submit, withdraw."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_proposals.calls.queries import call_by_id, call_by_slug
from plenary_proposals.proposals.actions import Draft, StaleProposal, edit_proposal, start_proposal, submit_proposal, withdraw_proposal
from plenary_proposals.proposals.model import ABSTRACT_LIMIT, TITLE_LIMIT
from plenary_proposals.proposals.queries import own_proposal, proposals_of

LARGEST_AUDIENCE = 100_000


class TooLong(Refusal):
    """A text is over its limit."""

    code = "too-long"
    status = 422


class NoNumber(Refusal):
    """A number field holds something else."""

    code = "no-number"
    status = 422


def proposal_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("own", __name__)

    @pages.route("/calls/<society>/<slug>/propose", methods=["GET", "POST"])
    def propose(society: str, slug: str) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            call = call_by_slug(reading, society, slug)
        if request.method == "GET":
            return render_template("proposals/edit.html", call=call, proposal=None, values={}, refusal=None, theirs=None)
        try:
            key = start_proposal(database, by=visitor.person_id, call_id=call.id, kind=request.form.get("kind", ""), draft=_draft())
            return _saved(database, visitor.person_id, key)
        except Refusal as refusal:
            return render_template("proposals/edit.html", call=call, proposal=None, values=request.form, refusal=refusal, theirs=None), refusal.status

    @pages.get("/mine")
    def mine() -> str:
        visitor = require_visitor()
        with database.reading() as reading:
            return render_template("proposals/mine.html", proposals=proposals_of(reading, visitor.person_id))

    @pages.route("/mine/<uuid:proposal_id>", methods=["GET", "POST"])
    def edit(proposal_id: UUID) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            proposal = own_proposal(reading, proposal_id, visitor.person_id)
            call = call_by_id(reading, proposal.call_id) if proposal.call_id else None
        if request.method == "GET":
            return render_template("proposals/edit.html", call=call, proposal=proposal, values=vars(proposal), refusal=None, theirs=None)
        try:
            edit_proposal(database, by=visitor.person_id, proposal_id=proposal_id, version=_version(), draft=_draft())
            return _saved(database, visitor.person_id, proposal_id)
        except Refusal as refusal:
            theirs = proposal if isinstance(refusal, StaleProposal) else None
            return render_template(
                "proposals/edit.html", call=call, proposal=proposal, values=request.form, refusal=refusal, theirs=theirs
            ), refusal.status

    @pages.post("/mine/<uuid:proposal_id>/withdraw")
    def withdraw(proposal_id: UUID) -> Response:
        visitor = require_visitor()
        withdraw_proposal(database, by=visitor.person_id, proposal_id=proposal_id)
        flash("Your proposal was withdrawn.", "success")
        return redirect("/proposals/mine", 303)

    return pages


def _saved(database: Database, person_id: UUID, proposal_id: UUID) -> Response:
    """Go on after saving: submit when that button was pressed, and say what happened."""
    if "submit" in request.form:
        submit_proposal(database, by=person_id, proposal_id=proposal_id)
        flash("Your proposal was submitted. A confirmation is on its way.", "success")
        return redirect("/proposals/mine", 303)
    flash("Saved.", "success")
    return redirect(f"/proposals/mine/{proposal_id}", 303)


def _draft() -> Draft:
    form = request.form
    title, abstract = form.get("title", "").strip(), form.get("abstract", "").replace("\r\n", "\n").strip()
    if len(title) > TITLE_LIMIT:
        raise TooLong(f"The title has {len(title)} characters; the limit is {TITLE_LIMIT}.", field="title")
    if len(abstract) > ABSTRACT_LIMIT:
        raise TooLong(f"The abstract has {len(abstract)} characters; the limit is {ABSTRACT_LIMIT}.", field="abstract")
    return Draft(title=title, abstract=abstract, expected=_expected(form.get("expected", "").strip()))


def _expected(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= LARGEST_AUDIENCE):
        raise NoNumber("Give a whole number of people, or leave it empty.", field="expected")
    return int(text)


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() else 0
