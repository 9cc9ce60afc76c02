"""Reads a program file of any format that is known, told by its content and not by its name."""

import re
from typing import Final
from zoneinfo import ZoneInfo

from plenary_scheduling.interchange.csv_table import read_csv_table
from plenary_scheduling.interchange.model import ImportedProgram, NotAProgram, TooLarge, UnreadableText
from plenary_scheduling.interchange.schedule_json import read_schedule_json
from plenary_scheduling.interchange.schedule_xml import read_schedule_xml

LARGEST: Final = 20 * 1024 * 1024
_ARCHIVES = (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"7z\xbc\xaf\x27\x1c", b"Rar!")
_DOCUMENTS = (b"%PDF", b"\xd0\xcf\x11\xe0", b"\x89PNG", b"\xff\xd8\xff", b"GIF8")
_HTML = re.compile(rb"\s*(?:<!--.*?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL)


def read_program(data: bytes, filename: str, *, fallback_zone: str, largest: int = LARGEST) -> ImportedProgram:
    """Read a program from a file's bytes.

    `fallback_zone` is an IANA name that holds where the file names no zone. Raises `TooLarge` beyond `largest` bytes, `NotAProgram`, `UnreadableText`
    or `DangerousXml`; all else that is odd becomes a warning.
    """
    if len(data) > largest:
        raise TooLarge(f"The file is larger than {largest // (1024 * 1024)} MB. A program file is text; leave pictures and recordings out of it.")
    zone = ZoneInfo(fallback_zone)
    _refuse_foreign(data)
    start = data[:400].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if start.startswith(b"<"):
        return read_schedule_xml(data.lstrip() if not data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")) else data, zone)
    text, guessed = _text(data)
    if not start.startswith((b"{", b"[")):
        return read_csv_table(text, filename, zone, guessed=guessed)
    if guessed:
        raise UnreadableText("The JSON is not in UTF-8. Export it again, or save it as UTF-8.")
    return read_schedule_json(text, zone)


def _refuse_foreign(data: bytes) -> None:
    if not data.strip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0"):
        raise NotAProgram("The file is empty.")
    if data.startswith(_ARCHIVES):
        raise NotAProgram("The file is an archive or a spreadsheet (zip, gzip, xlsx). Unpack it, or save the sheet as CSV, and choose that file.")
    if data.startswith(_DOCUMENTS):
        raise NotAProgram("The file is a document or a picture. Choose a schedule.xml, a schedule.json or a CSV table.")
    if _HTML.match(data[:2000]):
        raise NotAProgram("The file is a web page. Choose the export itself: schedule.xml, schedule.json or a CSV table.")
    if data.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"BEGIN:VCALENDAR"):
        raise NotAProgram("The file is a calendar. Choose a schedule.xml, a schedule.json or a CSV table, which say more than a calendar does.")


def _text(data: bytes) -> tuple[str, bool]:
    """Decode UTF-8 or UTF-16 with its mark, else guess Windows-1252, in which spreadsheets like to save; binary data is refused."""
    try:
        if data.startswith((b"\xff\xfe", b"\xfe\xff")):
            return data.decode("utf-16"), False
        return data.decode("utf-8-sig"), False
    except UnicodeDecodeError as fault:
        if b"\0" in data or data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise UnreadableText("The file is not text. Choose a schedule.xml, a schedule.json or a CSV table.") from fault
        return data.decode("cp1252", errors="replace"), True
