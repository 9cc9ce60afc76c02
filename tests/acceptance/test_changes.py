"""A meeting that changes while its program is being made, at the chair's browser."""

import re

import pytest
from place import Installation
from story import at, decide, first_day, move, plan_link, prepared, released, submit
from visitors import Visitor

EDIT, ROOMS = "/scheduling/sgm-annual/edit", "/scheduling/sgm-annual/rooms"


@pytest.fixture
def chair(place: Installation) -> Visitor:
    return prepared(place)


def typed(place: Installation, **changed: str) -> dict[str, str]:
    hours = {"time_zone": "America/New_York", "day_opens": "09:00", "day_closes": "18:00"}
    days = {"starts_on": at(place, 0, "")[:10], "ends_on": at(place, 2, "")[:10]}
    return {"title": "Annual Meeting", "venue": "Hollywood, Florida", **days, **hours, **changed}


def room(chair: Visitor, name: str) -> str:
    found = re.search(rf'href="({ROOMS}/[0-9a-f-]+)">Change<span class="visually-hidden"> {name}<', chair.get(ROOMS))
    assert found is not None
    return found[1]


def test_another_zone_and_venue_show_on_the_call_and_in_the_list(place: Installation, chair: Visitor) -> None:
    page = chair.sends(EDIT, **typed(place, venue="Lisbon", time_zone="Europe/Lisbon", day_closes="00:00"))
    assert 'value="Lisbon"' in page
    assert 'name="day_closes" value="00:00"' in page
    place.settle()
    assert "Lisbon" in place.visitor().get("/scheduling/")
    call = place.visitor().get("/proposals/calls/sgm/workshops")
    assert 'data-zone="Europe/Lisbon"' in call
    assert "Lisbon" in call


def test_a_day_less_names_the_sessions_that_would_fall_out_and_can_be_insisted_on(place: Installation, chair: Visitor) -> None:
    released(place, chair)
    move(chair, "Suturing for poets", "Atlantic", at(place, 2, "10:00"))
    shorter = typed(place, ends_on=str(first_day(place)))
    refused = chair.send(EDIT, **shorter)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "outside of the meeting&#39;s days and hours: “Suturing for poets”" in page
    assert chair.answer(page, EDIT, named=None, **shorter, anyway="on").status_code == 303
    assert plan_link(chair, "Suturing for poets"), "it is still found"


def test_a_stale_save_of_a_meeting_shows_what_was_saved_elsewhere(place: Installation, chair: Visitor) -> None:
    opened = chair.get(EDIT)
    chair.sends(EDIT, **typed(place, venue="Saved elsewhere"))
    stale = chair.answer(opened, EDIT, named=None, **typed(place, venue="Mine"))
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "Saved elsewhere" in page
    assert 'value="Mine"' in page


@pytest.mark.parametrize("wrong", [{"title": ""}, {"day_opens": "9"}, {"starts_on": "2016-02-30"}, {"time_zone": "Moon/Tranquility"}])
def test_what_makes_no_sense_is_refused_at_the_field(place: Installation, chair: Visitor, wrong: dict[str, str]) -> None:
    answer = chair.send(EDIT, **typed(place, **wrong))
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count('class="field-error"') == 1


def test_rooms_are_changed_ordered_and_removed_by_form(place: Installation, chair: Visitor) -> None:
    submit(place.sign_in("samir@example.org"), "A workshop")
    decide(chair, "A workshop", "accept")
    chair.sends("/proposals/calls/sgm/workshops/submissions", "/proposals/calls/sgm/workshops/release")
    place.settle()
    move(chair, "A workshop", "Biscayne", at(place, 1, "09:00"))
    here = room(chair, "Biscayne")
    page = chair.sends(here, here, name="Biscayne Bay", capacity="60", position="0")
    assert page.index("Biscayne Bay") < page.index("Atlantic")
    refused = chair.send(here, f"{here}/remove")
    assert refused.status_code == 409
    assert "Sessions stand in Biscayne Bay: “A workshop”" in refused.get_data(as_text=True)
    empty = room(chair, "Atlantic")
    assert "Atlantic" not in chair.sends(empty, f"{empty}/remove").partition("<table")[2]
