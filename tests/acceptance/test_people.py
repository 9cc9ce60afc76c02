"""What people can do about themselves, at their browsers."""

import re

import pytest
from place import Installation
from story import SUBMITTER, prepared, publish_first, released

PROFILE = "/proposals/profile"
TYPED = {"name": "Samir Lindqvist", "affiliation": "Northfold College", "time_zone": "Europe/Berlin"}


@pytest.mark.timeout(240)
def test_a_new_name_stands_in_the_program_without_another_release(place: Installation) -> None:
    chair = prepared(place)
    samir, _ = released(place, chair)
    publish_first(place, chair)
    page = samir.sends(PROFILE, **TYPED)
    assert "Samir Lindqvist</bdi></a>" in page, "the header knows the new name at once"
    place.settle()
    for address in ("/scheduling/sgm-annual/", "/scheduling/sgm-annual/plan"):
        assert "Samir Lindqvist" in chair.get(address)


def test_a_profile_that_was_saved_elsewhere_shows_both(place: Installation) -> None:
    samir = place.sign_in(SUBMITTER)
    opened = samir.get(PROFILE)
    samir.sends(PROFILE, **TYPED)
    stale = samir.answer(opened, PROFILE, named=None, **{**TYPED, "name": "S. Lindqvist"})
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "<strong>Samir Lindqvist</strong>" in page
    assert "<strong>S. Lindqvist</strong>" in page
    assert samir.answer(page, PROFILE, named=None, **{**TYPED, "name": "S. Lindqvist"}).status_code == 303, "after a comparison it may be saved"


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 201}, {"time_zone": "Atlantis/Capital"}])
def test_a_profile_that_cannot_be_is_refused_at_the_field(place: Installation, wrong: dict[str, str]) -> None:
    samir = place.sign_in(SUBMITTER)
    answer = samir.send(PROFILE, **{**TYPED, **wrong})
    assert answer.status_code == 422
    assert answer.get_data(as_text=True).count('class="field-error"') == 1
    assert "Northfold College" in answer.get_data(as_text=True), "what was typed is kept"


def test_a_browser_left_signed_in_somewhere_is_signed_out_from_here(place: Installation) -> None:
    elsewhere, here = place.sign_in(SUBMITTER), place.sign_in(SUBMITTER)
    other = re.search(r'action="(/proposals/profile/sign-ins/[0-9a-f-]+/end)"', here.get(PROFILE))
    assert other is not None
    page = here.sends(PROFILE, other[1])
    assert "sign-ins/end-others" not in page
    place.settle()
    assert "Sign in" in elsewhere.get("/notifications/inbox")
    third = place.sign_in(SUBMITTER)
    here.sends(PROFILE, "/proposals/profile/sign-ins/end-others")
    place.settle()
    assert "Sign in" in third.get("/notifications/inbox")
    assert "This browser" in here.get(PROFILE)
