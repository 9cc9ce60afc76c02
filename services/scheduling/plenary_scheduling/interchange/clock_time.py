"""Dates, clock times and lengths as program files write them, made into instants in UTC and whole minutes."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

_CLOCK = re.compile(r"(\d{1,2})[:.h](\d{2})(?::\d{2}(?:\.\d+)?)?\s*([ap])?\.?m?\.?\Z", re.IGNORECASE)
_LENGTH = re.compile(r"(?:(\d{1,3})\.)?(\d{1,4}):(\d{2})(?::(\d{2}))?\Z")
_ISO_LENGTH = re.compile(r"P(?:(\d{1,3})D)?(?:T(?:(\d{1,4})H)?(?:(\d{1,6})M)?(?:\d+(?:\.\d+)?S)?)?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"(\d{1,6})(?:\.0+)?\s*(?:m|min|mins|minutes)?\.?\Z", re.IGNORECASE)
_US_DATE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})\Z")
_DAY_MINUTES = 24 * 60


def parse_zone(name: str) -> ZoneInfo | None:
    """Give the IANA zone of that name, or None."""
    try:
        return ZoneInfo(name.strip()) if name.strip() else None
    except (KeyError, ValueError, OSError):
        return None


def parse_instant(text: str) -> datetime | None:
    """Read an ISO date and time, aware or not; a bare date, a foreign form or an impossible year gives None."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if len(text.strip()) > len("2026-01-01") and 1 < found.year < 9998 else None  # noqa: PLR2004 - room for any offset


def parse_date(text: str) -> date | None:
    """Read `2026-01-31`, the day of an ISO date and time, or `1/31/2026`."""
    text = text.strip()
    american = _US_DATE.match(text)
    try:
        if american:
            return date(int(american[3]), int(american[1]), int(american[2]))
        found = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return found if 1 < found.year < 9998 else None  # noqa: PLR2004 - room for any offset


def parse_clock(text: str) -> int | None:
    """Read a time of day such as `09:30`, `9:30 pm` as minutes after midnight; `25:30` is half past one of the next day."""
    found = _CLOCK.match(text.strip())
    if not found or int(found[2]) > 59 or int(found[1]) > 47:  # noqa: PLR2004 - minutes of an hour, hours of two days
        return None
    hour = int(found[1])
    if found[3]:
        hour = hour % 12 + (12 if found[3].lower() == "p" else 0)
    return hour * 60 + int(found[2])


def parse_minutes(text: str) -> int | None:
    """Read a length: `45`, `45 min`, `1:30`, `1:30:00`, `2.01:30` (two days) or `PT1H30M`."""
    text = text.strip()
    if number := _NUMBER.match(text):
        return int(number[1])
    if clock := _LENGTH.match(text):
        return int(clock[1] or 0) * _DAY_MINUTES + int(clock[2]) * 60 + int(clock[3])
    if iso := _ISO_LENGTH.match(text):
        return int(iso[1] or 0) * _DAY_MINUTES + int(iso[2] or 0) * 60 + int(iso[3] or 0)
    return None


def at_clock(day: date, minutes: int, zone: tzinfo) -> tuple[datetime, bool]:
    """Give the instant in UTC at which clocks in `zone` show it, and whether they show it exactly once (a change of clocks skips or repeats)."""
    extra_days, minute = divmod(minutes, _DAY_MINUTES)
    wall = datetime.combine(day + timedelta(days=extra_days), time(minute // 60, minute % 60), tzinfo=zone)
    instant = wall.astimezone(UTC)
    return instant, wall.utcoffset() == wall.replace(fold=1).utcoffset()
