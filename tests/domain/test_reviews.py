"""The rules of the impact review."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.refusals import NotReadyError
from app.domain.reviews import (
    ANSWERS,
    TRANSITIONS,
    Answer,
    Move,
    has_changed_since,
    is_open_to,
    problems_of,
    state_after,
)
from models.vocabulary import Impact, ReviewState

THEN = datetime(2026, 9, 1, 12, tzinfo=UTC)
LATER, EARLIER = THEN + timedelta(hours=1), THEN - timedelta(hours=1)
DRAFT, SUBMITTED, RETURNED, ACCEPTED = (
    *(ReviewState.DRAFT, ReviewState.SUBMITTED),
    *(ReviewState.RETURNED, ReviewState.ACCEPTED),
)
# Every way there is; "accepted, changed since" is told apart from "accepted".
WAYS = {
    (Move.DRAFT, DRAFT, False): DRAFT,
    (Move.SUBMIT, DRAFT, False): SUBMITTED,
    (Move.SUBMIT, RETURNED, False): SUBMITTED,
    (Move.SUBMIT, RETURNED, True): SUBMITTED,
    (Move.SUBMIT, ACCEPTED, True): SUBMITTED,
    (Move.ACCEPT, SUBMITTED, False): ACCEPTED,
    (Move.ACCEPT, SUBMITTED, True): ACCEPTED,
    (Move.RETURN, SUBMITTED, False): RETURNED,
    (Move.RETURN, SUBMITTED, True): RETURNED,
    (Move.RETURN, ACCEPTED, False): RETURNED,
    (Move.RETURN, ACCEPTED, True): RETURNED,
    (Move.DRAFT, DRAFT, True): DRAFT,
    (Move.SUBMIT, DRAFT, True): SUBMITTED,
}
ALL = [(move, state, changed) for move in Move for state in ReviewState for changed in (0, 1)]


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


@pytest.mark.parametrize(("move", "state", "changed"), ALL)
def test_a_move_leads_where_the_table_says_and_nowhere_else(move, state, changed):
    has_changed = bool(changed)
    expected = WAYS.get((move, state, has_changed))
    assert is_open_to(move, state, has_changed=has_changed) == (expected is not None)
    if expected is not None:
        assert state_after(move, state, has_changed=has_changed) is expected
    else:
        with pytest.raises(NotReadyError) as refused:
            state_after(move, state, has_changed=has_changed)
        assert str(refused.value.message)


def test_an_acceptance_is_reached_only_from_what_is_submitted():
    ways = [
        (move, before)
        for move, table in TRANSITIONS.items()
        for before, after in table.items()
        if after is ACCEPTED
    ]
    assert ways == [(Move.ACCEPT, SUBMITTED)]
    assert {ANSWERS[state] for state in ANSWERS} == {Move.ACCEPT, Move.RETURN}


@pytest.mark.parametrize(
    ("move", "state", "said"),
    [
        (Move.ACCEPT, DRAFT, "has not submitted"),
        (Move.RETURN, DRAFT, "has not submitted"),
        (Move.ACCEPT, RETURNED, "submits this again"),
        (Move.ACCEPT, ACCEPTED, "accepted already"),
        (Move.SUBMIT, SUBMITTED, "the officer answers next"),
        (Move.SUBMIT, ACCEPTED, "nothing has changed"),
        (Move.DRAFT, RETURNED, "submit it again"),
    ],
)
def test_a_refused_move_says_whose_turn_it_is(move, state, said):
    with pytest.raises(NotReadyError, match=said):
        state_after(move, state, has_changed=False)


def test_only_what_comes_after_an_acceptance_changes_it():
    assert has_changed_since(THEN, LATER)
    assert not has_changed_since(THEN, THEN)
    assert not has_changed_since(THEN, EARLIER)
    assert not has_changed_since(THEN, None)
    assert not has_changed_since(None, LATER)
