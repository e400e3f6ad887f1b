"""The plain values of a snapshot have one spelling each."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from app.reports.plain import Day, Figure, Instant, Text, figure

# A loaded machine is no failure.
UNTIMED = settings(deadline=None)
NUMBERS = st.decimals(allow_nan=False, allow_infinity=False)


class Plain(BaseModel):
    figure: Figure | None = None
    day: Day | None = None
    instant: Instant | None = None
    text: Text = ""


@UNTIMED
@given(NUMBERS)
def test_a_figure_keeps_its_value_to_the_last_digit(number: Decimal) -> None:
    assert Decimal(figure(number)) == number


@UNTIMED
@given(NUMBERS, st.integers(0, 6))
def test_equal_numbers_have_one_spelling(number: Decimal, zeros: int) -> None:
    text = figure(number)
    longer = text + "0" * zeros if "." in text else text + "." + "0" * zeros
    assert figure(Decimal(longer)) == text
    assert "e" not in text.lower()


@pytest.mark.parametrize("given", [0.5, "half", "NaN", "Infinity", True, None, [1]])
def test_a_figure_refuses_what_has_no_exact_text(given: Any) -> None:
    class Strict(BaseModel):
        figure: Figure

    with pytest.raises(ValidationError):
        Strict(figure=given)


def test_minus_zero_is_zero() -> None:
    assert figure(Decimal("-0.00")) == "0"


def test_a_day_takes_a_date_or_its_text_but_no_instant() -> None:
    assert Plain(day=date(2026, 7, 1)).day == Plain(day="2026-07-01").day == "2026-07-01"
    with pytest.raises(ValidationError):
        Plain(day=datetime(2026, 7, 1, tzinfo=UTC))
    with pytest.raises(ValidationError):
        Plain(day="2026-02-30")


def test_an_instant_is_told_in_utc_and_needs_its_zone() -> None:
    lima = timezone(timedelta(hours=-5))
    assert Plain(instant=datetime(2026, 9, 30, 20, 0, tzinfo=lima)).instant == (
        "2026-10-01T01:00:00Z"
    )
    with pytest.raises(ValidationError):
        Plain(instant=datetime(2026, 9, 30, 20, 0))


def test_text_loses_control_codes_and_keeps_everything_else() -> None:
    assert Plain(text="  a\x00b\r\nc\td\x0bñ’ʼ → 😀\x7f ").text == "ab\nc\tdñ’ʼ → 😀"
