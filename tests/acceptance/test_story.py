"""One proposal's story as people live it: through pages, mails and files, with every decision made by somebody."""

import re
from datetime import UTC, datetime

import pytest
from place import Installation, Place
from story import (
    ATTENDEE,
    CHAIR,
    OTHER,
    SUBMITTER,
    at,
    calendar_of,
    decide,
    move,
    plan_link,
    prepared,
    publish,
    publish_first,
    released,
    room_id,
    starring,
    submit,
)
from visitors import Visitor


@pytest.fixture
def chair(place: Installation) -> Visitor:
    return prepared(place)


@pytest.mark.capability("E1", "G3", "G8", "J1", "J2", "J6", "N3")
@pytest.mark.timeout(240)
def test_a_proposal_goes_from_draft_to_a_place_in_the_program_and_everybody_is_told_once(anywhere: Place) -> None:
    place, chair = anywhere, prepared(anywhere)
    released(place, chair)
    subjects = [subject for subject, _ in place.letters(SUBMITTER)]
    assert len([subject for subject in subjects if "accepted" in subject.lower()]) == 1, subjects
    assert len([subject for subject, _ in place.letters(OTHER) if "Decision on" in subject]) == 1
    assert "not published yet" in place.visitor().get("/scheduling/sgm-annual/")

    publish_first(place, chair)
    guest = place.visitor().get("/scheduling/sgm-annual/")
    assert "Suturing for poets" in guest
    assert "Poems for surgeons" not in guest
    assert "samir" in guest.lower()
    told = [text for subject, text in place.letters(SUBMITTER) if subject == "Scheduled: “Suturing for poets”"]
    assert len(told) == 1, place.letters(SUBMITTER)
    assert re.search(r"E[DS]T", told[0]), "times are the venue's"

    ana = starring(place)
    move(chair, "Suturing for poets", "Biscayne", at(place, 1, "14:00"))
    publish(chair, "A room was needed elsewhere.")
    place.calm()
    told_ana = [text for subject, text in place.letters(ATTENDEE) if "code" not in subject]
    assert len(told_ana) == 1
    assert "2:00 PM" in told_ana[0]
    assert "you starred this session" in told_ana[0]
    assert "Suturing for poets" in ana.get("/notifications/inbox")
    changes = place.visitor().get("/scheduling/sgm-annual/changes")
    assert "Version 2" in changes
    assert "A room was needed elsewhere." in changes
    event = calendar_of(place)
    assert event.dtstart.value.strftime("%Y-%m-%dT%H:%M") == at(place, 1, "14:00")
    assert event.sequence.value == "1"


@pytest.mark.capability("K4")
def test_two_changes_within_the_window_are_one_letter_and_back_again_is_none(place: Installation, chair: Visitor) -> None:
    released(place, chair)
    publish_first(place, chair)
    starring(place)
    for clock in ("10:00", "14:00"):
        move(chair, "Suturing for poets", "Biscayne", at(place, 1, clock))
        publish(chair)
        place.settle()
    place.calm()
    told = [text for subject, text in place.letters(ATTENDEE) if "code" not in subject]
    assert len(told) == 1
    assert "2:00 PM" in told[0]
    for clock in ("16:00", "14:00"):
        move(chair, "Suturing for poets", "Biscayne", at(place, 1, clock))
        publish(chair)
        place.settle()
    place.calm()
    assert len([text for subject, text in place.letters(ATTENDEE) if "code" not in subject]) == 1
    assert calendar_of(place).sequence.value == "4", "a calendar that saw each version still learns of the last"


@pytest.mark.capability("J2", "L3")
@pytest.mark.timeout(240)
def test_a_withdrawal_frees_the_slot_and_is_told(anywhere: Place) -> None:
    place, chair = anywhere, prepared(anywhere)
    samir, mine = released(place, chair)
    publish_first(place, chair)
    samir.sends(mine, f"{mine}/withdraw")
    place.calm()
    assert "Suturing for poets" not in chair.get("/scheduling/sgm-annual/plan")
    assert "Canceled" in place.visitor().get("/scheduling/sgm-annual/")
    assert calendar_of(place).status.value == "CANCELLED"
    assert len([text for subject, text in place.letters(CHAIR) if "Suturing" in subject]) == 1


def test_what_was_typed_is_kept_and_the_mistake_is_named(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    long = "x" * 201
    answer = samir.send("/proposals/calls/sgm/workshops/propose", kind="workshop", title=long, abstract="Kept text", expected="many")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert long in page
    assert "Kept text" in page
    assert page.count('class="field-error"') == 2


@pytest.mark.capability("B6")
def test_a_stale_save_shows_both_texts(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    mine = submit(samir, "First title")
    samir.sends(mine, title="Saved in another window", abstract="Other", expected="")
    stale = samir.send(mine, title="Mine", abstract="My text", expected="", version="1")
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "Saved in another window" in page
    assert "My text" in page


@pytest.mark.capability("G4")
def test_a_clash_is_refused_unless_the_chair_insists(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    for title in ("One workshop", "Another workshop"):
        submit(samir, title)
        decide(chair, title, "accept")
    chair.sends("/proposals/calls/sgm/workshops/submissions", "/proposals/calls/sgm/workshops/release")
    place.settle()
    move(chair, "One workshop", "Atlantic", at(place, 1, "09:00"))
    link = plan_link(chair, "Another workshop")
    room = room_id(chair.get(link), "Biscayne")
    refused = chair.send(link, link, room_id=room, starts_at=at(place, 1, "09:30"))
    assert refused.status_code == 422
    assert "presents “One workshop” at that time" in refused.get_data(as_text=True)
    chair.sends(link, link, room_id=room, starts_at=at(place, 1, "09:30"), anyway="on")


@pytest.mark.capability("A2")
def test_a_late_proposal_is_refused_after_the_grace_and_its_text_is_kept(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    fields = {"kind": "workshop", "title": "Just in time", "abstract": "Words", "expected": "", "submit": "yes"}
    address = "/proposals/calls/sgm/workshops/propose"
    shown = samir.get("/proposals/calls/sgm/workshops")
    assert "11:59 PM" in shown
    assert "12:14" not in shown, "the grace is not announced"
    place.clock.now = datetime(2016, 2, 2, 5, 10, tzinfo=UTC)  # ten minutes of grace after 23:59 in New York
    samir = place.sign_in(SUBMITTER)
    samir.sends(address, **fields)
    place.clock.forward(minutes=10)
    late = samir.send(address, **{**fields, "title": "Too late"})
    assert late.status_code == 422
    assert "Too late" in late.get_data(as_text=True)
    assert "closed" in late.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/proposals/calls/sgm/workshops/submissions", "/scheduling/sgm-annual/plan", "/scheduling/sgm-annual/import"])
def test_only_chairs_reach_the_desk(place: Installation, chair: Visitor, path: str) -> None:
    place.sign_in(SUBMITTER).get(path, status=404)
    assert "Sign in" in place.visitor().get(path)
