"""How Alembic runs and writes the revisions of every service: over the connection, and from the metadata, that `migrating` hands it."""

from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from plenary_kit.persistence.columns import UtcDateTime


def render(kind: str, value: Any, _context: AutogenContext) -> str | Literal[False]:
    """Write our own column type as the one of SQLAlchemy that it rests on: a revision outlives the code that it was made from."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(value, UtcDateTime) else False


handed = context.config.attributes
context.configure(connection=handed["connection"], target_metadata=handed.get("metadata"), render_as_batch=True, render_item=render)
with context.begin_transaction():
    context.run_migrations()
