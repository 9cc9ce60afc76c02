"""Versions of meetings and rooms."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    for table in ("meeting", "room"):
        with op.batch_alter_table(table, schema=None) as batch_op:
            # processes of the release before create meetings and rooms without it
            batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
