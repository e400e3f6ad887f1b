"""The engine, the session of a unit of work, and the only commit of the project."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pysqlite3
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

# WAL in SQLite 3.7.0 to 3.51.2 can corrupt the database when it is reset while being read.
SAFE_SQLITE = (3, 51, 3)
BUSY_SECONDS = 15


def make_engine(url: str) -> Engine:
    """An engine for SQLite or PostgreSQL, set up so that an acknowledged write is durable."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite_engine(url)
    return create_engine(url, pool_pre_ping=True)


def _sqlite_engine(url: str) -> Engine:
    if pysqlite3.sqlite_version_info < SAFE_SQLITE:
        raise RuntimeError(
            f"SQLite {pysqlite3.sqlite_version} can corrupt its write-ahead log; "
            "3.51.3 or newer is needed (pip install -r requirements.txt brings it)."
        )
    engine = create_engine(url, module=pysqlite3, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _set_up_connection)
    event.listen(engine, "begin", _begin)
    return engine


def _set_up_connection(connection: Any, _record: Any) -> None:
    # None hands BEGIN to us: the driver's own would start every transaction as a reader.
    connection.isolation_level = None
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "trusted_schema=OFF",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    # A writer takes its place at once; a reader that later wants to write could only fail.
    writes = connection.get_execution_options().get("writes", True)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def unit_of_work(engine: Engine, *, writes: bool = True) -> Iterator[Session]:
    """One transaction: committed when the block ends well and ``writes``, else rolled back."""
    with engine.connect().execution_options(writes=writes) as connection:
        session = Session(connection, expire_on_commit=False, autoflush=writes)
        try:
            yield session
            if writes:
                session.commit()
        finally:
            session.close()
