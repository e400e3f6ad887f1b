"""Days as people write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.dates import UnreadableDayError, read_day


@pytest.mark.parametrize(
    "text", ["2026-09-30", "30/09/2026", "30-9-2026", "30.09.2026", " 30/9/2026 "]
)
def test_it_understands_the_pickers_spelling_and_the_one_of_peru(text):
    assert read_day(text) == date(2026, 9, 30)


@pytest.mark.parametrize(
    "text", ["31/02/2026", "2026-02-30", "29/02/2025", "00/01/2026", "10/13/2026"]
)
def test_it_refuses_a_day_that_does_not_exist(text):
    with pytest.raises(UnreadableDayError, match="does not exist"):
        read_day(text)


@pytest.mark.parametrize("text", ["", "mañana", "30/09/26", "2026", "30 de setiembre", "2026-9"])
def test_it_refuses_what_is_no_day(text):
    with pytest.raises(UnreadableDayError, match="not a date"):
        read_day(text)


@pytest.mark.parametrize("text", ["1899-01-01", "31/12/9999"])
def test_it_refuses_a_year_nobody_can_mean(text):
    with pytest.raises(UnreadableDayError, match="1990"):
        read_day(text)


@given(st.dates(min_value=date(1990, 1, 1), max_value=date(2100, 12, 31)))
def test_every_day_is_read_back_from_both_spellings(day):
    assert read_day(day.isoformat()) == day
    assert read_day(f"{day:%d/%m/%Y}") == day
