"""The documents tell the truth where a machine can check it: links, files, functions, commands and settings."""

import re
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from documents import Document, dead_links, documents, missing_files, missing_functions, unknown_commands
from house import ROOT, modules

from plenary.cli import commands

DOCUMENTS = documents(ROOT)
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
SETTING = re.compile(r"PLENARY_[A-Z]+(?:_[A-Z]+)*(?![A-Z_{])")
PER_SERVICE = {f"PLENARY_{service}_DATABASE_URL" for service in ("PROPOSALS", "SCHEDULING", "NOTIFICATIONS")}
FOR_TESTS = {"PLENARY_TEST_POSTGRES_URL", "PLENARY_TEST_AMQP_URL", "PLENARY_REQUIRE_SERVERS", "PLENARY_REAL_INPUTS"}


def named(document: Document) -> str:
    return document.path.relative_to(ROOT).as_posix()


def runnable(group: click.Group = commands, before: str = "") -> set[str]:
    """List the commands, those of a group as `group command`."""
    found = set()
    for name, command in group.commands.items():
        found |= runnable(command, f"{before}{name} ") if isinstance(command, click.Group) else {f"{before}{name}"}
    return found


def untruths(document: Document) -> list[str]:
    named = [*dead_links(document), *missing_files(document, ROOT), *missing_functions(document)]
    return named + list(unknown_commands(document, TARGETS, runnable()))


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Document]:
    """Write a document with a given text beside another one."""
    (tmp_path / "other.md").write_text("# A heading, with `code`\n")

    def write(text: str) -> Document:
        page = tmp_path / "page.md"
        page.write_text(text)
        return Document(page, text)

    return write


@pytest.mark.parametrize("document", DOCUMENTS, ids=named)
def test_the_document_tells_the_truth(document: Document) -> None:
    assert untruths(document) == []


def test_every_document_is_reached_from_the_index() -> None:
    index = ROOT / "docs" / "index.md"
    reached, waiting = {index}, [index]
    while waiting:
        page = waiting.pop()
        links = re.findall(r"\]\(([^)#\s:]+\.md)", page.read_text(encoding="utf-8"))
        new = {(page.parent / link).resolve() for link in links} - reached
        reached |= new
        waiting += sorted(path for path in new if path.is_relative_to(ROOT / "docs"))
    unreached = {document.path for document in DOCUMENTS if document.path.is_relative_to(ROOT / "docs")} - reached
    assert sorted(path.relative_to(ROOT).as_posix() for path in unreached) == []


def settings_in_code(root: Path) -> set[str]:
    return {name for module in modules(root) if module.of_the_product for name in SETTING.findall(module.text)}


@pytest.mark.parametrize("path", ["docs/operate/settings.md", ".env.example"])
def test_every_setting_is_documented_and_no_other(path: str) -> None:
    documented = set(SETTING.findall((ROOT / path).read_text()))
    assert documented - FOR_TESTS == settings_in_code(ROOT) | PER_SERVICE


def test_a_new_setting_is_noticed(tmp_path: Path) -> None:
    module = tmp_path / "shared" / "plenary_kit" / "cache.py"
    module.parent.mkdir(parents=True)
    module.write_text('LIMIT = environ["PLENARY_CACHE_LIMIT"]\nURL = environ[f"PLENARY_{name}_CACHE"]\n')
    assert settings_in_code(tmp_path) == {"PLENARY_CACHE_LIMIT"}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("See [there](gone.md).", "gone.md leads nowhere"),
        ("See [there](#nowhere).", "#nowhere names no heading"),
        ("See [there](other.md#nowhere).", "other.md#nowhere names no heading"),
        ("The code is in `shared/plenary_kit/gone.py`.", "shared/plenary_kit/gone.py does not exist"),
        ("Call `plenary_kit.refusal:Gone`.", "plenary_kit.refusal:Gone does not exist"),
        ("Call `plenary_kit.gone:Refusal`.", "plenary_kit.gone:Refusal does not exist"),
        ("Run `make coffee`.", "make coffee does not exist"),
        ("```\n$ .venv/bin/plenary brew tea\n```\n", "plenary brew tea does not exist"),
    ],
)
def test_what_is_untrue_is_found(written: Callable[[str], Document], text: str, fault: str) -> None:
    assert untruths(written(text)) == [fault]


@pytest.mark.parametrize(
    "text",
    [
        "# Here\n\nSee [here](#here), [there](other.md#a-heading-with-code) and [elsewhere](https://example.org/).",
        "It is `plenary_kit.refusal:Refusal.code` in `shared/plenary_kit/refusal.py`.",
        "Run `make demo ONCE=1`, then `plenary parked list`.",
    ],
)
def test_what_is_true_is_left_alone(written: Callable[[str], Document], text: str) -> None:
    assert untruths(written(text)) == []
