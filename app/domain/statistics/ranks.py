"""Ordered answers: the shift between groups, or between two moments, from ranks alone."""

import math
from collections import Counter
from collections.abc import Sequence
from statistics import median

from app.domain.statistics.effects import Effect, Interval, Test
from app.domain.statistics.groups import Ordered, refuse
from app.domain.statistics.science import stats
from app.language.sentences import sentence

# Up to this size the exact distribution is counted out (as R does).
MOST_EXACT = 50


def rank_sum(treatment: Ordered, comparison: Ordered, test: Test) -> Effect:
    """Two groups: the Wilcoxon–Mann–Whitney test, exact without ties.

    The effect is the Hodges–Lehmann shift in points of the scale.
    """
    ours, theirs = treatment.values, comparison.values
    together = [*ours, *theirs]
    if len(set(together)) == 1:
        raise _constant()
    is_exact = len(set(together)) == len(together) and max(len(ours), len(theirs)) < MOST_EXACT
    found = stats().mannwhitneyu(
        ours, theirs, alternative=test.spelled, method="exact" if is_exact else "asymptotic"
    )
    pairs = sorted(one - other for one in ours for other in theirs)
    depth = (
        _exact_depth(_rank_sum_ways(len(ours), len(theirs)), test)
        if is_exact
        else len(pairs) / 2 - test.deviations * _rank_sum_deviation(ours, theirs)
    )
    return Effect(
        method="rank_sum",
        estimate=median(pairs),
        interval=_between(pairs, depth),
        p_value=float(found.pvalue),
        statistic=float(found.statistic),
        extra={
            "probability_of_superiority": float(found.statistic) / len(pairs),
            "is_exact": is_exact,
        },
    )


def signed_rank(changes: Sequence[float], test: Test) -> Effect:
    """The same people before and after: Wilcoxon's signed-rank test, exact without ties.

    The effect is the Hodges–Lehmann centre of the changes, in points of the scale.
    """
    moved = [change for change in changes if change]
    if not moved:
        raise _constant()
    sizes = {abs(change) for change in moved}
    is_exact = len(sizes) == len(changes) and len(changes) < MOST_EXACT
    found = stats().wilcoxon(
        moved,
        alternative=test.spelled,
        correction=True,
        method="exact" if is_exact else "asymptotic",
    )
    middles = sorted(
        (first + second) / 2 for place, first in enumerate(changes) for second in changes[place:]
    )
    n = len(changes)
    depth = (
        _exact_depth(_signed_rank_ways(n), test)
        if is_exact
        else len(middles) / 2 - test.deviations * math.sqrt(n * (n + 1) * (2 * n + 1) / 24)
    )
    better = sum(change > 0 for change in changes) + sum(change == 0 for change in changes) / 2
    return Effect(
        method="signed_rank",
        estimate=median(middles),
        interval=_between(middles, depth),
        p_value=float(found.pvalue),
        statistic=float(found.statistic),
        extra={"probability_of_superiority": better / n, "is_exact": is_exact},
    )


def _constant() -> Exception:
    return refuse("values", sentence("All answers are equal: nothing can be compared."))


def _between(ordered: Sequence[float], depth: float) -> Interval:
    """The order statistics that many places in from both ends; the ends themselves at most."""
    place = max(1, min(math.floor(depth), len(ordered) // 2))
    return Interval(ordered[place - 1], ordered[-place])


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
