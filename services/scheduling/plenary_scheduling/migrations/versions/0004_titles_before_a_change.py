"""Titles before a change."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    with op.batch_alter_table("release_change", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title_before", sa.String(), nullable=True))
