"""Versions of decisions."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    with op.batch_alter_table("decision", schema=None) as batch_op:
        # processes of the release before write decisions without it
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
