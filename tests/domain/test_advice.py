"""What so many people can show, in the unit people measure in."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.advice import (
    USUAL_NPS_SD,
    Wish,
    advised,
    in_units,
    is_planned,
    problems_of,
    standard,
)
from app.domain.statistics.clusters import Clusters
from app.domain.statistics.menu import METHODS, Outcome
from app.domain.statistics.power import PLANNED, Plan, advise
from models.vocabulary import ComparisonDesign as Design
from models.vocabulary import Direction


def wish(**said):
    return Wish(**{"design": Design.TWO_GROUPS, "outcome": Outcome.PROPORTION, "n": 30, **said})


def test_it_agrees_with_the_command_line_in_standard_units():
    answer = advised(wish(outcome=Outcome.MEAN, n=30))
    plan = advise(Plan(design=Design.TWO_GROUPS, outcome=Outcome.MEAN, n_per_group=30))
    assert answer.smallest == plan.detectable_effect
    assert answer.smallest == pytest.approx(0.736, abs=0.001)  # EVIDENCE: d = 0.74 at 30 an arm


def test_with_a_standard_deviation_it_speaks_in_the_unit_of_the_metric():
    bare, told = (advised(wish(outcome=Outcome.MEAN, sd=sd)) for sd in (None, 12.0))
    assert told.smallest == pytest.approx(12 * bare.smallest)


def test_shares_move_in_points_from_where_they_stand():
    # Cohen's h of 0.5 from 50 %: sin²(π/4 + 0.25) = 0.7397.
    assert in_units(wish(baseline=0.5), 0.5) == pytest.approx(0.2397, abs=1e-4)
    assert standard(wish(baseline=0.5), 0.2397) == pytest.approx(0.5, abs=1e-3)


def test_no_share_moves_beyond_all_or_nobody():
    assert in_units(wish(baseline=0.95), 2.0) is None
    assert in_units(wish(baseline=0.95, direction=Direction.DECREASE), 2.0) is not None
    assert standard(wish(baseline=0.95), 0.10) is None


@given(
    baseline=st.floats(0, 1),
    units=st.floats(0.001, 1),
    direction=st.sampled_from(Direction),
)
def test_there_and_back_is_the_same_move(baseline, units, direction):
    asked = wish(baseline=baseline, direction=direction)
    effect = standard(asked, units)
    assume(effect is not None)
    back = in_units(asked, effect)
    if back is None:  # a hair beyond the end, by binary arithmetic
        assert baseline + (units if direction is Direction.INCREASE else -units) == pytest.approx(
            1 if direction is Direction.INCREASE else 0
        )
    else:
        assert back == pytest.approx(units, abs=1e-6)


def test_ordered_answers_are_told_as_how_often_one_group_is_better():
    assert in_units(wish(outcome=Outcome.ORDINAL), 0.0) == 0.5
    # McGraw and Wong (1992): d = 1 is a probability of superiority of 0.76.
    assert in_units(wish(outcome=Outcome.ORDINAL), 1.0) == pytest.approx(0.76, abs=0.005)


def test_a_recommendation_score_of_thirty_answers_is_known_to_about_29_points():
    assert 1.96 * USUAL_NPS_SD / math.sqrt(30) == pytest.approx(29, abs=0.1)


def test_people_of_a_village_count_for_less():
    apart = advised(wish(outcome=Outcome.MEAN, n=60))
    together = advised(wish(outcome=Outcome.MEAN, n=60, clusters=Clusters(size=20, icc=0.1)))
    assert together.wish.counts_as == 20  # 60 / 2.9 = 20.7
    assert together.smallest > apart.smallest
    assert together.smallest == advised(wish(outcome=Outcome.MEAN, n=20)).smallest


def test_it_says_how_many_are_needed_for_what_matters_and_the_chance_of_fewer():
    answer = advised(wish(outcome=Outcome.MEAN, n=30, least=0.5))
    assert answer.needed == 64  # Cohen (1988), table 2.4.1: d = 0.5, power 0.8
    assert 0.4 < answer.chance < 0.5
    assert not answer.suffices
    assert advised(wish(outcome=Outcome.MEAN, n=64, least=0.5)).suffices


def test_what_is_needed_counts_the_clusters_in():
    clusters = Clusters(size=10, icc=0.05)
    answer = advised(wish(outcome=Outcome.MEAN, n=30, least=0.5, clusters=clusters))
    assert answer.needed == 93  # 64 × 1.45


def test_with_three_people_not_even_a_perfect_result_shows():
    answer = advised(wish(n=3))
    assert not answer.advice.can_reach
    assert answer.advice.best_p == pytest.approx(0.1)


def test_the_curve_falls_and_passes_where_one_stands():
    answer = advised(wish(outcome=Outcome.MEAN, n=30))
    effects = [effect for _n, effect in answer.curve if effect is not None]
    assert effects == sorted(effects, reverse=True)
    assert (30, answer.smallest) in answer.curve
    assert answer.curve[0][0] < 30 < answer.curve[-1][0]


@pytest.mark.parametrize(("design", "outcome"), sorted(PLANNED))
def test_whatever_can_be_planned_is_answered(design, outcome):
    answer = advised(wish(design=design, outcome=outcome, n=40, least=0.2))
    assert answer.method == METHODS[design, outcome]
    assert answer.smallest is None or answer.smallest > 0


def test_what_cannot_be_planned_says_so():
    assert not is_planned(Design.SITES, Outcome.PROPORTION)
    assert not is_planned(Design.TWO_GROUPS, Outcome.RATE)


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"n": 0}, "n"),
        ({"n": 10**9}, "n"),
        ({"baseline": 1.5}, "baseline"),
        ({"baseline": -0.1}, "baseline"),
        ({"sd": 0.0}, "sd"),
        ({"least": -1.0}, "least"),
        ({"least": 1e300}, "least"),
        ({"least": 0.2, "baseline": 0.9}, "least"),
        ({"least": 1.0, "outcome": Outcome.ORDINAL}, "least"),
        ({"least": 0.0001, "outcome": Outcome.MEAN, "sd": 1e6}, "least"),
    ],
)
def test_what_is_out_of_bounds_is_said_beside_its_field(said, field):
    assert [problem.field for problem in problems_of(wish(**said))] == [field]
