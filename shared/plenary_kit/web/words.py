"""Words for times and counts, as templates write them."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_interval, format_time, get_timezone_name
from flask import Flask

LOCALE = "en_US"
_THIN = "\N{NARROW NO-BREAK SPACE}"


def day_and_time(instant: datetime, zone: str = "UTC") -> str:
    """Write an instant in a zone: "Thursday, May 12, 2016 at 9:00 AM EDT"."""
    local = instant.astimezone(ZoneInfo(zone))
    return _plain(f"{format_date(local, 'EEEE, MMMM d, y', LOCALE)} at {format_time(local, 'h:mm a', locale=LOCALE)} {zone_name(instant, zone)}")


def time_of_day(instant: datetime, zone: str = "UTC") -> str:
    """Write the time alone: "9:00 AM"."""
    return _plain(format_time(instant.astimezone(ZoneInfo(zone)), "h:mm a", locale=LOCALE))


def time_range(start: datetime, end: datetime, zone: str = "UTC") -> str:
    """Write from when to when: "9:00 - 10:30 AM EDT" with an en dash, or with both days when they differ."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    if first.date() != last.date():
        return f"{day_and_time(start, zone)} – {day_and_time(end, zone)}"
    return f"{hours(start, end, zone)} {zone_name(start, zone)}"


def hours(start: datetime, end: datetime, zone: str = "UTC") -> str:
    """Write from when to when where day and zone are said already: "9:00 - 10:30 AM" with an en dash."""
    first, last = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    same_half = first.strftime("%p") == last.strftime("%p")
    opening = format_datetime(first, "h:mm" if same_half else "h:mm a", locale=LOCALE)
    return _plain(f"{opening} – {format_time(last, 'h:mm a', locale=LOCALE)}")


def day(value: date | datetime, zone: str = "UTC") -> str:
    """Write a day: "Thursday, May 12, 2016"."""
    local = value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) else value
    return _plain(format_date(local, "EEEE, MMMM d, y", LOCALE))


def short_day(value: date | datetime, zone: str = "UTC") -> str:
    """Write a day briefly: "May 12, 2016"."""
    local = value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) else value
    return _plain(format_date(local, "MMM d, y", LOCALE))


def weekday(value: date | datetime, zone: str = "UTC") -> str:
    """Write a day where its year is said already: "Thu, May 12"."""
    local = value.astimezone(ZoneInfo(zone)) if isinstance(value, datetime) else value
    return _plain(format_date(local, "EEE, MMM d", LOCALE))


def days(first: date, last: date) -> str:
    """Write from which day to which, saying nothing twice: "May 11 - 13, 2016" with an en dash, or one day alone."""
    written = short_day(first) if first == last else format_interval(first, last, "yMMMd", locale=LOCALE)
    return _plain(written.replace("\N{THIN SPACE}", " "))


def zone_name(instant: datetime, zone: str) -> str:
    """Write the zone as people abbreviate it at that instant: "EDT", "GMT+1", "UTC"."""
    return get_timezone_name(instant.astimezone(ZoneInfo(zone)), "short", locale=LOCALE)


def plural(count: int, one: str, many: str) -> str:
    """Write a count with its noun: "1 review", "1,204 reviews"."""
    return f"{count:,} {one if count == 1 else many}"


def duration(span: timedelta | int) -> str:
    """Write a length of time (an integer counts minutes): "45 min", "2 h", "1 h 30 min", "3 days"."""
    minutes = span if isinstance(span, int) else round(span.total_seconds() / 60)
    whole_days, rest = divmod(minutes, 24 * 60)
    whole_hours, rest = divmod(rest, 60)
    parts = [plural(whole_days, "day", "days") if whole_days else "", f"{whole_hours} h" if whole_hours else "", f"{rest} min" if rest else ""]
    return " ".join(filter(None, parts)) or "0 min"


def machine_time(instant: datetime) -> str:
    """Write an instant for `<time datetime>`: RFC 3339 with offset."""
    return instant.isoformat(timespec="seconds")


def teach_words(app: Flask) -> None:
    """Give the templates of `app` these words as filters."""
    app.jinja_env.filters.update(
        datetime=day_and_time,
        time=time_of_day,
        time_range=time_range,
        date=day,
        short_date=short_day,
        hours=hours,
        weekday=weekday,
        days=days,
        plural=plural,
        duration=duration,
        rfc3339=machine_time,
    )


def _plain(text: str) -> str:
    return text.replace(_THIN, " ")
