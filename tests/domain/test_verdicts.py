"""The verdict: one for every interval and threshold, and the same for ever."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.statistics.effects import Interval
from app.domain.verdicts import FUNCTION_VERSION, Guardrail, crossed, verdict_on
from models.vocabulary import Direction, Verdict

UP, DOWN = Direction.INCREASE, Direction.DECREASE
# From worst to best.
ORDER = (
    Verdict.HARM_SIGNAL,
    Verdict.NOT_SUPPORTED,
    Verdict.NO_MEANINGFUL_EFFECT,
    Verdict.INCONCLUSIVE,
    Verdict.PROMISING,
    Verdict.SUPPORTED,
)
numbers = st.one_of(st.integers(-12, 12).map(float), st.floats(-1e6, 1e6))
intervals = st.tuples(numbers, numbers).map(lambda ends: Interval(min(ends), max(ends)))
thresholds = st.one_of(st.integers(1, 6).map(float), st.floats(1e-6, 1e6))

# (low, high, direction, threshold, verdict) for each version of the function. Who changes a row
# or the function raises FUNCTION_VERSION and adds a table; stored findings keep their version.
FROZEN: dict[str, list[tuple[float, float, Direction, float, str]]] = {
    "1": [
        (5, 9, UP, 5, "supported"),
        (5.000001, 9, UP, 5, "supported"),
        (5, 5, UP, 5, "supported"),
        (4.999999, 9, UP, 5, "promising"),
        (0.000001, 9, UP, 5, "promising"),
        (0.000001, 5, UP, 5, "promising"),
        (4, 5, UP, 5, "promising"),
        (0, 9, UP, 5, "inconclusive"),
        (0, 5, UP, 5, "inconclusive"),
        (-4, 5, UP, 5, "inconclusive"),
        (-4, 9, UP, 5, "inconclusive"),
        (-5, 5, UP, 5, "inconclusive"),
        (-9, 9, UP, 5, "inconclusive"),
        (-9, 5, UP, 5, "inconclusive"),
        (-5, 4.999999, UP, 5, "not_supported"),
        (-9, 4, UP, 5, "not_supported"),
        (-9, 0, UP, 5, "not_supported"),
        (-5, 0, UP, 5, "not_supported"),
        (-6, 0.000001, UP, 5, "not_supported"),
        (1, 4, UP, 5, "no_meaningful_effect"),
        (-4.999999, 4.999999, UP, 5, "no_meaningful_effect"),
        (-4, -1, UP, 5, "no_meaningful_effect"),
        (-4, 0, UP, 5, "no_meaningful_effect"),
        (0, 4, UP, 5, "no_meaningful_effect"),
        (0, 0, UP, 5, "no_meaningful_effect"),
        (-5, -1, UP, 5, "harm_signal"),
        (-9, -0.000001, UP, 5, "harm_signal"),
        (-9, -5, UP, 5, "harm_signal"),
        (-5, -5, UP, 5, "harm_signal"),
        (-9, -5, DOWN, 5, "supported"),
        (-9, -4, DOWN, 5, "promising"),
        (-5, -0.000001, DOWN, 5, "promising"),
        (-9, 0, DOWN, 5, "inconclusive"),
        (-5, 4, DOWN, 5, "inconclusive"),
        (-4, 5, DOWN, 5, "not_supported"),
        (-4, 9, DOWN, 5, "not_supported"),
        (-4, 4, DOWN, 5, "no_meaningful_effect"),
        (1, 4, DOWN, 5, "no_meaningful_effect"),
        (1, 5, DOWN, 5, "harm_signal"),
        (5, 9, DOWN, 5, "harm_signal"),
        (0.02, 0.2, UP, 0.02, "supported"),
        (-0.356, -0.07, UP, 0.1, "harm_signal"),
    ],
}


def judged(interval: Interval, least: float, direction: Direction = UP, **more: object) -> Verdict:
    return verdict_on(interval, direction=direction, least=least, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(("low", "high", "direction", "least", "verdict"), FROZEN[FUNCTION_VERSION])
def test_this_version_judges_as_it_always_did(
    low: float, high: float, direction: Direction, least: float, verdict: str
) -> None:
    assert judged(Interval(low, high), least, direction) == verdict


@given(intervals, thresholds)
def test_every_interval_and_threshold_has_the_one_verdict_that_is_written(
    interval: Interval, least: float
) -> None:
    """The rules written as regions that do not overlap; just one holds."""
    low, high = interval.low, interval.high
    within = low > -least and high < least
    regions = {
        Verdict.NO_MEANINGFUL_EFFECT: within,
        Verdict.HARM_SIGNAL: low <= -least and high < 0,
        Verdict.NOT_SUPPORTED: low <= -least and 0 <= high < least,
        Verdict.INCONCLUSIVE: low <= 0 and high >= least,
        Verdict.PROMISING: 0 < low < least <= high,
        Verdict.SUPPORTED: low >= least,
    }
    assert [verdict for verdict, holds in regions.items() if holds] == [judged(interval, least)]


@given(intervals, thresholds)
def test_less_is_judged_as_more_in_a_mirror(interval: Interval, least: float) -> None:
    assert judged(interval, least, UP) == judged(interval.times(-1), least, DOWN)


@given(intervals, thresholds, st.floats(0, 1e5), st.floats(0, 1e5))
def test_an_interval_that_moves_up_is_never_judged_worse(
    interval: Interval, least: float, more: float, even_more: float
) -> None:
    low, high = interval.low + more, interval.high + even_more
    moved = judged(Interval(min(low, high), high), least)
    assert ORDER.index(moved) >= ORDER.index(judged(interval, least))


@given(intervals, thresholds, st.integers(-20, 20))
def test_the_unit_does_not_matter(interval: Interval, least: float, power: int) -> None:
    factor = 2.0**power
    assert judged(interval.times(factor), least * factor) == judged(interval, least)


@given(intervals, thresholds, intervals, st.floats(0, 100))
def test_a_crossed_guardrail_comes_first(
    interval: Interval, least: float, guarded: Interval, margin: float
) -> None:
    guard = Guardrail("Complaints", guarded, margin)
    verdict = judged(interval, least, guardrails=[guard])
    is_beyond = guarded.high < -margin
    assert verdict == (Verdict.HARM_SIGNAL if is_beyond else judged(interval, least))
    assert (crossed([guard]) is guard) == is_beyond


def test_a_guardrail_is_judged_by_its_own_direction() -> None:
    more_complaints = Guardrail("Complaints", Interval(3, 6), 2, DOWN)
    assert more_complaints.is_crossed
    assert not Guardrail("Complaints", Interval(2, 6), 2, DOWN).is_crossed
    assert judged(Interval(5, 9), 5, guardrails=[more_complaints]) == Verdict.HARM_SIGNAL


@given(intervals, thresholds)
def test_without_soundness_an_interval_or_a_threshold_nothing_is_assessed(
    interval: Interval, least: float
) -> None:
    guard = Guardrail("Complaints", Interval(-9, -8), 1)
    lacking = Verdict.NOT_ASSESSABLE
    assert judged(interval, least, is_sound=False, guardrails=[guard]) == lacking
    assert verdict_on(None, direction=UP, least=least) == lacking
    assert verdict_on(interval, direction=UP, least=None) == lacking


@pytest.mark.parametrize(
    ("interval", "least"),
    [(Interval(float("nan"), 1), 1), (Interval(0, 1), 0), (Interval(0, 1), -1)],
)
def test_what_is_no_interval_or_threshold_is_an_error(interval: Interval, least: float) -> None:
    with pytest.raises(ValueError, match="threshold above zero"):
        judged(interval, least)
