from typing import Any

import pytest

PATHS = ("/", "/mine", "/bug-not-there", "/livez", "/readyz", "/metrics", "/api/openapi.json", "/api/nothing", "/static/kit/kit.css", "/refuse/409")


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_carries_the_security_headers(site: Any, path: str) -> None:
    with site.client.get(path) as response:
        headers = response.headers
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert len(headers["X-Request-ID"]) >= 8


def test_the_front_page_offers_sign_in_and_knows_the_visitor(site: Any) -> None:
    assert "/proposals/sign-in?next=/" in site.client.get("/").get_data(as_text=True)
    site.sign_in()
    page = site.client.get("/").get_data(as_text=True)
    assert "Ada Lovelace" in page
    assert 'action="/proposals/sign-out"' in page


@pytest.mark.capability("N2")
def test_health_answers(site: Any) -> None:
    site.client.get("/")
    assert site.client.get("/livez").json == {"status": "alive"}
    assert site.client.get("/readyz").json == {"status": "ready", "checks": {"database": True}}
    assert 'route="/"' in site.client.get("/metrics").get_data(as_text=True)
