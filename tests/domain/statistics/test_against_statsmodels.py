"""Differential tests: thousands of random inputs, statsmodels says the same."""

import math
from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app.domain.statistics import means, proportions, rates, sites
from app.domain.statistics.effects import Alternative, Interval
from app.domain.statistics.effects import Test as Asked
from app.domain.statistics.groups import Changed, Events, Share, Spread, spread_of
from app.domain.statistics.menu import Outcome
from app.domain.statistics.power import Plan, advise
from app.domain.statistics.repeated import holm
from app.domain.statistics.sites import Site
from models.vocabulary import ComparisonDesign as Design

# statsmodels takes seconds to import: by one process, and only when these tests run.
pytestmark = pytest.mark.xdist_group("statsmodels")
many = settings(max_examples=120)

confidences = st.sampled_from([0.8, 0.9, 0.95, 0.99])
shares = st.integers(1, 400).flatmap(
    lambda n: st.builds(Share, successes=st.integers(0, n), n=st.just(n))
)
reals = st.floats(-1000, 1000).map(lambda value: round(value, 3))
samples = st.lists(reals, min_size=2, max_size=25).filter(lambda values: len(set(values)) > 1)
SPELLED = {
    Alternative.TWO_SIDED: "two-sided",
    Alternative.GREATER: "larger",
    Alternative.LESS: "smaller",
}


def oracle(name: str) -> Any:
    """A module of statsmodels."""
    return import_module(f"statsmodels.{name}")


def is_near(ours: object, theirs: float, *, rel: float = 1e-7, absolute: float = 1e-9) -> bool:
    assert isinstance(ours, float | int)
    return math.isclose(ours, float(theirs), rel_tol=rel, abs_tol=absolute)


def are_near(ours: Interval, theirs: Sequence[float], rel: float = 1e-7) -> bool:
    return is_near(ours.low, theirs[0], rel=rel) and is_near(ours.high, theirs[1], rel=rel)


@many
@given(shares, confidences)
def test_wilson_and_clopper_pearson_are_statsmodels(share: Share, confidence: float) -> None:
    confint = oracle("stats.proportion").proportion_confint
    test, alpha = Asked(confidence=confidence), 1 - confidence
    effect = proportions.alone(share, test)
    wilson = confint(share.successes, share.n, alpha, "wilson")
    exact = confint(share.successes, share.n, alpha, "beta")
    assert are_near(effect.interval, wilson)
    assert are_near(Interval(*effect.extra["clopper_pearson"]), exact)  # type: ignore[misc]


@many
@given(shares, shares, confidences)
def test_newcombe_is_statsmodels(first: Share, second: Share, confidence: float) -> None:
    theirs = oracle("stats.proportion").confint_proportions_2indep(
        first.successes,
        first.n,
        second.successes,
        second.n,
        method="newcomb",
        compare="diff",
        alpha=1 - confidence,
    )
    effect = proportions.difference(first, second, Asked(confidence=confidence))
    # Where nobody or everybody did it statsmodels leaves a trace of rounding.
    assert are_near(effect.interval, theirs)


@many
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 100))
def test_mcnemars_exact_p_is_statsmodels(improved: int, worsened: int, others: int) -> None:
    mcnemar = oracle("stats.contingency_tables").mcnemar
    theirs = mcnemar([[others, improved], [worsened, 0]], exact=True)
    group = Changed(improved, worsened, improved + worsened + others)
    assert is_near(proportions.changed(group, Asked()).p_value, theirs.pvalue)


@many
@given(samples, samples, confidences, st.sampled_from(Alternative))
def test_welch_is_statsmodels(
    first: list[float], second: list[float], confidence: float, alternative: Alternative
) -> None:
    weightstats = oracle("stats.weightstats")
    compared = weightstats.CompareMeans(
        weightstats.DescrStatsW(first), weightstats.DescrStatsW(second)
    )
    t, p, df = compared.ttest_ind(usevar="unequal", alternative=SPELLED[alternative])
    limits = compared.tconfint_diff(1 - confidence, usevar="unequal")
    effect = means.welch(
        spread_of(first),
        spread_of(second),
        Asked(confidence=confidence, alternative=alternative),
    )
    assert are_near(effect.interval, limits, rel=1e-6)
    assert is_near(effect.statistic, t)
    assert is_near(effect.df, df)
    assert is_near(effect.p_value, p, rel=1e-6)


