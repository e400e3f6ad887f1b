"""Two people at one record: the second is told, and nothing of the first is overwritten."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.refusals import ChangedMeanwhileError
from app.language.sentences import sentence
from models.base import Kept

MEANWHILE = sentence(
    "Somebody else changed this meanwhile. Nothing was saved; what you typed stands below beside "
    "what was saved. Save again if yours should stand."
)


def hold(session: Session, row: Kept) -> int | None:
    """Let one writer of the row pass at a time, and return the version that stands.

    SQLite has one writer anyway; on PostgreSQL the row itself is the gate.
    """
    kept = type(row)
    return session.scalar(select(kept.version).where(kept.id == row.id).with_for_update())


def refuse_stale(session: Session, row: Kept, *, seen_version: int | None) -> None:
    """Refuse when the row is no longer what its editor saw."""
    if not hold(session, row) == row.version == seen_version:
        raise ChangedMeanwhileError(MEANWHILE)
