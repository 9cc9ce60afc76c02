"""The mailer: claims letters that are due, sends them, and writes down at once what became of each.

A claim is a lease with a token: a mailer that was stopped longer than its lease may not send any more, and whoever claims next finds the attempt of
the stopped one recorded as unknown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import Row, insert, or_, select, update

from plenary_kit.context import restored_context, within
from plenary_kit.failpoints import failpoint
from plenary_kit.mail.letters import Letter, Sender, compose
from plenary_kit.mail.post import ATTEMPTS, LETTERS
from plenary_kit.mail.tables import ACCEPTED, CLAIMED, DEFERRED, FAILED, REFUSED, SENT, UNKNOWN, WAITING
from plenary_kit.mail.transports import Deferred, Refused, Transport, Unanswered
from plenary_kit.persistence.columns import new_id
from plenary_kit.persistence.database import Database
from plenary_kit.persistence.work import Work

LEASE = timedelta(seconds=60)
GIVE_UP_AFTER = timedelta(hours=48)
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 2, 5, 15, 30, 60, 120))
BATCH = 50
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of an attempt: `outcome` is accepted, refused, deferred or unknown; `final` tells that no other attempt follows."""

    letter: Letter
    outcome: str
    answer: str
    final: bool


Afterwards = Callable[[Work, Outcome], None]


class Mailer:
    """Sends the letters of one service's database through one transport; several may run at once."""

    def __init__(self, database: Database, transport: Transport, sender: Sender, *, afterwards: Afterwards | None = None) -> None:
        """Send as `sender`; `afterwards` runs in the transaction that records an outcome."""
        self._database = database
        self._transport = transport
        self._sender = sender
        self._afterwards = afterwards

    def send_due(self) -> int:
        """Claim one batch of due letters and send it; gives how many were attempted."""
        lease = new_id()
        letters = self._claim(lease)
        for letter, handed_in_at in letters:
            failpoint("mailer.claimed")
            with within(letter.context):
                self._send(letter, lease, handed_in_at)
        return len(letters)

    def _claim(self, lease: UUID) -> list[tuple[Letter, datetime]]:
        with self._database.work() as work:
            waiting = (LETTERS.c.state == WAITING) & (LETTERS.c.due_at <= work.now)
            abandoned = (LETTERS.c.state == CLAIMED) & (LETTERS.c.lease_until < work.now)
            due = (
                select(LETTERS)
                .where(or_(waiting, abandoned))
                .order_by(LETTERS.c.priority, LETTERS.c.due_at)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            rows = work.session.execute(due).all()
            claimed = update(LETTERS).where(LETTERS.c.id.in_([row.id for row in rows]))
            work.session.execute(claimed.values(state=CLAIMED, lease=lease, lease_until=work.now + LEASE))
            return [(_letter(row), row.handed_in_at) for row in rows]

    def _send(self, letter: Letter, lease: UUID, handed_in_at: datetime) -> None:
        number = self._begin(letter, lease)
        if number is None:
            return
        failpoint("mailer.before_send")
        try:
            answer = self._transport.send(compose(letter, self._sender, self._database.clock()), letter.address)
        except Refused as refusal:
            self._record(Outcome(letter, REFUSED, str(refusal), final=True), lease, number)
        except Deferred as delay:
            final = self._database.clock() - handed_in_at > GIVE_UP_AFTER
            outcome = UNKNOWN if isinstance(delay, Unanswered) else DEFERRED
            self._record(Outcome(letter, outcome, str(delay), final=final), lease, number)
        else:
            failpoint("mailer.after_send_before_mark")
            self._record(Outcome(letter, ACCEPTED, answer, final=True), lease, number)

    def _begin(self, letter: Letter, lease: UUID) -> int | None:
        """Write the attempt down as unknown before it is made; None when the lease is no longer ours."""
        with self._database.work() as work:
            mine = (LETTERS.c.id == letter.id) & (LETTERS.c.lease == lease) & (LETTERS.c.lease_until > work.now) & (LETTERS.c.state == CLAIMED)
            row = work.session.execute(select(LETTERS.c.attempts).where(mine).with_for_update()).first()
            if row is None:
                return None
            number: int = row.attempts + 1
            work.session.execute(update(LETTERS).where(LETTERS.c.id == letter.id).values(attempts=number, lease_until=work.now + LEASE))
            work.session.execute(insert(ATTEMPTS).values(letter_id=letter.id, number=number, started_at=work.now, outcome=UNKNOWN, answer=""))
            return number

    def _record(self, outcome: Outcome, lease: UUID, number: int) -> None:
        letter = outcome.letter
        log.info("mail.attempted", letter_id=str(letter.id), topic=letter.topic, outcome=outcome.outcome, attempt=number)
        with self._database.work() as work:
            attempt = (ATTEMPTS.c.letter_id == letter.id) & (ATTEMPTS.c.number == number)
            work.session.execute(update(ATTEMPTS).where(attempt).values(outcome=outcome.outcome, answer=outcome.answer))
            mine = update(LETTERS).where(LETTERS.c.id == letter.id, LETTERS.c.lease == lease, LETTERS.c.state == CLAIMED)
            work.session.execute(mine.values(**_next_state(outcome, number, work.now)))
            if self._afterwards and outcome.final:
                self._afterwards(work, outcome)


def _next_state(outcome: Outcome, number: int, now: datetime) -> dict[str, object]:
    state: dict[str, object] = {"lease": None, "lease_until": None, "answer": outcome.answer}
    if outcome.outcome == ACCEPTED:
        erased = {"text": "(erased after sending)"} if outcome.letter.secret else {}
        return state | {"state": SENT, "sent_at": now} | erased
    if outcome.final:
        return state | {"state": FAILED}
    return state | {"state": WAITING, "due_at": now + BACK_OFF[min(number, len(BACK_OFF)) - 1]}


def _letter(row: Row[Any]) -> Letter:
    return Letter(
        id=row.id,
        topic=row.topic,
        name=row.name,
        address=row.address,
        subject=row.subject,
        text=row.text,
        secret=row.secret,
        priority=row.priority,
        context=restored_context(row.context),
    )
