"""Pages ask no other host for anything, and hold no style or script of their own: the Content-Security-Policy would refuse both."""

import re
from pathlib import Path

import pytest
from house import ROOT

FOREIGN = re.compile(r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)
OWN = re.compile(r"\bstyle=|\son[a-z]+=|<style\b|<script\b(?![^>]*\bsrc=)|href=[\"']javascript:", re.IGNORECASE)
REMOTE_STYLE = re.compile(r"@import|url\(\s*[\"']?(?:https?:)?//", re.IGNORECASE)


def page_faults(root: Path) -> list[str]:
    templates = [path for folder in ("shared", "services", "deploy") for path in sorted((root / folder).rglob("*.html"))]
    styles = [path for folder in ("shared", "services") for path in sorted((root / folder).rglob("*.css")) if "vendor" not in path.parts]
    checks = [(path, check) for path in templates for check in (FOREIGN, OWN)] + [(path, REMOTE_STYLE) for path in styles]
    found = [(path, check.search(path.read_text(encoding="utf-8"))) for path, check in checks]
    return [f"{path.relative_to(root).as_posix()}: {match[0]}" for path, match in found if match]


def test_pages_stand_alone() -> None:
    assert page_faults(ROOT) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("page.html", '<script src="https://cdn.example.org/x.js"></script>'),
        ("page.html", '<img alt="" src="//example.org/pixel.gif">'),
        ("page.html", '<p style="color: red">'),
        ("page.html", '<button onclick="go()">'),
        ("page.html", "<script>go()</script>"),
        ("kit.css", "@import 'https://example.org/font.css';"),
        ("kit.css", "a { background: url(https://example.org/a.png) }"),
    ],
)
def test_what_reaches_out_or_brings_its_own_is_found(tmp_path: Path, name: str, text: str) -> None:
    planted = tmp_path / "shared" / "kit" / name
    planted.parent.mkdir(parents=True)
    planted.write_text(text)
    assert len(page_faults(tmp_path)) == 1
