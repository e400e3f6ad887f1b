"""What changed in a record, and the history as the chain that it is."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from app.domain.sealing import Link
from models import Closing, HistoryEntry, Person

AT_ONCE = 1000


def entries_of(
    session: Session, subject: str, *, most: int = 200, before: int | None = None
) -> Sequence[HistoryEntry]:
    """The entries of a record ("experiment:PE-2026-014") with their people, newest first.

    ``before`` leaves out the entry of that number and all after it.
    """
    older = [HistoryEntry.id < before] if before is not None else []
    return session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == subject, *older)
        .options(joinedload(HistoryEntry.by).lazyload(Person.memberships))
        .order_by(HistoryEntry.id.desc())
        .limit(most)
    ).all()


def chain(session: Session) -> Iterator[Link]:
    """Every entry by its place, the unsealed ones last; loaded some at a time."""
    entries = session.scalars(
        select(HistoryEntry)
        .order_by(HistoryEntry.place.is_(None), HistoryEntry.place, HistoryEntry.id)
        .execution_options(yield_per=AT_ONCE)
    )
    with closing(entries):
        for entry in entries:
            yield Link(entry.id, entry.place, entry.sha256, said_by(entry))


def said_by(entry: HistoryEntry) -> dict[str, Any]:
    """All an entry says, in plain JSON values: what its seal covers."""
    return {
        "id": entry.id,
        "subject": entry.subject,
        "event": entry.event,
        "changes": entry.changes,
        "reason_code": entry.reason_code.value if entry.reason_code else None,
        "reason": entry.reason,
        "door": entry.door.value,
        "by": entry.by_id,
        "at": entry.at.isoformat(),
    }


def newest_seal(session: Session) -> str:
    """The seal at the end of the chain; "" before the first."""
    return (
        session.scalar(
            select(HistoryEntry.sha256).where(
                HistoryEntry.place == select(func.max(HistoryEntry.place)).scalar_subquery()
            )
        )
        or ""
    )


def missing_seals(session: Session, noted: Sequence[str]) -> list[str]:
    """Which of these seals, and of those noted at the closing of a quarter, are in no entry."""
    at_closings = session.scalars(
        select(Closing.history_sha256).where(Closing.history_sha256 != "").order_by(Closing.id)
    )
    wanted = [*noted, *at_closings]
    kept = set(session.scalars(select(HistoryEntry.sha256).where(HistoryEntry.sha256.in_(wanted))))
    return [each for each in wanted if each not in kept]
