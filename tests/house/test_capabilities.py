"""The table of capabilities is complete, its marks are real, and its page is fresh."""

from pathlib import Path

import capabilities
import pytest
from capabilities import DONE, NOT_YET, PARTLY, marks, page, state, table, whole

pytest_plugins = ["pytester"]


def test_the_table_has_every_row_once() -> None:
    rows = table()
    assert len({row.id for row in rows}) == len(rows) == 120
    assert {row.id[0] for row in rows} == set("ABCDEFGHIJKLMN")
    assert {row.mark for row in rows} == {"B", "M"}
    assert all(row.sentence and row.area for row in rows)


def test_marks_and_whole_rows_name_rows_of_the_table() -> None:
    known = {row.id for row in table()}
    assert marks().keys() <= known
    assert whole().keys() <= marks().keys(), "a row is done by its tests, not by being listed"


def test_the_page_is_fresh() -> None:
    assert capabilities.PAGE.read_text(encoding="utf-8") == page(), "run make capabilities"


def test_a_row_is_done_only_when_reviewed_as_a_whole() -> None:
    proven = {"A1": ["tests/test_a.py::test_a"], "A2": ["tests/test_a.py::test_b"]}
    assert [state(name, proven, {"A1": "both dates are asserted", "A3": "listed alone"}) for name in ("A1", "A2", "A3")] == [DONE, PARTLY, NOT_YET]


def test_marks_are_found_with_several_ids_and_among_other_decorators(tmp_path: Path) -> None:
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_a.py").write_text('@pytest.mark.servers\n@pytest.mark.capability("A1", "A2")\ndef test_a():\n    pass\n')
    assert marks(tmp_path) == {"A1": ["tests/test_a.py::test_a"], "A2": ["tests/test_a.py::test_a"]}


@pytest.fixture
def marked(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    """A suite of its own, with this plugin alone and a record of its own."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.setattr(capabilities, "RECORD", pytester.path / "var" / "capabilities.json")
    monkeypatch.setattr(capabilities, "marks", lambda: {"A1": ["test_a.py::test_good", "test_a.py::test_bad"], "A2": ["test_a.py::test_late"]})
    return pytester


def test_the_run_is_written_down_and_the_next_one_beside_it(marked: pytest.Pytester) -> None:
    marked.makepyfile(
        test_a="""
        import pytest

        @pytest.mark.capability("A1")
        @pytest.mark.parametrize("n", [1, 2])
        def test_bad(n):
            assert n == 1

        @pytest.mark.capability("A1")
        def test_good():
            pass

        def test_unmarked():
            pass
        """
    )
    marked.runpytest_inprocess("-p", "capability_plugin", "-p", "no:cacheprovider").assert_outcomes(passed=3, failed=1)
    assert capabilities.last_run() == {"test_a.py::test_bad": "failed", "test_a.py::test_good": "passed"}
    capabilities.record({"test_a.py::test_late": "skipped", "test_gone.py::test_gone": "passed"})
    assert capabilities.last_run() == {"test_a.py::test_bad": "failed", "test_a.py::test_good": "passed", "test_a.py::test_late": "skipped"}


@pytest.mark.parametrize("arguments", ['"Z9"', ""])
def test_an_unknown_capability_fails_the_run(marked: pytest.Pytester, arguments: str) -> None:
    marked.makepyfile(test_a=f"import pytest\n\n@pytest.mark.capability({arguments})\ndef test_good():\n    pass\n")
    done = marked.runpytest_inprocess("-p", "capability_plugin", "-p", "no:cacheprovider")
    assert done.ret == pytest.ExitCode.USAGE_ERROR
    done.stderr.fnmatch_lines(["*test_a.py::test_good is marked with *"])
