"""What can be done with imports: take a program in, and place its sessions once they exist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from plenary_contracts.parts import NamedPerson, Origin
from plenary_contracts.scheduling import ImportItemRead
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound, Refusal
from plenary_scheduling.imports.model import Import, ImportItem
from plenary_scheduling.interchange.model import ImportedItem, ImportedProgram
from plenary_scheduling.meetings.actions import MeetingText, add_meeting, open_room
from plenary_scheduling.meetings.model import Meeting, Room
from plenary_scheduling.people.access import refuse_unless_chair
from plenary_scheduling.sessions.model import Session


class AlreadyImported(Refusal):
    """The meeting has this file's program already."""

    code = "already-imported"


@dataclass(frozen=True)
class ItemToTakeIn:
    """One item of a program that was read: `people` holds (key in the file, name) pairs; unplaced without `room` and `starts_at`."""

    key: str
    title: str
    abstract: str
    kind: str
    track: str
    minutes: int
    room: str | None
    starts_at: datetime | None
    people: tuple[tuple[str, str], ...]


def import_program(database: Database, *, society_id: UUID, slug: str, program: ImportedProgram, filename: str) -> UUID:
    """Take a program that was read into the meeting `slug`, which is created where there is none; gives the import's id.

    The operator's door (the command line): access is theirs. Raises `AlreadyImported` when the meeting holds an import of the same file name.
    """
    with database.work() as work:
        meeting = work.session.scalar(select(Meeting).where(Meeting.slug == slug)) or add_meeting(work, society_id, _meeting_text(slug, program))
        return _take_in(work, meeting, program, filename)


def import_into(database: Database, *, by: UUID, meeting_id: UUID, program: ImportedProgram, filename: str) -> UUID:
    """Take a program that was read into a meeting that `by` chairs; all or nothing."""
    with database.work() as work:
        meeting = work.session.get(Meeting, meeting_id)
        if meeting is None:
            raise NotFound("There is no such meeting.")
        refuse_unless_chair(work.session, by, meeting.id, meeting.society_id)
        return _take_in(work, meeting, program, filename)


def _take_in(work: Work, meeting: Meeting, program: ImportedProgram, filename: str) -> UUID:
    if work.session.scalar(select(Import.id).where(Import.meeting_id == meeting.id, Import.filename == filename)):
        raise AlreadyImported(f"{meeting.title} holds the program of “{filename}” already. Import it into another meeting.", field="file")
    return take_program_in(work, meeting, filename=filename, rooms=list(program.rooms), items=[_to_take_in(item) for item in program.items])


def _meeting_text(slug: str, program: ImportedProgram) -> MeetingText:
    return MeetingText(
        slug=slug,
        title=program.title or slug,
        venue="",
        starts_on=program.starts_on,
        ends_on=program.ends_on,
        time_zone=program.time_zone,
        grid=max(5, program.slot_minutes),
    )


def _to_take_in(item: ImportedItem) -> ItemToTakeIn:
    return ItemToTakeIn(
        key=item.key,
        title=item.title,
        abstract=item.abstract or item.description,
        kind=item.kind,
        track=item.track,
        minutes=item.minutes,
        room=item.room or None,
        starts_at=item.starts_at,
        people=tuple((person.key, person.name) for person in item.persons),
    )


def take_program_in(work: Work, meeting: Meeting, *, filename: str, rooms: list[str], items: list[ItemToTakeIn]) -> UUID:
    """Open the rooms, remember where each item stood, and announce each as `import_item.read`, all or nothing."""
    taken = Import(id=new_id(), meeting_id=meeting.id, filename=filename, started_at=work.now, items=len(items))
    work.session.add(taken)
    present = work.session.execute(select(Room.name, Room.id).where(Room.meeting_id == meeting.id)).all()
    room_ids: dict[str, UUID] = {room.name: room.id for room in present}
    room_ids |= {name: open_room(work, meeting.id, name, None).id for name in rooms if name not in room_ids}
    for item in items:
        row = ImportItem(id=new_id(), import_id=taken.id, key=item.key, room_id=room_ids.get(item.room or ""), starts_at=item.starts_at)
        work.session.add(row)
        work.announce(_fact(row, item, meeting))
    return taken.id


def place_imported(work: Work, session: Session, origin: Origin) -> None:
    """Put a session where its imported row stood, once; a chair may have moved it since."""
    row = work.session.get(ImportItem, origin.item_id)
    if row is None or row.session_id is not None:
        return
    row.session_id = session.id
    room = work.session.get(Room, row.room_id, with_for_update={"read": True}) if row.room_id else None
    if room is not None and row.starts_at is not None:
        session.place(room.id, row.starts_at)


def _fact(row: ImportItem, item: ItemToTakeIn, meeting: Meeting) -> ImportItemRead:
    return ImportItemRead(
        id=row.id,
        import_id=row.import_id,
        society_id=meeting.society_id,
        meeting_id=meeting.id,
        title=item.title,
        abstract=item.abstract,
        kind=item.kind,
        track=item.track,
        minutes=item.minutes,
        people=tuple(NamedPerson(key=key, name=name) for key, name in item.people),
    )
