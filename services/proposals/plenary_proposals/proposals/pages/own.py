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
from plenary_proposals.calls.queries import CallRow, call_by_id, call_by_slug
from plenary_proposals.proposals.actions import Draft, StaleProposal, edit_proposal, start_proposal, submit_proposal, withdraw_proposal
from plenary_proposals.proposals.model import ABSTRACT_LIMIT, LARGEST_AUDIENCE, TITLE_LIMIT
from plenary_proposals.proposals.pages.times import days_to_choose, read_times, rows_to_show, typed_times
from plenary_proposals.proposals.queries import ProposalRow, availability_is_settled, editable_proposal, proposals_of


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
            return _shown(call, None, blank())
        form, draft = _read(call)
        if draft is not None:
            try:
                key = start_proposal(database, by=visitor.person_id, call_id=call.id, kind=form.values["kind"], draft=draft)
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                return _saved(database, visitor.person_id, key)
        return _shown(call, None, form), 422

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
        call = _call_of(proposal_id)
        form, draft = _read(call)
        stale = False
        if draft is not None:
            try:
                edit_proposal(database, by=visitor.person_id, proposal_id=proposal_id, version=form.values["version"], draft=draft)
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

    def _call_of(proposal_id: UUID) -> CallRow | None:
        """Give the call, for a proposal whose presenters may still say when they cannot come; None where the form does not ask."""
        with database.reading() as reading:
            proposal = editable_proposal(reading, proposal_id, require_visitor().person_id)
            asked = proposal.call_id is not None and not availability_is_settled(reading, proposal)
            return call_by_id(reading, proposal.call_id) if proposal.call_id is not None and asked else None

    def _edit_page(proposal_id: UUID, form: FormResult | None, *, stale: bool = False) -> str:
        """Show the form as it was typed, or as it is stored; beside a `stale` one the text that was saved elsewhere."""
        asked = _call_of(proposal_id)
        with database.reading() as reading:
            proposal = editable_proposal(reading, proposal_id, require_visitor().person_id)
            call = call_by_id(reading, proposal.call_id) if proposal.call_id else None
        shown = form or blank(**_typed(proposal), **(typed_times(proposal.unavailable, asked.time_zone) if asked else {}))
        return _shown(call, proposal, shown, theirs=proposal if stale else None, asked=asked is not None)

    return pages


def _shown(call: CallRow | None, proposal: ProposalRow | None, form: FormResult, *, theirs: ProposalRow | None = None, asked: bool = True) -> str:
    times = {"asked": asked, "days": days_to_choose(call, form) if call else [], "rows": rows_to_show(form)}
    return render_template("proposals/edit.html", call=call, proposal=proposal, form=form, theirs=theirs, **times)


def _read(call: CallRow | None) -> tuple[FormResult, Draft | None]:
    """Read the form, with the times of the presenters where there is a `call` to ask for them; the draft is None while something needs correcting."""
    form = load(DraftForm, request.form)
    spans: list[list[str]] | None = None
    if call is not None and "away_1_day" in request.form:  # a page that was opened before the form asked leaves the times alone
        times, spans = read_times(request.form, call.time_zone)
        form = FormResult({**form.values, **times.values}, {**form.errors, **times.errors}, {**form.typed, **times.typed})
    if not form.ok:
        return form, None
    text = {name: form.values[name] for name in ("title", "abstract", "expected")}
    return form, Draft(**text, unavailable=spans)


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


def _typed(proposal: ProposalRow) -> dict[str, object]:
    return {name: getattr(proposal, name) for name in ("kind", "title", "abstract", "expected", "version")}
