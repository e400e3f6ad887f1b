"""The numbers of a reading: what each kind needs, what they may be, and what value they make."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.domain.measurements import (
    FIELDS,
    OPTIONAL,
    Numbers,
    problems_of,
    problems_of_day,
    size_of,
    value_of,
)
from models.vocabulary import MetricKind

TODAY = date(2026, 10, 5)
GOOD = {
    MetricKind.PROPORTION: (Numbers(successes=58, n=200), "0.29", 200),
    MetricKind.MEAN: (Numbers(mean=Decimal("1234.5"), sd=Decimal(80), n=30), "1234.5", 30),
    MetricKind.SCORE: (Numbers(mean=Decimal("-3.25"), n=12), "-3.25", 12),
    MetricKind.MONEY: (Numbers(mean=Decimal("61.40"), n=48), "61.4", 48),
    MetricKind.COUNT: (Numbers(count=Decimal(2250)), "2250", None),
    MetricKind.RATE: (Numbers(count=Decimal(7), exposure=Decimal("3.5")), "2", None),
    MetricKind.NPS: (Numbers(promoters=20, passives=7, detractors=3), "56.666667", 30),
    MetricKind.ORDINAL: (Numbers(answers=(1, 0, 2, 3, 4)), "3.9", 10),
}
counts = st.integers(0, 10_000)
values = st.decimals("-1000000", "1000000", places=6)


def faults(kind, numbers):
    return [problem.field for problem in problems_of(kind, numbers)]


def test_every_kind_is_tried_here():
    assert GOOD.keys() == set(MetricKind) == FIELDS.keys()


@pytest.mark.parametrize(("kind", "good"), GOOD.items(), ids=list(GOOD))
def test_each_kind_makes_its_value_of_its_numbers(kind, good):
    numbers, value, size = good
    assert faults(kind, numbers) == []
    assert value_of(kind, numbers) == Decimal(value)
    assert size_of(kind, numbers) == size


@pytest.mark.parametrize("kind", MetricKind)
def test_each_kind_asks_for_every_number_it_needs(kind):
    needed = [name for name in FIELDS[kind] if name not in OPTIONAL]
    assert faults(kind, Numbers()) == needed


@pytest.mark.parametrize("kind", MetricKind)
def test_numbers_of_another_kind_do_not_belong(kind):
    own, _value, _size = GOOD[kind]
    foreign = "promoters" if kind is not MetricKind.NPS else "exposure"
    given_too = {name: getattr(own, name) for name in Numbers.__dataclass_fields__} | {foreign: 1}
    assert faults(kind, Numbers(**given_too)) == [foreign]


@pytest.mark.parametrize(
    ("kind", "numbers", "field"),
    [
        (MetricKind.PROPORTION, Numbers(successes=5, n=4), "successes"),
        (MetricKind.PROPORTION, Numbers(successes=0, n=0), "n"),
        (MetricKind.PROPORTION, Numbers(successes=-1, n=4), "successes"),
        (MetricKind.PROPORTION, Numbers(successes=1, n=3_000_000_000), "n"),
        (MetricKind.MEAN, Numbers(mean=Decimal(1), sd=Decimal(-1), n=3), "sd"),
        (MetricKind.MEAN, Numbers(mean=Decimal(1), sd=Decimal(2), n=1), "sd"),
        (MetricKind.COUNT, Numbers(count=Decimal(-1)), "count"),
        (MetricKind.RATE, Numbers(count=Decimal(1), exposure=Decimal(0)), "exposure"),
        (MetricKind.NPS, Numbers(promoters=0, passives=0, detractors=0), "promoters"),
        (MetricKind.ORDINAL, Numbers(answers=(0, 0, 0, 0, 0)), "answers"),
        (MetricKind.ORDINAL, Numbers(answers=(1, 2, 3)), "answers"),
        (MetricKind.ORDINAL, Numbers(answers=(1, -2, 3, 0, 0)), "answers.1"),
    ],
)
def test_impossible_numbers_are_refused_beside_their_field(kind, numbers, field):
    assert faults(kind, numbers) == [field]


def test_one_value_without_a_spread_is_a_reading():
    assert faults(MetricKind.MEAN, Numbers(mean=Decimal(5), n=1)) == []


@given(n=st.integers(1, 10_000), data=st.data())
def test_a_share_lies_between_none_and_all_and_its_complement_adds_up(n, data):
    successes = data.draw(st.integers(0, n))
    share = value_of(MetricKind.PROPORTION, Numbers(successes=successes, n=n))
    rest = value_of(MetricKind.PROPORTION, Numbers(successes=n - successes, n=n))
    assert 0 <= share <= 1
    assert abs(share + rest - 1) <= Decimal("0.000001")


@given(promoters=counts, passives=counts, detractors=counts)
def test_an_nps_lies_between_its_ends_and_turns_with_its_groups(promoters, passives, detractors):
    assume(promoters + passives + detractors)
    score = value_of(
        MetricKind.NPS, Numbers(promoters=promoters, passives=passives, detractors=detractors)
    )
    turned = value_of(
        MetricKind.NPS, Numbers(promoters=detractors, passives=passives, detractors=promoters)
    )
    assert -100 <= score <= 100
    assert score == -turned


@given(answers=st.tuples(counts, counts, counts, counts, counts))
def test_ordered_answers_lie_on_their_scale_and_rise_with_a_better_answer(answers):
    assume(sum(answers))
    value = value_of(MetricKind.ORDINAL, Numbers(answers=answers))
    better = value_of(MetricKind.ORDINAL, Numbers(answers=(*answers[:4], answers[4] + 1)))
    assert 1 <= value <= 5
    assert better >= value


@given(
    count=st.decimals(0, 10**13, places=6),
    exposure=st.decimals("0.000001", 10**6, places=6),
)
def test_a_rate_times_its_exposure_is_the_count(count, exposure):
    rate = value_of(MetricKind.RATE, Numbers(count=count, exposure=exposure))
    assert abs(rate * exposure - count) <= exposure * Decimal("0.000001")


@given(mean=values, kind=st.sampled_from([MetricKind.MEAN, MetricKind.SCORE, MetricKind.MONEY]))
def test_an_average_is_its_own_value(mean, kind):
    assert value_of(kind, Numbers(mean=mean, n=3)) == mean


def test_numbers_that_are_missing_make_no_value():
    with pytest.raises(ValueError, match="missing"):
        value_of(MetricKind.PROPORTION, Numbers(successes=1))


@pytest.mark.parametrize(
    ("day", "is_refused"),
    [(None, True), (date(2026, 10, 6), True), (TODAY, False), (date(2026, 1, 1), False)],
)
def test_a_reading_has_a_day_that_has_come(day, is_refused):
    assert bool(problems_of_day(day, today=TODAY)) is is_refused


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"to_yes": 9, "to_no": 2}, []),
        ({"to_yes": 9}, ["to_no"]),
        ({"to_no": 9}, ["to_yes"]),
        ({"to_yes": 30, "to_no": 11}, ["to_yes"]),
        ({"to_yes": 30, "to_no": 10}, []),
    ],
)
def test_how_the_same_people_changed_is_whole_and_of_no_more_than_were_asked(changed, expected):
    assert faults(MetricKind.PROPORTION, Numbers(successes=20, n=40, **changed)) == expected


def test_the_spread_of_changes_comes_with_their_mean():
    numbers = Numbers(mean=Decimal(3), n=9, change_sd=Decimal(1))
    assert faults(MetricKind.MEAN, numbers) == ["change_mean"]
