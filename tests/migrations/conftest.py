"""SQLite files to look into."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from app.database import make_engine
from tests.backends import SqliteTemplate


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
