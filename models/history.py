"""What changed, when, by whom, through which door, from what to what, and why. Append-only."""

from typing import Any

from sqlalchemy import Index
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
from models.vocabulary import Door


class HistoryEntry(Base):
    """One change.

    ``event`` is in the past tense ("experiment.edited"); ``subject`` is the record it belongs to
    ("experiment:PE-2026-014"); ``changes`` maps a field to its value before and after.
    """

    __tablename__ = "history_entry"
    __table_args__ = (Index("ix_history_entry_subject_id", "subject", "id"),)

    id: Mapped[identity]
    subject: Mapped[short_text]
    event: Mapped[code_text]
    changes: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[long_text]
    door: Mapped[Door] = mapped_column(word(Door))
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    at: Mapped[instant] = mapped_column(default=now)

    by: Mapped[Person | None] = relationship(lazy="raise")
