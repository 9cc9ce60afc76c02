"""Every operation of the published API descriptions, and what ill-meant or careless programs send to it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from programs import Stage
from werkzeug.test import Client

SERVICES = ("proposals", "scheduling", "notifications")
HUGE = 10**30
LONG = "x" * 100_001
TEXTS: list[Any] = [7, 7.9, True, [], {}, "a\u0000b", "\ud800", "a\u2028b", LONG]
NUMBERS: list[Any] = [7.9, 7.0, "7", True, -1, HUGE, -HUGE, [], {}]
WRONG: dict[str, list[Any]] = {
    "string": TEXTS,
    "integer": NUMBERS,
    "boolean": ["yes", 1, 0, [], {}],
    "array": [{}, "x", 7, [None], [7], [[]], [{}]],
    "object": [[], "x", 7, None],
}
UNREADABLE: dict[str, bytes] = {
    "an array": b"[]",
    "null": b"null",
    "text": b'"x"',
    "a number": b"7",
    "cut off": b'{"title":',
    "not UTF-8": b'{"title": "\xff"}',
    "NaN": b'{"title": NaN}',
    "an overflow": b'{"title": 1e999}',
    "a key twice": b'{"title": "a", "title": "b"}',
    "a bottomless pit": b'{"title": ' + b"[" * 100_000,
    "half a character": rb'{"title": "\ud83d"}',
    "a byte order mark": b"\xef\xbb\xbf{}",
    "nothing": b"",
}
QUERIES = (
    "limit=0",
    "limit=101",
    "limit=7.9",
    "limit=-1",
    "limit=" + "9" * 40,
    "limit=x",
    "cursor=",
    "cursor=x",
    "cursor=%00",
    "cursor=%ED%A0%80",
    "surprise=1",
)

KIND = {"slug": "talk", "name": "Talk", "minutes": 30}
SPAN = {"starts_at": "2016-05-11T09:00:00-04:00", "ends_at": "2016-05-11T10:00:00-04:00"}
CALL = {
    "slug": "talks",
    "title": "Talks",
    "kinds": [KIND],
    "opens_at": "2016-01-01T00:00:00Z",
    "closes_at": "2016-02-01T00:00:00Z",
    "grace_minutes": 0,
}
DRAFT = {"title": "A title", "abstract": "Words", "expected": 35, "unavailable": [SPAN]}
CODE = {"request_id": str(uuid4()), "secret": "not a secret", "code": "123456", "name": ""}
ACCEPT = {"outcome": "accept"}


@dataclass(frozen=True)
class Operation:
    """One method at one path, and how it is described. `path` is that of the site, with the names of what varies in braces."""

    service: str
    method: str
    path: str
    described: dict[str, Any]
    document: dict[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def public(self) -> bool:
        return self.described.get("security") == []

    def header(self, name: str) -> bool:
        return any(one["in"] == "header" and one["name"] == name for one in self.described.get("parameters", []))

    @property
    def listing(self) -> bool:
        return any(one["in"] == "query" and one["name"] == "cursor" for one in self.described.get("parameters", []))

    @property
    def body(self) -> dict[str, Any] | None:
        """Give the schema of the JSON body, if it takes one."""
        content = self.described.get("requestBody", {}).get("content", {})
        return self.resolved(content["application/json"]["schema"]) if "application/json" in content else None

    def resolved(self, schema: dict[str, Any]) -> dict[str, Any]:
        reference = schema.get("$ref")
        if reference is None:
            return schema
        found: dict[str, Any] = self.document["components"]["schemas"][reference.rpartition("/")[2]]
        return found

    def at(self, **parts: object) -> str:
        return self.path.format(**parts)


def operations(site: Any) -> list[Operation]:
    """List what the three descriptions offer."""
    found = []
    for service in SERVICES:
        document = json.loads(Client(site).get(f"/{service}/api/openapi.json").get_data())
        for path, item in document["paths"].items():
            found += [
                Operation(service, method.upper(), f"/{service}{path}", described, document)
                for method, described in item.items()
                if method != "parameters"
            ]
    return found


def good_bodies(stage: Stage) -> dict[str, object]:
    """Give a body that would be taken for every operation that takes one."""
    meeting = {"society_id": str(stage.society.society_id), "slug": "next", "title": "Next", "venue": "", "time_zone": "UTC"}
    days = {"starts_on": "2017-05-11", "ends_on": "2017-05-13", "day_opens": 540, "day_closes": 1080, "grid": 15}
    return {
        "POST /proposals/api/sign-in/codes": {"email": "new@example.org"},
        "POST /proposals/api/sign-in/tokens": CODE,
        "PUT /proposals/api/me": {"name": "Charlotte Okafor", "affiliation": "", "time_zone": "UTC"},
        "POST /proposals/api/societies/{society_id}/roles": {
            "email": "new@example.org",
            "role": "chair",
            "meeting_id": str(stage.society.meeting_id),
        },
        "POST /proposals/api/calls": {**CALL, "meeting_id": str(stage.society.meeting_id), "description": "Words"},
        "PUT /proposals/api/calls/{call_id}": CALL,
        "POST /proposals/api/proposals": {**DRAFT, "call_id": stage.call_id, "kind": "workshop"},
        "PUT /proposals/api/proposals/{proposal_id}": DRAFT,
        "PUT /proposals/api/calls/{call_id}/submissions/{proposal_id}/decision": ACCEPT,
        "POST /scheduling/api/meetings": {**meeting, **days},
        "PUT /scheduling/api/meetings/{meeting_id}": {"title": "Annual", "venue": "", "time_zone": "America/New_York", **days, "anyway": False},
        "PUT /scheduling/api/meetings/{meeting_id}/rooms/{room_id}": {"name": "Coral", "capacity": 10, "position": 0},
        "POST /scheduling/api/meetings/{meeting_id}/rooms": {"name": "Coral", "capacity": 10},
        "PUT /scheduling/api/meetings/{meeting_id}/sessions/{session_id}/place": {
            "room_id": str(stage.society.rooms[0]),
            "starts_at": SPAN["starts_at"],
            "anyway": False,
        },
        "POST /scheduling/api/meetings/{meeting_id}/releases": {"note": "Words"},
    }


def spoiled(operation: Operation, schema: dict[str, Any], value: Any) -> Iterator[tuple[str, Any]]:
    """Give copies of a good `value`, each with one thing wrong, and where."""
    if "properties" in schema and isinstance(value, dict):
        yield "/surprise", {**value, "surprise": 1}
        for name, one in schema["properties"].items():
            inner = operation.resolved(one)
            if name in schema.get("required", []):
                yield f"/{name} missing", {key: kept for key, kept in value.items() if key != name}
            for wrong in _wrong(inner):
                yield f"/{name} {str(wrong)[:20]!r}", {**value, name: wrong}
            if name in value:
                yield from ((f"/{name}{where}", {**value, name: bad}) for where, bad in spoiled(operation, inner, value[name]))
    elif "items" in schema and isinstance(value, list) and value:
        yield from ((f"/0{where}", [bad, *value[1:]]) for where, bad in spoiled(operation, operation.resolved(schema["items"]), value[0]))


def _wrong(schema: dict[str, Any]) -> list[Any]:
    kinds = schema.get("type", "object")
    return [bad for kind in ([kinds] if isinstance(kinds, str) else kinds) if kind != "null" for bad in WRONG[kind]]
