"""Write down what changed. Every service that changes a record calls this in the same breath.

``app/database.py`` seals what was written in the same transaction, right before it commits.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import func, inspect, select
from sqlalchemy.orm import Session

from app.domain.sealing import FIRST, seal
from app.queries.history import said_by
from app.services.actor import Actor
from models import Base, HistoryEntry
from models.vocabulary import ChangeReason

# Any number will do, as long as nothing else in the database uses it.
SEALING_LOCK = 4208_2026
# Where a session keeps the entries that its transaction wrote.
WRITTEN = "history_written"
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
    reason_code: ChangeReason | None = None,
) -> HistoryEntry:
    """Append one entry. ``changes`` maps a field to [before, after] in plain values."""
    entry = HistoryEntry(
        subject=subject,
        event=event,
        changes={name: [plain(value) for value in pair] for name, pair in (changes or {}).items()},
        reason=reason,
        reason_code=reason_code,
        door=by.door,
        by_id=by.id,
    )
    session.add(entry)
    session.info.setdefault(WRITTEN, []).append(entry)
    return entry


def seal_new(session: Session) -> None:
    """Put the entries this transaction wrote at the end of the chain. Called before the commit.

    An entry that came in past the services stays without a seal, for ``flask history verify`` to
    tell. One transaction seals at a time; it asks for nothing after this but the commit.
    """
    session.flush()
    # What a savepoint took back is in the session no longer.
    written = [entry for entry in session.info.pop(WRITTEN, ()) if entry in session]
    if not written:
        return
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(SEALING_LOCK)))
    place, previous = _end_of_chain(session)
    for entry in written if place else _all_unsealed(session):
        place += 1
        previous = seal(previous, said_by(entry))
        entry.place, entry.sha256 = place, previous
    session.flush()


def _all_unsealed(session: Session) -> Sequence[HistoryEntry]:
    """The beginning of the chain: what was written before there were seals, and since."""
    unsealed = select(HistoryEntry).where(HistoryEntry.place.is_(None)).order_by(HistoryEntry.id)
    return session.scalars(unsealed).all()


def _end_of_chain(session: Session) -> tuple[int, str]:
    last = session.execute(
        select(HistoryEntry.place, HistoryEntry.sha256)
        .where(HistoryEntry.place.is_not(None))
        .order_by(HistoryEntry.place.desc())
        .limit(1)
    ).first()
    return (last[0] or 0, last[1] or FIRST) if last else (0, FIRST)


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
