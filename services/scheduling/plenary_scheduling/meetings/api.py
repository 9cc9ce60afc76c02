"""The API of meetings and their rooms."""

from typing import Any
from uuid import UUID

import marshmallow as ma

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import PUBLIC, ApiBlueprint
from plenary_kit.web.cursor import Page, PageArguments, Paging, page_of
from plenary_kit.web.etag import versioned
from plenary_kit.web.fields import Identifier, LocalDate, Slug, Text, TimeZone, WholeNumber
from plenary_scheduling.meetings.actions import MeetingText, add_room, create_meeting
from plenary_scheduling.meetings.model import COARSEST_GRID, DAY, FINEST_GRID, LARGEST_ROOM
from plenary_scheduling.meetings.queries import MeetingRow, RoomRow, meeting_by_id, meetings_part, room_of, rooms_part
from plenary_scheduling.people.access import refuse_unless_chair

_MINUTES = {"description": "minutes after midnight at the venue"}


class MeetingTextSchema(ma.Schema):
    """What organizers write about a meeting; its days are inclusive, its hours those of every day."""

    title = Text(min=1, max=200, required=True)
    venue = Text(max=200, load_default="")
    starts_on = LocalDate(required=True)
    ends_on = LocalDate(required=True)
    time_zone = TimeZone(required=True)
    day_opens = WholeNumber(max=DAY - 1, load_default=9 * 60, metadata=_MINUTES)
    day_closes = WholeNumber(min=1, max=DAY, load_default=18 * 60, metadata=_MINUTES)
    grid = WholeNumber(min=FINEST_GRID, max=COARSEST_GRID, load_default=15, metadata={"description": "the program's step in minutes"})


class NewMeetingSchema(MeetingTextSchema):
    """A meeting to be created."""

    society_id = Identifier(required=True)
    slug = Slug(min=1, max=60, required=True)


class MeetingSchema(ma.Schema):
    """A meeting."""

    id = Identifier(required=True)
    society_id = Identifier(required=True)
    society = Text(required=True, allow_none=True, metadata={"description": "name of the society, once it is known here"})
    slug = Text(required=True)
    title = Text(required=True)
    venue = Text(required=True)
    starts_on = LocalDate(required=True)
    ends_on = LocalDate(required=True)
    time_zone = Text(required=True)
    day_opens = WholeNumber(required=True, metadata=_MINUTES)
    day_closes = WholeNumber(required=True, metadata=_MINUTES)
    grid = WholeNumber(required=True)
    version = WholeNumber(required=True)


class NewRoomSchema(ma.Schema):
    """A room to be added; without a capacity it holds any number."""

    name = Text(min=1, max=120, required=True)
    capacity = WholeNumber(min=1, max=LARGEST_ROOM, allow_none=True, load_default=None)


class RoomSchema(ma.Schema):
    """A room."""

    id = Identifier(required=True)
    name = Text(required=True)
    capacity = WholeNumber(required=True, allow_none=True)
    position = WholeNumber(required=True, metadata={"description": "its place in the order of rooms, from 0"})
    version = WholeNumber(required=True)


class MeetingArguments(PageArguments):
    """Which meetings."""

    slug = Slug(max=60, load_default=None)


def meeting_api(database: Database) -> ApiBlueprint:
    """Make the API of meetings."""
    api = ApiBlueprint("Meetings", __name__, url_prefix="/api/meetings", description="Meetings and their rooms")

    @api.route("", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.arguments(MeetingArguments, location="query")
    @api.response(200, page_of(MeetingSchema))
    def some(arguments: dict[str, Any]) -> tuple[Page[MeetingRow], int, dict[str, str]]:
        """List meetings, the latest first."""
        paging = Paging(arguments, f"meetings {arguments['slug']}")
        with database.reading() as reading:
            return paging.page(meetings_part(reading, paging.part, slug=arguments["slug"]), "starts_on", "id")

    @api.route("", methods=["POST"])
    @api.once
    @api.arguments(NewMeetingSchema)
    @api.response(201, MeetingSchema)
    def new(values: dict[str, Any]) -> tuple[MeetingRow, int, dict[str, str]]:
        """Create a meeting of a society that one administers."""
        society_id = values.pop("society_id")
        meeting_id = create_meeting(database, by=require_visitor().person_id, society_id=society_id, text=MeetingText(**values))
        with database.reading() as reading:
            made = meeting_by_id(reading, meeting_id)
        return made, 201, {**versioned(made.version), "Location": f"/scheduling/api/meetings/{meeting_id}"}

    @api.route("/<uuid:meeting_id>", methods=["GET"])
    @api.doc(security=PUBLIC)
    @api.response(200, MeetingSchema)
    def one(meeting_id: UUID) -> tuple[MeetingRow, int, dict[str, str]]:
        """Look at a meeting."""
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
        return meeting, 200, versioned(meeting.version)  # never 304: the society's name may come later than the meeting

    @api.route("/<uuid:meeting_id>/rooms", methods=["GET"])
    @api.arguments(PageArguments, location="query")
    @api.response(200, page_of(RoomSchema))
    def room_list(arguments: dict[str, Any], meeting_id: UUID) -> tuple[Page[RoomRow], int, dict[str, str]]:
        """List the rooms of a meeting that one chairs, in their order."""
        by = require_visitor().person_id
        paging = Paging(arguments, f"rooms {meeting_id}")
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
            refuse_unless_chair(reading, by, meeting.id, meeting.society_id)
            return paging.page(rooms_part(reading, meeting_id, paging.part), "position", "id")

    @api.route("/<uuid:meeting_id>/rooms", methods=["POST"])
    @api.once
    @api.arguments(NewRoomSchema)
    @api.response(201, RoomSchema)
    def new_room(values: dict[str, Any], meeting_id: UUID) -> tuple[RoomRow, int, dict[str, str]]:
        """Give a meeting that one chairs a room."""
        room_id = add_room(database, by=require_visitor().person_id, meeting_id=meeting_id, **values)
        with database.reading() as reading:
            room = room_of(reading, meeting_id, room_id)
        return room, 201, {**versioned(room.version), "Location": f"/scheduling/api/meetings/{meeting_id}/rooms/{room_id}"}

    return api
