"""Requests that another site forged, hosts that are not ours, and what a browser is told about cookies."""

from collections.abc import Callable
from typing import Any

import pytest

CROSS_SITE = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"}]


@pytest.mark.parametrize("headers", CROSS_SITE, ids=lambda headers: " ".join(next(iter(headers.items()))))
def test_a_form_sent_by_another_site_changes_nothing(site: Any, headers: dict[str, str]) -> None:
    site.sign_in()
    token = site.csrf() if "Sec-Fetch-Site" in headers or headers["Origin"] != "null" else "none"
    answer = site.client.post("/things", data={"title": "forged", "csrf_token": token}, headers=headers)
    assert answer.status_code == 403
    assert site.created == []


@pytest.mark.parametrize("token", [None, "", "made-up"])
def test_a_form_without_its_token_changes_nothing(site: Any, token: str | None) -> None:
    site.sign_in()
    site.csrf()
    answer = site.client.post("/things", data={"title": "forged", **({"csrf_token": token} if token is not None else {})})
    assert answer.status_code == 403
    assert "reload" in answer.get_data(as_text=True)
    assert site.created == []


def test_a_form_with_its_token_is_taken(site: Any) -> None:
    site.sign_in()
    answer = site.client.post("/things", data={"title": "mine", "csrf_token": site.csrf()}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303
    assert site.created == ["mine"]


def test_a_cookie_alone_cannot_use_the_api_but_a_bearer_token_can(site: Any) -> None:
    visitor = site.sign_in()
    assert site.post_json("/api/things/", '{"title": "by cookie"}').status_code == 403
    site.client.delete_cookie(site.identity.cookie_name, path="/")
    token = site.identity.issue(visitor)
    assert site.post_json("/api/things/", '{"title": "by token"}', Authorization=f"Bearer {token}").status_code == 201
    assert site.created == ["by token"]


def test_one_click_answers_from_mail_programs_need_no_token(site: Any) -> None:
    assert site.client.post("/unsubscribe", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "meetings.example.org@evil.example"])
def test_a_host_that_is_not_ours_is_refused(build: Callable[..., Any], host: str) -> None:
    site = build(public_url="https://meetings.example.org", environment="deployed")
    assert site.client.get("/", headers={"Host": host}).status_code == 400
    assert site.client.get("/", headers={"Host": "meetings.example.org"}).status_code == 200


def test_cookies_of_a_secure_site_are_bound_to_it(build: Callable[..., Any]) -> None:
    site = build(public_url="https://meetings.example.org", environment="deployed")
    answer = site.client.get("/token", base_url="https://meetings.example.org")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-plenary_page=")
    assert {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"} <= set(cookie.split("; "))
    assert answer.headers["Strict-Transport-Security"].startswith("max-age=63072000")


@pytest.mark.parametrize("changes", [{"secret_key": "short"}, {"secret_key": ""}, {"public_url": "meetings.example.org"}])
def test_unsafe_settings_are_not_started_with(build: Callable[..., Any], changes: dict[str, str]) -> None:
    settings = {"public_url": "https://meetings.example.org", "environment": "deployed"}
    with pytest.raises(ValueError, match="needs"):
        build(**settings | changes)


def test_a_body_beyond_the_limit_is_refused(build: Callable[..., Any]) -> None:
    site = build(max_body=1000)
    assert site.post_json("/api/things/", b'{"title": "' + b"x" * 2000 + b'"}').status_code == 413


def test_pages_of_a_signed_in_person_are_kept_by_no_cache(site: Any) -> None:
    assert site.client.get("/").headers["Cache-Control"] == "no-cache"
    site.sign_in()
    answer = site.client.get("/mine")
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert {"Cookie", "Authorization"} <= set(answer.vary)
