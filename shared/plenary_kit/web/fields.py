"""Strict fields: what a schema lets in is what the database, a mail header and a calendar can carry.

Marshmallow's own fields take 7.9 for 7, "٣" for 3, the year 1 with an offset and half of a surrogate pair; these do not. Each field also knows how to
read itself from an HTML form, where everything is text (`from_form`).
"""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from marshmallow import ValidationError, fields, validate

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST_ADDRESS, LONGEST_LOCAL_PART = 254, 64
_FAR_OFFSET = timedelta(hours=14)
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL_PART = re.compile(rf"{_ATOM}(?:\.{_ATOM})*", re.ASCII)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_LOCAL_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?", re.ASCII)
_CLOCK = re.compile(r"([01]\d|2[0-3]):([0-5]\d)(?::00)?", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_WHOLE = re.compile(r"-?(?:0|[1-9]\d{0,17})", re.ASCII)
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*", re.ASCII)
_UUID = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}", re.ASCII)
_LABEL = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)", re.ASCII)
REQUIRED: dict[str, Any] = {"required": "Fill this in.", "null": "Fill this in.", "invalid": "This is not text."}


class Text(fields.String):
    """Text in Unicode normal form C with `min` to `max` characters (code points); `lines` allows line breaks and tabs.

    Refused: NUL and other controls, lone surrogates, line and paragraph separators, and text that is nothing but space where `min` > 0.
    """

    def __init__(self, *, min: int = 0, max: int = 500, lines: bool = False, **kwargs: Any) -> None:  # noqa: A002 - reads as in HTML
        """Bound the length."""
        super().__init__(error_messages=REQUIRED, **_with(kwargs, validate.Length(min, max, error=_length_sentence(min, max))))
        self.lines = lines
        self.longest = max

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str):
            raise self.make_error("invalid")
        text = value.replace("\r\n", "\n").replace("\r", "\n") if self.lines else value
        if any(_unprintable(letter, lines=self.lines) for letter in text):
            raise ValidationError(
                "This contains a character that cannot be kept, such as a control character" + ("." if self.lines else " or a line break.")
            )
        return unicodedata.normalize("NFC", text).strip()


class Slug(Text):
    """A short name for addresses: lower-case letters, digits and single hyphens."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not _SLUG.fullmatch(text):
            raise ValidationError("Use lower-case letters, digits and hyphens, as in annual-meeting-2016.")
        return text


class WholeNumber(fields.Integer):
    """A whole number from `min` to `max`; neither 7.0 nor "7" nor true is one."""

    def __init__(self, *, min: int = 0, max: int = 2_147_483_647, **kwargs: Any) -> None:  # noqa: A002
        """Bound the value."""
        bounds = validate.Range(min, max, error=f"Give a whole number from {min:,} to {max:,}.")
        messages = {**REQUIRED, "invalid": "Give a whole number in digits."}
        super().__init__(strict=True, error_messages=messages, **_with(kwargs, bounds))

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return value

    def from_form(self, text: str) -> object:
        """Read digits, whatever space surrounds them."""
        return int(text.strip()) if _WHOLE.fullmatch(text.strip()) else text


class Flag(fields.Boolean):
    """True or false; in a form a checked box, where absence is false."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise ValidationError("Give true or false.")
        return value

    def from_form(self, text: str) -> object:
        """Read a checkbox."""
        return text in {"on", "true", "1", "yes"}


class Choice(fields.String):
    """One of the `options`."""

    def __init__(self, options: Sequence[str], **kwargs: Any) -> None:
        """Allow exactly the `options`."""
        super().__init__(error_messages=REQUIRED, **_with(kwargs, validate.OneOf(options, error="Choose one of the options.")))


class Instant(fields.AwareDateTime):
    """An instant in RFC 3339 with offset, from 1900 to 2200; handed on in UTC."""

    def __init__(self, **kwargs: Any) -> None:
        """Take no option of its own."""
        super().__init__(error_messages=REQUIRED, **kwargs)

    def _serialize(self, value: datetime | None, attr: str | None, obj: Any, **kwargs: Any) -> str | None:
        return None if value is None else value.isoformat().replace("+00:00", "Z")

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        instant = _parsed(value, _INSTANT)
        offset = instant.utcoffset() if instant else None
        if instant is None or offset is None or abs(offset) > _FAR_OFFSET:
            raise ValidationError("Give an instant with its offset, as in 2016-05-12T09:00:00-04:00.")
        return instant.astimezone(UTC)


