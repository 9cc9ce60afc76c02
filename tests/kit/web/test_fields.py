"""Strict fields: what marshmallow's own would let in, and these do not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from marshmallow import ValidationError

from plenary_kit.web.fields import EmailAddress, Identifier, Instant, LocalDate, LocalTime, Slug, Text, TimeZone, WebAddress, WholeNumber, in_zone
from plenary_kit.web.markdown import to_html
from plenary_kit.web.redirects import safe_next

REFUSED: list[tuple[Any, Any]] = [
    *((Text(), value) for value in (7, True, None, ["x"], "a\x00b", "a\x1bb", "\ud800", "a\u2028b", "two\nlines", "x" * 501)),
    *((Text(min=1), value) for value in ("", "   ", "\u00a0")),
    *((WholeNumber(), value) for value in (7.9, 7.0, "7", "٣", "1_000", " 5 ", True, -1, 10**30, float("nan"))),
    *((Slug(), value) for value in ("Upper", "a--b", "-a", "ä", "a b", "../x")),
    *((Instant(), value) for value in ("2026-02-30T00:00:00Z", "2026-01-01T00:00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00")),
    *((Instant(), value) for value in ("2026-01-01T23:59:60Z", "2026-01-01T00:00:00+99:00", 1767225600, "2026-W01-1T00:00Z")),
    *((LocalTime(), value) for value in ("2026-01-01", "2026-13-01T00:00", "2026-01-01T24:00", "noon")),
    *((LocalDate(), value) for value in ("2026-02-30", "20260201", "0001-01-01", "1.2.2026")),
    *((TimeZone(), value) for value in ("Mars/Base", "EST5", "", "../etc/passwd")),
    *((EmailAddress(), value) for value in ("a@[127.0.0.1]", "a@b", "a b@c.org", "a@c.org\nBcc: x@y.org", "ａ@c.org", "a@ｃ.org", '"a"@c.org')),
    *(
        (WebAddress(), value)
        for value in ("javascript:alert(1)", "http://127.0.0.1/", "http://[::1]/", "http://u:p@c.org/", "http://c.org:99/", "//c.org")
    ),
    *((Identifier(), value) for value in ("{0192f0c1-0000-7000-8000-000000000000}", "0192f0c1000070008000000000000000", "1", 2**63)),
]


@pytest.mark.parametrize(("field", "value"), REFUSED, ids=[f"{type(field).__name__} {str(value)[:40]!a}" for field, value in REFUSED])
def test_it_is_refused_with_a_sentence(field: Any, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        field.deserialize(value)
    assert str(refused.value.messages[0]).endswith(".")


def test_text_is_counted_in_its_composed_form() -> None:
    assert Text(max=1).deserialize("e\u0301") == "é"
    assert Text(max=2, lines=True).deserialize("a\r\n") == "a"
    assert Text(max=10).deserialize("👩\u200d👩\u200d👧") == "👩\u200d👩\u200d👧"


def test_an_international_domain_is_kept_as_mail_servers_know_it() -> None:
    assert EmailAddress().deserialize("ada@bücher.example") == "ada@xn--bcher-kva.example"


def test_a_time_that_the_clocks_skip_is_refused_and_one_that_comes_twice_is_the_first() -> None:
    with pytest.raises(ValidationError, match="skip"):
        in_zone(datetime(2026, 3, 8, 2, 30), "America/New_York")
    assert in_zone(datetime(2026, 11, 1, 1, 30), "America/New_York") == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "javascript:alert(1)",
        "/%2f%2fevil.example",
        "/\t/evil.example",
        "",
        None,
        "/" * 3000,
    ],
)
def test_a_way_back_never_leaves_the_site(target: str | None) -> None:
    assert safe_next(target) == "/proposals/"


def test_a_way_back_on_this_site_is_kept() -> None:
    assert safe_next("/scheduling/sgm-2016/?day=2") == "/scheduling/sgm-2016/?day=2"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://evil.example/x.png)",
        '<a href="x" onclick="y">z</a>',
        "[x](data:text/html,hi)",
    ],
)
def test_markdown_runs_nothing_and_loads_nothing(text: str) -> None:
    html = str(to_html(text))
    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html
    assert '<a href="x" onclick' not in html
