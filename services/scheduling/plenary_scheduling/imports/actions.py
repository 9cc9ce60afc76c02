"""What can be done with imports: take a program in, and place its sessions once they exist."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plenary_contracts.parts import NamedPerson, Origin
from plenary_contracts.scheduling import ImportItemRead
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.work import Work
from plenary_scheduling.imports.model import Import, ImportItem
from plenary_scheduling.meetings.actions import open_room
from plenary_scheduling.meetings.model import Meeting
from plenary_scheduling.sessions.model import Session


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


def take_program_in(work: Work, meeting: Meeting, *, filename: str, rooms: list[str], items: list[ItemToTakeIn]) -> UUID:
    """Open the rooms, remember where each item stood, and announce each as `import_item.read`, all or nothing."""
    taken = Import(id=new_id(), meeting_id=meeting.id, filename=filename, started_at=work.now, items=len(items))
    work.session.add(taken)
    room_ids = {name: open_room(work, meeting.id, name, None).id for name in rooms}
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
    if row.room_id is not None and row.starts_at is not None:
        session.place(row.room_id, row.starts_at)


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
