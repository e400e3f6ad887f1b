"""The rules of the impact review."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.reviews import Answer, problems_of, state_now
from models.vocabulary import Impact, ReviewState

THEN = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER, EARLIER = THEN + timedelta(hours=1), THEN - timedelta(hours=1)


def fields_of(problems):
    return [problem.field for problem in problems]


def test_an_acceptance_needs_a_rating():
    assert fields_of(problems_of(Answer(ReviewState.ACCEPTED, None, "fine"))) == ["impact"]
    assert problems_of(Answer(ReviewState.ACCEPTED, Impact.CLEAR, "")) == []


def test_asking_for_changes_needs_words():
    assert fields_of(problems_of(Answer(ReviewState.RETURNED, None, "  "))) == ["comment"]
    assert problems_of(Answer(ReviewState.RETURNED, None, "Say who measured it.")) == []


@pytest.mark.parametrize("state", [ReviewState.DRAFT, ReviewState.SUBMITTED])
def test_an_answer_is_one_of_the_two(state):
    assert fields_of(problems_of(Answer(state, Impact.CLEAR, "words"))) == ["state"]


def test_it_waits_until_somebody_answers():
    assert state_now(None, reviewed_at=None, changed_at=LATER) is ReviewState.SUBMITTED


@pytest.mark.parametrize("answered", [ReviewState.ACCEPTED, ReviewState.RETURNED])
def test_an_answer_stands_until_the_experiment_changes_after_it(answered):
    assert state_now(answered, reviewed_at=THEN, changed_at=EARLIER) is answered
    assert state_now(answered, reviewed_at=THEN, changed_at=None) is answered
    assert state_now(answered, reviewed_at=THEN, changed_at=LATER) is ReviewState.SUBMITTED
