"""How migrations run: all or nothing on both databases, one at a time.

The driver hands BEGIN to us (``isolation_level=None`` and a BEGIN IMMEDIATE event, both set in
``app/database.py``), so that SQLite too rolls a killed upgrade back to exactly where it was.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import context
from sqlalchemy import Connection

from migrations.spelling import plain_operations, plain_type
from models import Base

# Any number will do, as long as nothing else in the database uses it.
UPGRADE_LOCK = 4207_2026


@contextmanager
def foreign_keys_off(connection: Connection) -> Iterator[None]:
    """Let SQLite rebuild tables that others point to.

    The pragma is ignored inside a transaction: it is set on the driver's connection before and
    after it.
    """
    driver = connection.connection.driver_connection
    if connection.dialect.name != "sqlite" or driver is None:
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys=ON")


def wait_for_others(connection: Connection) -> None:
    """Let one upgrade at a time in; SQLite's BEGIN IMMEDIATE has done so already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({UPGRADE_LOCK})")


def refuse_broken_keys(connection: Connection) -> None:
    """Roll the migration back when it left a row pointing to nothing (SQLite only)."""
    if connection.dialect.name != "sqlite":
        return
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if broken:
        raise RuntimeError(f"The migration leaves rows pointing to nothing: {broken[:5]}")


def run(connection: Connection) -> None:
    """Run the revisions asked for in one transaction."""
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        transactional_ddl=True,
        render_as_batch=True,
        compare_type=True,
        render_item=plain_type,
        process_revision_directives=plain_operations,
    )
    with foreign_keys_off(connection), context.begin_transaction():
        wait_for_others(connection)
        context.run_migrations()
        refuse_broken_keys(connection)


run(context.config.attributes["connection"])