class LocalTime(fields.NaiveDateTime):
    """A wall-clock time without zone, as `<input type="datetime-local">` sends it; `in_zone` makes an instant of it."""

    def __init__(self, **kwargs: Any) -> None:
        """Take no option of its own."""
        super().__init__(error_messages=REQUIRED, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        local = _parsed(value, _LOCAL_TIME)
        if local is None:
            raise ValidationError("Give a date and a time, as in 2016-05-12 09:00.")
        return local


class TimeOfDay(fields.Integer):
    """A time of the day as `<input type="time">` sends it; handed on as minutes after midnight."""

    def __init__(self, **kwargs: Any) -> None:
        """Take no option of its own."""
        super().__init__(error_messages=REQUIRED, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> int:
        found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise ValidationError("Give a time, as in 09:30.")
        return int(found[1]) * 60 + int(found[2])


class LocalDate(fields.Date):
    """A calendar day from 1900 to 2200."""

    def __init__(self, **kwargs: Any) -> None:
        """Take no option of its own."""
        super().__init__(error_messages=REQUIRED, **kwargs)

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> date:
        parsed = _parsed(value, _DATE)
        if parsed is None:
            raise ValidationError("Give a date, as in 2016-05-12.")
        return parsed.date()


class TimeZone(fields.String):
    """The IANA name of a time zone, such as America/New_York."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        if not isinstance(value, str) or value not in available_timezones():
            raise ValidationError("Choose a time zone such as America/New_York.")
        return value


class EmailAddress(fields.String):
    """A deliverable address: no literals, no quotes, no line breaks; an international domain is kept in its ASCII form."""

    def __init__(self, **kwargs: Any) -> None:
        """Take no option of its own."""
        super().__init__(error_messages=REQUIRED, **{"metadata": {"format": "email"}, **kwargs})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        local, _, domain = value.strip(" ").rpartition("@") if isinstance(value, str) else ("", "", "")
        host = host_name(domain)
        right = host is not None and len(local) <= LONGEST_LOCAL_PART and _LOCAL_PART.fullmatch(local)
        if not right or len(f"{local}@{host}") > LONGEST_ADDRESS:
            raise ValidationError("Give an email address, as in ada@example.org.")
        return f"{local}@{host}"


class WebAddress(fields.String):
    """An http or https address with a public host name: no user, no IP address, no port."""

    def __init__(self, **kwargs: Any) -> None:
        """Take no option of its own."""
        super().__init__(error_messages=REQUIRED, **{"metadata": {"format": "uri"}, **_with(kwargs, validate.Length(max=2_000))})

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = value.strip(" ") if isinstance(value, str) else ""
        if not _is_web_address(text):
            raise ValidationError("Give a web address, as in https://example.org/page.")
        return text


class Identifier(fields.UUID):
    """An identifier in the one usual spelling of a UUID."""

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> UUID:
        if not isinstance(value, str) or not _UUID.fullmatch(value):
            raise ValidationError("This is not an identifier.")
        return UUID(value)


def in_zone(local: datetime, zone: str) -> datetime:
    """Give the instant (UTC) of a wall-clock time; one that the clocks skip raises `ValidationError`, one that comes twice is the first."""
    instant = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    if instant.astimezone(ZoneInfo(zone)).replace(tzinfo=None) != local:
        raise ValidationError(f"The clocks in {zone} skip this time. Choose one an hour later.")
    return instant


def host_name(text: str) -> str | None:
    """Give a public host name in ASCII lower case, or `None` if it is none (an IP address, a single word, look-alike letters)."""
    if unicodedata.normalize("NFKC", text) != text or len(text) > LONGEST_ADDRESS:
        return None
    try:
        host = text.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return None
    labels = host.split(".")
    sound = len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels) and not labels[-1].isdigit()
    return host if sound and not _is_ip(host) else None


def _is_web_address(text: str) -> bool:
    if any(_unprintable(letter, lines=False) or letter in ' \\<>"' for letter in text):
        return False
    try:
        parts = urlsplit(text)
        plain = parts.port is None and parts.username is None and parts.password is None
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and plain and host_name(parts.hostname or "") is not None


def _is_ip(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def _parsed(value: object, shape: re.Pattern[str]) -> datetime | None:
    if not isinstance(value, str) or not shape.fullmatch(value):
        return None
    try:
        parsed = datetime.fromisoformat(value)
    except ValueError:
        return None
    return parsed if FIRST_YEAR <= parsed.year <= LAST_YEAR else None


def _unprintable(letter: str, *, lines: bool) -> bool:
    return unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp", "Cn"} and not (lines and letter in "\n\t")


def _length_sentence(least: int, most: int) -> str:
    if least <= 1:
        return "Fill this in, with at most {max:,} characters.".replace("{max:,}", f"{most:,}") if least else f"Use at most {most:,} characters."
    return f"Use {least:,} to {most:,} characters."


def _with(options: dict[str, Any], validator: validate.Validator) -> dict[str, Any]:
    given = options.pop("validate", None)
    more = [] if given is None else [given] if callable(given) else list(given)
    return {**options, "validate": [validator, *more]}