@many
@given(samples, confidences, st.sampled_from(Alternative))
def test_the_paired_interval_is_statsmodels(
    changes: list[float], confidence: float, alternative: Alternative
) -> None:
    described = oracle("stats.weightstats").DescrStatsW(changes)
    t, p, df = described.ttest_mean(0, SPELLED[alternative])
    effect = means.paired(spread_of(changes), Asked(confidence=confidence, alternative=alternative))
    assert are_near(effect.interval, described.tconfint_mean(1 - confidence), rel=1e-6)
    assert is_near(effect.statistic, t)
    assert effect.df == df
    assert is_near(effect.p_value, p, rel=1e-6)


effects_of_sites = st.lists(
    st.tuples(st.floats(-3, 3), st.floats(0.001, 5)), min_size=2, max_size=12
)


@many
@given(effects_of_sites, confidences)
def test_dersimonian_laird_is_statsmodels(
    found: list[tuple[float, float]], confidence: float
) -> None:
    # Below zero statsmodels divides by nothing; tau² is zero there, the effect the fixed one.
    with np.errstate(all="ignore"):
        combined = oracle("stats.meta_analysis").combine_effects(
            np.array([one[0] for one in found]),
            np.array([one[1] for one in found]),
            method_re="chi2",
        )
        is_mixed = combined.tau2 > 0
        limits = combined.conf_int(alpha=1 - confidence, use_t=False)[1 if is_mixed else 0]
        mean = combined.mean_effect_re if is_mixed else combined.mean_effect_fe
    effect = sites.pooled_effect(
        [Site(str(at), *one) for at, one in enumerate(found)],
        Asked(confidence=confidence),
        is_ratio=False,
    )
    assert is_near(effect.estimate, mean)
    assert are_near(effect.interval, limits)
    assert is_near(effect.extra["tau2"], max(0.0, combined.tau2))
    assert is_near(effect.extra["q"], combined.q)
    # Of sites that agree to the last digit statsmodels makes an I² of 10¹⁵.
    assume(combined.q > 1e-6)
    assert is_near(effect.extra["i2"], max(0.0, combined.i2))


@many
@given(shares, shares)
def test_a_sites_log_risk_ratio_is_statsmodels(first: Share, second: Share) -> None:
    assume(0 < first.successes < first.n and 0 < second.successes < second.n)
    effectsize = oracle("stats.meta_analysis").effectsize_2proportions
    theirs, variance = effectsize(
        *(np.array([part]) for part in (first.successes, first.n, second.successes, second.n)),
        statistic="risk-ratio",
    )
    site = sites.site_of("one", first, second)
    assert site is not None
    assert is_near(site.estimate, theirs[0])
    assert is_near(site.variance, variance[0])


@many
@given(
    st.integers(0, 80),
    st.floats(0.5, 500),
    st.integers(0, 80),
    st.floats(0.5, 500),
    st.sampled_from(Alternative),
)
def test_the_exact_comparison_of_rates_is_statsmodels(
    count: int, exposure: float, other: int, beside: float, alternative: Alternative
) -> None:
    assume(other)
    theirs = oracle("stats.rates").test_poisson_2indep(
        count,
        exposure,
        other,
        beside,
        method="exact-cond",
        compare="ratio",
        alternative=SPELLED[alternative],
    )
    ours, comparison = Events(count, exposure), Events(other, beside)
    effect = rates.rate_ratio(ours, comparison, Asked(alternative=alternative))
    assert is_near(effect.p_value, theirs.pvalue)


@many
@given(st.integers(0, 200), st.floats(0.5, 500), confidences)
def test_garwoods_interval_is_statsmodels(count: int, exposure: float, confidence: float) -> None:
    theirs = oracle("stats.rates").confint_poisson(
        count, exposure, method="exact-c", alpha=1 - confidence
    )
    ours = rates.garwood(Events(count, exposure), Asked(confidence=confidence).tail)
    assert are_near(ours, theirs)


powers = st.sampled_from([0.7, 0.8, 0.9, 0.95])


