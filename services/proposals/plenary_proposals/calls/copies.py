"""The copy of meetings that proposals keep."""

from plenary_contracts.copies import MEETINGS
from plenary_kit.copies.copy import Copy
from plenary_proposals.calls.model import MeetingCopy

MEETINGS_KEPT = Copy(MEETINGS, MeetingCopy.__table__, MEETINGS.fields, version="version")
