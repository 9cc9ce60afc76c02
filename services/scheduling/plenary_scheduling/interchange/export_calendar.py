"""Writes an iCalendar feed of a published program: one VEVENT per session, in the venue's zone, stable over changes."""

from datetime import timedelta

from icalendar import Calendar, Event

from plenary_scheduling.interchange.leaving import ExportProgram, ExportSession, in_utc
from plenary_scheduling.interchange.plain_text import clean

_REFRESH = timedelta(hours=1)


def write_calendar(program: ExportProgram) -> bytes:
    """Write the feed.

    UIDs are `session-id@host`, SEQUENCE is the session's; a canceled session stays as STATUS:CANCELLED so that calendars take it out. There is no
    METHOD: a feed is no invitation. The VTIMEZONE covers the meeting only, as open-ended ones are misread by an hour in some calendars.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//Plenary//Program//EN")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", clean(program.title))
    calendar.add("x-wr-calname", clean(program.title))
    calendar.add("x-wr-timezone", program.time_zone)
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    placed = [session for session in program.sessions if session.starts_at is not None]
    for session in placed:
        calendar.add_component(_event(session, program))
    _add_zone(calendar, placed, program)
    return bytes(calendar.to_ical())


def _add_zone(calendar: Calendar, placed: list[ExportSession], program: ExportProgram) -> None:
    """Describe the zone from a year before the first session, so that the change of clocks in force on it is part of the description."""
    days = [session.starts_at.astimezone(program.zone).date() for session in placed if session.starts_at]
    if days:
        calendar.add_missing_timezones(first_date=min(days) - timedelta(days=366), last_date=max(days) + timedelta(days=2))


def _event(session: ExportSession, program: ExportProgram) -> Event:
    event = Event()
    event.add("uid", f"{session.id}@{program.host}")
    event.add("sequence", session.sequence)
    event.add("dtstamp", in_utc(program.changed_at))
    event.add("summary", clean(session.title))
    if session.starts_at is not None and session.ends_at is not None:
        event.add("dtstart", session.starts_at.astimezone(program.zone))
        if session.minutes > 0:
            event.add("dtend", session.ends_at.astimezone(program.zone))
    event.add("status", "CANCELLED" if session.canceled else "CONFIRMED")
    if session.room:
        event.add("location", clean(session.room))
    if said := _said(session):
        event.add("description", said)
    if session.track or session.kind:
        event.add("categories", [clean(each) for each in (session.kind, session.track) if each])
    if session.url:
        event.add("url", session.url)
    return event


def _said(session: ExportSession) -> str:
    people = ", ".join(person.name for person in session.persons)
    parts = [session.subtitle, people, session.abstract]
    return clean("\n\n".join(part for part in parts if part)).replace("\r\n", "\n").replace("\r", "\n")
