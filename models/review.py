"""The impact review: what a programme's officer says of one experiment in one quarter."""

from datetime import datetime
from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Kept, belongs_to, instant, long_text, word
from models.person import Person
from models.programme import Programme
from models.vocabulary import Impact, ReviewState


class ImpactReview(Kept):
    """One review. ``quarter`` is spelled "2026-Q3". The reviewer is kept apart from the author.

    The lab drafts and submits it (``note``: what to look at), the officer accepts or returns it.
    Who submits first stays its author, who submits again is kept besides.
    ``facts`` holds what was accepted last (app/domain/review_facts.py) and ``accepted_at`` when,
    to tell later what changed since; both outlive a return.
    """

    __tablename__ = "impact_review"
    __table_args__ = (UniqueConstraint("experiment_id", "programme_id", "quarter"),)

    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    programme_id: Mapped[int] = mapped_column(belongs_to("programme.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(7), index=True)
    state: Mapped[ReviewState] = mapped_column(word(ReviewState))
    note: Mapped[long_text] = mapped_column(server_default="")
    submitted_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    submitted_at: Mapped[instant | None]
    submitted_again_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    submitted_again_at: Mapped[instant | None]
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")
    impact: Mapped[Impact | None] = mapped_column(word(Impact))
    comment: Mapped[long_text]
    reviewed_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    reviewed_at: Mapped[instant | None]
    accepted_at: Mapped[instant | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    submitted_by: Mapped[Person | None] = relationship(foreign_keys=[submitted_by_id], lazy="raise")
    submitted_again_by: Mapped[Person | None] = relationship(
        foreign_keys=[submitted_again_by_id], lazy="raise"
    )
    reviewed_by: Mapped[Person | None] = relationship(foreign_keys=[reviewed_by_id], lazy="raise")
    programme: Mapped[Programme] = relationship(lazy="raise")

    @property
    def handed_in_by_id(self) -> int | None:
        """Who submitted it last."""
        return self.submitted_again_by_id or self.submitted_by_id

    @property
    def handed_in_at(self) -> datetime | None:
        """When it was submitted last."""
        return self.submitted_again_at or self.submitted_at

    @property
    def answer(self) -> ReviewState | None:
        """What was answered last, whatever was submitted since."""
        if self.reviewed_at is None:
            return None
        is_accepted = self.accepted_at == self.reviewed_at
        return ReviewState.ACCEPTED if is_accepted else ReviewState.RETURNED
