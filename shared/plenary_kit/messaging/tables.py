"""The tables of the backbone, the same in every service's database.

`outbox` and `outbox_head` belong to the publishing side; `inbox`, `inbox_lane` and `inbox_held` to the consuming side.
"""

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, UniqueConstraint, Uuid

from plenary_kit.persistence.columns import UtcDateTime

GAP, RETRY, PARKED = "gap", "retry", "parked"


def add_messaging_tables(metadata: MetaData) -> None:
    """Add the five tables to a service's metadata."""
    _add_publishing(metadata)
    _add_consuming(metadata)


def _add_publishing(metadata: MetaData) -> None:
    outbox = Table(
        "outbox",
        metadata,
        Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("event_id", Uuid, nullable=False, unique=True),
        Column("subject", String(80), nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("type", String(120), nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("occurred_at", UtcDateTime, nullable=False),
        Column("published_at", UtcDateTime),
        Column("not_before", UtcDateTime),
        Column("attempts", Integer, nullable=False, server_default="0"),
        Column("last_error", Text),
        UniqueConstraint("subject", "subject_id", "version"),
    )
    pending = outbox.c.published_at.is_(None)
    Index("ix_outbox_pending", outbox.c.seq, sqlite_where=pending, postgresql_where=pending)
    Table(
        "outbox_head",
        metadata,
        Column("subject", String(80), primary_key=True),
        Column("subject_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
    )


def _add_consuming(metadata: MetaData) -> None:
    Table(
        "inbox",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("fingerprint", String(64), nullable=False),
        Column("subject", String(80), nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("type", String(120), nullable=False),
        Column("applied_at", UtcDateTime, nullable=False, index=True),
    )
    Table(
        "inbox_lane",
        metadata,
        Column("subject", String(80), primary_key=True),
        Column("subject_id", Uuid, primary_key=True),
        Column("version", BigInteger, nullable=False),
    )
    held = Table(
        "inbox_held",
        metadata,
        Column("event_id", Uuid, primary_key=True),
        Column("fingerprint", String(64), primary_key=True),
        Column("subject", String(80), nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("version", BigInteger, nullable=False),
        Column("type", String(120), nullable=False),
        Column("payload", LargeBinary, nullable=False),
        Column("reason", String(10), nullable=False),
        Column("attempts", Integer, nullable=False),
        Column("held_at", UtcDateTime, nullable=False),
        Column("next_at", UtcDateTime),
        Column("last_error", Text, nullable=False),
    )
    Index("ix_inbox_held_lane", held.c.subject, held.c.subject_id, held.c.version)


_metadata = MetaData()
add_messaging_tables(_metadata)
OUTBOX = _metadata.tables["outbox"]
HEAD = _metadata.tables["outbox_head"]
INBOX = _metadata.tables["inbox"]
LANE = _metadata.tables["inbox_lane"]
HELD = _metadata.tables["inbox_held"]
