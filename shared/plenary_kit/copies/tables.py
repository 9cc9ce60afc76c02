"""What a keeper remembers of comparing: when a kind was compared last, and every thing that was found wrong."""

from sqlalchemy import Column, MetaData, String, Table, Text, Uuid

from plenary_kit.persistence.columns import UtcDateTime, service_metadata

MISSING, DIFFERS, EXTRA, BEHIND, STUCK = "missing", "differs", "extra", "behind", "stuck"

_tables = service_metadata()

copy_check = Table(
    "copy_check",
    _tables,
    Column("kind", String(80), primary_key=True),
    Column("compared_at", UtcDateTime, nullable=False),
)

copy_fault = Table(
    "copy_fault",
    _tables,
    Column("kind", String(80), primary_key=True),
    Column("thing", Uuid, primary_key=True),
    Column("fault", String(10), nullable=False),
    Column("fields", Text, nullable=False),
    Column("found_at", UtcDateTime, nullable=False),
    Column("mended_at", UtcDateTime),
)


def add_copy_tables(metadata: MetaData) -> None:
    """Add `copy_check` and `copy_fault` to a keeper's metadata."""
    copy_check.to_metadata(metadata)
    copy_fault.to_metadata(metadata)
