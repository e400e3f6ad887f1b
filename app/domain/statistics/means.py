"""Means: two groups, the same people before and after, and difference in differences."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from app.domain.statistics.effects import (
    Alternative,
    Effect,
    Interval,
    Test,
    from_normal,
    inverted_p,
    square_and_add,
)
from app.domain.statistics.groups import (
    Published,
    Share,
    Spread,
    refuse,
    refuse_constant,
    spread_of,
)
from app.domain.statistics.proportions import newcombe
from app.domain.statistics.ranks import rank_sum_test
from app.domain.statistics.science import stats
from app.language.sentences import sentence

DIFFERENCES = "difference_in_differences"
MOST_FLIPPED = 20
# Sums that differ by rounding only count as equal.
NEARLY = 1e-9
SKEWED = 1.0
# From so many degrees of freedom on, log-gamma has fewer digits than the series it stands for.
MANY = 10_000


def welch(treatment: Spread, comparison: Spread, test: Test, design_effect: float = 1.0) -> Effect:
    """Two groups: Welch's t interval; Hedges' g, and the rank-sum test when values are known."""
    refuse_constant(treatment, comparison)
    error, df = _welch_satterthwaite([treatment, comparison], design_effect)
    return _from_t("welch_t", treatment.mean - comparison.mean, error, df, test).with_extra(
        hedges_g=hedges_g(treatment, comparison),
        treatment_mean=treatment.mean,
        comparison_mean=comparison.mean,
        **({} if design_effect > 1 else _ranked(treatment, comparison, test)),
    )


def _welch_satterthwaite(parts: Sequence[Spread], design_effect: float) -> tuple[float, float]:
    """The standard error of a sum of independent means, and its degrees of freedom."""
    sizes = [part.n / design_effect for part in parts]
    if min(sizes) <= 1:
        raise refuse("cluster_size", sentence("The clusters leave no spread between them."))
    error = math.hypot(*(part.se for part in parts))
    # As shares of the error, so that no square runs out of range.
    shares = [(part.se / error) ** 4 / (n - 1) for part, n in zip(parts, sizes, strict=True)]
    return error * math.sqrt(design_effect), 1 / sum(shares)


def hedges_g(treatment: Spread, comparison: Spread) -> float | None:
    """The standardized difference, corrected for small n (exact gamma form).

    Hedges L., Journal of Educational Statistics 6 (1981) 107–128.
    """
    df = treatment.n + comparison.n - 2
    pooled = math.hypot(
        treatment.sd * math.sqrt((treatment.n - 1) / df),
        comparison.sd * math.sqrt((comparison.n - 1) / df),
    )
    correction = (
        math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)
        if df < MANY
        else 1 - 3 / (4 * df - 1)
    )
    return correction * (treatment.mean - comparison.mean) / pooled if pooled else None


def paired(changes: Spread, test: Test, design_effect: float = 1.0) -> Effect:
    """The same people before and after: the t interval of their changes.

    ``sign_flip_p`` (n ≤ 20, values known) is exact: every change could as well have had the
    other sign.
    """
    refuse_constant(changes)
    error, df = _welch_satterthwaite([changes], design_effect)
    effect = _from_t("paired_t", changes.mean, error, df, test)
    if design_effect == 1 and 0 < len(changes.values) <= MOST_FLIPPED:
        return effect.with_extra(sign_flip_p=sign_flip_p(changes.values, test.alternative))
    return effect


def sign_flip_p(changes: Sequence[float], alternative: Alternative) -> float:
    """How many of the 2ⁿ ways to sign the changes give a sum at least as far out."""
    observed, allowance = sum(changes), NEARLY * sum(map(abs, changes))
    sums = [0.0]
    for change in changes:
        sums = [total + change for total in sums] + [total - change for total in sums]
    match alternative:
        case Alternative.GREATER:
            as_far = sum(total >= observed - allowance for total in sums)
        case Alternative.LESS:
            as_far = sum(total <= observed + allowance for total in sums)
        case _:
            as_far = sum(abs(total) >= abs(observed) - allowance for total in sums)
    return as_far / len(sums)


@dataclass(frozen=True, kw_only=True)
class Course:
    """A group before and after; ``change`` when the change itself is known."""

    before: Spread | Share | Published | None = None
    after: Spread | Share | Published | None = None
    change: Spread | Published | None = None


def difference_in_differences(
    treatment: Course, comparison: Course, test: Test, design_effect: float = 1.0
) -> Effect:
    """How much more the treatment group changed than the comparison group.

    Printed standard errors are taken as they are: the design effect widens the others only.
    """
    pairs = [_shares(course) for course in (treatment, comparison)]
    if pairs[0] and pairs[1]:
        return _of_shares(pairs[0], pairs[1], test, design_effect)
    ours, theirs = _known_change(treatment), _known_change(comparison)
    parts = [*_parts(ours, "treatment"), *_parts(theirs, "comparison")]
    spreads = [part for part in parts if isinstance(part, Spread)]
    if len(spreads) < len(parts):
        effect = _from_printed(parts, _moved(ours) - _moved(theirs), test, design_effect)
    else:
        refuse_constant(*spreads)
        error, df = _welch_satterthwaite(spreads, design_effect)
        effect = _from_t(DIFFERENCES, _moved(ours) - _moved(theirs), error, df, test)
        effect = effect.with_extra(se=error)
        if design_effect == 1:
            effect = effect.with_extra(**_ancova(treatment, comparison, test))
    return effect.with_extra(treatment_change=_moved(ours), comparison_change=_moved(theirs))


def _from_printed(
    parts: Sequence[Spread | Published], estimate: float, test: Test, design_effect: float
) -> Effect:
    widening = math.sqrt(design_effect)
    errors = [part.se * (widening if isinstance(part, Spread) else 1) for part in parts]
    error = math.hypot(*errors)
    return from_normal(DIFFERENCES, estimate, error, test).with_extra(se=error)


def _from_t(method: str, estimate: float, error: float, df: float, test: Test) -> Effect:
    distribution = stats().t(df)
    reach = error * float(distribution.isf(test.tail))
    t = estimate / error
    tails = {
        Alternative.GREATER: distribution.sf(t),
        Alternative.LESS: distribution.cdf(t),
        Alternative.TWO_SIDED: 2 * distribution.sf(abs(t)),
    }
    return Effect(
        method=method,
        estimate=estimate,
        interval=Interval(estimate - reach, estimate + reach),
        p_value=float(tails[test.alternative]),
        statistic=t,
        df=df,
    )


def _ranked(treatment: Spread, comparison: Spread, test: Test) -> dict[str, object]:
    """The rank-sum test beside the means, and whether skewness makes it the one to look at."""
    if not treatment.values or not comparison.values:
        return {}
    ranked = rank_sum_test(treatment.values, comparison.values, test)
    bend = max(abs(skewness(group.values)) for group in (treatment, comparison))
    return {"rank_sum_p": ranked.p_value, "is_skewed": bend > SKEWED}


def skewness(values: Sequence[float]) -> float:
    """The third standardized moment; 0 where nothing varies."""
    mean = fmean(values)
    deviation = math.hypot(*(value - mean for value in values)) / math.sqrt(len(values))
    return fmean(((value - mean) / deviation) ** 3 for value in values) if deviation else 0.0


def _known_change(course: Course) -> Course:
    """The course with its change, where each person's own change is known."""
    pairs = _pairs(course)
    if course.change is not None or not pairs:
        return course
    return replace(course, change=spread_of([late - early for early, late in pairs]))


