"""The rules of the impact review: who takes which step, and from which state it leads to which.

The lab drafts and submits, the officer accepts or returns. The table below is the only place that
says so; a state that somebody sends is never taken over.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.domain.refusals import NotReadyError, Problem
from app.domain.texts import is_blank, text_problems
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import Impact, ReviewState, Role

SUBMITTERS = frozenset({Role.STAFF, Role.HEAD})
REVIEWERS = frozenset({Role.OFFICER})
# Nobody reviews what they own, submitted or wrote any part of.
OWN_ENTRY = sentence("You wrote part of this yourself: another officer must review it.")
# Events of the history, as LIKE spells them: what makes nobody an author of the experiment, and
# what changes nothing that an officer judges.
WRITES_NOTHING = ("review.accepted", "review.returned", "comment.%")
CHANGES_NOTHING = ("review.%", "comment.%", "gate.%")


class Move(StrEnum):
    """What somebody does to a review."""

    DRAFT = "draft"
    SUBMIT = "submit"
    ACCEPT = "accept"
    RETURN = "return"


# From which state each move leads to which. What nobody has begun is as good as drafted. An
# accepted review is submitted anew only once something has changed: see ``state_after``.
TRANSITIONS: Mapping[Move, Mapping[ReviewState, ReviewState]] = {
    Move.DRAFT: {ReviewState.DRAFT: ReviewState.DRAFT},
    Move.SUBMIT: {
        ReviewState.DRAFT: ReviewState.SUBMITTED,
        ReviewState.RETURNED: ReviewState.SUBMITTED,
        ReviewState.ACCEPTED: ReviewState.SUBMITTED,
    },
    Move.ACCEPT: {ReviewState.SUBMITTED: ReviewState.ACCEPTED},
    Move.RETURN: {
        ReviewState.SUBMITTED: ReviewState.RETURNED,
        ReviewState.ACCEPTED: ReviewState.RETURNED,
    },
}
ANSWERS: Mapping[ReviewState, Move] = {
    ReviewState.ACCEPTED: Move.ACCEPT,
    ReviewState.RETURNED: Move.RETURN,
}
ACCEPTED_UNCHANGED = sentence("This review is accepted and nothing has changed since.")
# Why a move is not open, by the state it meets.
CLOSED_TO_LAB: Mapping[ReviewState, Sentence] = {
    ReviewState.RETURNED: sentence("Changes were asked for: submit it again when they are made."),
    ReviewState.SUBMITTED: sentence("This is submitted already: the officer answers next."),
    ReviewState.ACCEPTED: ACCEPTED_UNCHANGED,
}
CLOSED_TO_OFFICER: Mapping[ReviewState, Sentence] = {
    ReviewState.DRAFT: sentence("The lab has not submitted this review yet."),
    ReviewState.RETURNED: sentence("Changes are asked for: the lab submits this again first."),
    ReviewState.ACCEPTED: sentence("This review is accepted already."),
}
# While a review is in one of these states its programme stays with the experiment.
UNSETTLED: Mapping[ReviewState, str] = {
    ReviewState.SUBMITTED: N_(
        "%(programme)s stays while its review of %(quarter)s is submitted: its officer answers "
        "first."
    ),
    ReviewState.RETURNED: N_(
        "%(programme)s stays while its review of %(quarter)s is returned: submit it again, and "
        "have it accepted first."
    ),
}


@dataclass(frozen=True)
class Submission:
    """What the lab hands in: a note on what to look at. It cannot say more."""

    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What an officer says: ``state`` is accepted or returned."""

    state: ReviewState
    impact: Impact | None = None
    comment: str = ""


def problems_of(answer: Answer) -> list[Problem]:
    """What is missing from an answer: an acceptance rates, a return explains."""
    problems = list(text_problems(answer))
    if answer.state not in ANSWERS:
        problems.append(Problem("state", sentence("Accept, or ask for changes.")))
    if answer.state is ReviewState.ACCEPTED and answer.impact is None:
        problems.append(Problem("impact", sentence("Rate the impact before you accept.")))
    if answer.state is ReviewState.RETURNED and is_blank(answer.comment):
        problems.append(
            Problem("comment", sentence("Say what should change, so that the lab can act on it."))
        )
    return problems


def is_open_to(move: Move, state: ReviewState, *, has_changed: bool) -> bool:
    """Whether a move is possible; ``has_changed``: something changed since it was accepted."""
    if move is Move.SUBMIT and state is ReviewState.ACCEPTED:
        return has_changed
    return state in TRANSITIONS[move]


def state_after(move: Move, state: ReviewState, *, has_changed: bool) -> ReviewState:
    """Where a move leads. Raises NotReadyError, with the reason, when it is not possible."""
    if is_open_to(move, state, has_changed=has_changed):
        return TRANSITIONS[move][state]
    is_the_labs = move in (Move.DRAFT, Move.SUBMIT)
    raise NotReadyError((CLOSED_TO_LAB if is_the_labs else CLOSED_TO_OFFICER)[state])


def why_it_stays(state: ReviewState, programme: str, quarter: str) -> Sentence:
    """Why a programme is not taken off the experiment, and what to do; the state is unsettled."""
    return sentence(UNSETTLED[state], programme=programme, quarter=quarter)


def only_officers_of(programme: str) -> Sentence:
    """Who alone answers the reviews of a programme."""
    return sentence("Only an officer of %(programme)s reviews this.", programme=programme)


def has_changed_since(accepted_at: datetime | None, changed_at: datetime | None) -> bool:
    """Whether something changed after an acceptance."""
    return accepted_at is not None and changed_at is not None and changed_at > accepted_at
