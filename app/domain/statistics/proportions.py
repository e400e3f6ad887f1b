"""Shares: two groups, one group against a target, the same people before and after."""

import math

from app.domain.statistics.effects import (
    Alternative,
    Effect,
    Interval,
    Test,
    bisected,
    finite,
    inverted_p,
    square_and_add,
)
from app.domain.statistics.groups import Changed, Share
from app.domain.statistics.science import stats


def wilson(share: float, n: float, deviations: float) -> Interval:
    """Wilson's score interval. Wilson E., JASA 22 (1927) 209–212. ``n`` may be an effective n."""
    squared = deviations**2 / n
    middle = share + squared / 2
    reach = deviations * math.sqrt(share * (1 - share) / n + squared / (4 * n))
    # The ends are exact where nobody or everybody did it; rounding would leave a trace there.
    low = 0.0 if share == 0 else (middle - reach) / (1 + squared)
    high = 1.0 if share == 1 else (middle + reach) / (1 + squared)
    return Interval(low, high)


def newcombe(
    treatment: Share, comparison: Share, deviations: float, design_effect: float = 1.0
) -> Interval:
    """Newcombe's hybrid-score interval of the difference of two shares."""
    first, second = treatment.value, comparison.value
    return square_and_add(
        first,
        wilson(first, treatment.n / design_effect, deviations),
        second,
        wilson(second, comparison.n / design_effect, deviations),
    )


def difference(
    treatment: Share, comparison: Share, test: Test, design_effect: float = 1.0
) -> Effect:
    """Two groups: Newcombe's interval and Fisher's exact test.

    In clusters the exact test does not hold: p is then read off the widened interval.
    """
    table = [
        [treatment.successes, treatment.n - treatment.successes],
        [comparison.successes, comparison.n - comparison.successes],
    ]
    exact = stats().fisher_exact(table, alternative=test.spelled)
    estimate = treatment.value - comparison.value
    is_clustered = design_effect > 1
    return Effect(
        method="newcombe_hybrid_score",
        estimate=estimate,
        interval=newcombe(treatment, comparison, test.deviations, design_effect),
        p_value=inverted_p(
            lambda z: newcombe(treatment, comparison, z, design_effect), estimate, test
        )
        if is_clustered
        else float(exact.pvalue),
        statistic=None if is_clustered else finite(exact.statistic),
        extra={
            "treatment_share": treatment.value,
            "comparison_share": comparison.value,
            "odds_ratio": finite(exact.statistic),
            "risk_ratio": treatment.value / comparison.value if comparison.successes else None,
            **({} if is_clustered else {"fisher_exact_p": float(exact.pvalue)}),
        },
    )


def against_target(
    treatment: Share, target: float, test: Test, design_effect: float = 1.0
) -> Effect:
    """One group against a target share: Wilson's interval and the exact binomial test.

    Effect and interval are distances from the target; ``wilson`` and ``clopper_pearson`` in
    ``extra`` are the intervals of the share itself.
    """
    exact = stats().binomtest(treatment.successes, treatment.n, target, alternative=test.spelled)
    itself = alone(treatment, test, design_effect)
    estimate = treatment.value - target

    def from_target(deviations: float) -> Interval:
        return wilson(treatment.value, treatment.n / design_effect, deviations).plus(-target)

    is_clustered = design_effect > 1
    return Effect(
        method=itself.method,
        estimate=estimate,
        interval=itself.interval.plus(-target),
        p_value=inverted_p(from_target, estimate, test) if is_clustered else float(exact.pvalue),
        statistic=float(treatment.successes),
        extra={
            **itself.extra,
            "share": treatment.value,
            "target": target,
            "wilson": [itself.interval.low, itself.interval.high],
        },
    )


def alone(treatment: Share, test: Test, design_effect: float = 1.0) -> Effect:
    """One group and nothing to hold it against: the share itself with Wilson's interval."""
    limits = (
        stats()
        .binomtest(treatment.successes, treatment.n)
        .proportion_ci(confidence_level=test.confidence, method="exact")
    )
    return Effect(
        method="wilson_score",
        estimate=treatment.value,
        interval=wilson(treatment.value, treatment.n / design_effect, test.deviations),
        p_value=None,
        extra={"clopper_pearson": [float(limits.low), float(limits.high)]},
    )


def changed(treatment: Changed, test: Test) -> Effect:
    """The same people before and after: Tango's interval and McNemar's exact test."""
    improved, moved = treatment.improved, treatment.improved + treatment.worsened
    distribution = stats().binom(moved, 0.5)
    at_least, at_most = distribution.sf(improved - 1), distribution.cdf(improved)
    itself = distribution.pmf(improved)
    return Effect(
        method="tango_score",
        estimate=(improved - treatment.worsened) / treatment.n,
        interval=tango(treatment, test.deviations),
        p_value=_tail(at_least, at_most, test.alternative),
        statistic=float(improved),
        extra={
            "mid_p": _tail(at_least - itself / 2, at_most - itself / 2, test.alternative),
            "discordant": moved,
        },
    )


def tango(pairs: Changed, deviations: float) -> Interval:
    """Tango's score interval of a paired difference.

    Tango T., Statistics in Medicine 17 (1998) 891–908; it needs the changes only, not how many
    said yes both times.
    """

    def beyond(difference: float) -> float:
        return _tango_statistic(pairs, difference)

    return Interval(
        -1.0 if pairs.worsened == pairs.n else bisected(lambda d: deviations - beyond(d), -1, 1),
        1.0 if pairs.improved == pairs.n else bisected(lambda d: -deviations - beyond(d), -1, 1),
    )


def _tango_statistic(pairs: Changed, difference: float) -> float:
    n, more, fewer = pairs.n, pairs.improved, pairs.worsened
    linear = -more - fewer + (2 * n - more + fewer) * difference
    constant = -fewer * difference * (1 - difference)
    root = math.sqrt(max(0.0, linear**2 - 8 * n * constant))
    worsening = (root - linear) / (4 * n)
    variance = n * (2 * worsening + difference * (1 - difference))
    distance = more - fewer - n * difference
    if variance <= 0:
        return math.copysign(math.inf, distance) if distance else 0.0
    return distance / math.sqrt(variance)


def _tail(at_least: float, at_most: float, alternative: Alternative) -> float:
    if alternative is Alternative.GREATER:
        return float(at_least)
    if alternative is Alternative.LESS:
        return float(at_most)
    return min(1.0, 2 * float(min(at_least, at_most)))
