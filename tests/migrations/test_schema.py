"""The schema moves up and down whole, with data in it, and equals the models at the top."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, event, inspect, text

from app import schema
from app.database import unit_of_work
from app.domain.refusals import NotReadyError
from models import Base
from tests import factories
from tests.cast import introduce

VERSIONS = sorted((schema.MIGRATIONS / "versions").glob("*.py"))
# An upgrade in a process of its own, which dies at a chosen statement without a last word.
DYING_UPGRADE = """
import os, sys
from sqlalchemy import event
from app import schema
from app.database import make_engine
engine, fatal = make_engine(sys.argv[1]), sys.argv[2]
def die(connection, cursor, statement, *rest):
    if fatal in statement:
        os._exit(9)
event.listen(engine, "after_cursor_execute", die)
schema.upgrade(engine)
"""
BEFORE_THE_SEALS = "73acde26c960"
POINTS = ["CREATE TABLE office", "CREATE TABLE experiment (", "INSERT INTO alembic_version"]


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def fill(engine: Engine) -> None:
    with unit_of_work(engine) as session:
        cast = introduce(session)
        experiment = factories.an_experiment(session, cast.peru, cast.markets, cast.inclusion)
        factories.a_measurement(session, factories.a_metric(session, experiment))
        factories.a_plan(session, cast.peru)


def measurements(engine: Engine) -> int | None:
    with engine.connect() as connection:
        count: int | None = connection.execute(text("SELECT count(*) FROM measurement")).scalar()
        return count


def upgrade_elsewhere(engine: Engine, *, fatal: str) -> subprocess.Popen[bytes]:
    """Begin an upgrade in another process, which dies after the statement that holds ``fatal``."""
    url = engine.url.render_as_string(hide_password=False)
    command = [sys.executable, "-c", DYING_UPGRADE, url, fatal]
    return subprocess.Popen(command, cwd=schema.MIGRATIONS.parent)


def revisions_upwards() -> list[str]:
    scripts = ScriptDirectory.from_config(schema.configuration())
    return [each.revision for each in scripts.walk_revisions()][::-1]


def test_the_newest_schema_equals_the_models(bare_engine: Engine) -> None:
    schema.upgrade(bare_engine)
    assert schema.differences(bare_engine) == []
    assert tables(bare_engine) == set(Base.metadata.tables)


def test_every_revision_goes_up_down_and_up_again(bare_engine: Engine) -> None:
    for revision in revisions_upwards():
        assert schema.upgrade(bare_engine, revision).after == revision
        schema.downgrade(bare_engine, "-1")
        assert schema.upgrade(bare_engine, revision).after == revision
    assert schema.schema_is_current(bare_engine)


def test_a_step_down_and_up_works_with_data_in_every_table_it_keeps(bare_engine: Engine) -> None:
    schema.upgrade(bare_engine)
    fill(bare_engine)
    schema.downgrade(bare_engine, "-1")
    schema.upgrade(bare_engine)
    assert schema.differences(bare_engine) == []


def triggers(engine: Engine) -> set[str]:
    asked = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[engine.dialect.name]
    with engine.connect() as connection:
        return set(connection.execute(text(asked)).scalars())


def test_the_history_is_locked_after_the_upgrade_and_no_more_after_the_step_down(
    bare_engine: Engine,
) -> None:
    kept = {"history_entry_stays", "history_entry_remains"}
    if bare_engine.dialect.name == "sqlite":
        kept.add("history_entry_is_new")  # it alone lets INSERT take the place of a row
    schema.upgrade(bare_engine)
    assert kept <= triggers(bare_engine)
    schema.downgrade(bare_engine, BEFORE_THE_SEALS)
    assert kept & triggers(bare_engine) == set()
    schema.upgrade(bare_engine)
    assert kept <= triggers(bare_engine)


def test_going_down_to_the_beginning_leaves_no_table(bare_engine: Engine) -> None:
    schema.upgrade(bare_engine)
    fill(bare_engine)
    assert schema.downgrade(bare_engine, "base").after is None
    assert tables(bare_engine) == set()


def test_an_upgrade_that_has_nothing_to_do_changes_and_copies_nothing(bare_engine: Engine) -> None:
    schema.upgrade(bare_engine)
    again = schema.upgrade(bare_engine)
    assert (again.changed, again.copy) == (False, None)


@pytest.mark.parametrize("fatal", POINTS)
def test_an_upgrade_that_fails_half_way_leaves_the_database_as_it_was(
    bare_engine: Engine, fatal: str
) -> None:
    def fail(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if fatal in statement:
            raise OSError("disk full")

    event.listen(bare_engine, "after_cursor_execute", fail)
    with pytest.raises(OSError, match="disk full"):
        schema.upgrade(bare_engine)
    event.remove(bare_engine, "after_cursor_execute", fail)
    assert (tables(bare_engine), schema.current(bare_engine)) == (set(), None)
    schema.upgrade(bare_engine)
    assert schema.schema_is_current(bare_engine)


@pytest.mark.parametrize("fatal", POINTS)
def test_an_upgrade_killed_half_way_leaves_the_database_as_it_was(
    bare_engine: Engine, fatal: str
) -> None:
    assert upgrade_elsewhere(bare_engine, fatal=fatal).wait(60) == 9
    assert (tables(bare_engine), schema.current(bare_engine)) == (set(), None)
    schema.upgrade(bare_engine)
    assert schema.schema_is_current(bare_engine)


def test_two_upgrades_at_once_wait_for_each_other(bare_engine: Engine) -> None:
    both = [upgrade_elsewhere(bare_engine, fatal="no such statement") for _ in range(2)]
    assert [each.wait(60) for each in both] == [0, 0]
    assert schema.schema_is_current(bare_engine)


@pytest.mark.parametrize("bare_engine", ["sqlite"], indirect=True)  # PostgreSQL always looks
def test_an_upgrade_that_would_leave_a_row_pointing_to_nothing_is_rolled_back(
    bare_engine: Engine,
) -> None:
    def orphan(connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        if "INSERT INTO alembic_version" in statement:
            connection.exec_driver_sql(
                "INSERT INTO programme (office_id, code, name_en, name_es, source)"
                " VALUES (404, 'X', 'X', 'X', '')"
            )

    event.listen(bare_engine, "after_cursor_execute", orphan)
    with pytest.raises(RuntimeError, match="pointing to nothing"):
        schema.upgrade(bare_engine)
    event.remove(bare_engine, "after_cursor_execute", orphan)
    assert tables(bare_engine) == set()


def test_foreign_keys_are_watched_again_after_an_upgrade(bare_engine: Engine) -> None:
    schema.upgrade(bare_engine)
    with bare_engine.connect() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(
            text(
                "INSERT INTO programme (office_id, code, name_en, name_es, source)"
                " VALUES (404, 'X', 'X', 'X', '')"
            )
        )


def test_a_sqlite_file_is_copied_before_its_schema_changes(
    sqlite_at: Callable[[str], Engine],
) -> None:
    engine = sqlite_at("head")
    fill(engine)
    copy = schema.downgrade(engine, "base").copy
    assert copy is not None
    kept = sqlite_at(str(copy))
    assert (measurements(kept), schema.schema_is_current(kept)) == (1, True)


def test_the_last_three_copies_are_kept(sqlite_at: Callable[[str], Engine], tmp_path: Path) -> None:
    engine = sqlite_at("head")
    copies = [schema.copy_database(engine, named="head") for _ in range(5)]
    assert sorted(tmp_path.glob("*.before-*")) == copies[-3:]


def test_a_copy_is_for_its_owner_only(sqlite_at: Callable[[str], Engine]) -> None:
    copy = schema.copy_database(sqlite_at("head"), named="head")
    assert copy is not None
    assert copy.stat().st_mode & 0o077 == 0


def test_a_database_that_was_never_set_up_is_refused(bare_engine: Engine) -> None:
    with pytest.raises(NotReadyError, match="not set up"):
        schema.refuse_unless_current(bare_engine)


def test_a_database_of_another_program_is_refused(bare_engine: Engine) -> None:
    schema.upgrade(bare_engine)
    schema.refuse_unless_current(bare_engine)
    with bare_engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from_the_future'"))
    with pytest.raises(NotReadyError, match="from_the_future"):
        schema.refuse_unless_current(bare_engine)


@pytest.mark.parametrize("path", VERSIONS, ids=lambda path: path.stem)
def test_a_migration_is_named_by_its_time_and_never_imports_the_models(path: Path) -> None:
    assert re.fullmatch(r"\d{8}_\d{4}_[a-z]+(_[a-z0-9]+)+", path.stem)
    imports = set(re.findall(r"^(?:import|from) (\w+)", path.read_text(), re.MULTILINE))
    assert imports <= {"sqlalchemy", "alembic", "collections", "datetime", "decimal", "json"}
