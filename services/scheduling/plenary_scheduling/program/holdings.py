"""What scheduling states to those who keep copies of which programs are public."""

from sqlalchemy import func, select

from plenary_contracts.copies import PROGRAMS
from plenary_kit.copies.owning import Holding
from plenary_scheduling.program.model import Release

_latest = select(Release.meeting_id, func.max(Release.number).label("number")).group_by(Release.meeting_id).subquery()

PROGRAMS_HELD = Holding(PROGRAMS, _latest.c.meeting_id, select(_latest.c.number))
