"""Pages about one's own proposals: draft, edit, submit, withdraw."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import Text, WholeNumber
from plenary_kit.web.forms import FormResult, blank, load
from plenary_proposals.calls.queries import call_by_id, call_by_slug
from plenary_proposals.proposals.actions import Draft, StaleProposal, edit_proposal, start_proposal, submit_proposal, withdraw_proposal
from plenary_proposals.proposals.model import ABSTRACT_LIMIT, LARGEST_AUDIENCE, TITLE_LIMIT
from plenary_proposals.proposals.queries import ProposalRow, own_proposal, proposals_of


class DraftForm(Schema):
    """A draft may be as empty as its author likes."""

    kind = Text(max=60, load_default="")
    title = Text(max=TITLE_LIMIT, load_default="")
    abstract = Text(max=ABSTRACT_LIMIT, lines=True, load_default="")
    expected = WholeNumber(min=1, max=LARGEST_AUDIENCE, allow_none=True, load_default=None)
    version = WholeNumber(load_default=0)


def proposal_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("own", __name__)

    @pages.route("/calls/<society>/<slug>/propose", methods=["GET", "POST"])
    def propose(society: str, slug: str) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        with database.reading() as reading:
            call = call_by_slug(reading, society, slug)
        if request.method == "GET":
            return render_template("proposals/edit.html", call=call, proposal=None, form=blank(), theirs=None)
        form = load(DraftForm, request.form)
        if form.ok:
            try:
                key = start_proposal(database, by=visitor.person_id, call_id=call.id, kind=form.values["kind"], draft=_draft(form))
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                return _saved(database, visitor.person_id, key)
        return render_template("proposals/edit.html", call=call, proposal=None, form=form, theirs=None), 422

    @pages.get("/mine")
    def mine() -> str:
        visitor = require_visitor()
        with database.reading() as reading:
            return render_template("proposals/mine.html", proposals=proposals_of(reading, visitor.person_id))

    @pages.get("/mine/<uuid:proposal_id>")
    def look(proposal_id: UUID) -> str:
        return _edit_page(proposal_id, None)

    @pages.post("/mine/<uuid:proposal_id>")
    def edit(proposal_id: UUID) -> str | Response | tuple[str, int]:
        visitor = require_visitor()
        form = load(DraftForm, request.form)
        stale = False
        if form.ok:
            try:
                edit_proposal(database, by=visitor.person_id, proposal_id=proposal_id, version=form.values["version"], draft=_draft(form))
            except Refusal as refusal:
                form, stale = form.refused(refusal), isinstance(refusal, StaleProposal)
            else:
                return _saved(database, visitor.person_id, proposal_id)
        return _edit_page(proposal_id, form, stale=stale), 409 if stale else 422

    @pages.post("/mine/<uuid:proposal_id>/withdraw")
    def withdraw(proposal_id: UUID) -> Response:
        withdraw_proposal(database, by=require_visitor().person_id, proposal_id=proposal_id)
        flash("Your proposal was withdrawn.", "success")
        return redirect("/proposals/mine", 303)

    def _edit_page(proposal_id: UUID, form: FormResult | None, *, stale: bool = False) -> str:
        """Show the form as it was typed, or as it is stored; beside a `stale` one the text that was saved elsewhere."""
        visitor = require_visitor()
        with database.reading() as reading:
            proposal = own_proposal(reading, proposal_id, visitor.person_id)
            call = call_by_id(reading, proposal.call_id) if proposal.call_id else None
        shown = form or blank(**_typed(proposal))
        return render_template("proposals/edit.html", call=call, proposal=proposal, form=shown, theirs=proposal if stale else None)

    return pages


def _saved(database: Database, person_id: UUID, proposal_id: UUID) -> Response:
    """Go on after saving: submit when that button was pressed, and say what happened."""
    address = f"/proposals/mine/{proposal_id}"
    if "submit" not in request.form:
        flash("Saved.", "success")
        return redirect(address, 303)
    try:
        submit_proposal(database, by=person_id, proposal_id=proposal_id)
    except Refusal as refusal:
        flash(f"Saved, but not submitted: {refusal.sentence}", "warning")
        return redirect(address, 303)
    flash("Your proposal was submitted. A confirmation is on its way.", "success")
    return redirect("/proposals/mine", 303)


def _draft(form: FormResult) -> Draft:
    return Draft(title=form.values["title"], abstract=form.values["abstract"], expected=form.values["expected"])


def _typed(proposal: ProposalRow) -> dict[str, object]:
    return {name: getattr(proposal, name) for name in ("kind", "title", "abstract", "expected", "version")}
