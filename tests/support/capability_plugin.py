"""A pytest plugin: marks must name capabilities that exist, and what became of marked tests is written down after the run."""

import capabilities
import pytest

WORST_FIRST = ("failed", "skipped", "passed")
outcomes = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[outcomes] = {}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    known = {row.id for row in capabilities.table()}
    for item in items:
        for mark in item.iter_markers("capability"):
            unknown = [name for name in mark.args if name not in known]
            if unknown or not mark.args:
                raise pytest.UsageError(f"{item.nodeid} is marked with {', '.join(map(str, unknown)) or 'no capability'}: see capabilities.json")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item):
    report = yield
    if item.get_closest_marker("capability") and (report.when == "call" or not report.passed):
        name = item.nodeid.partition("[")[0]
        so_far = item.config.stash[outcomes].get(name, "passed")
        item.config.stash[outcomes][name] = min(so_far, report.outcome, key=WORST_FIRST.index)
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    if session.config.stash[outcomes]:
        capabilities.record(session.config.stash[outcomes])
