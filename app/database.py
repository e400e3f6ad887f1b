"""The engine, the unit of work, the request's session, and the only commit of the project."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

import pysqlite3
from flask import Flask, Response, current_app, g, request
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.domain.refusals import BusyError
from app.language.sentences import sentence
from app.services.history import seal_new

# WAL in SQLite 3.7.0 to 3.51.2 can corrupt the database when it is reset while being read.
SAFE_SQLITE = (3, 51, 3)
BUSY_SECONDS = 15
# For a result that took long to make: two minutes until it is given up.
PATIENT_TRIES = 8
BUSY = sentence("Others are saving at this moment, so this was not saved. Try again in a minute.")
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


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
    options = connection.get_execution_options()
    statement = "BEGIN IMMEDIATE" if options.get("writes", True) else "BEGIN"
    for tries_left in reversed(range(options.get("tries", 1))):
        try:
            connection.exec_driver_sql(statement)
        except OperationalError as error:
            if "locked" not in str(error.orig):
                raise
            if not tries_left:
                raise BusyError(BUSY) from error
        else:
            return


class UnitOfWork:
    """One transaction, told at its end whether to commit."""

    def __init__(self, engine: Engine, *, writes: bool, tries: int = 1) -> None:
        self._writes = writes
        self._connection = engine.connect().execution_options(writes=writes, tries=tries)
        self.session = Session(self._connection, expire_on_commit=False, autoflush=writes)

    def close(self, *, commit: bool) -> None:
        """Commit or roll back, and give the connection back."""
        try:
            if commit and self._writes:
                seal_new(self.session)
                self.session.commit()
        finally:
            self.session.close()
            self._connection.close()


@contextmanager
def unit_of_work(engine: Engine, *, writes: bool = True, tries: int = 1) -> Iterator[Session]:
    """One transaction: committed when the block ends well and ``writes``, else rolled back.

    Its first statement raises BusyError when SQLite's one place for a writer stayed taken for
    ``tries`` times BUSY_SECONDS.
    """
    unit = UnitOfWork(engine, writes=writes, tries=tries)
    ended_well = False
    try:
        yield unit.session
        ended_well = True
    finally:
        unit.close(commit=ended_well)


def attach(app: Flask, engine: Engine) -> None:
    """Give the app its database: one transaction a request, closed before the answer leaves."""
    app.extensions["engine"] = engine
    app.after_request(_finish_transaction)
    app.teardown_request(_abandon_transaction)


def engine() -> Engine:
    """The running app's engine."""
    return cast(Engine, current_app.extensions["engine"])


def current_session() -> Session:
    """The request's session, opened on first use; only unsafe methods open it for writing."""
    if "session" not in g:
        writes = request.method not in SAFE_METHODS and not g.get("only_reads", False)
        g.transaction = UnitOfWork(engine(), writes=writes)
        g.session = g.transaction.session
    return cast(Session, g.session)


def keep_changes() -> None:
    """Commit although the answer is an error: a missed sign-in is counted, for example."""
    g.keep_changes = True


def only_read() -> None:
    """Answer the rest of a request from a reading transaction: the writer's place was taken."""
    _abandon_transaction(None)
    g.only_reads = True


def _finish_transaction(response: Response) -> Response:
    transaction = g.pop("transaction", None)
    g.pop("session", None)
    if transaction is not None:
        transaction.close(commit=response.status_code < 400 or g.get("keep_changes", False))
    return response


def _abandon_transaction(_error: BaseException | None) -> None:
    transaction = g.pop("transaction", None)
    g.pop("session", None)
    if transaction is not None:
        transaction.close(commit=False)
