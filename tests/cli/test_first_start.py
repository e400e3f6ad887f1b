"""The first start sets the database up and loads the demonstration; a second changes nothing."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from app import schema
from app.cli import first_start
from app.config import Settings
from app.database import unit_of_work
from app.services import demonstration
from models import Base, Person
from tests.cast import introduce


def settings(folder: Path, *, demo: bool = True) -> Settings:
    return Settings(instance=folder, demo=demo)


def rows(engine: Engine) -> dict[str, int | None]:
    """How many rows each table holds."""
    with engine.connect() as connection:
        return {
            table.name: connection.execute(select(func.count()).select_from(table)).scalar()
            for table in Base.metadata.sorted_tables
        }


def test_the_first_start_sets_up_and_loads_the_demonstration(
    bare_engine: Engine, tmp_path: Path
) -> None:
    first_start.prepare(bare_engine, settings(tmp_path))
    assert schema.schema_is_current(bare_engine)
    loaded = rows(bare_engine)
    assert loaded["experiment"]
    with unit_of_work(bare_engine, writes=False) as session:
        assert not session.scalar(select(Person.id).where(Person.is_demonstration.is_(False)))
    first_start.prepare(bare_engine, settings(tmp_path))
    assert rows(bare_engine) == loaded


def test_an_empty_start_loads_nothing(bare_engine: Engine, tmp_path: Path) -> None:
    first_start.prepare(bare_engine, settings(tmp_path, demo=False))
    assert set(rows(bare_engine).values()) == {0}
    with unit_of_work(bare_engine, writes=False) as session:
        assert list(first_start.sign_in_lines(session)) == []


def test_an_installation_with_people_of_its_own_gets_no_demonstration(
    engine: Engine, tmp_path: Path
) -> None:
    with unit_of_work(engine) as session:
        introduce(session)
    before = rows(engine)
    first_start.prepare(engine, settings(tmp_path))
    assert rows(engine) == before


@pytest.mark.parametrize("bare_engine", ["sqlite"], indirect=True)
def test_it_says_who_can_sign_in_and_how(bare_engine: Engine, tmp_path: Path) -> None:
    first_start.prepare(bare_engine, settings(tmp_path))
    with unit_of_work(bare_engine, writes=False) as session:
        lines = list(first_start.sign_in_lines(session))
        emails = session.scalars(select(Person.email)).all()
    assert demonstration.PASSWORD in lines[0]
    assert sorted(line.split()[0] for line in lines[1:]) == sorted(emails)
