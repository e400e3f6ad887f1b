"""What changed in a record."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import HistoryEntry, Person


def entries_of(session: Session, subject: str, *, most: int = 200) -> Sequence[HistoryEntry]:
    """The entries of a record ("experiment:PE-2026-014") with their people, newest first."""
    return session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == subject)
        .options(joinedload(HistoryEntry.by).lazyload(Person.memberships))
        .order_by(HistoryEntry.id.desc())
        .limit(most)
    ).all()
