"""What can be done with notices: owe one, gather a change, tell what is due."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, update

from plenary_contracts.notifications import NoticeDelivered, NoticeFailed
from plenary_contracts.parts import Place
from plenary_kit.context import current_context, restored_context, stored_context, within
from plenary_kit.mail.letters import Letter
from plenary_kit.mail.mailer import Outcome
from plenary_kit.mail.post import hand_in
from plenary_kit.mail.tables import ACCEPTED
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work
from plenary_kit.refusal import NotFound
from plenary_notifications.notices import texts
from plenary_notifications.notices.model import OWED, TOLD, Notice, SessionChange, stored
from plenary_notifications.people.model import MeetingCopy, PersonCopy, StarCopy

BATCH = 200
DECISION, PROGRAM, CONFIRMATION = "decision", "program", "confirmation"
_PRIORITY = {DECISION: 2, CONFIRMATION: 3, PROGRAM: 4}


@dataclass(frozen=True)
class Cause:
    """Why people are told: the event, and the reason that they read ("you get this because ...")."""

    id: UUID
    topic: str
    reason: str


def owe(work: Work, people: set[UUID], cause: Cause, words: texts.Words) -> None:
    """Owe each of `people` one notice for this cause; somebody who is owed it already is passed over."""
    known = set(work.session.scalars(select(Notice.person_id).where(Notice.cause_id == cause.id)))
    for person in sorted(people - known):
        title, text = words
        notice = Notice(id=new_id(), person_id=person, cause_id=cause.id, topic=cause.topic, title=title, text=text, reason=cause.reason)
        notice.owed_at, notice.state, notice.context = work.now, OWED, stored_context(current_context())
        work.session.add(notice)


@dataclass(frozen=True)
class Gathered:
    """One change of a session's place, as its fact told it."""

    session_id: UUID
    meeting_id: UUID
    title: str
    presenter_ids: tuple[UUID, ...]
    before: Place | None
    after: Place | None
    changed_at: datetime


def gather(work: Work, change: Gathered, window: timedelta) -> None:
    """Add a change to the session's window; the first one opens it."""
    row = work.session.get(SessionChange, change.session_id)
    if row is None:
        row = SessionChange(session_id=change.session_id, id=new_id(), first=stored(change.before), due_at=change.changed_at + window)
        work.session.add(row)
    row.meeting_id, row.title, row.presenter_ids = change.meeting_id, change.title, [str(person) for person in change.presenter_ids]
    row.context = stored_context(current_context())
    row.settle_on(change.after, changed_at=change.changed_at, now=work.now)


def tell_due(database: Database) -> int:
    """Close the windows that are due and hand in what is owed; gives how many notices were told."""
    _close_windows(database)
    with database.work() as work:
        owed = select(Notice, PersonCopy).join(PersonCopy, PersonCopy.id == Notice.person_id).where(Notice.state == OWED)
        rows = work.session.execute(owed.order_by(Notice.owed_at).limit(BATCH).with_for_update(skip_locked=True, of=Notice)).all()
        for notice, person in rows:
            notice.state, notice.told_at = TOLD, work.now
            if person.email is not None:
                hand_in(work, _letter(notice, person, person.email))
        return len(rows)


def record_outcome(work: Work, outcome: Outcome) -> None:
    """Announce what became of a notice's letter."""
    notice = work.session.get(Notice, outcome.letter.id)
    if notice is None:
        return
    if outcome.outcome == ACCEPTED:
        work.announce(NoticeDelivered(id=notice.id, person_id=notice.person_id, topic=notice.topic, at=work.now))
    else:
        work.announce(NoticeFailed(id=notice.id, person_id=notice.person_id, topic=notice.topic, reason=outcome.answer[:3]))


def mark_read(database: Database, *, person_id: UUID, notice_id: UUID) -> None:
    """Mark a person's own notice as read, once; somebody else's raises `NotFound` like one that does not exist."""
    with database.work() as work:
        notice = work.session.get(Notice, notice_id)
        if notice is None or notice.person_id != person_id or notice.state != TOLD:
            raise NotFound("There is no such notice.")
        notice.read_at = notice.read_at or work.now


def mark_all_read(database: Database, *, person_id: UUID) -> None:
    """Mark everything that a person was told as read."""
    with database.work() as work:
        mine = update(Notice).where(Notice.person_id == person_id, Notice.state == TOLD, Notice.read_at.is_(None))
        work.session.execute(mine.values(read_at=work.now))


def _close_windows(database: Database) -> None:
    with database.work() as work:
        due = select(SessionChange, MeetingCopy).join(MeetingCopy, MeetingCopy.id == SessionChange.meeting_id)
        closing = due.where(SessionChange.due_at <= work.now).limit(BATCH).with_for_update(skip_locked=True, of=SessionChange)
        rows = work.session.execute(closing).all()
        for change, meeting in rows:
            if not change.comes_to_nothing():
                with within(restored_context(change.context)):
                    _owe_change(work, change, meeting)
            work.session.delete(change)


def _owe_change(work: Work, change: SessionChange, meeting: MeetingCopy) -> None:
    words = texts.placed(change.title, meeting.title, meeting.time_zone, change.first, change.last)
    presenters = {UUID(person) for person in change.presenter_ids}
    starred = select(StarCopy.person_id).where(StarCopy.session_id == change.session_id, StarCopy.starred_at <= change.changed_at)
    stars = set(work.session.scalars(starred)) if change.first is not None else set()
    owe(work, presenters, Cause(change.id, PROGRAM, "you present this session"), words)
    work.session.flush()
    owe(work, stars - presenters, Cause(change.id, PROGRAM, "you starred this session"), words)


def _letter(notice: Notice, person: PersonCopy, address: str) -> Letter:
    text = f"Dear {person.name},\n\n{notice.text}\n\n--\nYou get this because {notice.reason}.\n"
    return Letter(
        notice.id, notice.topic, person.name, address, notice.title, text, priority=_PRIORITY[notice.topic], context=restored_context(notice.context)
    )
