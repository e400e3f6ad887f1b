"""Ordered answers: the shift between groups, or between two moments, from ranks alone."""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics.effects import Effect, Interval, Test, bisected, normal_p
from app.domain.statistics.groups import Changed, Ordered, refuse
from app.domain.statistics.proportions import tango
from app.domain.statistics.science import stats
from app.domain.statistics.shifts import differences, middles
from app.language.sentences import sentence

# Up to this size the exact distribution is counted out (as R does).
MOST_EXACT = 50


@dataclass(frozen=True, kw_only=True)
class RankSum:
    """What the rank-sum test says: U of the treatment group, and p."""

    u: float
    p_value: float
    is_exact: bool


def rank_sum_test(
    ours: Sequence[float], theirs: Sequence[float], test: Test, design_effect: float = 1.0
) -> RankSum:
    """The Wilcoxon–Mann–Whitney test, exact without ties up to 50; in clusters never exact."""
    values = len(ours) + len(theirs)
    is_untied = len({*ours, *theirs}) == values
    is_exact = is_untied and max(len(ours), len(theirs)) < MOST_EXACT and design_effect == 1
    found = stats().mannwhitneyu(
        ours, theirs, alternative=test.spelled, method="exact" if is_exact else "asymptotic"
    )
    p_value = float(found.pvalue)
    if design_effect > 1:
        distance = float(found.statistic) - len(ours) * len(theirs) / 2
        deviation = _rank_sum_deviation(ours, theirs) * math.sqrt(design_effect)
        p_value = normal_p(distance / deviation, test.alternative)
    return RankSum(u=float(found.statistic), p_value=p_value, is_exact=is_exact)


def rank_sum(
    treatment: Ordered, comparison: Ordered, test: Test, design_effect: float = 1.0
) -> Effect:
    """Two groups: the Wilcoxon–Mann–Whitney test with the shift in points of the scale.

    The effect is the Hodges–Lehmann estimate with its interval (Hollander M., Wolfe D. and
    Chicken E., Nonparametric Statistical Methods (2014), section 4.3).
    """
    ours, theirs = treatment.values, comparison.values
    if len({*ours, *theirs}) == 1:
        raise _constant()
    found, pairs = rank_sum_test(ours, theirs, test, design_effect), differences(ours, theirs)
    widened = test.deviations * math.sqrt(design_effect)
    sizes = len(ours) / design_effect, len(theirs) / design_effect
    around = superiority(found.u / pairs.count, *sizes, test.deviations)
    depth = (
        _exact_depth(_rank_sum_ways(len(ours), len(theirs)), test)
        if found.is_exact
        else pairs.count / 2 - widened * _rank_sum_deviation(ours, theirs)
    )
    return Effect(
        method="rank_sum",
        estimate=pairs.median,
        interval=pairs.between(depth),
        p_value=found.p_value,
        statistic=found.u,
        extra={
            **_superiority(found.u / pairs.count, around),
            "is_exact": found.is_exact,
        },
        is_attained=depth >= 1,
    )


def superiority(share: float, n: float, m: float, deviations: float) -> Interval:
    """The score interval of a probability of superiority; it holds with ties as well.

    Newcombe R., Statistics in Medicine 25 (2006) 559–573, method 5. ``n`` and ``m`` may be
    effective ones.
    """
    half = (n + m) / 2 - 1

    def reach(at: float) -> float:
        bend = 1 + half * ((1 - at) / (2 - at) + at / (1 + at))
        return deviations * math.sqrt(max(0.0, at * (1 - at) * bend / (n * m)))

    return Interval(
        bisected(lambda at: at + reach(at) - share, 0.0, share) if share else 0.0,
        bisected(lambda at: at - reach(at) - share, share, 1.0) if share < 1 else 1.0,
    )


