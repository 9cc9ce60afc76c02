"""Each import contract is shown broken once: a copy of the product gets one forbidden import, and import-linter names that very contract."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from house import ROOT

CONTRACTS = [contract["name"] for contract in tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]]
PROPOSALS, SCHEDULING, NOTIFICATIONS = "services/proposals/plenary_proposals", "services/scheduling/plenary_scheduling", "services/notifications"
# The first words of a contract's name → the module and the import that break it.
VIOLATIONS = {
    "The composer knows": (f"{PROPOSALS}/calls/queries.py", "import plenary_scheduling.meetings.model"),
    "Areas of proposals": (f"{PROPOSALS}/people/queries.py", "import plenary_proposals.calls.model"),
    "Areas of scheduling": (f"{SCHEDULING}/meetings/queries.py", "import plenary_scheduling.program.model"),
    "Areas of notifications": (f"{NOTIFICATIONS}/plenary_notifications/people/model.py", "import plenary_notifications.notices.texts"),
    "Inside an area": (f"{PROPOSALS}/decisions/model.py", "import plenary_proposals.decisions.queries"),
    "Models know": (f"{SCHEDULING}/stars/model.py", "import flask"),
    "The kit's parts": ("shared/plenary_kit/persistence/columns.py", "import plenary_kit.messaging.facts"),
    "No circles": ("shared/plenary_contracts/parts.py", "import plenary_contracts.scheduling"),
}


def verdicts(root: Path) -> dict[str, str]:
    """Run import-linter over the product at `root`: KEPT or BROKEN by contract."""
    folders = [root / folder for folder in ("services/proposals", "services/scheduling", "services/notifications", "shared", "deploy")]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, folders)), "COLUMNS": "400", "NO_COLOR": "1"}
    lint = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"
    command = [sys.executable, "-c", lint, "--no-cache", "--config", str(root / "pyproject.toml")]
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=60)
    found = {name: verdict for line in done.stdout.splitlines() for name, _, verdict in [line.rpartition(" ")] if verdict in {"KEPT", "BROKEN"}}
    assert found, done.stdout + done.stderr
    return found


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("product")
    shutil.copy(ROOT / "pyproject.toml", root)
    for folder in ("services", "shared", "deploy"):
        shutil.copytree(ROOT / folder, root / folder, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return root


def test_every_contract_holds(copy: Path) -> None:
    assert verdicts(copy) == dict.fromkeys(CONTRACTS, "KEPT")


@pytest.mark.parametrize("name", CONTRACTS)
def test_the_contract_is_broken_by_what_it_forbids(copy: Path, name: str) -> None:
    [(path, line)] = [violation for words, violation in VIOLATIONS.items() if name.startswith(words)]
    planted = copy / path
    sound = planted.read_text()
    planted.write_text(f"{sound}\n{line}\n")
    try:
        assert verdicts(copy)[name] == "BROKEN"
    finally:
        planted.write_text(sound)
