"""Which readings answer the question of an experiment's design, and what is lacking to ask it."""

import math
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as some

from app.domain.accumulation import added
from app.domain.assessment import (
    Layout,
    Measured,
    Observation,
    assess,
    in_plain_numbers,
    least_for,
)
from app.domain.measurements import Numbers
from app.domain.statistics.groups import Changed, Events, Ordered, Recommending, Share, Spread
from app.domain.statistics.menu import MENU, missing_in
from app.exchange.evidence_requests import AnalysisRequest
from models.vocabulary import Arm, ComparisonDesign, Cumulation, Direction, MetricKind

START = date(2026, 4, 1)
TWO, TARGET = ComparisonDesign.TWO_GROUPS, ComparisonDesign.ONE_GROUP_TARGET
SAME, COURSE = ComparisonDesign.BEFORE_AFTER_SAME, ComparisonDesign.TWO_GROUPS_BEFORE_AFTER
SITES = ComparisonDesign.SITES
NUMBERS = {
    MetricKind.PROPORTION: Numbers(successes=12, n=40, to_yes=9, to_no=2),
    MetricKind.MEAN: Numbers(
        mean=Decimal("3.5"), sd=Decimal(1), n=40, change_mean=Decimal(1), change_sd=Decimal(2)
    ),
    MetricKind.RATE: Numbers(count=Decimal(7), exposure=Decimal(120)),
    MetricKind.NPS: Numbers(promoters=12, passives=5, detractors=3),
    MetricKind.ORDINAL: Numbers(answers=(1, 2, 3, 4, 5)),
    MetricKind.COUNT: Numbers(count=Decimal(40)),
}
NUMBERS |= dict.fromkeys((MetricKind.SCORE, MetricKind.MONEY), NUMBERS[MetricKind.MEAN])
GROUPS = {
    MetricKind.PROPORTION: Share(12, 40),
    MetricKind.MEAN: Spread(3.5, 1.0, 40),
    MetricKind.RATE: Events(7, 120.0),
    MetricKind.NPS: Recommending(12, 5, 3),
    MetricKind.ORDINAL: Ordered((1.0,) + (2.0,) * 2 + (3.0,) * 3 + (4.0,) * 4 + (5.0,) * 5),
}


def share(successes, n, week=10, arm=Arm.TREATMENT, **told):
    return Observation(
        on=START + timedelta(weeks=week), arm=arm, numbers=Numbers(successes=successes, n=n), **told
    )


def theirs(successes, n, week=10, **told):
    return share(successes, n, week, Arm.COMPARISON, **told)


def shares(*observations, **told):
    return Measured(kind=MetricKind.PROPORTION, observations=observations, **told)


def asked(measured, design=TWO, **told):
    return assess(measured, Layout(design=design, starts_on=START, **told))


@pytest.mark.parametrize("kind", GROUPS)
def test_the_numbers_of_each_kind_become_the_groups_of_its_outcome(kind):
    both = [Observation(on=START, arm=arm, numbers=NUMBERS[kind]) for arm in Arm]
    question = asked(Measured(kind=kind, observations=both)).question
    assert question.treatment == question.comparison == GROUPS[kind]


@pytest.mark.parametrize("design", ComparisonDesign)
@pytest.mark.parametrize("kind", MetricKind)
def test_every_kind_in_every_design_is_asked_by_the_menu_or_says_why_not(kind, design):
    both = [
        Observation(on=START + timedelta(weeks=week), arm=arm, place=place, numbers=NUMBERS[kind])
        for week in (2, 8)
        for arm in Arm
        for place in ("Lima", "Puno")
    ]
    found = asked(Measured(kind=kind, observations=both, target=Decimal(1)), design)
    if found.question is None:
        assert found.lacking
    else:
        assert (found.question.design, found.question.outcome) in MENU
        assert missing_in(found.question) == [] or found.lacking


@pytest.mark.parametrize(
    ("measured", "told", "lacking"),
    [
        (shares(share(1, 9)), {"design": None}, "comparison_design"),
        (Measured(kind=MetricKind.COUNT), {}, "exposure"),
        (Measured(kind=MetricKind.MEAN), {"design": TARGET}, "method"),
        (shares(share(1, 9)), {"design": SAME}, "changes"),
        (shares(share(9, 1), theirs(1, 9)), {}, "numbers"),
    ],
)
def test_it_says_what_is_lacking_to_ask(measured, told, lacking):
    assert lacking in asked(measured, **told).lacking