def signed_rank(changes: Sequence[float], test: Test, design_effect: float = 1.0) -> Effect:
    """The same people before and after: Wilcoxon's signed-rank test, exact without ties.

    The effect is the Hodges–Lehmann centre of the changes, in points of the scale; ``statistic``
    is the sum of the ranks of those that rose (section 3.3 of the same book).
    """
    moved, n = [change for change in changes if change], len(changes)
    if not moved:
        raise _constant()
    is_untied = len({abs(change) for change in moved}) == n
    is_exact = is_untied and n < MOST_EXACT and design_effect == 1
    ranks = stats().rankdata([abs(change) for change in moved])
    rising = float(sum(rank for rank, change in zip(ranks, moved, strict=True) if change > 0))
    pairs, deviation = middles(changes), math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    depth = (
        _exact_depth(_signed_rank_ways(n), test)
        if is_exact
        else pairs.count / 2 - test.deviations * deviation * math.sqrt(design_effect)
    )
    turned = Changed(
        sum(change > 0 for change in changes), sum(change < 0 for change in changes), n
    )
    around = tango(turned, test.deviations, design_effect).plus(1).times(0.5)
    better = (1 + (turned.improved - turned.worsened) / n) / 2
    return Effect(
        method="signed_rank",
        estimate=pairs.median,
        interval=pairs.between(depth),
        p_value=_signed_rank_p(moved, rising, test, is_exact, design_effect),
        statistic=rising,
        extra={**_superiority(better, around), "is_exact": is_exact},
        is_attained=depth >= 1,
    )


def _superiority(share: float, around: Interval) -> dict[str, object]:
    return {
        "probability_of_superiority": share,
        "probability_of_superiority_interval": [around.low, around.high],
    }


def _signed_rank_p(
    moved: Sequence[float], rising: float, test: Test, is_exact: bool, design_effect: float
) -> float:
    if design_effect > 1:
        n = len(moved)
        ties = sum(count**3 - count for count in Counter(map(abs, moved)).values())
        variance = (n * (n + 1) * (2 * n + 1) / 24 - ties / 48) * design_effect
        return normal_p((rising - n * (n + 1) / 4) / math.sqrt(variance), test.alternative)
    found = stats().wilcoxon(
        moved,
        alternative=test.spelled,
        correction=True,
        method="exact" if is_exact else "asymptotic",
    )
    return float(found.pvalue)


def _constant() -> Exception:
    return refuse("values", sentence("All answers are equal: nothing can be compared."))


def _exact_depth(ways: Sequence[int], test: Test) -> int:
    """How far in the limits lie: the most whose tail stays within (1 − confidence) / 2."""
    allowed, taken = (1 - test.confidence) / 2 * sum(ways), 0
    for place, count in enumerate(ways):
        taken += count
        if taken > allowed:
            return place
    return len(ways)


def _rank_sum_ways(n: int, m: int) -> list[int]:
    """In how many ways n and m untied values give each U, 0 to n·m."""
    ways = [1] + [0] * (n * m)
    # The generating function of U is the Gaussian binomial coefficient.
    for factor in range(1, n + 1):
        top = m + factor
        for place in range(n * m, top - 1, -1):
            ways[place] -= ways[place - top]
        for place in range(factor, n * m + 1):
            ways[place] += ways[place - factor]
    return ways


def _signed_rank_ways(n: int) -> list[int]:
    """In how many ways n untied changes give each sum of positive ranks, 0 to n(n+1)/2."""
    ways = [1] + [0] * (n * (n + 1) // 2)
    for rank in range(1, n + 1):
        for place in range(len(ways) - 1, rank - 1, -1):
            ways[place] += ways[place - rank]
    return ways


def _rank_sum_deviation(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The standard deviation of U when both groups are alike, ties taken into account."""
    n, m = len(ours), len(theirs)
    total = n + m
    ties = sum(count**3 - count for count in Counter([*ours, *theirs]).values())
    return math.sqrt(n * m / 12 * (total + 1 - ties / (total * (total - 1))))
