"""The rounds a review went through before, as the history tells them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from models import HistoryEntry, Person
from models.vocabulary import Impact, ReviewState

STATES = {
    f"review.{state.value}": state
    for state in (ReviewState.SUBMITTED, ReviewState.RETURNED, ReviewState.ACCEPTED)
}


@dataclass(frozen=True)
class ReviewStep:
    """A submission or an answer: what it made of the review, who took it, when, in which words."""

    state: ReviewState
    at: datetime
    by: Person | None
    words: str
    impact: Impact | None

    @property
    def is_answer(self) -> bool:
        """Whether an officer took it."""
        return self.state is not ReviewState.SUBMITTED


def earlier_steps(
    session: Session, experiment_code: str
) -> dict[tuple[str, str], list[ReviewStep]]:
    """The experiment's steps by (programme, quarter), the newest first; one statement.

    Without the newest submission and the newest answer: the review itself holds those.
    """
    entries = session.scalars(
        select(HistoryEntry)
        .where(
            HistoryEntry.subject == f"experiment:{experiment_code}", HistoryEntry.event.in_(STATES)
        )
        .options(joinedload(HistoryEntry.by).lazyload(Person.memberships))
        .order_by(HistoryEntry.id.desc())
    )
    taken: dict[tuple[str, str], list[ReviewStep]] = {}
    for entry in entries:
        key = (_after(entry, "programme"), _after(entry, "quarter"))
        taken.setdefault(key, []).append(_step(entry))
    return {key: _before_standing(steps) for key, steps in taken.items()}


def _before_standing(steps: Sequence[ReviewStep]) -> list[ReviewStep]:
    standing = {step.is_answer: step for step in reversed(steps)}
    return [step for step in steps if step is not standing[step.is_answer]]


def _step(entry: HistoryEntry) -> ReviewStep:
    impact = _after(entry, "impact")
    return ReviewStep(
        state=STATES[entry.event],
        at=entry.at,
        by=entry.by,
        words=entry.reason,
        impact=Impact(impact) if impact else None,
    )


def _after(entry: HistoryEntry, name: str) -> str:
    return entry.changes.get(name, (None, None))[1] or ""