def test_an_average_without_its_spread_cannot_be_compared():
    bare = [Observation(on=START, arm=arm, numbers=Numbers(mean=Decimal(3), n=9)) for arm in Arm]
    assert asked(Measured(kind=MetricKind.MEAN, observations=bare)).lacking == ("spread",)


def test_more_ordered_answers_than_ranks_can_be_computed_of_are_left_alone():
    many = [Observation(on=START, arm=arm, numbers=Numbers(answers=(10**9,) * 5)) for arm in Arm]
    assert asked(Measured(kind=MetricKind.ORDINAL, observations=many)).lacking == ("numbers",)


def test_the_newest_wave_with_both_groups_is_compared():
    half = share(30, 40, week=20, wave="third")
    found = asked(
        shares(
            share(1, 40, wave="first", week=4),
            theirs(2, 40, wave="first", week=5),
            share(9, 40, wave="second", week=9),
            theirs(4, 40, wave="Second", week=10),
            half,
        )
    )
    assert (found.question.treatment, found.question.comparison) == (Share(9, 40), Share(4, 40))
    assert found.as_of == START + timedelta(weeks=10)
    assert found.looks == 2


def test_readings_without_a_wave_belong_together_within_a_fortnight():
    near, far = share(9, 40, week=9), theirs(4, 40, week=10)
    assert asked(shares(near, far)).question.comparison == Share(4, 40)
    lonely = asked(shares(share(9, 40, week=4), far)).question
    assert missing_in(lonely) == ["treatment"]


def test_the_places_of_one_wave_are_added_up():
    found = asked(
        shares(share(3, 10, place="Lima"), share(5, 20, place="Puno"), theirs(4, 40))
    ).question
    assert found.treatment == Share(8, 30)


def test_a_reading_of_no_place_speaks_for_all_of_them():
    found = asked(shares(share(3, 10, place="Lima"), share(9, 40), theirs(4, 40))).question
    assert found.treatment == Share(9, 40)


@pytest.mark.parametrize(
    ("cumulation", "expected"),
    [
        (Cumulation.NOT_CUMULATIVE, Share(5, 20)),
        (Cumulation.LATEST, Share(5, 20)),
        (Cumulation.SUMS, Share(8, 30)),
    ],
)
def test_sums_are_added_up_and_the_latest_value_stands_for_the_sum(cumulation, expected):
    measured = shares(
        share(3, 10, week=4), share(5, 20, week=10), theirs(4, 40), cumulation=cumulation
    )
    assert asked(measured).question.treatment == expected


def test_what_was_measured_by_the_day_of_the_baseline_is_before():
    measured = shares(
        share(2, 40, week=1),
        theirs(3, 40, week=1),
        share(20, 40, week=9),
        theirs(6, 40, week=9),
        baseline_on=START + timedelta(weeks=2),
    )
    question = asked(measured, COURSE).question
    assert (question.treatment.before, question.treatment.after) == (Share(2, 40), Share(20, 40))
    assert (question.comparison.before, question.comparison.after) == (Share(3, 40), Share(6, 40))


def test_without_a_baseline_the_earliest_wave_is_before_and_no_look():
    measured = shares(share(2, 40, 1), theirs(3, 40, 1), share(20, 40, 9), theirs(6, 40, 9))
    found = asked(measured, COURSE)
    assert found.question.treatment.before == Share(2, 40)
    assert found.looks == 1


def test_one_wave_of_two_groups_has_no_before():
    assert asked(shares(share(2, 40), theirs(3, 40)), COURSE).lacking == ("before",)


def test_the_same_people_are_compared_by_how_each_changed():
    turned = Observation(on=START, numbers=Numbers(successes=20, n=40, to_yes=12, to_no=3))
    assert asked(shares(turned), SAME).question.treatment == Changed(12, 3, 40)


def test_sites_are_the_places_in_which_both_groups_were_measured():
    found = asked(
        shares(
            *(share(9, 40, place=place) for place in ("Lima", "Puno", "Cusco")),
            *(theirs(4, 40, place=place) for place in ("Lima", "Puno")),
        ),
        SITES,
    ).question
    assert [site.name for site in found.sites] == ["Lima", "Puno"]


