"""The public program: by day, one session, the change log, and files for calendars and other programs."""

from collections.abc import Callable
from itertools import groupby
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, render_template

from plenary_kit.identity.visitor import current_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.refusal import NotFound
from plenary_kit.web.rendered import Rendered
from plenary_scheduling.interchange.export_calendar import write_calendar
from plenary_scheduling.interchange.export_csv import write_csv_table
from plenary_scheduling.interchange.export_json import write_schedule_json
from plenary_scheduling.interchange.export_xml import write_schedule_xml
from plenary_scheduling.interchange.leaving import ExportProgram
from plenary_scheduling.meetings.queries import meeting_by_slug
from plenary_scheduling.people.access import is_chair
from plenary_scheduling.program.exports import export_program
from plenary_scheduling.program.queries import ProgramRow, changes, latest_release, program, releases
from plenary_scheduling.stars.queries import starred

Writer = Callable[[ExportProgram], bytes]
WRITERS: dict[str, tuple[str, Writer]] = {
    "ics": ("text/calendar; charset=utf-8", write_calendar),
    "xml": ("application/xml", write_schedule_xml),
    "json": ("application/json", write_schedule_json),
    "csv": ("text/csv; charset=utf-8", write_csv_table),
}


def public_pages(database: Database, *, public_url: str) -> Blueprint:
    """Make the pages; `public_url` is the origin that exported links begin with."""
    pages, rendered = Blueprint("program", __name__), Rendered(database)

    @pages.get("/<slug>/")
    def show(slug: str) -> Response:
        return rendered.answer("text/html; charset=utf-8", lambda: _program_page(database, slug))

    @pages.get("/<slug>/sessions/<uuid:session_id>")
    def one(slug: str, session_id: UUID) -> str:
        visitor = current_visitor()
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            release = latest_release(reading, meeting.id)
            rows = program(reading, release.id) if release else []
            stars = starred(reading, visitor.person_id) if visitor else frozenset[UUID]()
        return render_template("scheduling/session.html", meeting=meeting, session=_row(rows, session_id), stars=stars)

    @pages.get("/<slug>/changes")
    def log(slug: str) -> str:
        with database.reading() as reading:
            meeting = meeting_by_slug(reading, slug)
            versions = [(release, changes(reading, release.id)) for release in releases(reading, meeting.id)]
        return render_template("scheduling/changes.html", meeting=meeting, versions=versions)

    @pages.get("/<slug>/program.<suffix>")
    def export(slug: str, suffix: str) -> Response:
        if suffix not in WRITERS:
            raise NotFound("The program can be had as .ics, .xml, .json and .csv.")
        kind, _ = WRITERS[suffix]
        response = rendered.answer(kind, lambda: _file(database, slug, suffix, public_url))
        response.headers["Content-Disposition"] = f'inline; filename="{slug}.{suffix}"'
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    return pages


def _program_page(database: Database, slug: str) -> str:
    visitor = current_visitor()
    with database.reading() as reading:
        meeting = meeting_by_slug(reading, slug)
        release = latest_release(reading, meeting.id)
        rows = program(reading, release.id) if release else []
        chair = visitor is not None and is_chair(reading, visitor.person_id, meeting.id, meeting.society_id)
        stars = starred(reading, visitor.person_id) if visitor else frozenset[UUID]()
    zone = ZoneInfo(meeting.time_zone)
    days = [(day, list(sessions)) for day, sessions in groupby(rows, key=lambda row: row.starts_at.astimezone(zone).date())]
    return render_template("scheduling/program.html", meeting=meeting, release=release, days=days, chair=chair, stars=stars)


def _file(database: Database, slug: str, suffix: str, public_url: str) -> bytes:
    _, write = WRITERS[suffix]
    with database.reading() as reading:
        return write(export_program(reading, meeting_by_slug(reading, slug), public_url=public_url))


def _row(rows: list[ProgramRow], session_id: UUID) -> ProgramRow:
    found = next((row for row in rows if row.id == session_id), None)
    if found is None:
        raise NotFound("There is no such session in the published program.")
    return found
