"""What presenters and chairs do at their browsers between an acceptance and the program: say when one cannot come, and mend the text."""

import pytest
from place import Installation
from story import SUBMITTER, at, first_day, plan_link, prepared, publish, publish_first, released, room_id, submit
from visitors import Visitor

TEXT = {"title": "Suturing for poets", "abstract": "Hands-on.", "expected": "35"}


@pytest.fixture
def chair(place: Installation) -> Visitor:
    return prepared(place)


def away(place: Installation, number: int, day: int, start: str = "", end: str = "") -> dict[str, str]:
    return {f"away_{number}_day": at(place, day, "")[:10], f"away_{number}_from": start, f"away_{number}_until": end}


@pytest.mark.capability("G4")
def test_a_move_against_what_the_presenter_said_warns_and_can_be_insisted_on(place: Installation, chair: Visitor) -> None:
    samir, mine = released(place, chair)
    page = samir.sends(mine, **TEXT, **away(place, 1, 0), **away(place, 2, 1, "13:00", "17:30"))
    assert 'name="away_2_from" value="13:00"' in page
    assert 'name="away_4_from"' in page, "there are lines to fill in"
    place.settle()
    link = plan_link(chair, "Suturing for poets")
    form = chair.get(link)
    assert "Not available" in form
    assert "1:00 – 5:30 PM" in form
    there = {"room_id": room_id(form, "Atlantic"), "starts_at": at(place, 1, "16:00")}
    refused = chair.send(link, link, **there)
    assert refused.status_code == 422
    assert "is not available then" in refused.get_data(as_text=True)
    chair.sends(link, link, **there, anyway="on")


def test_the_form_is_closed_to_times_once_the_program_is_public_and_open_to_the_text(place: Installation, chair: Visitor) -> None:
    samir, mine = released(place, chair)
    samir.sends(mine, **TEXT, **away(place, 1, 0))
    place.settle()
    publish_first(place, chair)
    page = samir.get(mine)
    assert "away_1_day" not in page
    assert "settled when the program became public" in page
    samir.sends(mine, **{**TEXT, "title": "Suturing for painters"})
    place.settle()
    assert "Suturing for poets" in place.visitor().get("/scheduling/sgm-annual/")
    publish(chair)
    assert "Suturing for painters" in place.visitor().get("/scheduling/sgm-annual/")
    log = place.visitor().get("/scheduling/sgm-annual/changes")
    assert "Renamed" in log
    assert '<del class="diff-before"><bdi>Suturing for poets</bdi></del>' in log
    place.calm()
    assert not [subject for subject, _ in place.letters(SUBMITTER) if "painters" in subject]


def test_a_chair_mends_the_text_of_an_accepted_proposal(place: Installation, chair: Visitor) -> None:
    samir, mine = released(place, chair)
    assert f'href="{mine}"' in chair.get("/proposals/calls/sgm/workshops/submissions")
    page = chair.sends(mine, **{**TEXT, "abstract": "Mended by the chair."})
    assert "Withdraw this proposal" not in page
    assert "Mended by the chair." in samir.get(mine)


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        ({"away_1_day": "", "away_1_from": "09:00"}, "away_1_day"),
        ({"away_1_from": "12:00", "away_1_until": "09:00"}, "away_1_until"),
        ({"away_1_from": "nine"}, "away_1_from"),
        ({"away_1_day": "2016-02-30"}, "away_1_day"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused_at_its_field_and_kept(place: Installation, chair: Visitor, row: dict[str, str], wrong: str) -> None:
    samir = place.sign_in(SUBMITTER)
    mine = submit(samir, "Suturing for poets")
    answer = samir.send(mine, **TEXT, **{"away_1_day": str(first_day(place)), **row})
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f'id="{wrong}-error"' in page
    assert page.count('class="field-error"') == 1
    assert "away_1_day" not in samir.get(mine).partition("<details open")[2], "nothing was saved"