def test_one_place_makes_no_sites():
    measured = shares(share(9, 40, place="Lima"), theirs(4, 40, place="Lima"))
    assert missing_in(asked(measured, SITES).question) == ["sites"]


def test_at_sites_the_threshold_in_points_becomes_a_log_ratio():
    question = asked(
        shares(
            *(share(20, 40, place=place) for place in ("Lima", "Puno")),
            *(theirs(10, 40, place=place) for place in ("Lima", "Puno")),
        ),
        SITES,
    ).question
    assert least_for(question, 0.05, Direction.INCREASE) == pytest.approx(math.log(0.30 / 0.25))
    assert least_for(question, 0.05, Direction.DECREASE) == pytest.approx(math.log(0.25 / 0.20))
    assert least_for(question, 0.25, Direction.DECREASE) is None


counts = some.integers(0, 40)
readings = some.lists(
    some.builds(
        share,
        counts,
        some.just(40),
        week=some.integers(-8, 30),
        arm=some.sampled_from(Arm),
        wave=some.sampled_from(["", "first", "second"]),
        place=some.sampled_from(["", "Lima", "Puno"]),
    ),
    max_size=12,
)


@given(readings, some.sampled_from(ComparisonDesign), some.sampled_from(Cumulation))
def test_parts_of_a_group_never_change_what_is_asked(observations, design, cumulation):
    parts = [replace(one, cell="sex: women") for one in observations]
    whole = asked(shares(*observations, cumulation=cumulation), design)
    assert asked(shares(*observations, *parts, cumulation=cumulation), design) == whole


@given(readings, some.integers(-8, 30))
def test_nothing_measured_by_the_baseline_counts_as_after(observations, week):
    day = START + timedelta(weeks=week)
    found = asked(shares(*observations, baseline_on=day))
    assert found.as_of is None or found.as_of > day


@given(readings, some.sampled_from([TWO, TARGET, COURSE, SITES]))
def test_every_question_can_be_asked_again_as_the_command_reads_it(observations, design):
    question = asked(shares(*observations, target=Decimal("0.5")), design).question
    plain = in_plain_numbers(question)
    assert AnalysisRequest.model_validate(plain).question() == replace(
        question, sites=list(question.sites)
    )


values = some.lists(some.integers(-50, 50), min_size=2, max_size=9)


@given(some.lists(values, min_size=1, max_size=4))
def test_averages_added_up_are_those_of_everybody_together(groups):
    parts = [
        Numbers(mean=Decimal(fmean(group)), sd=Decimal(stdev(group)), n=len(group))
        for group in groups
    ]
    together = added(MetricKind.MEAN, parts)
    everybody = [value for group in groups for value in group]
    assert together.n == len(everybody)
    assert float(together.mean) == pytest.approx(fmean(everybody), abs=1e-9)
    assert float(together.sd) == pytest.approx(stdev(everybody), abs=1e-6)


def test_a_spread_that_one_part_lacks_is_lacking_of_all():
    parts = [Numbers(mean=Decimal(3), sd=Decimal(1), n=9), Numbers(mean=Decimal(4), n=9)]
    assert added(MetricKind.MEAN, parts).sd is None
    assert added(MetricKind.MEAN, parts).mean == Decimal("3.5")


def test_answers_are_added_mark_by_mark():
    parts = [Numbers(answers=(1, 2, 3, 4, 5)), Numbers(answers=(5, 0, 0, 0, 1))]
    assert added(MetricKind.ORDINAL, parts).answers == (6, 2, 3, 4, 6)


def test_different_readings_of_one_wave_lack_a_correction_even_of_another_wave():
    newer = [share(12, 40), theirs(8, 40)]
    early = [share(20, 30, week=1, wave="wave 1"), share(15, 20, week=1, wave="Wave 1")]
    assert asked(shares(*newer)).lacking == ()
    assert asked(shares(*early, *newer)).lacking == ("conflict",)
    assert asked(shares(early[0], early[0], *newer)).lacking == ()
    assert asked(shares(*early, *newer, cumulation=Cumulation.SUMS)).lacking == ()


@pytest.mark.parametrize("design", [TWO, SITES])
def test_a_contradiction_is_lacking_of_every_design(design):
    everywhere = [one(8, 40, place=place) for one in (share, theirs) for place in ("Cusco", "Puno")]
    assert asked(shares(*everywhere, share(9, 40, place="Puno")), design).lacking == ("conflict",)
