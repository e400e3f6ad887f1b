"""Quarters of the calendar year."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.quarters import Quarter, quarter_of, read_quarter
from app.domain.refusals import InvalidError, NotReadyError

TODAY = date(2026, 11, 24)
days = st.dates(min_value=date(1991, 1, 1), max_value=date(2099, 12, 31))


def test_a_quarter_holds_its_three_months():
    third = Quarter(2026, 3)
    assert (third.starts_on, third.ends_on) == (date(2026, 7, 1), date(2026, 9, 30))
    assert str(third) == "2026-Q3"


@given(days)
def test_every_day_lies_in_its_quarter_and_in_no_neighbour(day):
    quarter = quarter_of(day)
    assert quarter.holds(day)
    assert not quarter.next.holds(day)
    assert not quarter.previous.holds(day)


@given(days)
def test_quarters_follow_each_other_without_a_gap(day):
    quarter = quarter_of(day)
    assert quarter.next.starts_on == quarter.ends_on + timedelta(days=1)
    assert quarter.next.previous == quarter


@given(days)
def test_its_spelling_is_read_back(day):
    assert read_quarter(str(quarter_of(day)), today=day) == quarter_of(day)


@pytest.mark.parametrize("text", ["2026-q3", " 2026-Q3 "])
def test_case_and_blanks_do_not_matter(text):
    assert read_quarter(text, today=TODAY) == Quarter(2026, 3)


@pytest.mark.parametrize(
    "text", ["", "2026-Q5", "2026-Q0", "Q3 2026", "2026/3", "26-Q3", "0000-Q1", "9999-Q4"]
)
def test_it_refuses_another_spelling(text):
    with pytest.raises(InvalidError, match="no quarter"):
        read_quarter(text, today=TODAY)


def test_it_refuses_a_quarter_that_has_not_begun_and_says_when_it_does():
    with pytest.raises(NotReadyError, match="2027-Q1 has not begun: it starts on 2027-01-01"):
        read_quarter("2027-Q1", today=TODAY)


def test_the_quarter_under_way_can_be_read():
    assert read_quarter("2026-Q4", today=date(2026, 10, 1)) == Quarter(2026, 4)
