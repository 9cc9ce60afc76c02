"""Faults found in copies."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "copy_check",
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("compared_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", name=op.f("pk_copy_check")),
    )
    op.create_table(
        "copy_fault",
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("thing", sa.Uuid(), nullable=False),
        sa.Column("fault", sa.String(length=10), nullable=False),
        sa.Column("fields", sa.Text(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("mended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("kind", "thing", name=op.f("pk_copy_fault")),
    )
