"""Where letters wait and what became of each attempt to send them."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table, Text, Uuid

from plenary_kit.persistence.columns import UtcDateTime

WAITING, CLAIMED, SENT, FAILED = "waiting", "claimed", "sent", "failed"
ACCEPTED, REFUSED, DEFERRED, UNKNOWN = "accepted", "refused", "deferred", "unknown"


def add_mail_tables(metadata: MetaData) -> None:
    """Add `mail_letter` and `mail_attempt` to a service's metadata."""
    letter = Table(
        "mail_letter",
        metadata,
        Column("id", Uuid, primary_key=True),
        Column("topic", String(64), nullable=False),
        Column("name", Text, nullable=False),
        Column("address", Text, nullable=False),
        Column("subject", Text, nullable=False),
        Column("text", Text, nullable=False),
        Column("secret", Boolean, nullable=False),
        Column("priority", Integer, nullable=False),
        Column("state", String(16), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("due_at", UtcDateTime, nullable=False),
        Column("lease", Uuid),
        Column("lease_until", UtcDateTime),
        Column("handed_in_at", UtcDateTime, nullable=False),
        Column("sent_at", UtcDateTime),
        Column("answer", Text, nullable=False),
        Column("context", JSON),
    )
    Index("ix_mail_letter_due", letter.c.state, letter.c.priority, letter.c.due_at)
    Table(
        "mail_attempt",
        metadata,
        Column("letter_id", Uuid, primary_key=True),
        Column("number", Integer, primary_key=True),
        Column("started_at", UtcDateTime, nullable=False),
        Column("outcome", String(16), nullable=False),
        Column("answer", Text, nullable=False),
    )
