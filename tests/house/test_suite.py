"""The suite's own rules: a warning is an error, a mark that nobody registered is an error, and continuous integration runs what the README says."""

import re

import pytest
from house import ROOT

pytest_plugins = ["pytester"]


@pytest.mark.parametrize(
    ("test", "words"),
    [
        ("import warnings\n\ndef test_it():\n    warnings.warn('old', DeprecationWarning)\n", "*DeprecationWarning: old*"),
        ("import pytest\n\n@pytest.mark.capabilty('A1')\ndef test_it():\n    pass\n", "*'capabilty' not found in `markers`*"),
    ],
)
def test_what_is_no_error_elsewhere_is_one_here(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, test: str, words: str) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    pytester.makepyfile(test_it=test)
    done = pytester.runpytest_inprocess("-c", str(ROOT / "pyproject.toml"), "-p", "pytest_timeout", "--rootdir", str(pytester.path), "test_it.py")
    assert done.ret != pytest.ExitCode.OK
    done.stdout.fnmatch_lines([words])


def test_continuous_integration_runs_the_readmes_commands() -> None:
    run = (ROOT / ".ci" / "run").read_text()
    assert "export PLENARY_REQUIRE_SERVERS=1" in run
    assert re.findall(r"^make (\w+)$", run, re.MULTILINE) == ["test", "check"]


def test_every_make_target_is_phony_and_says_what_it_does() -> None:
    text = (ROOT / "Makefile").read_text()
    targets = re.findall(r"^([a-z-]+):", text, re.MULTILINE)
    described = re.findall(r"^([a-z-]+):.*## \S", text, re.MULTILINE)
    [phony] = re.findall(r"^\.PHONY: (.+)$", text, re.MULTILINE)
    assert targets == described
    assert sorted(phony.split()) == sorted(targets)
