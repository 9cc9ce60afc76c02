"""The words of notices. A title, a name or a room is text here and nothing else: letters are plain text."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime, format_time

Words = tuple[str, str]


def submitted(title: str, call: str) -> Words:
    """Confirm a submission."""
    return f"We received “{title}”", f"Your proposal “{title}” was submitted to {call}.\n\nYou can edit or withdraw it until the call closes."


def accepted(title: str, call: str) -> Words:
    """Tell an acceptance."""
    text = f"We are glad to tell you that “{title}” was accepted ({call}).\n\nYou will be told its room and time when they are public."
    return f"Accepted: “{title}”", text


def declined(title: str, call: str) -> Words:
    """Tell a refusal."""
    return f"Decision on “{title}”", f"We are sorry that “{title}” could not be accepted ({call}).\n\nThank you for proposing it."


def withdrawn(title: str) -> Words:
    """Confirm a withdrawal."""
    return f"Withdrawn: “{title}”", f"“{title}” was withdrawn. Nothing else needs to be done."


def withdrawn_for_chairs(title: str) -> Words:
    """Tell chairs that a place became free."""
    return f"Withdrawn after acceptance: “{title}”", f"“{title}” was withdrawn by its submitter. Its place in the program is free."


def placed(title: str, meeting: str, zone: str, first: dict[str, Any] | None, last: dict[str, Any] | None) -> Words:
    """Tell the net change of a session's place, in the meeting's time zone."""
    if last is None:
        return f"Canceled: “{title}”", f"“{title}” will not take place at {meeting}. It was planned for {where(first, zone)}."
    if first is None:
        return f"Scheduled: “{title}”", f"“{title}” takes place at {meeting}: {where(last, zone)}."
    return f"Moved: “{title}”", f"“{title}” at {meeting} was moved.\n\nNow: {where(last, zone)}\nBefore: {where(first, zone)}"


def where(place: dict[str, Any] | None, zone: str) -> str:
    """Say a place: `Thursday, May 12, 2016, 9:00 – 10:00 AM EDT, Room A`."""
    if place is None:
        return "nowhere"
    venue = ZoneInfo(zone)
    starts, ends = (datetime.fromisoformat(place[key]).astimezone(venue) for key in ("starts_at", "ends_at"))
    day = format_datetime(starts, "EEEE, MMMM d, y", locale="en_US")
    return f"{day}, {_clock(starts)} to {_clock(ends)} {starts.tzname()}, {place['room']}"


def _clock(instant: datetime) -> str:
    return format_time(instant, "h:mm a", locale="en_US").replace("\u202f", " ")
