"""Counts over exposure: two rates compared exactly."""

import math

from app.domain.statistics.effects import Effect, Interval, Test, finite, square_and_add
from app.domain.statistics.groups import Events
from app.domain.statistics.science import stats


def rate_ratio(treatment: Events, comparison: Events, test: Test) -> Effect:
    """The exact conditional comparison of two Poisson rates.

    Given all events, those of the treatment group are binomial: p and ``rate_ratio_interval``
    follow from that (Przyborowski and Wilenski, Biometrika 31 (1940) 313–323). Effect and
    interval are the difference of the rates, which adds up their exact (Garwood) intervals.
    """
    events = treatment.count + comparison.count
    split = treatment.exposure / (treatment.exposure + comparison.exposure)
    p_value = (
        float(stats().binomtest(treatment.count, events, split, alternative=test.spelled).pvalue)
        if events
        else 1.0
    )
    return Effect(
        method="exact_conditional_rate_ratio",
        estimate=treatment.rate - comparison.rate,
        interval=square_and_add(
            treatment.rate,
            garwood(treatment, test.confidence),
            comparison.rate,
            garwood(comparison, test.confidence),
        ),
        p_value=p_value,
        statistic=float(treatment.count),
        extra={
            "rate_ratio": treatment.rate / comparison.rate if comparison.count else None,
            "rate_ratio_interval": _ratio_interval(treatment, comparison, test) if events else None,
            "treatment_rate_per_100": 100 * treatment.rate,
            "comparison_rate_per_100": 100 * comparison.rate,
        },
    )


def garwood(group: Events, confidence: float) -> Interval:
    """The exact interval of one rate. Garwood F., Biometrika 28 (1936) 437–442."""
    tail, chi2 = (1 - confidence) / 2, stats().chi2
    low = float(chi2.ppf(tail, 2 * group.count)) / 2 if group.count else 0.0
    high = float(chi2.ppf(1 - tail, 2 * group.count + 2)) / 2
    return Interval(low / group.exposure, high / group.exposure)


def _ratio_interval(treatment: Events, comparison: Events, test: Test) -> list[float | None]:
    exact = stats().binomtest(treatment.count, treatment.count + comparison.count)
    limits = exact.proportion_ci(confidence_level=test.confidence, method="exact")
    exposures = comparison.exposure / treatment.exposure

    def ratio(share: float) -> float:
        return share / (1 - share) * exposures if share < 1 else math.inf

    return [finite(ratio(limits.low)), finite(ratio(limits.high))]
