"""What scheduling states to those who keep copies of meetings."""

from sqlalchemy import select

from plenary_contracts.copies import MEETINGS
from plenary_kit.copies.owning import Holding
from plenary_scheduling.meetings.model import Meeting

_SHOWN = (Meeting.society_id, Meeting.slug, Meeting.title, Meeting.venue, Meeting.starts_on, Meeting.ends_on, Meeting.time_zone)

MEETINGS_HELD = Holding(MEETINGS, Meeting.id, select(*_SHOWN))
