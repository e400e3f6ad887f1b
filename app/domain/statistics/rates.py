"""Counts over exposure: two rates compared exactly."""

import math

from app.domain.statistics.effects import (
    Effect,
    Interval,
    Test,
    below,
    finite,
    inverted_p,
    square_and_add,
)
from app.domain.statistics.groups import Events
from app.domain.statistics.proportions import clopper_pearson
from app.domain.statistics.science import stats


def rate_ratio(
    treatment: Events, comparison: Events, test: Test, design_effect: float = 1.0
) -> Effect:
    """The exact conditional comparison of two Poisson rates.

    Given all events, those of the treatment group are binomial: p and ``rate_ratio_interval``
    follow from that (Przyborowski and Wilenski, Biometrika 31 (1940) 313–323). Effect and
    interval are the difference of the rates, which adds up their exact (Garwood) intervals. In
    clusters p is read off the widened interval.
    """

    def around(tail: float) -> Interval:
        return square_and_add(
            treatment.rate,
            garwood(treatment, tail, design_effect),
            comparison.rate,
            garwood(comparison, tail, design_effect),
        )

    estimate, is_clustered = treatment.rate - comparison.rate, design_effect > 1
    events = treatment.count + comparison.count
    split = treatment.exposure / (treatment.exposure + comparison.exposure)
    if is_clustered:
        p_value = inverted_p(lambda z: around(below(-z)), estimate, test)
    elif events:
        exact = stats().binomtest(treatment.count, events, split, alternative=test.spelled)
        p_value = float(exact.pvalue)
    else:
        p_value = 1.0
    return Effect(
        method="exact_conditional_rate_ratio",
        estimate=estimate,
        interval=around(test.tail),
        p_value=p_value,
        statistic=float(treatment.count),
        by_likelihood=test.is_two_sided and not is_clustered,
        extra={
            "rate_ratio": treatment.rate / comparison.rate if comparison.count else None,
            "rate_ratio_interval": _ratio_interval(treatment, comparison, test, design_effect)
            if events
            else None,
            "treatment_rate_per_100": 100 * treatment.rate,
            "comparison_rate_per_100": 100 * comparison.rate,
        },
    )


def garwood(group: Events, tail: float, design_effect: float = 1.0) -> Interval:
    """The exact interval of one rate. Garwood F., Biometrika 28 (1936) 437–442."""
    chi2 = stats().chi2
    count, exposure = group.count / design_effect, group.exposure / design_effect
    low = float(chi2.ppf(tail, 2 * count)) / 2 if count else 0.0
    high = float(chi2.isf(tail, 2 * count + 2)) / 2
    return Interval(low / exposure, high / exposure)


def _ratio_interval(
    treatment: Events, comparison: Events, test: Test, design_effect: float
) -> list[float | None]:
    ours, events = treatment.count, treatment.count + comparison.count
    limits = clopper_pearson(ours / design_effect, events / design_effect, test)
    exposures = comparison.exposure / treatment.exposure

    def ratio(share: float) -> float:
        return share / (1 - share) * exposures if share < 1 else math.inf

    return [finite(ratio(limits.low)), finite(ratio(limits.high))]
