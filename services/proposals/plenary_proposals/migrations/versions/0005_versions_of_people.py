"""Versions of people."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    with op.batch_alter_table("person", schema=None) as batch_op:
        # processes of the release before register people without it
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
