"""Databases without any schema, of both kinds."""

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from app.database import make_engine
from tests.backends import SqliteTemplate


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database nothing was ever done to."""
    if request.param == "sqlite":
        engine = make_engine(f"sqlite:///{tmp_path / 'bare.sqlite3'}")
        yield engine
        engine.dispose()
    else:
        server, name = request.getfixturevalue("postgres"), f"bare-{uuid4().hex}"
        engine = server.new_database(name)
        yield engine
        engine.dispose()
        server.drop_database(name)


@pytest.fixture
def sqlite_at(tmp_path: Path, sqlite_template: SqliteTemplate) -> Iterator[Callable[[str], Engine]]:
    """``sqlite_at("head")``: a fresh SQLite file at the newest schema; else the file named."""
    opened: list[Engine] = []

    def at(place: str) -> Engine:
        if place == "head":
            engine = sqlite_template.copy_to(tmp_path)
        else:
            engine = make_engine(f"sqlite:///{place}")
        opened.append(engine)
        return engine

    yield at
    for engine in opened:
        engine.dispose()
