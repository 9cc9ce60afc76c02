"""The page of a society's roles, for its administrators."""

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from marshmallow import Schema
from werkzeug.wrappers import Response

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import Refusal
from plenary_kit.web.fields import EmailAddress, Identifier
from plenary_kit.web.forms import FormResult, blank, load
from plenary_proposals.people.access import refuse_unless_administrator
from plenary_proposals.people.queries import SocietyRow, society_by_slug
from plenary_proposals.roles.actions import grant, revoke
from plenary_proposals.roles.model import ROLES, Scope
from plenary_proposals.roles.queries import meeting_scopes, roles_in, scope_of


class RoleForm(Schema):
    """Who is to have a role, and where."""

    email = EmailAddress(required=True)
    scope_id = Identifier(required=True)


def role_pages(database: Database) -> Blueprint:
    """Make the pages."""
    pages = Blueprint("roles", __name__)

    def administered(slug: str) -> tuple[SocietyRow, UUID]:
        by = require_visitor().person_id
        with database.reading() as reading:
            society = society_by_slug(reading, slug)
            refuse_unless_administrator(reading, by, society.id)
        return society, by

    def scopes_in(society: SocietyRow) -> list[Scope]:
        with database.reading() as reading:
            return [scope_of(society), *meeting_scopes(reading, society.id)]

    def role_page(society: SocietyRow, form: FormResult) -> str:
        with database.reading() as reading:
            rows = roles_in(reading, society.id)
        return render_template("proposals/roles.html", society=society, rows=rows, scopes=scopes_in(society), form=form)

    @pages.get("/societies/<slug>/roles")
    def look(slug: str) -> str:
        return role_page(administered(slug)[0], blank())

    @pages.post("/societies/<slug>/roles")
    def give(slug: str) -> Response | tuple[str, int]:
        society, by = administered(slug)
        form = load(RoleForm, request.form)
        scope = _chosen(scopes_in(society), form)
        if form.ok and scope is None:
            form = form.with_error("scope_id", "Choose one of the options.")
        if form.ok and scope is not None:
            try:
                grant(database, by=by, email=form.values["email"], role=_role_in(scope), scope=scope)
            except Refusal as refusal:
                form = form.refused(refusal)
            else:
                flash("The role was given, and a letter tells them.", "success")
                return redirect(f"/proposals/societies/{slug}/roles", 303)
        return role_page(society, form), 422

    @pages.post("/societies/<slug>/roles/<uuid:grant_id>/revoke")
    def take(slug: str, grant_id: UUID) -> Response | tuple[str, int]:
        society, by = administered(slug)
        try:
            revoke(database, by=by, society_id=society.id, grant_id=grant_id)
        except Refusal as refusal:
            return role_page(society, blank().refused(refusal)), refusal.status
        flash("The role was taken away.", "success")
        return redirect("/proposals/", 303) if _gave_it_up(database, by, society) else redirect(f"/proposals/societies/{slug}/roles", 303)

    return pages


def _gave_it_up(database: Database, by: UUID, society: SocietyRow) -> bool:
    """Tell whether an administrator took their own role away: the page of roles is no longer theirs."""
    with database.reading() as reading:
        return all(row.person_id != by or row.scope_id != society.id for row in roles_in(reading, society.id))


def _chosen(scopes: list[Scope], form: FormResult) -> Scope | None:
    return next((scope for scope in scopes if scope.id == form.values.get("scope_id")), None)


def _role_in(scope: Scope) -> str:
    return next(role for role, kind in ROLES.items() if kind == scope.kind)
