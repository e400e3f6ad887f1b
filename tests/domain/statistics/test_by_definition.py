"""Where no library has the method: each against its slow definition."""

import itertools
import math
from fractions import Fraction
from random import Random
from statistics import median

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from app.domain.statistics import means, proportions, ranks, scores, sites
from app.domain.statistics.effects import Alternative, Interval, normal_p
from app.domain.statistics.effects import Test as Asked
from app.domain.statistics.groups import Changed, Ordered, Recommending, Share, Spread, spread_of
from app.domain.statistics.shifts import differences, middles

pytestmark = pytest.mark.xdist_group("scipy")

answers = st.lists(st.integers(1, 7), min_size=2, max_size=14)
measures = st.lists(st.floats(-50, 50), min_size=2, max_size=14, unique=True)


def changes_of(most: int) -> st.SearchStrategy[Changed]:
    return st.integers(1, most).flatmap(
        lambda n: st.integers(0, n).flatmap(
            lambda up: st.builds(
                Changed, improved=st.just(up), worsened=st.integers(0, n - up), n=st.just(n)
            )
        )
    )


def tango_score(pairs: Changed, difference: float) -> float:
    """Tango's statistic with the restricted likelihood found by search, not by its root."""
    low, high = max(0.0, -difference), (1 - difference) / 2

    def likelihood(worse: float) -> float:
        better, same = worse + difference, 1 - 2 * worse - difference
        cells = (
            (pairs.improved, better),
            (pairs.worsened, worse),
            (pairs.n - pairs.improved - pairs.worsened, same),
        )
        return sum(k * math.log(max(p, 1e-300)) for k, p in cells if k)

    for _step in range(200):
        third = (high - low) / 3
        if likelihood(low + third) < likelihood(high - third):
            low += third
        else:
            high -= third
    worse = (low + high) / 2
    variance = 2 * worse + difference - difference**2
    distance = pairs.improved - pairs.worsened - pairs.n * difference
    return distance / math.sqrt(pairs.n * variance)


@settings(max_examples=60)
@given(changes_of(40))
def test_tangos_limits_are_where_its_score_reaches_the_critical_value(pairs: Changed) -> None:
    limits = proportions.tango(pairs, 1.959963985)
    if pairs.worsened < pairs.n and limits.low > -0.999:
        assert tango_score(pairs, limits.low) == pytest.approx(1.959963985, rel=1e-4)
    if pairs.improved < pairs.n and limits.high < 0.999:
        assert tango_score(pairs, limits.high) == pytest.approx(-1.959963985, rel=1e-4)


@given(changes_of(200))
def test_tango_turned_round_is_its_mirror_image(pairs: Changed) -> None:
    turned = proportions.tango(Changed(pairs.worsened, pairs.improved, pairs.n), 1.96)
    assert proportions.tango(pairs, 1.96).times(-1).low == pytest.approx(turned.low, abs=1e-9)
    assert proportions.tango(pairs, 1.96).times(-1).high == pytest.approx(turned.high, abs=1e-9)


@given(changes_of(200))
def test_tangos_interval_holds_the_estimate_and_stays_within_what_can_be(pairs: Changed) -> None:
    limits = proportions.tango(pairs, 1.96)
    estimate = (pairs.improved - pairs.worsened) / pairs.n
    assert -1 <= limits.low <= estimate + 1e-9
    assert estimate - 1e-9 <= limits.high <= 1


@pytest.mark.parametrize("n", [1, 5, 50])
def test_tangos_interval_ends_at_the_end_when_everybody_changed_one_way(n: int) -> None:
    assert proportions.tango(Changed(n, 0, n), 1.96).high == 1
    assert proportions.tango(Changed(0, n, n), 1.96).low == -1
    # Alone of its kind it is Wilson's: all of n.
    squared = 1.96**2
    assert proportions.tango(Changed(n, 0, n), 1.96).low == pytest.approx(
        (n - squared) / (n + squared)
    )


