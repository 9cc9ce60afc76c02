"""Programs that use the API: JSON in and out, signed in by a mailed code, in either shape of an installation."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from place import Installation, Place, install
from society import Clock, Society, call, found
from werkzeug.test import Client, TestResponse

from plenary_kit.identity.identity import Identity
from plenary_kit.identity.visitor import Visitor
from plenary_proposals.people.actions import sign_in_as


class Program:
    """One program, with the token that it holds."""

    def __init__(self, place: Place, token: str | None = None) -> None:
        self.client: Client = place.visitor().client
        self.token = token

    def call(self, method: str, path: str, body: Any = None, *, data: Any = None, **headers: str) -> TestResponse:
        """Send a request; `body` as JSON, `data` as it is; header names are written with underscores."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.token:
            sent["Authorization"] = f"Bearer {self.token}"
        if body is not None:
            data = json.dumps(body)
            sent["Content-Type"] = "application/json"
        return self.client.open(path, method=method, data=data, headers=sent)

    def does(self, method: str, path: str, body: Any = None, *, status: int = 200, **options: Any) -> Any:
        """Send a request that must be answered with `status`; gives the JSON of the answer."""
        response = self.call(method, path, body, **options)
        text = response.get_data(as_text=True)
        assert response.status_code == status, (method, path, response.status, text[:1500])
        return json.loads(text) if text else None

    def refused(self, method: str, path: str, body: Any = None, *, status: int, code: str, **options: Any) -> dict[str, Any]:
        """Send a request that must be refused with a problem document of the type `code`."""
        response = self.call(method, path, body, **options)
        problem: dict[str, Any] = json.loads(response.get_data(as_text=True))
        assert response.content_type == "application/problem+json"
        assert (response.status_code, problem["type"]) == (status, f"urn:plenary:problem:{code}"), problem
        return problem

    def version_of(self, path: str) -> str:
        """Give the ETag of what stands at `path`."""
        return str(self.call("GET", path).headers["ETag"])

    def pages(self, path: str, **query: str) -> list[Any]:
        """Read a list to its end, two items a page."""
        items: list[Any] = []
        cursor: str | None = None
        while True:
            wanted = "&".join(f"{name}={value}" for name, value in {**query, "limit": "2", **({"cursor": cursor} if cursor else {})}.items())
            page = self.does("GET", f"{path}?{wanted}")
            items += page["items"]
            cursor = page["next"]
            if cursor is None:
                return items


def sign_in(place: Place, address: str, name: str = "") -> Program:
    """Sign a program in with the code that is mailed to an address."""
    program = Program(place)
    asked = program.does("POST", "/proposals/api/sign-in/codes", {"email": address}, status=201)
    place.settle()
    entered = {**asked, "code": mailed_code(place, address), "name": name}
    return Program(place, program.does("POST", "/proposals/api/sign-in/tokens", entered, status=201)["token"])


def mailed_code(place: Place, address: str) -> str:
    """Give the code of the latest mail to an address."""
    codes = [text for subject, text in place.letters(address) if "code" in subject]
    found = re.search(r"\b\d{6}\b", codes[-1])
    assert found is not None
    return found[0]


@dataclass
class Stage:
    """An installation with a society, its meeting and a call, and a signed-in program for each of its people."""

    place: Installation
    society: Society
    call_id: str
    guest: Program
    chair: Program
    samir: Program
    ana: Program

    def drafted(self, title: str = "Suturing for poets", **text: Any) -> dict[str, Any]:
        """Start a proposal of Samir's."""
        body = {"call_id": self.call_id, "kind": "workshop", "title": title, "abstract": "Hands-on.", "expected": 35, **text}
        started: dict[str, Any] = self.samir.does("POST", "/proposals/api/proposals", body, status=201)
        return started

    def submitted(self, title: str = "Suturing for poets") -> str:
        """Submit a proposal of Samir's; gives its id."""
        proposal = str(self.drafted(title)["id"])
        self.samir.does("POST", f"/proposals/api/proposals/{proposal}/submit")
        return proposal

    def accepted(self, title: str = "Suturing for poets") -> str:
        """Bring a proposal of Samir's to a released acceptance; gives its id."""
        proposal = self.submitted(title)
        decision = f"/proposals/api/calls/{self.call_id}/submissions/{proposal}/decision"
        self.chair.does("PUT", decision, {"outcome": "accept"}, If_Match='"v0"')
        self.chair.does("POST", f"/proposals/api/calls/{self.call_id}/release")
        self.place.settle()
        return proposal

    @property
    def meeting(self) -> str:
        return f"/scheduling/api/meetings/{self.society.meeting_id}"


def build_stage(folder: Path, databases: Mapping[str, str] | None = None) -> Stage:
    place = install(folder, clock=Clock(), databases=databases)
    society = found(place.trio, place.settle)
    call_id = str(call(place.trio, society, place.clock))
    place.settle()
    people = [_signed_in(place, person) for person in (society.chair, society.submitter, society.attendee)]
    return Stage(place, society, call_id, Program(place), *people)


def _signed_in(place: Installation, person_id: UUID) -> Program:
    database, pem = place.trio.proposals.database, place.settings.signing_pem
    assert pem is not None
    opened = sign_in_as(database, person_id)
    return Program(place, Identity(database, pem, https=False).issue(Visitor(person_id, opened.name, opened.session_id)))