def _parts(course: Course, name: str) -> list[Spread | Published]:
    if course.change is not None:
        return [course.change]
    parts = [part for part in (course.before, course.after) if isinstance(part, Spread | Published)]
    if len(parts) < 2:
        raise refuse(name, sentence("Give the numbers before and after, or the change."))
    return parts


def _moved(course: Course) -> float:
    if course.change is not None:
        return course.change.mean
    before, after = _parts(course, "treatment")
    return after.mean - before.mean


def _shares(course: Course) -> tuple[Share, Share] | None:
    if isinstance(course.before, Share) and isinstance(course.after, Share):
        return course.before, course.after
    return None


def _of_shares(
    treatment: tuple[Share, Share],
    comparison: tuple[Share, Share],
    test: Test,
    design_effect: float,
) -> Effect:
    """Shares: the interval adds up the four Wilson intervals; p is read off it."""

    def change(pair: tuple[Share, Share]) -> float:
        return pair[1].value - pair[0].value

    def around(deviations: float) -> Interval:
        return square_and_add(
            change(treatment),
            newcombe(treatment[1], treatment[0], deviations, design_effect),
            change(comparison),
            newcombe(comparison[1], comparison[0], deviations, design_effect),
        )

    estimate = change(treatment) - change(comparison)
    shares = (*treatment, *comparison)
    variance = sum(share.value * (1 - share.value) / share.n for share in shares)
    return Effect(
        method=DIFFERENCES,
        estimate=estimate,
        interval=around(test.deviations),
        p_value=inverted_p(around, estimate, test),
        extra={
            "se": math.sqrt(variance * design_effect),
            "treatment_change": change(treatment),
            "comparison_change": change(comparison),
        },
    )


def _ancova(treatment: Course, comparison: Course, test: Test) -> dict[str, object]:
    """The effect with each person's own start held equal; for groups assigned at random."""
    ours, theirs = _pairs(treatment), _pairs(comparison)
    if not ours or not theirs:
        return {}
    rows = [(1.0, *pair) for pair in ours] + [(0.0, *pair) for pair in theirs]
    effect = _adjusted(rows, test)
    if effect is None:
        return {}
    return {
        "ancova_estimate": effect.estimate,
        "ancova_interval": [effect.interval.low, effect.interval.high],
        "ancova_p": effect.p_value,
    }


def _pairs(course: Course) -> list[tuple[float, float]]:
    """Each person before and after: as many values before as after, in the same order."""
    before, after = course.before, course.after
    if not isinstance(before, Spread) or not isinstance(after, Spread):
        return []
    are_same = len(before.values) == len(after.values)
    return list(zip(before.values, after.values, strict=True)) if are_same else []


def _adjusted(rows: Sequence[tuple[float, float, float]], test: Test) -> Effect | None:
    """Least squares of after on arm and before, by the two normal equations."""
    arm_mean, start_mean, end_mean = (fmean(row[place] for row in rows) for place in range(3))
    centred = [(a - arm_mean, s - start_mean, e - end_mean) for a, s, e in rows]
    arms = sum(a * a for a, _s, _e in centred)
    starts = sum(s * s for _a, s, _e in centred)
    both = sum(a * s for a, s, _e in centred)
    spread = arms * starts - both**2
    df = len(rows) - 3
    if df < 1 or spread <= NEARLY * arms * starts:
        return None
    by_arm = sum(a * e for a, _s, e in centred)
    by_start = sum(s * e for _a, s, e in centred)
    slope = (arms * by_start - both * by_arm) / spread
    estimate = (starts * by_arm - both * by_start) / spread
    left = sum((e - estimate * a - slope * s) ** 2 for a, s, e in centred)
    error = math.sqrt(left / df * starts / spread)
    return _from_t("ancova", estimate, error, df, test) if error else None
