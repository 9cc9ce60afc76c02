"""What does not work, told to people as a page and to programs as a problem document; and nothing that is nobody's business."""

from collections.abc import Callable
from typing import Any

import pytest


@pytest.mark.parametrize(("kind", "sentence"), [("404", "No such proposal."), ("403", "Chairs only."), ("409", "The call is closed.")])
def test_a_refusal_is_a_page_that_says_what_and_what_next(site: Any, kind: str, sentence: str) -> None:
    answer = site.client.get(f"/refuse/{kind}")
    page = answer.get_data(as_text=True)
    assert answer.status_code == int(kind)
    assert sentence in page
    assert 'href="/' in page
    assert answer.headers["X-Request-ID"]


def test_a_refusal_is_a_problem_document_for_programs(site: Any) -> None:
    token = site.identity.issue(site.sign_in())
    answer = site.post_json("/api/things/", '{"title": "late"}', Authorization=f"Bearer {token}")
    assert answer.mimetype == "application/problem+json"
    assert answer.json["type"] == "urn:plenary:problem:too-late"
    assert answer.json["errors"] == [{"pointer": "/title", "detail": "The call is closed."}]
    assert answer.json["instance"].endswith(answer.headers["X-Request-ID"])


@pytest.mark.parametrize("path", ["/bug", "/api/things/bug"])
def test_a_bug_says_nothing_about_itself(build: Callable[..., Any], path: str) -> None:
    site = build(environment="deployed", public_url="http://localhost")
    answer = site.client.get(path)
    assert answer.status_code == 500
    assert "ada@example.org" not in answer.get_data(as_text=True)
    assert "Traceback" not in answer.get_data(as_text=True)
    assert answer.headers["X-Request-ID"] in answer.get_data(as_text=True)


def test_a_guest_is_brought_to_the_sign_in_and_back(site: Any) -> None:
    page = site.client.get("/mine?day=2")
    assert page.status_code == 303
    assert page.location == "/proposals/sign-in?next=/mine%3Fday=2"
    assert site.post_json("/api/things/", '{"title": "x"}').headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 422),
        (b"[]", 422),
        (b"null", 422),
        (b'{"title": 7}', 422),
        (b'{"title": "x", "role": "chair"}', 422),
        (b"{", 400),
        (b'{"title": NaN}', 400),
        (b'{"title": "a", "title": "b"}', 400),
        (b"\xff\xfe{\x00}\x00", 400),
        (b'\xef\xbb\xbf{"title": "x"}', 400),
        (b'{"title": "\xff"}', 400),
        (b"[" * 100_000, 400),
        (b'{"title": ' + b"9" * 5000 + b"}", 400),
    ],
)
def test_a_body_that_is_not_what_it_should_be(site: Any, body: bytes, status: int) -> None:
    token = site.identity.issue(site.sign_in())
    answer = site.post_json("/api/things/", body, Authorization=f"Bearer {token}")
    assert answer.status_code == status, answer.get_data(as_text=True)
    assert answer.mimetype == "application/problem+json"
    assert site.created == []


@pytest.mark.parametrize(
    "headers", [{"Content-Type": "text/plain"}, {"Content-Type": "application/json; charset=utf-16"}, {"Content-Encoding": "gzip"}]
)
def test_a_body_in_another_format_is_unsupported(site: Any, headers: dict[str, str]) -> None:
    token = site.identity.issue(site.sign_in())
    assert site.post_json("/api/things/", b'{"title": "x"}', **{"Authorization": f"Bearer {token}", **headers}).status_code == 415


@pytest.mark.parametrize("key", ["", "x" * 256, "schlüssel", "a\tb"])
def test_an_unusable_idempotency_key_is_said_to_be_one(site: Any, key: str) -> None:
    token = site.identity.issue(site.sign_in())
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key.encode().decode("latin-1")}
    answer = site.post_json("/api/things/", b'{"title": "x"}', **headers)
    assert answer.status_code == 400
    assert answer.json["type"] == "urn:plenary:problem:idempotency-key-unusable"