@settings(max_examples=120)
@given(st.integers(1, 25), st.integers(1, 25), st.data())
def test_fishers_two_sided_p_adds_up_what_is_no_likelier(
    n: int, m: int, data: st.DataObject
) -> None:
    first, second = data.draw(st.integers(0, n)), data.draw(st.integers(0, m))
    total = first + second
    ways = {
        k: math.comb(n, k) * math.comb(m, total - k)
        for k in range(max(0, total - m), min(n, total) + 1)
    }
    exact = Fraction(sum(w for w in ways.values() if w <= ways[first]), math.comb(n + m, total))
    upper = Fraction(sum(w for k, w in ways.items() if k >= first), math.comb(n + m, total))
    for alternative, p in ((Alternative.TWO_SIDED, exact), (Alternative.GREATER, upper)):
        effect = proportions.difference(
            Share(first, n), Share(second, m), Asked(alternative=alternative)
        )
        assert effect.p_value == pytest.approx(float(p), rel=1e-9)


@settings(max_examples=120)
@given(st.integers(1, 40), st.integers(1, 19), st.data())
def test_the_binomial_p_adds_up_what_is_no_likelier(
    n: int, twentieths: int, data: st.DataObject
) -> None:
    successes, target = data.draw(st.integers(0, n)), Fraction(twentieths, 20)
    chances = [math.comb(n, k) * target**k * (1 - target) ** (n - k) for k in range(n + 1)]
    exact = sum(chance for chance in chances if chance <= chances[successes])
    effect = proportions.against_target(Share(successes, n), float(target), Asked())
    assert effect.p_value == pytest.approx(float(exact), rel=1e-7)


@settings(max_examples=120)
@given(st.lists(st.integers(-9, 9), min_size=2, max_size=9), st.sampled_from(Alternative))
def test_the_sign_flip_p_counts_every_way_to_sign(
    changes: list[int], alternative: Alternative
) -> None:
    seen = sum(changes)
    sums = [
        sum(sign * change for sign, change in zip(signs, changes, strict=True))
        for signs in itertools.product((1, -1), repeat=len(changes))
    ]
    as_far = {
        Alternative.TWO_SIDED: sum(abs(one) >= abs(seen) for one in sums),
        Alternative.GREATER: sum(one >= seen for one in sums),
        Alternative.LESS: sum(one <= seen for one in sums),
    }[alternative]
    assert means.sign_flip_p(changes, alternative) == as_far / len(sums)


@settings(max_examples=120)
@given(st.one_of(answers, measures), st.one_of(answers, measures))
@example([0.1, 0.3], [0.2, 0.30000000000000004])
def test_differences_are_ordered_as_their_list(ours: list[float], theirs: list[float]) -> None:
    listed = sorted(one - other for one in ours for other in theirs)
    pairs = differences(ours, theirs)
    assert pairs.count == len(listed)
    assert [pairs.at(place + 1) for place in range(len(listed))] == pytest.approx(listed, abs=1e-12)
    assert pairs.median == pytest.approx(median(listed), abs=1e-12)


@settings(max_examples=120)
@given(st.one_of(answers, measures))
def test_middles_are_ordered_as_their_list(changes: list[float]) -> None:
    listed = sorted((one + other) / 2 for at, one in enumerate(changes) for other in changes[at:])
    pairs = middles(changes)
    assert pairs.count == len(listed)
    assert [pairs.at(place + 1) for place in range(len(listed))] == pytest.approx(listed, abs=1e-12)
    assert pairs.median == pytest.approx(median(listed), abs=1e-12)


