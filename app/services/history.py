"""Write down what changed. Every service that changes a record calls this in the same breath."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import Session

from app.services.actor import Actor
from models import Base, HistoryEntry

# Columns that follow from the change itself, or that nobody may read.
SILENT = {"id", "version", "created_at", "changed_at", "password_hash", "submission_key"}


def record(
    session: Session,
    *,
    subject: str,
    event: str,
    by: Actor,
    changes: Mapping[str, Sequence[Any]] | None = None,
    reason: str = "",
) -> HistoryEntry:
    """Append one entry. ``changes`` maps a field to [before, after] in plain values."""
    entry = HistoryEntry(
        subject=subject,
        event=event,
        changes={name: [plain(value) for value in pair] for name, pair in (changes or {}).items()},
        reason=reason,
        door=by.door,
        by_id=by.id,
    )
    session.add(entry)
    return entry


def changes_of(row: Base) -> dict[str, list[Any]]:
    """Field → [before, after] for what has been assigned to a row since it was loaded."""
    state = inspect(row)
    changes = {}
    for attribute in state.mapper.column_attrs:
        past = state.attrs[attribute.key].history
        if attribute.key in SILENT or not past.has_changes():
            continue
        before = past.deleted[0] if past.deleted else None
        after = past.added[0] if past.added else None
        if before != after:
            changes[attribute.key] = [before, after]
    return changes


def values_of(row: Base) -> dict[str, list[Any]]:
    """Field → [None, value] for every filled field of a new row."""
    return {
        attribute.key: [None, value]
        for attribute in inspect(row).mapper.column_attrs
        if attribute.key not in SILENT
        and (value := getattr(row, attribute.key)) not in (None, "", [])
    }


def plain(value: Any) -> Any:
    """A value as JSON keeps it: words by their value, dates as ISO text, decimals exact."""
    match value:
        case StrEnum():
            return value.value
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return format(value, "f")
        case list() | tuple():
            return [plain(item) for item in value]
        case _:
            return value
