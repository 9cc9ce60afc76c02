"""One proposal's story as programs live it, in both shapes: over HTTP alone, from the mailed code to the withdrawal."""

from datetime import datetime, timedelta

import pytest
from place import Place
from programs import Program, sign_in
from story import ATTENDEE, CHAIR, SUBMITTER, at, first_day

DRAFT = {"kind": "workshop", "title": "Suturing", "abstract": "Hands-on.", "expected": 35}
MEETING = {"title": "Annual Meeting", "slug": "sgm-annual", "venue": "Hollywood, Florida"}
KINDS = [{"slug": "workshop", "name": "Workshop", "minutes": 60}]
CALL = {"slug": "workshops", "title": "Call for workshops", "description": "**Propose.**", "kinds": KINDS, "grace_minutes": 15}


def instant(place: Place, day: int, clock: str) -> str:
    """Write a time of the meeting as programs send it."""
    return f"{at(place, day, clock)}:00-04:00"


def prepare(place: Place, chair: Program) -> tuple[str, str]:
    """Create a meeting with two rooms and a call; gives their addresses."""
    [society] = chair.pages("/proposals/api/societies")
    first = first_day(place)
    days = {"starts_on": str(first), "ends_on": str(first + timedelta(days=2))}
    body = {**MEETING, **days, "society_id": society["id"], "time_zone": society["time_zone"]}
    meeting = chair.does("POST", "/scheduling/api/meetings", body, status=201)
    where = f"/scheduling/api/meetings/{meeting['id']}"
    for name, capacity in (("Atlantic", 120), ("Biscayne", 40)):
        chair.does("POST", f"{where}/rooms", {"name": name, "capacity": capacity}, status=201)
    place.settle()
    dates = {"opens_at": (place.now() - timedelta(days=1)).isoformat(), "closes_at": (place.now() + timedelta(days=28)).isoformat()}
    opened = chair.does("POST", "/proposals/api/calls", {**CALL, **dates, "meeting_id": meeting["id"]}, status=201)
    return where, f"/proposals/api/calls/{opened['id']}"


def propose(place: Place, samir: Program, call: str) -> str:
    """Draft, edit and submit a proposal; gives its address."""
    proposal = samir.does("POST", "/proposals/api/proposals", {"call_id": call.rpartition("/")[2], **DRAFT}, status=201)
    mine = f"/proposals/api/proposals/{proposal['id']}"
    spans = [{"starts_at": instant(place, 0, "00:00"), "ends_at": instant(place, 1, "12:00")}]
    text = {"title": "Suturing for poets", "abstract": "Hands-on.", "expected": 35, "unavailable": spans}
    samir.does("PUT", mine, text, If_Match=samir.version_of(mine))
    assert samir.does("POST", f"{mine}/submit")["state"] == "submitted"
    return mine


def accept(place: Place, chair: Program, call: str, mine: str) -> None:
    """Decide in quiet, then release."""
    [submission] = chair.pages(f"{call}/submissions")
    judged = f"{call}/submissions/{submission['id']}"
    held = chair.does("PUT", f"{judged}/decision", {"outcome": "accept"}, If_Match=chair.version_of(judged))
    assert (held["outcome"], held["released_at"]) == ("accept", None)
    place.settle()
    assert not [subject for subject, _ in place.letters(SUBMITTER) if "accepted" in subject.lower()], "a held decision leaked"
    assert chair.does("POST", f"{call}/release") == {"released": 1}
    place.settle()


def publish_first(place: Place, chair: Program, where: str) -> str:
    """Place automatically and publish version 1; gives the id of its one session."""
    Program(place).refused("GET", f"{where}/program", status=404, code="not-found")
    assert chair.does("POST", f"{where}/placement") == {"placed": 1, "left": []}
    first = chair.does("POST", f"{where}/releases", {"note": "The first program."}, status=201)
    assert first["number"] == 1
    program = Program(place).does("GET", f"{where}/program")
    [public] = program["items"]
    assert (program["release"]["number"], public["title"], public["presenters"]) == (1, "Suturing for poets", ["Samir Lindqvist"])
    noon = datetime.fromisoformat(instant(place, 1, "12:00"))
    assert datetime.fromisoformat(public["starts_at"]) >= noon, "the presenter is not there before"
    place.calm()
    return str(public["id"])


def move(chair: Program, where: str, session: str, room: str, starts_at: str) -> None:
    [room_id] = [each["id"] for each in chair.pages(f"{where}/rooms") if each["name"] == room]
    here = f"{where}/sessions/{session}"
    chair.does("PUT", f"{here}/place", {"room_id": room_id, "starts_at": starts_at}, If_Match=chair.version_of(here))


@pytest.mark.timeout(240)
def test_a_proposal_goes_from_a_mailed_code_to_the_program_and_back_out(anywhere: Place) -> None:
    place = anywhere
    place.found(administrator=CHAIR)
    chair, samir, ana = sign_in(place, CHAIR), sign_in(place, SUBMITTER, name="Samir Lindqvist"), sign_in(place, ATTENDEE)
    assert [role["role"] for role in chair.does("GET", "/proposals/api/me")["roles"]] == ["administrator"]
    where, call = prepare(place, chair)
    mine = propose(place, samir, call)
    ana.refused("GET", mine, status=404, code="not-found")
    accept(place, chair, call, mine)
    assert samir.does("GET", mine)["state"] == "accepted"

    session = publish_first(place, chair, where)
    ana.does("PUT", f"/scheduling/api/stars/{session}", status=204)
    place.settle()
    move(chair, where, session, "Biscayne", instant(place, 1, "14:00"))
    chair.does("POST", f"{where}/releases", {"note": "Another room."}, status=201)
    [change] = ana.pages(f"{where}/releases/2/changes")
    assert (change["what"], change["room_after"]) == ("moved", "Biscayne")
    assert datetime.fromisoformat(change["starts_after"]) == datetime.fromisoformat(instant(place, 1, "14:00"))
    place.calm()
    [notice] = ana.pages("/notifications/api/notices", state="unread")
    assert notice["title"] == "Moved: “Suturing for poets”"
    ana.does("PUT", f"/notifications/api/notices/{notice['id']}/read", status=204)
    assert ana.does("GET", "/notifications/api/notices/unread") == {"unread": 0}

    assert samir.does("POST", f"{mine}/withdraw")["state"] == "withdrawn"
    place.settle()
    assert [one["canceled"] for one in ana.pages(f"{where}/program")] == [True]
    assert chair.pages(f"{where}/sessions") == []
    samir.does("DELETE", "/proposals/api/sign-in", status=204)
    place.settle()
    for service in ("proposals/api/me", "scheduling/api/stars", "notifications/api/notices"):
        samir.refused("GET", f"/{service}", status=401, code="sign-in-needed")
