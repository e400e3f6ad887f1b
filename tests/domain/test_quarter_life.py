"""The life of a quarter in an office, and what is locked when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.locks import Closed, why_accepted, why_closed
from app.domain.quarters import (
    TRANSITIONS,
    Leave,
    Move,
    Quarter,
    problems_of_correction,
    problems_of_leave,
    refuse_unended,
    state_after,
)
from app.domain.refusals import NotReadyError
from models.vocabulary import QuarterState

Q3 = Quarter(2026, 3)
NOW = datetime(2026, 10, 5, 15, tzinfo=UTC)
moments = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("move", "before", "after"),
    [
        (Move.START_CLOSING, QuarterState.OPEN, QuarterState.CLOSING),
        (Move.REOPEN, QuarterState.CLOSING, QuarterState.OPEN),
        (Move.CLOSE, QuarterState.CLOSING, QuarterState.CLOSED),
        (Move.CORRECT, QuarterState.CLOSED, QuarterState.CLOSED),
        (Move.EXCEPT, QuarterState.CLOSED, QuarterState.CLOSED),
    ],
)
def test_a_quarter_is_opened_closed_and_corrected_in_this_order(move, before, after):
    assert state_after(move, before) is after


@pytest.mark.parametrize("move", Move)
@pytest.mark.parametrize("state", QuarterState)
def test_what_is_not_in_the_table_is_refused_with_a_reason(move, state):
    if state in TRANSITIONS[move]:
        assert state_after(move, state)
    else:
        with pytest.raises(NotReadyError, match="quarter"):
            state_after(move, state)


@given(moves=st.lists(st.sampled_from(Move), max_size=30))
def test_no_way_leads_out_of_a_closed_quarter(moves):
    state = QuarterState.CLOSED
    for move in moves:
        if state in TRANSITIONS[move]:
            state = state_after(move, state)
    assert state is QuarterState.CLOSED


def test_a_quarter_ends_with_its_last_day():
    with pytest.raises(NotReadyError):
        refuse_unended(Q3, today=date(2026, 9, 30))
    refuse_unended(Q3, today=date(2026, 10, 1))


@given(at=moments, until=st.none() | moments)
def test_a_closed_quarter_is_locked_unless_an_exception_runs(at, until):
    said = why_closed(Closed(Q3, date(2026, 10, 4), until), "PE-2026-001", at=at)
    assert (said is None) == (until is not None and until > at)


@given(at=moments, until=st.none() | moments)
def test_a_quarter_that_is_not_closed_locks_nothing(at, until):
    assert why_closed(Closed(Q3, None, until), "PE-2026-001", at=at) is None


def test_the_lock_says_which_quarter_since_when_and_what_to_do():
    said = str(why_closed(Closed(Q3, date(2026, 10, 4)), "PE-2026-001", at=NOW))
    assert "2026-Q3 is closed since 2026-10-04" in said
    assert "PE-2026-001" in said
    assert "Ask the head of experimentation for an exception" in said


@given(recorded=moments, accepted=st.lists(moments, max_size=4))
def test_a_reading_is_locked_by_whoever_accepted_after_it_was_recorded(recorded, accepted):
    named = [(f"P{n}", at) for n, at in enumerate(accepted)]
    said = why_accepted(recorded, named)
    locking = [code for code, at in named if at >= recorded]
    assert (said is None) == (not locking)
    assert said is None or said.values["programmes"] == ", ".join(locking)


@pytest.mark.parametrize(
    ("leave", "fields"),
    [
        (Leave(until=NOW + timedelta(minutes=1), reason="Late."), []),
        (Leave(until=NOW, reason="Late."), ["until"]),
        (Leave(until=None, reason="Late."), ["until"]),
        (Leave(until=None, reason="\u200b "), ["until", "reason"]),
        (Leave(until=NOW + timedelta(days=1), reason="a" * 20_001), ["reason"]),
    ],
)
def test_an_exception_has_an_end_to_come_and_a_reason(leave, fields):
    assert [problem.field for problem in problems_of_leave(leave, at=NOW)] == fields


def test_a_correction_has_a_reason():
    assert problems_of_correction("  ")
    assert not problems_of_correction("Counted twice.")
