"""Shares: two groups, one group against a target, the same people before and after."""

import math
from dataclasses import replace

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
    sample = finite(exact.statistic)
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
        statistic=None if is_clustered else sample,
        by_likelihood=test.is_two_sided and not is_clustered,
        extra={
            "treatment_share": treatment.value,
            "comparison_share": comparison.value,
            "odds_ratio": sample,
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
        by_likelihood=test.is_two_sided and not is_clustered,
        extra={
            **itself.extra,
            "share": treatment.value,
            "target": target,
            "wilson": [itself.interval.low, itself.interval.high],
        },
    )


def alone(treatment: Share, test: Test, design_effect: float = 1.0) -> Effect:
    """One group and nothing to hold it against: the share itself with Wilson's interval."""
    n = treatment.n / design_effect
    exact = clopper_pearson(treatment.successes / design_effect, n, test)
    return Effect(
        method="wilson_score",
        estimate=treatment.value,
        interval=wilson(treatment.value, n, test.deviations),
        p_value=None,
        extra={"clopper_pearson": [exact.low, exact.high]},
    )


def clopper_pearson(successes: float, n: float, test: Test) -> Interval:
    """The exact interval of a share. Clopper C. and Pearson E., Biometrika 26 (1934) 404–413."""
    beta, others = stats().beta, n - successes
    return Interval(
        float(beta.ppf(test.tail, successes, others + 1)) if successes else 0.0,
        float(beta.isf(test.tail, successes + 1, others)) if others else 1.0,
    )


def changed(treatment: Changed, test: Test, design_effect: float = 1.0) -> Effect:
    """The same people before and after: Tango's interval and McNemar's exact test.

    In clusters p is read off the widened interval.
    """
    estimate = (treatment.improved - treatment.worsened) / treatment.n
    effect = _mcnemar(treatment, estimate, test, design_effect)
    if design_effect == 1:
        return effect
    p_value = inverted_p(lambda z: tango(treatment, z, design_effect), estimate, test)
    return replace(effect, p_value=p_value, by_likelihood=False, extra={})


def _mcnemar(treatment: Changed, estimate: float, test: Test, design_effect: float) -> Effect:
    improved, moved = treatment.improved, treatment.improved + treatment.worsened
    distribution = stats().binom(moved, 0.5)
    at_least, at_most = distribution.sf(improved - 1), distribution.cdf(improved)
    half = distribution.pmf(improved) / 2
    mid_p = _tail(at_least - half, at_most - half, test.alternative)
    if test.is_two_sided and moved == 2 * improved:
        # The one outcome that has no mirror image. Fagerland, Lydersen and Laake, BMC Medical
        # Research Methodology 13 (2013) 91.
        mid_p = 1 - float(half) if moved else 1.0
    return Effect(
        method="tango_score",
        estimate=estimate,
        interval=tango(treatment, test.deviations, design_effect),
        p_value=_tail(at_least, at_most, test.alternative),
        statistic=float(improved),
        extra={"mid_p": mid_p, "discordant": moved},
        by_likelihood=test.is_two_sided,
    )


def tango(pairs: Changed, deviations: float, design_effect: float = 1.0) -> Interval:
    """Tango's score interval of a paired difference.

    Tango T., Statistics in Medicine 17 (1998) 891–908; it needs the changes only, not how many
    said yes both times.
    """

    def beyond(difference: float) -> float:
        return _tango_statistic(pairs, difference) / math.sqrt(design_effect)

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
