"""Reading the documents: the links, files, functions and commands that they name."""

import importlib
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (.+)$", re.MULTILINE)
FILE = re.compile(r"(?:\.ci|deploy|docs|requirements|scripts|services|shared|tests)/[\w./-]+")
FUNCTION = re.compile(r"(plenary[\w.]*):([\w.]+)")
MAKE = re.compile(r"(?:^|\s)make ((?:[a-z-]+ ?)+)")
COMMAND = re.compile(r"(?:^|\s|/)plenary ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")


@dataclass(frozen=True)
class Document:
    """A Markdown file; `path` is absolute."""

    path: Path
    text: str

    @property
    def prose(self) -> str:
        """The text without its fenced blocks."""
        return FENCE.sub("", self.text)

    @property
    def quoted(self) -> list[str]:
        """What stands in backticks, and each line of fenced blocks that are no diagram or program."""
        blocks = [body for language, body in FENCE.findall(self.text) if language in {"", "sh", "console"}]
        return [*CODE.findall(self.prose), *(line for body in blocks for line in body.splitlines())]


def documents(root: Path) -> list[Document]:
    """Read the documents at the root and below `docs`."""
    paths = [*root.glob("*.md"), *(root / "docs").rglob("*.md")]
    return [Document(path, path.read_text(encoding="utf-8")) for path in sorted(paths)]


def anchors(text: str) -> set[str]:
    """List the anchors that GitHub gives a document's headings."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in HEADING.findall(FENCE.sub("", text)))
    return {heading.strip().replace(" ", "-") for heading in plain}


def dead_links(document: Document) -> Iterator[str]:
    """Find the relative links that lead nowhere, and those to a heading that does not exist."""
    for link in LINK.findall(document.prose):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", target):
            continue
        path = (document.path.parent / unquote(target)).resolve() if target else document.path
        if not path.exists():
            yield f"{link} leads nowhere"
        elif anchor and path.suffix == ".md" and anchor not in anchors(path.read_text(encoding="utf-8")):
            yield f"{link} names no heading"


def missing_files(document: Document, root: Path) -> Iterator[str]:
    """Find the files and folders in backticks that do not exist."""
    for code in CODE.findall(document.prose):
        path = code.partition("::")[0]
        if FILE.fullmatch(path) and not (root / path).exists():
            yield f"{code} does not exist"


def missing_functions(document: Document) -> Iterator[str]:
    """Find `module:name` in backticks where there is no such module or name."""
    for code in CODE.findall(document.prose):
        named = FUNCTION.fullmatch(code)
        if named and not _exists(named[1], named[2]):
            yield f"{code} does not exist"


def _exists(module: str, name: str) -> bool:
    try:
        found: object = importlib.import_module(module)
    except ModuleNotFoundError:
        return False
    for part in name.split("."):
        if not hasattr(found, part):
            return False
        found = getattr(found, part)
    return True


def unknown_commands(document: Document, targets: Collection[str], commands: Collection[str]) -> Iterator[str]:
    """Find `make target` and `plenary command` that cannot be run; a group's command is named `group command`."""
    for line in document.quoted:
        for target in (word for words in MAKE.findall(line) for word in words.split()):
            if target not in targets:
                yield f"make {target} does not exist"
        for first, second in COMMAND.findall(line):
            if first not in commands and f"{first} {second}" not in commands:
                yield f"plenary {first} {second}".rstrip() + " does not exist"
