"""What changed, when, by whom, through which door, from what to what, and why. Append-only."""

from typing import Any

from sqlalchemy import DDL, Index, String, event
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    belongs_to,
    code_text,
    identity,
    instant,
    long_text,
    now,
    short_text,
    word,
)
from models.person import Person
from models.vocabulary import ChangeReason, Door


class HistoryEntry(Base):
    """One change.

    ``event`` is in the past tense ("experiment.edited"); ``subject`` is the record it belongs to
    ("experiment:PE-2026-014"); ``changes`` maps a field to its value before and after.
    When it is committed it gets its ``place`` in the chain and is sealed: ``sha256`` covers the
    entry and the seal before it (``app.domain.sealing``). The database itself refuses to change a
    sealed entry or to delete any.
    """

    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_subject_id", "subject", "id"),)

    id: Mapped[identity]
    subject: Mapped[short_text]
    event: Mapped[code_text]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason_code: Mapped[ChangeReason | None] = mapped_column(word(ChangeReason))
    reason: Mapped[long_text]
    door: Mapped[Door] = mapped_column(word(Door))
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    at: Mapped[instant] = mapped_column(default=now)
    place: Mapped[int | None] = mapped_column(unique=True)
    sha256: Mapped[str | None] = mapped_column(String(64))

    by: Mapped[Person | None] = relationship(lazy="raise")


# Rebuilding the table drops them: a migration that alters it on SQLite makes them anew.
APPEND_ONLY = {
    "sqlite": (
        "CREATE TRIGGER history_entry_stays BEFORE UPDATE ON history_entry "
        "WHEN OLD.sha256 IS NOT NULL OR EXISTS (SELECT 1 FROM history_entry AS sealed "
        "WHERE sealed.id <> OLD.id AND sealed.sha256 IS NOT NULL "
        "AND (sealed.id = NEW.id OR sealed.place = NEW.place)) "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
        # INSERT OR REPLACE deletes what it takes the place of, and no trigger of DELETE hears it.
        "CREATE TRIGGER history_entry_is_new BEFORE INSERT ON history_entry "
        "WHEN EXISTS (SELECT 1 FROM history_entry AS sealed WHERE sealed.sha256 IS NOT NULL "
        "AND (sealed.id = NEW.id OR sealed.place = NEW.place)) "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
        "CREATE TRIGGER history_entry_remains BEFORE DELETE ON history_entry "
        "BEGIN SELECT RAISE(ABORT, 'history is append-only'); END",
    ),
    "postgresql": (
        "CREATE OR REPLACE FUNCTION history_is_append_only() RETURNS trigger AS $$ "
        "BEGIN RAISE EXCEPTION 'history is append-only'; END $$ LANGUAGE plpgsql",
        "CREATE TRIGGER history_entry_stays BEFORE UPDATE ON history_entry FOR EACH ROW "
        "WHEN (OLD.sha256 IS NOT NULL) EXECUTE FUNCTION history_is_append_only()",
        "CREATE TRIGGER history_entry_remains BEFORE DELETE ON history_entry FOR EACH ROW "
        "EXECUTE FUNCTION history_is_append_only()",
    ),
}
for dialect, statements in APPEND_ONLY.items():
    for statement in statements:
        kept = DDL(statement).execute_if(dialect=dialect)  # type: ignore[no-untyped-call]
        event.listen(HistoryEntry.__table__, "after_create", kept)
