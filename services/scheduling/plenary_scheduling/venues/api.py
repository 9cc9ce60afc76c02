"""The API of a meeting that changes, and of each of its rooms."""

from typing import Any
from uuid import UUID

from plenary_kit.identity.visitor import require_visitor
from plenary_kit.persistence.database import Database
from plenary_kit.web.api import ApiBlueprint
from plenary_kit.web.etag import expected_version, versioned
from plenary_kit.web.fields import Flag, WholeNumber
from plenary_scheduling.meetings.api import MeetingSchema, MeetingTextSchema, NewRoomSchema, RoomSchema
from plenary_scheduling.meetings.queries import MeetingRow, RoomRow, meeting_by_id, room_of
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.venues.actions import RoomText, change_meeting, change_room, remove_room
from plenary_scheduling.venues.model import MeetingText

MOST_ROOMS = 10_000


class ChangedMeetingSchema(MeetingTextSchema):
    """A meeting as it is to be; with `anyway` even if sessions are left outside of its days and hours."""

    anyway = Flag(load_default=False)


class ChangedRoomSchema(NewRoomSchema):
    """A room as it is to be; without a `position` it stays where it is among the others."""

    position = WholeNumber(max=MOST_ROOMS, allow_none=True, load_default=None)


def venue_api(database: Database) -> ApiBlueprint:
    """Make the API."""
    api = ApiBlueprint("Venues", __name__, url_prefix="/api/meetings/<uuid:meeting_id>", description="Changing a meeting and its rooms, for chairs")

    def room_answer(meeting_id: UUID, room_id: UUID) -> tuple[RoomRow, int, dict[str, str]]:
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
            refuse_unless_chair(reading, require_visitor().person_id, meeting.id, meeting.society_id)
            room = room_of(reading, meeting_id, room_id)
        return room, 200, versioned(room.version)

    @api.route("", methods=["PUT"])
    @api.guarded
    @api.arguments(ChangedMeetingSchema)
    @api.response(200, MeetingSchema)
    def change(values: dict[str, Any], meeting_id: UUID) -> tuple[MeetingRow, int, dict[str, str]]:
        """Change a meeting that one chairs; one that would leave sessions outside is refused unless `anyway`."""
        by, anyway = require_visitor().person_id, values.pop("anyway")
        change_meeting(database, by=by, meeting_id=meeting_id, version=expected_version(), text=MeetingText(**values), anyway=anyway)
        with database.reading() as reading:
            meeting = meeting_by_id(reading, meeting_id)
        return meeting, 200, versioned(meeting.version)

    @api.route("/rooms/<uuid:room_id>", methods=["GET"])
    @api.versioned
    @api.response(200, RoomSchema)
    def room(meeting_id: UUID, room_id: UUID) -> tuple[RoomRow, int, dict[str, str]]:
        """Look at a room."""
        return room_answer(meeting_id, room_id)

    @api.route("/rooms/<uuid:room_id>", methods=["PUT"])
    @api.guarded
    @api.arguments(ChangedRoomSchema)
    @api.response(200, RoomSchema)
    def reshape(values: dict[str, Any], meeting_id: UUID, room_id: UUID) -> tuple[RoomRow, int, dict[str, str]]:
        """Rename or resize a room, or move it to another position."""
        by = require_visitor().person_id
        change_room(database, by=by, meeting_id=meeting_id, room_id=room_id, version=expected_version(), text=RoomText(**values))
        return room_answer(meeting_id, room_id)

    @api.route("/rooms/<uuid:room_id>", methods=["DELETE"])
    @api.response(204)
    def remove(meeting_id: UUID, room_id: UUID) -> None:
        """Remove a room in which nothing stands."""
        remove_room(database, by=require_visitor().person_id, meeting_id=meeting_id, room_id=room_id)

    return api
