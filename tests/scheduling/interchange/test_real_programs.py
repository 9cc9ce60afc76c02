"""Programs that nobody in this project wrote come in whole, with the numbers that were counted by hand."""

import os
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from plenary_scheduling.interchange.model import Summary
from plenary_scheduling.interchange.reading import read_program

COUNTED = {
    "fosdem2021/fosdem_2021.xml": (773, 684, 106, 2, 0, 1),
    "debconf23/debconf23.xml": (117, 87, 5, 8, 0, 0),
    "c3_31_36/schedule.xml": (138, 197, 4, 4, 2, 0),
    "voc_examples/frab-camp2019.json": (79, 90, 2, 5, 0, 0),
    "voc_examples/pretalx-rc3.json": (48, 56, 5, 4, 0, 0),
    "voc_examples/pretalx-democon.json": (36, 27, 2, 3, 1, 0),
    "ccscne/CCSCNE2014Program.csv": (56, 53, 12, 2, 0, 24),
}


def real_file(name: str) -> bytes:
    """Give a file of the folder that PLENARY_REAL_INPUTS names, or skip and say so."""
    folder = os.environ.get("PLENARY_REAL_INPUTS")
    if not folder:
        pytest.skip("PLENARY_REAL_INPUTS names no folder of real programs")
    return Path(folder, name).read_bytes()


@pytest.mark.capability("L3")
@pytest.mark.parametrize("name", COUNTED)
def test_every_item_person_room_day_and_overlap_is_counted(name: str) -> None:
    summary = read_program(real_file(name), name, fallback_zone="America/New_York").summary()
    assert summary == Summary(*COUNTED[name], warnings=summary.warnings)
    assert summary.warnings <= 1


@pytest.mark.parametrize("name", COUNTED)
def test_reading_twice_gives_the_same_and_keys_are_unique(name: str) -> None:
    first, second = (read_program(real_file(name), name, fallback_zone="Europe/Brussels") for _ in range(2))
    assert first == second
    assert len({item.key for item in first.items}) == len(first.items)


def test_items_past_midnight_belong_to_the_evening_before() -> None:
    program = read_program(real_file("c3_31_36/schedule.xml"), "schedule.xml", fallback_zone="Europe/Berlin")
    zone = ZoneInfo("Europe/Berlin")
    nights = [item for item in program.items if item.starts_at and item.day and item.starts_at.astimezone(zone).date() > item.day]
    assert nights
    assert {str(item.day) for item in program.items} == {"2014-12-27", "2014-12-28", "2014-12-29", "2014-12-30"}


def test_html_of_a_real_program_becomes_text() -> None:
    program = read_program(real_file("fosdem2021/fosdem_2021.xml"), "fosdem.xml", fallback_zone="Europe/Brussels")
    assert not any("<p>" in item.abstract + item.description or "</a>" in item.abstract + item.description for item in program.items)
    assert sum(bool(item.abstract) for item in program.items) > 700


def test_days_written_in_utc_are_the_venues_days() -> None:
    program = read_program(real_file("debconf23/debconf23.xml"), "debconf23.xml", fallback_zone="UTC")
    assert (program.time_zone, str(program.starts_on), program.slot_minutes) == ("Asia/Kolkata", "2023-09-10", 15)


def test_schema_2_is_read_with_its_tracks_rooms_and_days() -> None:
    program = read_program(real_file("voc_examples/hub-schedule2.json"), "schedule2.json", fallback_zone="UTC")
    assert [(item.track, item.room, str(item.day)) for item in program.items] == [
        ("CCC", "Saal 1", "2024-12-27"),
        ("Hardware & Making", "Saal ZIGZAG", "2024-12-27"),
    ]


def test_an_example_that_breaks_the_schema_is_still_read() -> None:
    assert len(read_program(real_file("voc_examples/invalid-example.json"), "invalid.json", fallback_zone="UTC").items) == 1
