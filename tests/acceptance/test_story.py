"""One proposal's story as people live it: through pages, mails and files, with every decision made by somebody."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
import vobject
from society import Clock
from visitors import Installation, Visitor, install

from plenary_proposals.people.actions import found_society, grant_role, register_person

CHAIR, SUBMITTER, OTHER, ATTENDEE = "charlotte@example.org", "samir@example.org", "dana@example.org", "ana@example.org"


@pytest.fixture
def place(tmp_path: Path):
    installed = install(tmp_path / "data", clock=Clock(datetime(2016, 1, 4, 12, tzinfo=UTC)))
    database = installed.trio.proposals.database
    society = found_society(database, slug="sgm", name="Society of Generous Medicine", time_zone="America/New_York")
    with database.work() as work:
        chair = register_person(work, name="Charlotte Okafor", email=CHAIR).id
    grant_role(database, person_id=chair, role="administrator", scope_kind="society", scope_id=society)
    installed.settle()
    yield installed
    installed.trio.close()


@pytest.fixture
def chair(place: Installation) -> Visitor:
    visitor = place.sign_in(CHAIR)
    text = {"title": "Annual Meeting 2016", "slug": "sgm-2016", "venue": "Hollywood, Florida", "starts_on": "2016-05-11", "ends_on": "2016-05-13"}
    society = re.search(r'<option value="([0-9a-f-]{36})"', visitor.get("/scheduling/new"))
    assert society is not None
    hours = {"time_zone": "America/New_York", "opens_hour": "9", "closes_hour": "18"}
    visitor.sends("/scheduling/new", society_id=society[1], **text, **hours)
    for name, capacity in (("Atlantic", "120"), ("Biscayne", "40")):
        visitor.sends("/scheduling/sgm-2016/rooms", name=name, capacity=capacity)
    place.settle()
    link = re.search(r"/proposals/meetings/[0-9a-f-]+/open-call", visitor.get("/proposals/"))
    assert link is not None
    dates = {"opens_at": "2016-01-04T00:00", "closes_at": "2016-02-01T23:59", "grace_minutes": "15"}
    visitor.sends(link[0], title="Call for workshops", slug="workshops", description="**Propose.**", kinds="Workshop, 60\nPoster, 15", **dates)
    return visitor


def submit(visitor: Visitor, title: str, expected: str = "35") -> str:
    """Submit a proposal; gives the address of its page."""
    page = visitor.sends(
        "/proposals/calls/sgm/workshops/propose", kind="workshop", title=title, abstract="Hands-on.", expected=expected, submit="yes"
    )
    found = re.search(rf'href="(/proposals/mine/[0-9a-f-]+)">{re.escape(title)}<', page)
    assert found is not None, page
    return found[1]


def decide(chair: Visitor, title: str, outcome: str) -> None:
    page = chair.get("/proposals/calls/sgm/workshops/submissions")
    row = re.search(rf'<tr id="([0-9a-f-]+)">(?:(?!</tr>).)*{re.escape(title)}', page, re.DOTALL)
    assert row is not None
    here = "/proposals/calls/sgm/workshops/submissions"
    chair.sends(here, f"{here}/{row[1]}", outcome=outcome)


def released(place: Installation, chair: Visitor) -> tuple[Visitor, str]:
    """Bring one accepted and one declined proposal to their released decisions."""
    samir, dana = place.sign_in(SUBMITTER), place.sign_in(OTHER)
    mine = submit(samir, "Suturing for poets")
    submit(dana, "Poems for surgeons")
    decide(chair, "Suturing for poets", "accept")
    decide(chair, "Poems for surgeons", "decline")
    place.settle()
    assert not [subject for subject, _ in place.letters(SUBMITTER) if "accepted" in subject.lower()], "a held decision leaked"
    chair.sends("/proposals/calls/sgm/workshops/submissions", "/proposals/calls/sgm/workshops/release")
    place.settle()
    return samir, mine


def plan_link(chair: Visitor, title: str) -> str:
    row = re.search(rf'<tr id="([0-9a-f-]+)">(?:(?!</tr>).)*{re.escape(title)}', chair.get("/scheduling/sgm-2016/plan"), re.DOTALL)
    assert row is not None
    return f"/scheduling/sgm-2016/plan/{row[1]}"


def room_id(page: str, name: str) -> str:
    found = re.search(rf'<option value="([0-9a-f-]+)"[^>]*>{name}', page)
    assert found is not None
    return found[1]


def move(chair: Visitor, title: str, room: str, when: str) -> None:
    link = plan_link(chair, title)
    chair.sends(link, link, room_id=room_id(chair.get(link), room), starts_at=when)


def publish(chair: Visitor, note: str = "") -> None:
    chair.sends("/scheduling/sgm-2016/plan", "/scheduling/sgm-2016/plan/release", note=note)


def test_a_proposal_goes_from_draft_to_a_place_in_the_program_and_everybody_is_told_once(place: Installation, chair: Visitor) -> None:
    released(place, chair)
    subjects = [subject for subject, _ in place.letters(SUBMITTER)]
    assert len([subject for subject in subjects if "accepted" in subject.lower()]) == 1, subjects
    assert "not published yet" in place.visitor().get("/scheduling/sgm-2016/")

    chair.sends("/scheduling/sgm-2016/plan", "/scheduling/sgm-2016/plan/automatic")
    publish(chair, "The first program.")
    place.clock.forward(hours=1)
    place.settle()
    guest = place.visitor().get("/scheduling/sgm-2016/")
    assert "Suturing for poets" in guest
    assert "Poems for surgeons" not in guest
    assert "Samir" in guest or "samir" in guest
    told = [text for subject, text in place.letters(SUBMITTER) if "Suturing" in subject and "EDT" in text]
    assert len(told) == 1, place.letters(SUBMITTER)

    ana = place.sign_in(ATTENDEE)
    session = re.search(r'id="([0-9a-f-]{36})"', ana.get("/scheduling/sgm-2016/"))
    assert session is not None
    ana.sends("/scheduling/sgm-2016/", f"/scheduling/sessions/{session[1]}/star")
    place.settle()
    for when in ("2016-05-12T10:00", "2016-05-12T14:00"):
        move(chair, "Suturing for poets", "Biscayne", when)
        publish(chair)
        place.settle()
    place.clock.forward(hours=1)
    place.settle()
    told_ana = [text for subject, text in place.letters(ATTENDEE) if "code" not in subject]
    assert len(told_ana) == 1, "two changes within the window are one mail"
    assert "2:00" in told_ana[0]
    assert "Suturing for poets" in ana.get("/notifications/inbox")
    changes = place.visitor().get("/scheduling/sgm-2016/changes")
    assert "Version 3" in changes
    assert "2:00 PM" in changes

    feed = place.visitor().client.get("/scheduling/sgm-2016/program.ics")
    event = vobject.readOne(feed.get_data(as_text=True)).vevent
    assert event.dtstart.value.astimezone(UTC) == datetime(2016, 5, 12, 18, tzinfo=UTC)
    assert "SEQUENCE:2" in feed.get_data(as_text=True)


def test_a_withdrawal_frees_the_slot_and_is_told(place: Installation, chair: Visitor) -> None:
    samir, mine = released(place, chair)
    chair.sends("/scheduling/sgm-2016/plan", "/scheduling/sgm-2016/plan/automatic")
    publish(chair)
    place.settle()
    samir.sends(mine, f"{mine}/withdraw")
    place.clock.forward(hours=1)
    place.settle()
    assert "Suturing for poets" not in chair.get("/scheduling/sgm-2016/plan")
    assert "Canceled" in place.visitor().get("/scheduling/sgm-2016/")
    assert "STATUS:CANCELLED" in place.visitor().client.get("/scheduling/sgm-2016/program.ics").get_data(as_text=True)
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


def test_a_stale_save_shows_both_texts(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    mine = submit(samir, "First title")
    samir.sends(mine, title="Saved in another window", abstract="Other", expected="")
    stale = samir.send(mine, title="Mine", abstract="My text", expected="", version="1")
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "Saved in another window" in page
    assert "My text" in page


def test_a_clash_is_refused_unless_the_chair_insists(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    for title in ("One workshop", "Another workshop"):
        submit(samir, title)
        decide(chair, title, "accept")
    chair.sends("/proposals/calls/sgm/workshops/submissions", "/proposals/calls/sgm/workshops/release")
    place.settle()
    move(chair, "One workshop", "Atlantic", "2016-05-12T09:00")
    link = plan_link(chair, "Another workshop")
    room = room_id(chair.get(link), "Biscayne")
    refused = chair.send(link, link, room_id=room, starts_at="2016-05-12T09:30")
    assert refused.status_code == 422
    assert "presents “One workshop” at that time" in refused.get_data(as_text=True)
    chair.sends(link, link, room_id=room, starts_at="2016-05-12T09:30", anyway="on")


def test_a_late_proposal_is_refused_after_the_grace_and_its_text_is_kept(place: Installation, chair: Visitor) -> None:
    samir = place.sign_in(SUBMITTER)
    fields = {"kind": "workshop", "title": "Just in time", "abstract": "Words", "expected": "", "submit": "yes"}
    address = "/proposals/calls/sgm/workshops/propose"
    place.clock.now = datetime(2016, 2, 2, 5, 10, tzinfo=UTC)  # ten minutes of grace after 23:59 in New York
    samir = place.sign_in(SUBMITTER)
    samir.sends(address, **fields)
    place.clock.forward(minutes=10)
    late = samir.send(address, **{**fields, "title": "Too late"})
    assert late.status_code == 422
    assert "Too late" in late.get_data(as_text=True)
    assert "closed" in late.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/proposals/calls/sgm/workshops/submissions", "/scheduling/sgm-2016/plan", "/scheduling/sgm-2016/import"])
def test_only_chairs_reach_the_desk(place: Installation, chair: Visitor, path: str) -> None:
    place.sign_in(SUBMITTER).get(path, status=403)
    assert "Sign in" in place.visitor().get(path)
