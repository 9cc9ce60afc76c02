"""The rules of the house hold in every module, and each rule finds what breaks it."""

from pathlib import Path

import house
import pytest
from house import (
    LONGEST_FILE,
    LONGEST_FUNCTION,
    ROOT,
    Rule,
    actions_alone_announce,
    an_action_is_one_unit_of_work,
    broad_excepts_stand_in_the_last_lines,
    faults,
    files_are_short,
    functions_fit_a_screen,
    imports_stand_at_the_top,
    names_say_what_is_inside,
    no_test_sleeps,
    nothing_prints,
    packages_hold_a_docstring_alone,
    the_kit_alone_commits,
    time_comes_from_a_clock,
    words_are_american,
)

AREA = "services/proposals/plenary_proposals/calls/actions.py"
LONG = "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION
NESTED = "def outer():\n    def one():\n" + "        x = 1\n" * 30 + "    def two():\n" + "        x = 1\n" * 30
VIOLATIONS: list[tuple[Rule, str, str]] = [
    (names_say_what_is_inside, "services/proposals/plenary_proposals/calls/utils.py", ""),
    (names_say_what_is_inside, "shared/plenary_kit/common/words.py", ""),
    (files_are_short, AREA, "x = 1\n" * (LONGEST_FILE + 1)),
    (functions_fit_a_screen, AREA, LONG),
    (broad_excepts_stand_in_the_last_lines, AREA, "def act():\n    try:\n        pass\n    except Exception:\n        pass\n"),
    (broad_excepts_stand_in_the_last_lines, AREA, "def act():\n    try:\n        pass\n    except (ValueError, BaseException):\n        pass\n"),
    (broad_excepts_stand_in_the_last_lines, AREA, "def act():\n    try:\n        pass\n    except:\n        pass\n"),
    (imports_stand_at_the_top, AREA, "def act():\n    from plenary_kit.refusal import Refusal\n"),
    (imports_stand_at_the_top, AREA, "def act():\n    if True:\n        import json\n"),
    (imports_stand_at_the_top, AREA, "import importlib\ndef act():\n    return importlib.import_module('json')\n"),
    (nothing_prints, AREA, "def act():\n    print('done')\n"),
    (time_comes_from_a_clock, AREA, "from datetime import datetime\ndef act():\n    return datetime.now()\n"),
    (time_comes_from_a_clock, AREA, "import datetime\nNOW = datetime.datetime.now(datetime.UTC)\n"),
    (time_comes_from_a_clock, AREA, "import time\ndef act():\n    return time.time()\n"),
    (the_kit_alone_commits, AREA, "def act(session):\n    session.commit()\n"),
    (the_kit_alone_commits, AREA, "def act(session):\n    with session.begin():\n        pass\n"),
    (packages_hold_a_docstring_alone, "shared/plenary_kit/mail/__init__.py", '"""Mail."""\nfrom plenary_kit.mail.letters import Letter\n'),
    (packages_hold_a_docstring_alone, "shared/plenary_kit/mail/__init__.py", ""),
    (an_action_is_one_unit_of_work, AREA, "def act(database):\n    with database.work():\n        pass\n    with database.work():\n        pass\n"),
    (actions_alone_announce, AREA.replace("actions", "pages"), "def act(work, fact):\n    work.announce(fact)\n"),
    (no_test_sleeps, "tests/proposals/test_calls.py", "import time\ndef test():\n    time.sleep(1)\n"),
    (words_are_american, AREA, "# The programme of the meeting.\n"),
]
RULES = sorted({rule for rule, _, _ in VIOLATIONS}, key=lambda rule: rule.__name__)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_rule_holds(rule: Rule) -> None:
    assert faults(ROOT, rule) == []


@pytest.mark.parametrize(("rule", "path", "text"), VIOLATIONS, ids=[rule.__name__ for rule, _, _ in VIOLATIONS])
def test_the_rule_finds_what_breaks_it(rule: Rule, path: str, text: str, tmp_path: Path) -> None:
    planted = tmp_path / path
    planted.parent.mkdir(parents=True)
    planted.write_text(text)
    [fault] = faults(tmp_path, rule)
    assert fault.startswith(f"{path}: ")


def test_a_factory_of_short_functions_is_short(tmp_path: Path) -> None:
    planted = tmp_path / AREA
    planted.parent.mkdir(parents=True)
    planted.write_text(NESTED)
    assert faults(tmp_path, functions_fit_a_screen) == []


@pytest.mark.parametrize(
    ("exceptions", "rule"),
    [
        ("LAST_LINES", broad_excepts_stand_in_the_last_lines),
        ("LATE_IMPORTS", imports_stand_at_the_top),
        ("CLOCKS", time_comes_from_a_clock),
    ],
)
def test_every_exception_from_a_rule_is_still_needed(exceptions: str, rule: Rule, monkeypatch: pytest.MonkeyPatch) -> None:
    granted: frozenset[tuple[str, str]] = getattr(house, exceptions)
    monkeypatch.setattr(house, exceptions, frozenset())
    found = {" ".join(fault.split()[:2]) for fault in faults(ROOT, rule)}
    assert found == {f"{path}: {name}" for path, name in granted}
