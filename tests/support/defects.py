"""Seeded defects: mistakes that a backbone like this one is known to be built with, patched into a process of the tests before it starts.

None of them is visible while everything works. Each is found by a fault and the checker.
"""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

from sqlalchemy import select

from plenary_kit.failpoints import failpoint
from plenary_kit.mail import letters
from plenary_kit.mail.mailer import Mailer, Outcome
from plenary_kit.mail.tables import ACCEPTED
from plenary_kit.messaging import intake
from plenary_kit.messaging.brokers import Outgoing, Published
from plenary_kit.messaging.rabbit import RabbitConsumer, RabbitPublisher
from plenary_kit.messaging.relay import Relay
from plenary_kit.messaging.tables import INBOX
from plenary_kit.persistence.upserting import insert_missing, insert_rows


def plant(defect: str) -> None:
    DEFECTS[defect]()


def _no_confirms() -> None:
    RabbitPublisher._await_confirms = lambda publisher: publisher._unconfirmed.clear()  # type: ignore[method-assign]


def _mark_before_publish() -> None:
    def drain_once(relay: Any) -> int:
        rows = relay._pending()
        if rows:
            relay._mark(rows, Published(frozenset(row.event_id for row in rows), {}))
            failpoint("relay.after_mark")
            relay._broker.publish(relay._database.name, [Outgoing(row.event_id, row.type, row.subject, row.payload) for row in rows])
        return len(rows)

    Relay.drain_once = drain_once  # type: ignore[method-assign]


def _ack_before_commit() -> None:
    def take(consumer: Any, channel: Any, batch: list[Any]) -> None:
        channel.basic_ack(batch[-1].delivery_info["delivery_tag"], multiple=True)
        failpoint("consumer.after_ack")
        consumer._intake.take([intake.read(message.body.encode()) for message in batch])

    RabbitConsumer._take = take  # type: ignore[method-assign]


def _no_inbox() -> None:
    def record(batch: Any) -> None:
        rows = [intake._inbox_row(message) | {"applied_at": batch.work.now} for message in batch.applied]
        insert_missing(batch.work.session, INBOX, rows)

    intake._place = lambda batch, message: batch.applied.append(message)
    intake._record_applied = record


def _no_lanes() -> None:
    def place(batch: Any, message: Any) -> None:
        known = batch.work.session.scalar(select(INBOX.c.event_id).where(INBOX.c.event_id == message.envelope.id))
        if known is None and message.envelope.id not in {each.envelope.id for each in batch.applied}:
            batch.applied.append(message)

    def record(batch: Any) -> None:
        rows = [intake._inbox_row(message) | {"applied_at": batch.work.now} for message in batch.applied]
        insert_rows(batch.work.session, INBOX, rows)

    intake._place = place
    intake._record_applied = record


def _mark_before_sending() -> None:
    def send(mailer: Any, letter: Any, lease: Any, handed_in_at: Any) -> None:
        number = mailer._begin(letter, lease)
        mailer._record(Outcome(letter, ACCEPTED, "250 taken", final=True), lease, number)
        failpoint("mailer.after_send_before_mark")
        mailer._transport.send(letters.compose(letter, mailer._sender, handed_in_at), letter.address)

    Mailer._send = send  # type: ignore[method-assign]


def _random_message_id() -> None:
    letters.message_id = lambda _letter, sender: f"<{uuid4()}@{sender.domain}>"


DEFECTS: dict[str, Callable[[], None]] = {
    "no confirms": _no_confirms,
    "marked before published": _mark_before_publish,
    "acknowledged before committed": _ack_before_commit,
    "no inbox": _no_inbox,
    "no lanes": _no_lanes,
    "marked before sent": _mark_before_sending,
    "a new Message-ID each time": _random_message_id,
}
