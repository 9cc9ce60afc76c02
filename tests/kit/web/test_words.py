"""Words for times: nothing is said twice."""

from datetime import UTC, date, datetime

import pytest

from plenary_kit.web.words import days, hours, time_range, weekday


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2016, 5, 11), date(2016, 5, 13), "May 11 – 13, 2016"),
        (date(2016, 5, 31), date(2016, 6, 2), "May 31 – Jun 2, 2016"),
        (date(2016, 12, 31), date(2017, 1, 1), "Dec 31, 2016 – Jan 1, 2017"),
        (date(2016, 5, 11), date(2016, 5, 11), "May 11, 2016"),
    ],
)
def test_days_say_month_and_year_once(first: date, last: date, written: str) -> None:
    assert days(first, last) == written


def test_hours_say_no_zone_and_the_range_does() -> None:
    start, end = datetime(2016, 5, 11, 13, tzinfo=UTC), datetime(2016, 5, 11, 14, 30, tzinfo=UTC)
    assert hours(start, end, "America/New_York") == "9:00 – 10:30 AM"
    assert hours(start, datetime(2016, 5, 11, 17, tzinfo=UTC), "America/New_York") == "9:00 AM – 1:00 PM"
    assert time_range(start, end, "America/New_York") == "9:00 – 10:30 AM EDT"


def test_a_weekday_says_no_year() -> None:
    assert weekday(date(2016, 5, 12)) == "Thu, May 12"
    assert weekday(datetime(2016, 5, 12, 2, tzinfo=UTC), "America/New_York") == "Wed, May 11"
