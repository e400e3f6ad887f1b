"""Several sites pooled: DerSimonian and Laird's random effects."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from app.domain.statistics.effects import Effect, Test, from_normal
from app.domain.statistics.groups import Events, Ordered, Recommending, Share, Spread, refuse
from app.domain.statistics.scores import score, squared_error
from app.language.sentences import sentence

FEWEST_SITES = 2
# Added to every cell of a site in which one is empty, so that its ratio exists.
FILLING = 0.5

Group = Share | Spread | Events | Ordered | Recommending


@dataclass(frozen=True)
class Site:
    """What one site found, on the scale that is pooled."""

    name: str
    estimate: float
    variance: float

    def widened(self, design_effect: float) -> "Site":
        """The same site where people come in clusters."""
        return replace(self, variance=self.variance * design_effect)


@dataclass(frozen=True)
class Pooled:
    """The pooled effect and how far the sites differ."""

    estimate: float
    error: float
    tau2: float
    q: float
    weights: Sequence[float]


def site_of(name: str, treatment: Group, comparison: Group) -> Site | None:
    """A site's effect: log ratio for shares and rates, difference for the rest.

    None for a site in which nothing happened in either group: it says nothing about a ratio.
    """
    match treatment, comparison:
        case Share(), Share():
            return _log_risk_ratio(name, treatment, comparison)
        case Events(), Events():
            return _log_rate_ratio(name, treatment, comparison)
        case Spread(), Spread():
            error = treatment.squared_error + comparison.squared_error
            return Site(name, treatment.mean - comparison.mean, error)
        case Recommending(), Recommending():
            error = squared_error(treatment) + squared_error(comparison)
            return Site(name, score(treatment) - score(comparison), error)
        case Ordered(), Ordered():
            return _superiority(name, treatment, comparison)
        case _:
            raise refuse("sites", sentence("Both groups of a site hold the same kind of numbers."))


def pool(sites: Sequence[Site]) -> Pooled:
    """DerSimonian R. and Laird N., Controlled Clinical Trials 7 (1986) 177–188."""
    weights = [1 / site.variance for site in sites]
    fixed = _weighted(sites, weights)
    q = sum(
        weight * (site.estimate - fixed) ** 2 for site, weight in zip(sites, weights, strict=True)
    )
    scale = sum(weights) - sum(weight**2 for weight in weights) / sum(weights)
    tau2 = max(0.0, (q - (len(sites) - 1)) / scale) if scale > 0 else 0.0
    mixed = [1 / (site.variance + tau2) for site in sites]
    total = sum(mixed)
    shares = [weight / total for weight in mixed]
    return Pooled(_weighted(sites, mixed), math.sqrt(1 / total), tau2, q, shares)


def pooled_effect(sites: Sequence[Site], test: Test, *, is_ratio: bool) -> Effect:
    """The pooled effect with its forest and, one by one, what it is without each site.

    For shares and rates everything is on the log scale; ``ratio`` in ``extra`` is its antilog.
    """
    if len(sites) < FEWEST_SITES:
        raise refuse("sites", sentence("At least 2 sites with something to compare are needed."))
    if flat := next((site for site in sites if site.variance <= 0), None):
        raise refuse(
            "sites",
            sentence("“%(name)s”: without any spread nothing can be pooled.", name=flat.name),
        )
    found, df = pool(sites), len(sites) - 1
    effect = from_normal("dersimonian_laird", found.estimate, found.error, test).with_extra(
        tau2=found.tau2,
        i2=max(0.0, 1 - df / found.q) if found.q else 0.0,
        q=found.q,
        q_df=df,
        se=found.error,
        sites=_forest(sites, found, test),
        leave_one_out=_leave_one_out(sites, test),
    )
    return effect.with_extra(**_ratio(effect)) if is_ratio else effect


def _weighted(sites: Sequence[Site], weights: Sequence[float]) -> float:
    pairs = zip(sites, weights, strict=True)
    return sum(site.estimate * weight for site, weight in pairs) / sum(weights)


def _ratio(effect: Effect) -> dict[str, object]:
    return {
        "ratio": math.exp(effect.estimate),
        "ratio_interval": [math.exp(effect.interval.low), math.exp(effect.interval.high)],
    }


def _forest(sites: Sequence[Site], found: Pooled, test: Test) -> list[dict[str, object]]:
    return [
        {
            "name": site.name,
            "estimate": site.estimate,
            "interval": _around(site.estimate, math.sqrt(site.variance) * test.deviations),
            "weight": weight,
        }
        for site, weight in zip(sites, found.weights, strict=True)
    ]


def _leave_one_out(sites: Sequence[Site], test: Test) -> list[dict[str, object]]:
    if len(sites) <= FEWEST_SITES:
        return []
    without = [(left, pool([site for site in sites if site is not left])) for left in sites]
    return [
        {
            "without": left.name,
            "estimate": rest.estimate,
            "interval": _around(rest.estimate, rest.error * test.deviations),
        }
        for left, rest in without
    ]


def _around(middle: float, reach: float) -> list[float]:
    return [middle - reach, middle + reach]


def _log_risk_ratio(name: str, treatment: Share, comparison: Share) -> Site | None:
    if treatment.successes == comparison.successes == 0:
        return None
    cells = (treatment.successes, comparison.successes)
    is_full = treatment.successes == treatment.n or comparison.successes == comparison.n
    filling = FILLING if 0 in cells or is_full else 0.0
    ours, ours_of = treatment.successes + filling, treatment.n + 2 * filling
    theirs, theirs_of = comparison.successes + filling, comparison.n + 2 * filling
    variance = 1 / ours - 1 / ours_of + 1 / theirs - 1 / theirs_of
    return Site(name, math.log(ours / ours_of) - math.log(theirs / theirs_of), variance)


def _log_rate_ratio(name: str, treatment: Events, comparison: Events) -> Site | None:
    if treatment.count == comparison.count == 0:
        return None
    filling = FILLING if 0 in (treatment.count, comparison.count) else 0.0
    ours, theirs = treatment.count + filling, comparison.count + filling
    ratio = math.log(ours / treatment.exposure) - math.log(theirs / comparison.exposure)
    return Site(name, ratio, 1 / ours + 1 / theirs)


def _superiority(name: str, treatment: Ordered, comparison: Ordered) -> Site:
    """Probability of superiority less that of inferiority, with DeLong's variance."""
    ours = _dominance(treatment.values, comparison.values)
    theirs = _dominance(comparison.values, treatment.values)
    estimate = sum(ours) / len(ours)
    return Site(name, estimate, _variance(ours) / len(ours) + _variance(theirs) / len(theirs))


def _dominance(values: Sequence[float], others: Sequence[float]) -> list[float]:
    """For each value, the share of the others below it less the share above it."""
    ordered, n = sorted(others), len(others)
    return [
        (bisect_left(ordered, value) - (n - bisect_right(ordered, value))) / n for value in values
    ]


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum((value - mean) ** 2 for value in values) / (len(values) - 1)
