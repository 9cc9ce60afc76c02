"""What people can do about themselves, at their browsers."""

import re

import pytest
from place import Installation
from story import ATTENDEE, CHAIR, SUBMITTER, prepared, publish_first, released

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


ROLES = "/proposals/societies/sgm/roles"


def test_an_administrator_shares_the_work_and_takes_it_back(place: Installation) -> None:
    chair = prepared(place)
    meeting = re.search(r'<option value="([0-9a-f-]+)">Chairs Annual Meeting', chair.get(ROLES))
    assert meeting is not None
    page = chair.sends(ROLES, ROLES, email=ATTENDEE, scope_id=meeting[1])
    place.settle()
    assert [subject for subject, _ in place.letters(ATTENDEE)] == ["You chair the program of Annual Meeting"]
    ana = place.sign_in(ATTENDEE)
    assert "Meetings that you chair" in ana.get("/proposals/")
    assert "Working copy" in ana.get("/scheduling/sgm-annual/plan")
    ana.get(ROLES, status=404)
    taken = re.search(rf"{ATTENDEE}.*?action=\"({ROLES}/[0-9a-f-]+/revoke)\"", page, re.DOTALL)
    assert taken is not None
    assert ATTENDEE not in chair.sends(ROLES, taken[1])
    place.settle()
    ana.get("/scheduling/sgm-annual/plan", status=404)
    assert "Meetings that you chair" not in ana.get("/proposals/")


def test_the_last_administrator_stays_and_what_was_typed_does_too(place: Installation) -> None:
    chair = prepared(place)
    own = re.search(rf"{CHAIR}.*?action=\"({ROLES}/[0-9a-f-]+/revoke)\"", chair.get(ROLES), re.DOTALL)
    assert own is not None
    refused = chair.send(ROLES, own[1])
    assert refused.status_code == 409
    assert "the last administrator" in refused.get_data(as_text=True)
    wrong = chair.send(ROLES, ROLES, email="ana at example.org", scope_id="")
    assert wrong.status_code == 422
    assert 'value="ana at example.org"' in wrong.get_data(as_text=True)
    assert wrong.get_data(as_text=True).count('class="field-error"') == 2
