"""A meeting's address never hides one of Plenary's own, nor is it hidden by one."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from place import Installation, install

from plenary_kit.persistence.columns import new_id
from plenary_scheduling.meetings.model import RESERVED, BadMeeting, Meeting


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Installation]:
    installed = install(tmp_path / "data")
    yield installed
    installed.trio.close()


def test_every_fixed_address_beside_the_meetings_is_reserved(place: Installation) -> None:
    rules = place.site.mounts["/scheduling"].url_map.iter_rules()
    first = {rule.rule.split("/")[1] for rule in rules}
    assert {part for part in first if part and not part.startswith("<")} == RESERVED


@pytest.mark.parametrize("slug", sorted(RESERVED))
def test_a_meeting_is_refused_a_reserved_address_by_name(slug: str) -> None:
    day = date(2016, 5, 11)
    meeting = Meeting(id=new_id(), slug=slug, starts_on=day, ends_on=day, time_zone="UTC", day_opens=540, day_closes=1080)
    with pytest.raises(BadMeeting, match=f"{slug}-2016") as refused:
        meeting.refuse_unless_sound()
    assert refused.value.field == "slug"
