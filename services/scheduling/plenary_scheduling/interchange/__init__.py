"""Interchange: programs that come from elsewhere (schedule.xml, schedule.json, CSV) and programs that leave (the same and iCalendar).

Everything here is a pure function over frozen values: bytes in, a frozen program out, or the other way round. No database, no clock.
Publishes nothing; listens to nothing.
"""
