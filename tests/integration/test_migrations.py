"""The migrations of the three services: from nothing to exactly what the models say, on both engines, however many processes start at once."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Column, MetaData, String, inspect

from plenary.composition import SERVICES, build_trio
from plenary_kit.persistence.migrating import differences, revision_of
from plenary_kit.service import Service

STARTING = "from plenary.composition import build_trio; import sys; input(); build_trio(dict.fromkeys({names}, {url!r})).{name}.migrate()"


@pytest.fixture(params=SERVICES)
def service(request, database_url) -> Iterator[Service]:
    trio = build_trio(dict.fromkeys(SERVICES, database_url))
    yield getattr(trio, request.param)
    trio.close()


def test_an_empty_database_becomes_what_the_models_say(service):
    service.migrate()
    with service.database.engine.connect() as connection:
        assert differences(connection, service.metadata) == []


def test_migrating_again_changes_nothing(service):
    service.migrate()
    with service.database.engine.connect() as connection:
        before = revision_of(connection)
    service.migrate()
    with service.database.engine.connect() as connection:
        assert revision_of(connection) == before is not None
        assert set(inspect(connection).get_table_names()) == {*service.metadata.tables, "alembic_version"}


def test_a_model_that_went_ahead_of_the_migrations_is_noticed(service):
    service.migrate()
    ahead = MetaData(naming_convention=service.metadata.naming_convention)
    for table in service.metadata.tables.values():
        table.to_metadata(ahead)
    ahead.tables["outbox"].append_column(Column("color", String))
    ahead.tables["inbox"].c.fingerprint.type = String(65)
    with service.database.engine.connect() as connection:
        found = differences(connection, ahead)
    assert "add_column" in str(found)
    assert "modify_type" in str(found)


def test_processes_that_start_together_do_not_collide(service, database_url):
    code = STARTING.format(names=SERVICES, url=database_url, name=service.name)
    command = [sys.executable, "-W", "error", "-c", code]
    starting = [subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    for process in starting:
        process.stdin.write("\n")
        process.stdin.flush()
    complaints = [process.communicate(timeout=60)[1] for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0], complaints
    with service.database.engine.connect() as connection:
        assert differences(connection, service.metadata) == []


def test_revisions_import_no_code_of_ours(service):
    versions = sorted((service.migrations / "versions").glob("*.py"))
    assert versions
    for path in versions:
        assert _imported(path) <= {"sqlalchemy", "alembic", "datetime", "uuid", "json"}, path


def _imported(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add((node.module or ".").partition(".")[0])
    return found
