"""The rules of the impact review."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.refusals import Problem
from app.domain.texts import is_blank, text_problems
from app.language.sentences import sentence
from models.vocabulary import Impact, ReviewState

# Nobody reviews what they own or wrote any part of.
OWN_ENTRY = sentence("You wrote part of this yourself: another officer must review it.")


@dataclass(frozen=True)
class Answer:
    """What an officer says: ``state`` is accepted or returned."""

    state: ReviewState
    impact: Impact | None = None
    comment: str = ""


def problems_of(answer: Answer) -> list[Problem]:
    """What is missing from an answer: an acceptance rates, a return explains."""
    problems = list(text_problems(answer))
    if answer.state not in (ReviewState.ACCEPTED, ReviewState.RETURNED):
        problems.append(Problem("state", sentence("Accept, or ask for changes.")))
    if answer.state is ReviewState.ACCEPTED and answer.impact is None:
        problems.append(Problem("impact", sentence("Rate the impact before you accept.")))
    if answer.state is ReviewState.RETURNED and is_blank(answer.comment):
        problems.append(
            Problem("comment", sentence("Say what should change, so that the lab can act on it."))
        )
    return problems


def state_now(
    state: ReviewState | None, *, reviewed_at: datetime | None, changed_at: datetime | None
) -> ReviewState:
    """Where the review stands: what was answered, until the experiment changes after it."""
    if state is None or state in (ReviewState.DRAFT, ReviewState.SUBMITTED):
        return ReviewState.SUBMITTED
    is_outdated = changed_at is not None and reviewed_at is not None and changed_at > reviewed_at
    return ReviewState.SUBMITTED if is_outdated else state
