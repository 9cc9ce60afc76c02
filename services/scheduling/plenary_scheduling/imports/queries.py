"""What can be asked about imports: how far one came."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session as DatabaseSession

from plenary_scheduling.imports.model import ImportItem


def arrived(session: DatabaseSession, import_id: UUID) -> int:
    """Count the items of an import whose sessions exist already."""
    return session.scalar(select(func.count(ImportItem.session_id)).where(ImportItem.import_id == import_id)) or 0