@settings(max_examples=60)
@given(st.lists(st.integers(0, 1000), min_size=4, max_size=11, unique=True), st.integers(2, 8))
def test_the_exact_rank_sum_agrees_with_its_interval(values: list[int], at: int) -> None:
    """Shifting a group to a limit makes p just what the interval leaves out (Bauer 1972)."""
    assume(2 <= at <= len(values) - 2)
    ours, theirs = values[:at], values[at:]
    effect = ranks.rank_sum(Ordered(ours), Ordered(theirs), Asked(confidence=0.8))
    pairs = sorted(one - other for one in ours for other in theirs)
    assert effect.extra["is_exact"]
    assert effect.interval.low in pairs
    if effect.interval.low > pairs[0]:
        beyond = effect.interval.low - 0.5
        assume(beyond not in pairs)
        moved = [one - beyond for one in ours]
        assume(len({*moved, *theirs}) == len(values))
        p = ranks.rank_sum_test(moved, theirs, Asked(alternative=Alternative.GREATER)).p_value
        assert p <= 0.1 + 1e-12


@given(answers, answers)
def test_the_probability_of_superiority_counts_pairs(ours: list[int], theirs: list[int]) -> None:
    assume(len({*ours, *theirs}) > 1)
    won = sum((a > b) + (a == b) / 2 for a in ours for b in theirs)
    effect = ranks.rank_sum(Ordered(ours), Ordered(theirs), Asked())
    assert effect.extra["probability_of_superiority"] == pytest.approx(
        won / len(ours) / len(theirs)
    )
    site = sites.site_of("one", Ordered(ours), Ordered(theirs))
    assert site is not None
    assert site.estimate == pytest.approx(2 * won / len(ours) / len(theirs) - 1)


@given(st.integers(0, 30), st.integers(0, 30), st.integers(0, 30))
def test_a_score_is_the_mean_of_plus_and_minus_100(up: int, same: int, down: int) -> None:
    values = [100.0] * up + [0.0] * same + [-100.0] * down
    assume(len(set(values)) > 1)
    group, n = Recommending(up, same, down), len(values)
    spread = spread_of(values)
    assert scores.score(group) == pytest.approx(spread.mean)
    assert scores.squared_error(group) == pytest.approx(spread.sd**2 * (n - 1) / n**2)
    effect = scores.alone(group, Asked())
    assert -100 <= effect.interval.low <= effect.estimate <= effect.interval.high <= 100


@given(
    st.tuples(st.integers(0, 20), st.integers(0, 20), st.integers(0, 20), st.integers(0, 20)),
    st.sampled_from([0.8, 0.95, 0.99]),
)
def test_differences_of_shares_add_up_wilson_intervals_and_p_agrees(
    cells: tuple[int, int, int, int], confidence: float
) -> None:
    groups = [Share(cell, 20) for cell in cells]
    test = Asked(confidence=confidence)
    effect = means.difference_in_differences(
        means.Course(before=groups[0], after=groups[1]),
        means.Course(before=groups[2], after=groups[3]),
        test,
    )
    wilsons = [proportions.wilson(group.value, 20, test.deviations) for group in groups]
    below = [group.value - around.low for group, around in zip(groups, wilsons, strict=True)]
    above = [around.high - group.value for group, around in zip(groups, wilsons, strict=True)]
    low = effect.estimate - math.hypot(below[1], above[0], above[3], below[2])
    high = effect.estimate + math.hypot(above[1], below[0], below[3], above[2])
    assert effect.interval.low == pytest.approx(low)
    assert effect.interval.high == pytest.approx(high)
    assert effect.p_value is not None
    is_outside = not low <= 0 <= high
    assume(min(abs(low), abs(high)) > 1e-6)
    assert (effect.p_value < 1 - confidence) == is_outside


@given(st.integers(2, 500), st.integers(2, 500), st.floats(1, 3), st.data())
def test_a_design_effect_of_1_changes_nothing_and_more_of_it_widens(
    n: int, m: int, widening: float, data: st.DataObject
) -> None:
    ours, theirs = Share(data.draw(st.integers(0, n)), n), Share(data.draw(st.integers(0, m)), m)
    plain = proportions.newcombe(ours, theirs, 1.96)
    assert proportions.newcombe(ours, theirs, 1.96, 1.0) == plain
    wide = proportions.newcombe(ours, theirs, 1.96, widening)
    assert wide.low <= plain.low + 1e-12
    assert wide.high >= plain.high - 1e-12


