"""How generated migrations are spelled: in plain types, so that none ever imports the models."""

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from alembic.autogenerate.api import AutogenContext
from alembic.operations import MigrationScript
from alembic.operations.ops import (
    CreateIndexOp,
    CreateTableOp,
    DropTableOp,
    MigrateOperation,
    ModifyTableOps,
)
from sqlalchemy import Column, Enum

from models.base import ExactDecimal, Instant

LAST_COLUMNS = ("version", "created_at", "changed_at")


def plain_type(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    """Spell the project's own types as the columns they become; False leaves it to Alembic."""
    if kind != "type":
        return False
    match item:
        case Instant():
            return "sa.DateTime(timezone=True)"
        case ExactDecimal():
            return 'sa.Numeric(20, 6).with_variant(sa.String(40), "sqlite")'
        case Enum(native_enum=False, create_constraint=False):
            return f"sa.String({item.length})"
        case _:
            return False


def plain_operations(_context: Any, _revision: Any, scripts: list[MigrationScript]) -> None:
    """Write a table's columns in reading order and its indexes as lines of their own."""
    for script in scripts:
        for operations in (script.upgrade_ops, script.downgrade_ops):
            if operations is not None:
                operations.ops = list(_plain(operations.ops))


def _plain(operations: Sequence[MigrateOperation]) -> Iterator[MigrateOperation]:
    dropped = {each.table_name for each in operations if isinstance(each, DropTableOp)}
    for operation in operations:
        match operation:
            case CreateTableOp():
                operation.columns = sorted(operation.columns, key=_reading_order)
                yield operation
            case ModifyTableOps() if operation.table_name in dropped:
                pass  # its indexes go with the table
            case ModifyTableOps() if _only_indexes(operation):
                yield from operation.ops
            case _:
                yield operation


def _reading_order(item: Any) -> int:
    if not isinstance(item, Column):
        return 3
    return 0 if item.primary_key else 2 if item.name in LAST_COLUMNS else 1


def _only_indexes(operation: ModifyTableOps) -> bool:
    return all(isinstance(each, CreateIndexOp) for each in operation.ops)
