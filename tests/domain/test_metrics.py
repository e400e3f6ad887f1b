"""What a metric may claim."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.metrics import MetricFacts, as_stored, as_written, problems_of
from models.vocabulary import Direction, MetricKind, MetricRole

TODAY = date(2026, 10, 5)
SHARE = MetricFacts(
    name="Sellers who take digital payment",
    kind=MetricKind.PROPORTION,
    direction=Direction.INCREASE,
    role=MetricRole.PRIMARY,
    baseline=Decimal("0.2"),
    baseline_n=200,
    baseline_on=date(2026, 3, 20),
    target=Decimal("0.35"),
    target_on=date(2026, 12, 15),
)


def faults(facts, *, other_primaries=0):
    found = problems_of(facts, other_primaries=other_primaries, today=TODAY)
    return {problem.field: str(problem.message) for problem in found}


def test_a_whole_metric_is_taken():
    assert faults(SHARE) == {}


def test_a_target_without_a_baseline_is_refused_beside_the_target():
    bare = replace(SHARE, baseline=None, baseline_n=None, baseline_on=None)
    assert list(faults(bare)) == ["target"]
    assert "needs a baseline" in faults(bare)["target"]


def test_a_baseline_of_zero_is_a_baseline():
    assert faults(replace(SHARE, baseline=Decimal(0))) == {}


@pytest.mark.parametrize("target", ["0.2", "0.1"])
def test_a_metric_that_should_rise_has_its_target_above(target):
    assert "above" in faults(replace(SHARE, target=Decimal(target)))["target"]


def test_a_metric_that_should_fall_has_its_target_below():
    falling = replace(SHARE, direction=Direction.DECREASE)
    assert "below" in faults(falling)["target"]


def test_a_guardrail_may_have_its_limit_on_either_side():
    limit = replace(SHARE, role=MetricRole.GUARDRAIL, target=Decimal("0.15"))
    assert faults(limit) == {}


@pytest.mark.parametrize(
    ("kind", "baseline", "target", "field"),
    [
        (MetricKind.PROPORTION, "-0.01", "0.5", "baseline"),
        (MetricKind.PROPORTION, "0.5", "1.01", "target"),
        (MetricKind.NPS, "-101", "0", "baseline"),
        (MetricKind.NPS, "0", "101", "target"),
        (MetricKind.ORDINAL, "0.9", "4", "baseline"),
        (MetricKind.ORDINAL, "3", "5.1", "target"),
        (MetricKind.COUNT, "-1", "4", "baseline"),
        (MetricKind.RATE, "-0.1", "4", "baseline"),
    ],
)
def test_each_kind_keeps_to_its_range(kind, baseline, target, field):
    facts = replace(SHARE, kind=kind, baseline=Decimal(baseline), target=Decimal(target))
    assert list(faults(facts)) == [field]


def test_an_average_may_be_anything():
    facts = replace(SHARE, kind=MetricKind.MEAN, baseline=Decimal(-5), target=Decimal(900))
    assert faults(facts) == {}


@pytest.mark.parametrize("least", ["0", "-0.1", "1.5"])
def test_the_smallest_effect_is_positive_and_fits_the_scale(least):
    facts = replace(SHARE, minimum_meaningful_effect=Decimal(least))
    assert list(faults(facts)) == ["minimum_meaningful_effect"]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"baseline_on": date(2026, 10, 6)}, "baseline_on"),
        ({"baseline_n": 0}, "baseline_n"),
        ({"baseline_n": 3_000_000_000}, "baseline_n"),
        ({"target_on": date(2026, 3, 20)}, "target_on"),
        ({"target": None}, "target"),
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"unit": "x" * 301}, "unit"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(changes, field):
    assert list(faults(replace(SHARE, **changes))) == [field]


def test_a_baseline_is_not_described_without_its_value():
    facts = replace(SHARE, baseline=None, target=None, target_on=None)
    assert list(faults(facts)) == ["baseline"]


def test_two_metrics_are_primary_and_no_third():
    assert faults(SHARE, other_primaries=1) == {}
    assert list(faults(SHARE, other_primaries=2)) == ["role"]
    secondary = replace(SHARE, role=MetricRole.SECONDARY)
    assert faults(secondary, other_primaries=2) == {}


def test_every_problem_is_told_at_once():
    facts = replace(SHARE, name="", baseline=Decimal(2), target=Decimal(3))
    assert set(faults(facts)) == {"name", "baseline", "target"}


def test_a_share_is_written_in_per_cent_and_kept_as_a_share():
    assert as_stored(MetricKind.PROPORTION, Decimal("37.5")) == Decimal("0.375")
    assert str(as_written(MetricKind.PROPORTION, Decimal("0.375"))) == "37.5"
    assert str(as_written(MetricKind.PROPORTION, Decimal(1))) == "100"
    assert as_stored(MetricKind.MEAN, Decimal("37.5")) == Decimal("37.5")
    assert as_stored(MetricKind.PROPORTION, None) is None


@given(typed=st.decimals(0, 100, places=4), kind=st.sampled_from(MetricKind))
def test_what_was_typed_is_shown_again(typed, kind):
    assert as_written(kind, as_stored(kind, typed)) == typed
