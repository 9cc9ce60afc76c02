"""A mark that moves whenever a service announces something or takes something in: what was made before it moved may be old."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_kit.messaging.tables import INBOX, OUTBOX

Mark = tuple[int | None, datetime | None]


def backbone_mark(session: DatabaseSession) -> Mark:
    """Read the mark: two looks at the ends of indexes, whatever the service holds."""
    announced = select(func.max(OUTBOX.c.seq)).scalar_subquery()
    taken_in = select(func.max(INBOX.c.applied_at)).scalar_subquery()
    row = session.execute(select(announced.label("announced"), taken_in.label("taken_in"))).one()
    return row.announced, row.taken_in
