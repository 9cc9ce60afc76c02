"""A real meeting's program, imported, moved and published again, in both shapes: the right people are told by real mail, and only they."""

import json
import re
from pathlib import Path

import pytest
from lxml import etree
from place import Place
from story import CHAIR
from visitors import Visitor

ANA, BEN = "ana@example.org", "ben@example.org"
COUNTS = {"items": 773, "people": 684, "rooms": 106, "days": 2, "people_overlaps": 0, "room_overlaps": 1}


@pytest.mark.capability("J6", "L3", "N3")
@pytest.mark.timeout(300)
def test_one_move_in_an_imported_program_is_told_to_whom_it_concerns(anywhere: Place, real_inputs: Path) -> None:
    place = anywhere
    place.found(administrator=CHAIR)
    summary = json.loads(
        place.run("scheduling", "import", str(real_inputs / "fosdem2021" / "fosdem_2021.xml"), "--meeting", "fosdem", "--json").stdout
    )
    assert {name: summary[name] for name in COUNTS} == COUNTS
    place.settle()
    chair = place.sign_in(CHAIR)
    chair.sends("/scheduling/fosdem/plan", "/scheduling/fosdem/plan/release", note="As imported.")
    place.calm()

    program = place.visitor().get("/scheduling/fosdem/")
    sessions = re.findall(r'<(?:article|li|tr)[^>]* id="([0-9a-f-]{36})"', program)
    assert len(sessions) == COUNTS["items"]
    moved, other = sessions[0], sessions[-1]
    starred(place, ANA, moved)
    starred(place, BEN, other)
    before = len(place.letters(CHAIR))

    link = f"/scheduling/fosdem/plan/{moved}"
    page = chair.get(link)
    start = re.search(r'name="starts_at"[^>]* value="([^"]+)"', page)
    room = re.findall(r'<option value="([0-9a-f-]{36})"(?! selected)', page)[-1]
    assert start is not None
    chair.sends(link, link, room_id=room, starts_at=start[1], anyway="on")
    chair.sends("/scheduling/fosdem/plan", "/scheduling/fosdem/plan/release", note="One session has another room.")
    place.calm()

    assert [subject.partition(":")[0] for subject, _ in place.letters(ANA) if "code" not in subject] == ["Moved"]
    assert [subject for subject, _ in place.letters(BEN) if "code" not in subject] == []
    assert len(place.letters(CHAIR)) == before
    exported = place.run("scheduling", "export", "fosdem", "--format", "schedule.xml").stdout.encode()
    xsd = etree.XMLSchema(etree.parse(str(real_inputs / "voc_examples" / "schedule.xml.xsd")))
    assert xsd.validate(etree.fromstring(exported)), xsd.error_log
    assert etree.fromstring(exported).findtext("version") == "2"


def starred(place: Place, address: str, session: str) -> Visitor:
    visitor = place.sign_in(address)
    visitor.sends(f"/scheduling/fosdem/sessions/{session}", f"/scheduling/sessions/{session}/star")
    place.settle()
    return visitor
