"""A metric is held against what was due by the day of its newest reading, give or take 15 %."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.progress import Track, Way, due_by, is_on_track, said, track_of
from models.vocabulary import Direction, MetricRole

START, END = date(2026, 1, 1), date(2026, 1, 11)
HALFWAY = date(2026, 1, 6)


def way(baseline=20, target=40, *, role=MetricRole.PRIMARY, direction=None, **changes):
    rises = baseline is None or target is None or target >= baseline
    said_direction = direction or (Direction.INCREASE if rises else Direction.DECREASE)
    values = {
        "direction": said_direction,
        "role": role,
        "baseline": None if baseline is None else Decimal(baseline),
        "baseline_on": START,
        "target": None if target is None else Decimal(target),
        "target_on": END,
    }
    return Way(**(values | changes))


def track(value, on=HALFWAY, **changes):
    return track_of(way(**changes), Decimal(value), on=on)


def test_what_is_due_lies_on_the_straight_way():
    assert due_by(way(), START) == 20
    assert due_by(way(), HALFWAY) == 30
    assert due_by(way(), END) == 40


def test_nothing_more_is_due_after_the_target_or_less_before_the_baseline():
    assert due_by(way(), END + timedelta(days=90)) == 40
    assert due_by(way(), START - timedelta(days=90)) == 20


@pytest.mark.parametrize(
    ("value", "stands"),
    [
        ("30", Track.ON_TRACK),
        ("28.5", Track.ON_TRACK),  # 85 % of the ten points due
        ("28.4", Track.BEHIND),
        ("31.5", Track.ON_TRACK),  # 115 %
        ("31.6", Track.AHEAD),
        ("40", Track.REACHED),
        ("55", Track.REACHED),
        ("12", Track.BEHIND),
    ],
)
def test_within_fifteen_per_cent_of_what_was_due_is_on_track(value, stands):
    assert track(value) is stands


@pytest.mark.parametrize(
    ("value", "stands"),
    [("30", Track.ON_TRACK), ("31.6", Track.BEHIND), ("28", Track.AHEAD), ("20", Track.REACHED)],
)
def test_a_metric_that_should_fall_is_judged_the_other_way_round(value, stands):
    assert track(value, baseline=40, target=20) is stands


@pytest.mark.parametrize("changes", [{"baseline_on": None}, {"target_on": None}])
def test_without_both_days_only_a_target_reached_can_be_said(changes):
    assert track(30, **changes) is None
    assert track(41, **changes) is Track.REACHED


def test_nothing_is_said_before_anything_is_due():
    assert track(20, on=START) is None


def test_nothing_is_said_without_a_reading_or_a_target():
    assert track_of(way(), None, on=None) is None
    assert track(30, target=None) is None


@pytest.mark.parametrize(("value", "stands"), [("4", Track.KEPT), ("6", Track.CROSSED)])
def test_a_guardrail_is_kept_or_crossed_whatever_the_day(value, stands):
    limit = way(3, 5, role=MetricRole.GUARDRAIL, direction=Direction.DECREASE, target_on=None)
    assert track_of(limit, Decimal(value), on=START) is stands


def test_only_behind_and_crossed_are_off_track():
    assert {each for each in Track if is_on_track(each) is False} == {Track.BEHIND, Track.CROSSED}
    assert is_on_track(None) is None


def test_every_standing_has_words_of_its_own():
    assert len({said(each).template for each in (*Track, None)}) == len(Track) + 1


numbers = st.decimals("-1000", "1000", places=3)
elapsed = st.integers(1, 10)


@given(baseline=numbers, target=numbers, days=elapsed)
def test_exactly_what_was_due_is_always_on_track(baseline, target, days):
    assume(baseline != target)
    ahead = way(baseline, target)
    day = START + timedelta(days=days)
    assert track_of(ahead, due_by(ahead, day), on=day) in (Track.ON_TRACK, Track.REACHED)


@given(baseline=numbers, target=numbers, value=numbers, days=elapsed)
def test_mirroring_every_value_changes_nothing(baseline, target, value, days):
    assume(baseline != target)
    day = START + timedelta(days=days)
    seen = track_of(way(baseline, target), value, on=day)
    assert seen == track_of(way(-baseline, -target), -value, on=day)


@given(target=numbers, value=numbers, better=st.decimals(0, 100, places=3), days=elapsed)
def test_a_better_value_never_stands_worse(target, value, better, days):
    baseline = target - 50
    ladder = [Track.BEHIND, Track.ON_TRACK, Track.AHEAD, Track.REACHED]
    day = START + timedelta(days=days)
    stands = [track_of(way(baseline, target), each, on=day) for each in (value, value + better)]
    assert ladder.index(stands[0]) <= ladder.index(stands[1])
