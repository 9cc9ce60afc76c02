"""What can be done with calls: open one, change one; and keeping the copy of meetings."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from plenary_contracts.scheduling import MeetingChanged, MeetingCreated
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound, Refusal, Stale
from plenary_proposals.calls.model import Call, MeetingCopy
from plenary_proposals.people.access import refuse_unless_chair


class StaleCall(Stale):
    """Somebody changed the call since this form was opened."""

    code = "stale-call"


class AddressTaken(Refusal):
    """Another call of the society has this address."""

    code = "address-taken"
    status = 422


@dataclass(frozen=True)
class CallText:
    """What a chair fills in about a call. Instants are aware; `kinds` holds `{"slug", "name", "minutes"}`."""

    slug: str
    title: str
    description: str
    kinds: list[dict[str, str | int]]
    opens_at: datetime
    closes_at: datetime
    grace_minutes: int = 0


def open_call(database: Database, *, by: UUID, meeting_id: UUID, text: CallText) -> UUID:
    """Open a call for a meeting; only its chairs may. Raises `BadDates`, `BadKinds` or `AddressTaken`."""
    with database.work() as work:
        meeting = work.session.get(MeetingCopy, meeting_id)
        if meeting is None:
            raise NotFound("There is no such meeting.")
        refuse_unless_chair(work.session, by, meeting_id, meeting.society_id)
        call = Call(id=new_id(), society_id=meeting.society_id, meeting_id=meeting_id)
        work.session.add(call)
        _write(work, call, text)
        return call.id


def change_call(database: Database, *, by: UUID, call_id: UUID, version: int, text: CallText) -> None:
    """Change a call that still has `version`; a newer one raises `StaleCall`."""
    with database.work() as work:
        call = work.session.get(Call, call_id, with_for_update=True)
        if call is None:
            raise NotFound("There is no such call.")
        refuse_unless_chair(work.session, by, call.meeting_id, call.society_id)
        if call.version != version:
            raise StaleCall("Somebody changed this call while you were editing. Your text is below; compare before you save again.")
        _write(work, call, text)


def copy_meeting(work: Work, fact: MeetingCreated | MeetingChanged, version: int) -> None:
    """Bring the copy of a meeting to `version`, unless it is there already."""
    copy = work.session.get(MeetingCopy, fact.id)
    if copy is None:
        copy = MeetingCopy(id=fact.id, version=0)
        work.session.add(copy)
    if copy.version >= version:
        return
    copy.version, copy.society_id, copy.slug, copy.title, copy.venue = version, fact.society_id, fact.slug, fact.title, fact.venue
    copy.starts_on, copy.ends_on, copy.time_zone = fact.starts_on, fact.ends_on, fact.time_zone


def _write(work: Work, call: Call, text: CallText) -> None:
    call.slug, call.title, call.description, call.kinds = text.slug, text.title, text.description, text.kinds
    call.opens_at, call.closes_at, call.grace_minutes = text.opens_at, text.closes_at, text.grace_minutes
    call.refuse_unless_sound()
    work.flush_or_refuse(AddressTaken("Another call of this society has this address. Choose another one.", field="slug"))