@settings(max_examples=10)
@given(st.floats(0.15, 1.5), powers, confidences)
def test_the_numbers_needed_for_means_are_statsmodels(
    effect: float, power: float, confidence: float
) -> None:
    assume(power > 1 - confidence)
    module = oracle("stats.power")
    asked = {"effect_size": effect, "alpha": 1 - confidence, "power": power}
    for design, theirs in (
        (Design.TWO_GROUPS, module.TTestIndPower().power),
        (Design.BEFORE_AFTER_SAME, module.TTestPower().power),
    ):
        plan = Plan(
            design=design, outcome=Outcome.MEAN, effect=effect, power=power, confidence=confidence
        )
        n = advise(plan).n_per_group
        given_n = {"alpha": asked["alpha"], "alternative": "two-sided"}
        assert theirs(effect, n, **given_n) >= power - 1e-9
        assert n == 2 or theirs(effect, n - 1, **given_n) < power


@settings(max_examples=10)
@given(st.integers(4, 400), powers)
def test_the_effect_that_n_can_detect_is_statsmodels(n: int, power: float) -> None:
    theirs = (
        oracle("stats.power")
        .TTestIndPower()
        .solve_power(nobs1=n, alpha=0.05, power=power, alternative="two-sided")
    )
    plan = Plan(design=Design.TWO_GROUPS, outcome=Outcome.MEAN, n_per_group=n, power=power)
    assert is_near(advise(plan).detectable_effect, np.ravel(theirs)[0], rel=1e-5)


@settings(max_examples=40)
@given(st.floats(0.02, 0.98), st.floats(0.02, 0.98), powers)
def test_the_numbers_needed_for_shares_are_statsmodels(
    first: float, second: float, power: float
) -> None:
    h = oracle("stats.proportion").proportion_effectsize(first, second)
    assume(abs(h) > 0.1)
    exact = oracle("stats.power").NormalIndPower().solve_power(h, alpha=0.05, power=power)
    plan = Plan(design=Design.TWO_GROUPS, outcome=Outcome.PROPORTION, effect=h, power=power)
    assert advise(plan).n_per_group == max(2, math.ceil(exact - 1e-6))


@many
@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_holm_is_statsmodels(p_values: list[float]) -> None:
    adjusted = oracle("stats.multitest").multipletests(p_values, method="holm")[1]
    assert holm(p_values) == pytest.approx(list(adjusted))


@many
@given(
    st.lists(st.tuples(reals, reals), min_size=2, max_size=15),
    st.lists(st.tuples(reals, reals), min_size=2, max_size=15),
)
def test_ancova_is_statsmodels_least_squares(
    ours: list[tuple[float, float]], theirs: list[tuple[float, float]]
) -> None:
    effect = means.difference_in_differences(_course(ours), _course(theirs), Asked())
    assume("ancova_estimate" in effect.extra)
    rows = [(1.0, 1.0, start) for start, _end in ours] + [(1.0, 0.0, at) for at, _end in theirs]
    ends = [end for _start, end in ours + theirs]
    fitted = oracle("regression.linear_model").OLS(ends, rows).fit()
    # Two lines that fit without a remainder have no p.
    assume(fitted.condition_number < 1e5 and fitted.ssr > 1e-6)
    assert is_near(effect.extra["ancova_estimate"], fitted.params[1], rel=1e-4, absolute=1e-5)
    assert is_near(effect.extra["ancova_p"], fitted.pvalues[1], rel=1e-3, absolute=1e-6)


def _course(pairs: list[tuple[float, float]]) -> means.Course:
    early, late = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    assume(len({end - start for start, end in pairs}) > 1)
    return means.Course(before=spread_of(early), after=spread_of(late))


@many
@given(
    st.lists(st.tuples(reals, st.floats(0.1, 50), st.integers(2, 60)), min_size=4, max_size=4),
    confidences,
)
def test_difference_in_differences_is_a_contrast_of_four_independent_means(
    cells: list[tuple[float, float, int]], confidence: float
) -> None:
    stats = oracle("stats.weightstats")
    groups = [Spread(*cell) for cell in cells]
    effect = means.difference_in_differences(
        means.Course(before=groups[0], after=groups[1]),
        means.Course(before=groups[2], after=groups[3]),
        Asked(confidence=confidence),
    )
    variances = [group.sd**2 / group.n for group in groups]
    error = math.sqrt(sum(variances))
    df = error**4 / sum(v**2 / (g.n - 1) for v, g in zip(variances, groups, strict=True))
    mean = (cells[1][0] - cells[0][0]) - (cells[3][0] - cells[2][0])
    limits = stats._tconfint_generic(mean, error, df, 1 - confidence, "two-sided")
    assert are_near(effect.interval, limits)
    assert is_near(effect.df, df)
