"""The database's schema: whether it is current, and moving it up or down with a copy kept first.

Alembic is driven from here, without an ini file: everything it needs stands in ``configuration``.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine

from app.database import make_engine
from app.domain.refusals import NotReadyError
from app.language.sentences import sentence
from models import Base

MIGRATIONS = Path(__file__).resolve().parent.parent / "migrations"
FILE_NAMES = "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s"
COPIES_KEPT = 3


@dataclass(frozen=True)
class Move:
    """A change of the schema: the revisions before and after (None is an empty database).

    ``copy`` is the file the SQLite database was copied to first, where it was copied.
    """

    before: str | None
    after: str | None
    copy: Path | None = None

    @property
    def changed(self) -> bool:
        """Whether anything was done."""
        return self.before != self.after


def head() -> str | None:
    """The newest revision this program knows."""
    return _scripts().get_current_head()


def current(engine: Engine) -> str | None:
    """The revision the database stands at; None when it was never set up."""
    with _reading(engine) as connection:
        return _context(connection).get_current_revision()


def schema_is_current(engine: Engine) -> bool:
    """Whether the database stands at the newest revision: nothing may be served otherwise."""
    return current(engine) == head()


def refuse_unless_current(engine: Engine) -> None:
    """Raise a NotReadyError that says what to do, unless the schema is the newest."""
    revision = current(engine)
    if revision != head():
        raise not_current(revision)


def not_current(revision: str | None) -> NotReadyError:
    """The refusal of a database that stands at another revision (None: it was never set up)."""
    if revision is None:
        return NotReadyError(sentence("The database is not set up: run flask db upgrade."))
    return NotReadyError(
        sentence(
            "The database stands at schema %(current)s and this program needs %(newest)s: "
            "run flask db upgrade, or use the program that the database belongs to.",
            current=revision,
            newest=head() or "",
        )
    )


def differences(engine: Engine) -> list[str]:
    """What Alembic would still change to make the database equal the models; empty is good."""
    with _reading(engine) as connection:
        context = _context(connection, compare_type=True, target_metadata=Base.metadata)
        return [str(difference) for difference in compare_metadata(context, Base.metadata)]


def upgrade(engine: Engine, revision: str = "head") -> Move:
    """Move up to a revision; a SQLite file that will change is copied first."""
    before = current(engine)
    target = _scripts().get_revision(revision)
    if target is None or target.revision == before:
        return Move(before, before)
    copy = copy_database(engine, named=before) if before else None
    return Move(before, _moved(engine, command.upgrade, revision), copy)


def downgrade(engine: Engine, revision: str) -> Move:
    """Move down to a revision ("base", a revision's name, or "-1"); a SQLite file is copied first.

    Tables and columns that the older schema lacks are lost with what they hold.
    """
    before = current(engine)
    copy = copy_database(engine, named=before) if before else None
    return Move(before, _moved(engine, command.downgrade, revision), copy)


def write_revision(message: str, *, first: bool = False) -> Path:
    """Write a migration from the newest revision to the models.

    ``first`` drops what was written before and begins anew: only until the first release.
    The comparison runs on an empty SQLite database, so that no database at hand matters.
    """
    if first:
        for old in (MIGRATIONS / "versions").glob("*.py"):
            old.unlink()
    with TemporaryDirectory() as folder:
        engine = make_engine(f"sqlite:///{folder}/empty.sqlite3")
        if head():
            upgrade(engine)
        with engine.connect() as connection:
            script = command.revision(configuration(connection), message=message, autogenerate=True)
        engine.dispose()
    if script is None or isinstance(script, list):
        raise RuntimeError("Alembic wrote no single migration.")
    return Path(script.path)


def copy_database(engine: Engine, *, named: str) -> Path | None:
    """Copy a SQLite file beside itself, consistent while others write; the last three are kept."""
    source = engine.url.database
    if engine.dialect.name != "sqlite" or not source or source == ":memory:":
        return None
    stamp = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    copy = Path(f"{source}.before-{stamp}-{named}")
    unfinished = copy.with_name(f"{copy.name}.part")
    with _driver_connection(engine) as driver:
        driver.execute("VACUUM INTO ?", (str(unfinished),))
    unfinished.chmod(0o600)
    unfinished.rename(copy)
    for old in sorted(copy.parent.glob(f"{Path(source).name}.before-*"))[:-COPIES_KEPT]:
        old.unlink()
    return copy


def configuration(connection: Connection | None = None) -> Config:
    """What Alembic would read from its ini file; ``connection`` is the one migrations run on."""
    config = Config(stdout=sys.stderr)  # stdout belongs to answers
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", FILE_NAMES)
    config.set_main_option("timezone", "UTC")
    config.attributes["connection"] = connection
    return config


def _moved(engine: Engine, move: Any, revision: str) -> str | None:
    with engine.connect() as connection:
        move(configuration(connection), revision)
    return current(engine)


def _scripts() -> ScriptDirectory:
    return ScriptDirectory.from_config(configuration())


def _context(connection: Connection, **options: Any) -> MigrationContext:
    return MigrationContext.configure(connection, opts=options)


@contextmanager
def _reading(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(writes=False) as connection:
        yield connection


@contextmanager
def _driver_connection(engine: Engine) -> Iterator[Any]:
    """The driver's own connection: VACUUM works outside transactions only."""
    pooled = engine.raw_connection()
    try:
        yield pooled.driver_connection
    finally:
        pooled.close()
