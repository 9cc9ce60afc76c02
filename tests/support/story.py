"""The steps of one proposal's story, as people take them at their browsers, in either shape of an installation."""

import re
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

import vobject
from place import Place
from visitors import Visitor

CHAIR, SUBMITTER, OTHER, ATTENDEE = "charlotte@example.org", "samir@example.org", "dana@example.org", "ana@example.org"


def first_day(place: Place) -> date:
    """Give the first day of the meeting: far enough away that no change is urgent."""
    return place.now().date() + timedelta(days=128)


def at(place: Place, day: int, clock: str) -> str:
    """Write a time of the meeting's `day` (0 is the first) as a form's field does."""
    return f"{first_day(place) + timedelta(days=day)}T{clock}"


def prepared(place: Place) -> Visitor:
    """Found a society, create a meeting with two rooms and open a call; gives the chair's browser."""
    place.found(administrator=CHAIR)
    visitor = place.sign_in(CHAIR)
    first = first_day(place)
    text = {"title": "Annual Meeting", "slug": "sgm-annual", "venue": "Hollywood, Florida"}
    days = {"starts_on": str(first), "ends_on": str(first + timedelta(days=2))}
    society = re.search(r'<option value="([0-9a-f-]{36})"', visitor.get("/scheduling/new"))
    assert society is not None
    hours = {"time_zone": "America/New_York", "opens_hour": "9", "closes_hour": "18"}
    visitor.sends("/scheduling/new", society_id=society[1], **text, **days, **hours)
    for name, capacity in (("Atlantic", "120"), ("Biscayne", "40")):
        visitor.sends("/scheduling/sgm-annual/rooms", name=name, capacity=capacity)
    place.settle()
    link = re.search(r"/proposals/meetings/[0-9a-f-]+/open-call", visitor.get("/proposals/"))
    assert link is not None
    today = place.now().date()
    dates = {"opens_at": f"{today - timedelta(days=1)}T00:00", "closes_at": f"{today + timedelta(days=28)}T23:59", "grace_minutes": "15"}
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


def released(place: Place, chair: Visitor) -> tuple[Visitor, str]:
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
    page = chair.get(f"/scheduling/sgm-annual/plan?{urlencode({'q': title})}")
    found = re.search(rf'href="(/scheduling/sgm-annual/plan/[0-9a-f-]+)">{re.escape(title)}<', page)
    assert found is not None, page
    return found[1]


def room_id(page: str, name: str) -> str:
    found = re.search(rf'<option value="([0-9a-f-]+)"[^>]*>{name}', page)
    assert found is not None
    return found[1]


def move(chair: Visitor, title: str, room: str, when: str) -> None:
    link = plan_link(chair, title)
    chair.sends(link, link, room_id=room_id(chair.get(link), room), starts_at=when)


def publish(chair: Visitor, note: str = "") -> None:
    chair.sends("/scheduling/sgm-annual/plan", "/scheduling/sgm-annual/plan/release", note=note)


def publish_first(place: Place, chair: Visitor) -> None:
    """Place everything automatically and publish version 1."""
    chair.sends("/scheduling/sgm-annual/plan", "/scheduling/sgm-annual/plan/automatic")
    publish(chair, "The first program.")
    place.calm()


def starring(place: Place) -> Visitor:
    """Let the attendee star the first session of the program."""
    ana = place.sign_in(ATTENDEE)
    session = re.search(r'id="([0-9a-f-]{36})"', ana.get("/scheduling/sgm-annual/"))
    assert session is not None
    ana.sends("/scheduling/sgm-annual/", f"/scheduling/sessions/{session[1]}/star")
    place.settle()
    return ana


def calendar_of(place: Place) -> Any:
    """Read the one event of the meeting's feed with a parser that did not write it."""
    feed = place.visitor().client.get("/scheduling/sgm-annual/program.ics")
    return vobject.readOne(feed.get_data(as_text=True)).vevent
