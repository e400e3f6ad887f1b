"""Whether the measuring went as planned: what is flagged, and what keeps a verdict back."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from app.domain.assessment import Layout, Measured, Observation
from app.domain.integrity import (
    Check,
    Completeness,
    Taken,
    Undertaking,
    Watched,
    completeness,
    flags_of,
    taken,
)
from app.domain.measurements import Numbers
from app.domain.waves import Wave
from models.vocabulary import Arm, ComparisonDesign, Cumulation, MetricKind, MetricRole

START, TODAY = date(2026, 4, 1), date(2026, 9, 1)
DUE = date(2026, 7, 1)
TWO = Layout(design=ComparisonDesign.TWO_GROUPS, starts_on=START)
PLAN = Undertaking(layout=TWO, sample_planned=80, attrition_limit=Decimal("0.2"))


def reading(n=40, on=DUE, arm=Arm.TREATMENT, successes=10, **told):
    return Observation(on=on, arm=arm, numbers=Numbers(successes=successes, n=n), **told)


def both(n=40, on=DUE, **told):
    return [reading(n, on, arm, **told) for arm in Arm]


def watched(*observations, role=MetricRole.PRIMARY, waves=(), **told):
    measured = Measured(kind=MetricKind.PROPORTION, observations=observations, **told)
    return Watched(name="Sellers", role=role, measured=measured, waves=waves)


def checks(one, plan=PLAN, today=TODAY):
    return [flag.check for flag in flags_of(one, plan, today=today)]


def test_a_metric_measured_as_planned_has_no_flag():
    assert checks(watched(*both())) == []


def test_fewer_than_planned_are_flagged():
    assert checks(watched(*both(39))) == [Check.PLANNED_N]


def test_a_secondary_metric_keeps_no_verdict_back():
    assert checks(watched(*both(39), role=MetricRole.SECONDARY)) == []


@pytest.mark.parametrize(
    ("observations", "design"),
    [
        ([reading(80)], ComparisonDesign.TWO_GROUPS),
        (both(80), ComparisonDesign.ONE_GROUP_TARGET),
    ],
)
def test_other_groups_than_planned_are_flagged(observations, design):
    plan = replace(PLAN, layout=replace(TWO, design=design))
    assert Check.ARMS in checks(watched(*observations), plan)


@pytest.mark.parametrize(("last", "is_flagged"), [(41, False), (40, False), (39, True)])
def test_attrition_is_held_against_its_limit(last, is_flagged):
    found = checks(watched(*both(50, START), *both(last)), replace(PLAN, sample_planned=None))
    assert (Check.ATTRITION in found) is is_flagged


def test_sums_know_no_attrition():
    one = watched(*both(50, START), *both(30), cumulation=Cumulation.SUMS)
    assert Check.ATTRITION not in checks(one)


def test_nobody_leaves_where_the_plan_sets_no_limit():
    one = watched(*both(50, START), *both(10))
    assert Check.ATTRITION not in checks(one, replace(PLAN, attrition_limit=None))


@pytest.mark.parametrize(
    ("days", "is_flagged"), [(-31, True), (-30, False), (30, False), (31, True)]
)
def test_a_primary_metric_is_measured_near_the_day_of_its_last_wave(days, is_flagged):
    one = watched(*both(on=DUE + timedelta(days=days)), waves=[Wave(DUE, "end")])
    assert (Check.WINDOW in checks(one)) is is_flagged


def test_a_wave_whose_time_is_not_over_keeps_nothing_back():
    one = watched(*both(on=START), waves=[Wave(TODAY - timedelta(days=30), "end")])
    assert checks(one) == []


def test_readings_from_before_the_start_alone_are_out_of_the_window():
    assert Check.WINDOW in checks(watched(*both(on=START - timedelta(days=1))))


def test_planned_waves_are_held_against_recorded_ones():
    waves = [Wave(date(2026, 4 + n, 1), f"month {n}") for n in range(1, 8)]
    one = watched(*both(on=date(2026, 5, 9)), *both(on=DUE, wave="Month 3"), waves=waves)
    assert completeness(one, today=TODAY) == Completeness(planned=7, due=5, recorded=2)
    assert Check.WAVES in checks(one)


@pytest.mark.parametrize(
    ("days", "became"),
    [(-31, Taken.EARLY), (-30, Taken.DONE), (30, Taken.DONE), (31, Taken.LATE)],
)
def test_a_named_wave_is_done_near_its_day_and_else_early_or_late(days, became):
    end = Wave(DUE, "end")
    one = watched(reading(on=DUE + timedelta(days=days), wave="End"), waves=[end])
    assert taken(end, one, today=TODAY) is became


def test_a_wave_taken_twice_counts_by_the_day_nearest_its_own():
    end = Wave(DUE, "end")
    late = reading(on=DUE + timedelta(days=50), wave="end")
    assert taken(end, watched(late, reading(wave="end")), today=TODAY) is Taken.DONE


@pytest.mark.parametrize(("days", "became"), [(30, Taken.NOT_DUE), (31, Taken.MISSING)])
def test_a_wave_without_a_reading_is_missing_once_its_time_is_over(days, became):
    end = Wave(TODAY - timedelta(days=days), "end")
    other = reading(on=TODAY, wave="another")
    assert taken(end, watched(other, waves=[end]), today=TODAY) is became


@pytest.mark.parametrize(("days", "is_stale"), [(120, False), (121, True)])
def test_a_running_metric_goes_stale_after_four_months(days, is_stale):
    running = replace(PLAN, is_running=True)
    found = checks(watched(*both()), running, DUE + timedelta(days=days))
    assert (Check.STALE in found) is is_stale
    assert Check.STALE not in checks(watched(*both()), PLAN, DUE + timedelta(days=days))


@pytest.mark.parametrize(("days", "is_stale"), [(45, False), (46, True)])
def test_a_metric_with_waves_goes_stale_after_one_and_a_half_of_their_intervals(days, is_stale):
    waves = [Wave(DUE, "one"), Wave(DUE + timedelta(days=30), "two")]
    one = watched(*both(), waves=waves)
    found = checks(one, replace(PLAN, is_running=True), DUE + timedelta(days=days))
    assert (Check.STALE in found) is is_stale


@pytest.mark.parametrize(("days", "is_stale"), [(120, False), (121, True)])
def test_what_was_never_measured_goes_stale_from_the_registration_on(days, is_stale):
    registered = replace(PLAN, is_running=True, registered_on=TODAY - timedelta(days=days))
    assert (Check.STALE in checks(watched(), registered)) is is_stale


def test_nothing_is_stale_before_a_plan_is_registered():
    assert checks(watched(), replace(PLAN, is_running=True)) == []


def test_the_same_reading_twice_is_flagged_once():
    assert checks(watched(*both(), reading())) == [Check.DUPLICATE]
    assert Check.DUPLICATE not in checks(watched(*both(), reading(successes=11)))


def test_each_reading_that_stands_twice_is_told_in_its_own_words():
    twice = watched(*both(wave="wave 1", place="Cusco"), *both(wave="Wave 1", place="Cusco"))
    said = [str(flag.message) for flag in flags_of(twice, PLAN, today=TODAY)]
    assert len(said) == len(set(said)) == 2
    assert "wave 1" in said[0]
    assert "Cusco" in said[0]


def test_different_readings_of_one_wave_are_told_with_both_numbers_and_decide():
    one = watched(*[reading(30, wave="wave 1", successes=20)] * 2, reading(20, wave="wave 1 "))
    found = {flag.check: flag for flag in flags_of(one, PLAN, today=TODAY)}
    assert {Check.CONFLICT, Check.DUPLICATE} <= set(found)
    assert found[Check.CONFLICT].is_decisive
    assert "20 of 30; 10 of 20" in str(found[Check.CONFLICT].message)


@pytest.mark.parametrize(
    "other",
    [
        {"wave": "wave 2"},
        {"on": DUE + timedelta(days=1)},
        {"arm": Arm.COMPARISON},
        {"place": "Cusco"},
        {"cell": "sex: women"},
    ],
)
def test_readings_of_different_things_do_not_contradict_each_other(other):
    one = watched(reading(), reading(**{"successes": 11} | other))
    assert Check.CONFLICT not in checks(one)


def test_sums_add_up_what_stands_on_one_day():
    pair = (*both(), reading(successes=11))
    assert Check.CONFLICT in checks(watched(*pair))
    assert Check.CONFLICT not in checks(watched(*pair, cumulation=Cumulation.SUMS))


@pytest.mark.parametrize(
    ("parts", "is_flagged"),
    [
        ([("sex: women", 25), ("sex: men", 15)], False),
        ([("sex: women", 25), ("sex: men", 16)], True),
        ([("sex: women", 25), ("sex: men", 14)], True),
        ([("sex: women", 25)], False),
        ([("sex: women", 41)], True),
        ([("sex: women", 25), ("sex: men", 15), ("age: young", 40)], False),
    ],
)
def test_parts_that_miss_their_total_are_flagged(parts, is_flagged):
    cells = [reading(n, cell=cell, successes=0) for cell, n in parts]
    totals = [reading(40, successes=0), reading(40, arm=Arm.COMPARISON)]
    assert (Check.PARTS in checks(watched(*totals, *cells))) is is_flagged


def test_a_flag_of_parts_names_what_parted_them_the_day_and_the_group():
    cells = [
        reading(n, cell=cell, successes=0) for cell, n in [("sex: women", 25), ("sex: men", 9)]
    ]
    (flag,) = flags_of(watched(*both(successes=0), *cells), PLAN, today=TODAY)
    assert flag.message.values == {"name": "sex", "day": DUE, "group": Arm.TREATMENT}


def test_parts_of_another_group_or_wave_are_held_against_their_own_total():
    totals = both(40, wave="week 6", successes=0)
    cells = [reading(40, cell="sex: women", successes=0, arm=Arm.COMPARISON, wave="Week 6")]
    assert Check.PARTS not in checks(watched(*totals, *cells))
    assert Check.PARTS in checks(watched(*totals, *cells, reading(9, cell="sex: men", wave="x")))


@pytest.mark.parametrize(
    ("means", "is_flagged"), [(("10", "20"), False), (("10", "20.4"), False), (("10", "30"), True)]
)
def test_averages_of_parts_have_to_make_the_average_of_all(means, is_flagged):
    cells = [
        Observation(on=DUE, cell=f"sex: {mean}", numbers=Numbers(mean=Decimal(mean), n=20))
        for mean in means
    ]
    total = Observation(on=DUE, numbers=Numbers(mean=Decimal(15), n=40))
    measured = Measured(kind=MetricKind.MEAN, observations=[total, *cells])
    one = Watched(name="Days", role=MetricRole.SECONDARY, measured=measured)
    assert (Check.PARTS in checks(one)) is is_flagged


def test_answers_and_promoters_of_parts_have_to_add_up():
    scores = [(10, 5, 5, ""), (6, 2, 2, "sex: women"), (4, 2, 4, "sex: men")]
    observations = [
        Observation(on=DUE, cell=cell, numbers=Numbers(promoters=p, passives=q, detractors=d))
        for p, q, d, cell in scores
    ]
    measured = Measured(kind=MetricKind.NPS, observations=observations)
    one = Watched(name="Score", role=MetricRole.SECONDARY, measured=measured)
    assert Check.PARTS in checks(one)


def test_a_value_far_from_all_others_is_flagged():
    observations = [
        Observation(on=DUE + timedelta(days=day), numbers=Numbers(mean=Decimal(mean), n=9))
        for day, mean in enumerate((61, 62, 6100, 60))
    ]
    measured = Measured(kind=MetricKind.MONEY, observations=observations)
    one = Watched(name="Margin", role=MetricRole.SECONDARY, measured=measured)
    assert checks(one) == [Check.RANGE]


def test_a_count_below_zero_is_out_of_range():
    measured = Measured(
        kind=MetricKind.COUNT,
        observations=[Observation(on=DUE, numbers=Numbers(count=Decimal(-1)))],
    )
    assert checks(Watched(name="Boats", role=MetricRole.SECONDARY, measured=measured)) == [
        Check.RANGE
    ]


def test_a_guardrail_without_a_margin_is_flagged():
    one = replace(watched(*both(), role=MetricRole.GUARDRAIL), has_margin=False)
    assert checks(one) == [Check.MARGIN]


def test_nothing_is_said_of_what_has_not_begun():
    assert checks(watched()) == []