def test_a_design_effect_divides_n_in_every_method() -> None:
    """Ten times the people, resembling each other tenfold, say what a tenth of them says."""
    small, large = Spread(3.0, 2.0, 20), Spread(3.0, 2.0, 200)
    test = Asked()
    assert means.paired(large, test, 10).interval.low == pytest.approx(
        means.paired(small, test).interval.low
    )
    assert proportions.tango(Changed(80, 20, 200), 1.96, 10).low == pytest.approx(
        proportions.tango(Changed(8, 2, 20), 1.96).low
    )
    wide = scores.alone(Recommending(100, 50, 50), test, 10)
    assert wide.interval.low == pytest.approx(
        scores.alone(Recommending(10, 5, 5), test).interval.low
    )
    exact = proportions.alone(Share(80, 200), test, 10)
    assert exact.extra == proportions.alone(Share(8, 20), test).extra


@pytest.mark.parametrize(("z", "p"), [(1.959963985, 0.05), (6, 1.9731752898e-9), (30, 9.8134e-198)])
def test_the_normal_p_is_right_far_out(z: float, p: float) -> None:
    assert normal_p(z, Alternative.TWO_SIDED) == pytest.approx(p, rel=1e-4)


def test_an_interval_turned_round_keeps_its_order() -> None:
    assert Interval(1, 4).times(-2) == Interval(-8, -2)


def leanings(random: Random, clusters: int, size: int, icc: float) -> list[float]:
    """What people lean to, who share part of it with their cluster."""
    shared = [random.gauss(0, math.sqrt(icc)) for _cluster in range(clusters)]
    return [one + random.gauss(0, math.sqrt(1 - icc)) for one in shared for _person in range(size)]


def mark(leaning: float) -> int:
    """The answer, 1 to 5."""
    return 1 + sum(leaning > cut for cut in (-1.28, -0.67, 0.13, 1.04))


def test_ranks_of_clustered_answers_raise_no_more_false_alarms_than_promised() -> None:
    """20 clusters of 10 an arm, alike: simulated; people taken one by one alarm far too often."""
    random, village, turns = Random(1945), (20, 10, 0.2), 300
    widening, alarms = 1 + 9 * 0.2, [0, 0, 0]
    for _turn in range(turns):
        ours, theirs = ([mark(one) for one in leanings(random, *village)] for _arm in range(2))
        changes = [float(round(1.3 * one)) for one in leanings(random, *village)]
        alarms[0] += ranks.rank_sum_test(ours, theirs, Asked(), widening).p_value <= 0.05
        alarms[1] += (ranks.signed_rank(changes, Asked(), widening).p_value or 0) <= 0.05
        alarms[2] += ranks.rank_sum_test(ours, theirs, Asked()).p_value <= 0.05
    assert alarms[0] / turns <= 0.08
    assert alarms[1] / turns <= 0.08
    assert alarms[2] / turns > 0.15


@pytest.mark.parametrize(("n", "m"), [(6, 9), (25, 25)])
@pytest.mark.parametrize("shares", [(0.05, 0.1, 0.2, 0.4, 0.25), (0.0, 0.0, 0.1, 0.3, 0.6)])
def test_the_interval_of_superiority_holds_what_it_promises_with_ties(
    n: int, m: int, shares: tuple[float, ...]
) -> None:
    random, theirs_shares, turns, held = Random(1956), (0.1, 0.2, 0.3, 0.3, 0.1), 600, 0
    truth = sum(
        p * q * ((at > other) + (at == other) / 2)
        for at, p in enumerate(shares)
        for other, q in enumerate(theirs_shares)
    )
    for _turn in range(turns):
        ours = random.choices(range(5), shares, k=n)
        theirs = random.choices(range(5), theirs_shares, k=m)
        won = sum((a > b) + (a == b) / 2 for a in ours for b in theirs) / (n * m)
        limits = ranks.superiority(won, n, m, Asked().deviations)
        held += limits.low <= truth <= limits.high
        assert 0 <= limits.low <= won <= limits.high <= 1
    assert held / turns >= 0.93
