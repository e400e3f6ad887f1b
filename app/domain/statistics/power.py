"""The design advisor's arithmetic: how many are needed, and what a number can detect."""

import math
from collections.abc import Callable
from dataclasses import dataclass, field

from app.domain.statistics.clusters import Clusters
from app.domain.statistics.effects import NORMAL, below, bisected
from app.domain.statistics.groups import refuse
from app.domain.statistics.menu import Outcome
from app.domain.statistics.science import stats
from app.language.sentences import sentence
from models.vocabulary import ComparisonDesign as Design

MOST_N = 10_000_000
LARGEST_EFFECT = 100.0
# How many observations ranks need for one of the t test, when answers are normal: Lehmann 1975.
RANKS_EFFICIENCY = 3 / math.pi
COMPARED_GROUPS = frozenset({Design.TWO_GROUPS, Design.TWO_GROUPS_BEFORE_AFTER})


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is asked: the n one can get, or the effect one hopes for.

    ``effect``: Cohen's d for means, scores and ordered answers; Cohen's h for shares.
    """

    design: Design
    outcome: Outcome
    n_per_group: int | None = None
    effect: float | None = None
    power: float = 0.8
    confidence: float = 0.95
    clusters: Clusters = field(default_factory=Clusters)


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The answer: numbers per group before and with the design effect.

    ``detectable_effect`` is what ``n_per_group`` independent people can detect, None where not even
    the largest effect would show; in clusters, divide n by the design effect first. ``best_p`` is
    the p-value of a perfect result, None where none can be named.
    """

    n_per_group: int
    detectable_effect: float | None
    design_effect: float
    n_per_group_clustered: int
    best_p: float | None
    can_reach: bool


def advise(plan: Plan) -> Advice:
    """Numbers needed, or the effect detectable, at the power asked for."""
    _refuse(plan)
    n = plan.n_per_group if plan.n_per_group is not None else _needed_n(plan)
    effect = plan.clusters.design_effect
    best_p, least = best_p_of(plan, n), detectable(plan, n)
    return Advice(
        n_per_group=n,
        detectable_effect=least,
        design_effect=effect,
        # Rounded first: 64 × 1.45 must not become 93 for a trace of binary arithmetic.
        n_per_group_clustered=math.ceil(round(n * effect, 9)),
        best_p=best_p,
        can_reach=least is not None and (best_p is None or best_p <= 1 - plan.confidence),
    )


def detectable(plan: Plan, n: float) -> float | None:
    """The smallest effect that n per group detect at the power asked for; None if none is."""
    power = _power_function(plan)
    if power(n, _largest(plan)) < plan.power:
        return None
    return bisected(lambda effect: power(n, effect) - plan.power, 0.0, _largest(plan))


def power_at(plan: Plan, n: float, effect: float) -> float:
    """The chance that n per group show an effect of this size."""
    return _power_function(plan)(n, effect)


def _needed_n(plan: Plan) -> int:
    """The smallest whole n per group whose power suffices."""
    power, effect = _power_function(plan), abs(plan.effect or 0.0)
    low, high = 1, 2
    while power(high, effect) < plan.power:
        low, high = high, high * 2
        if high > MOST_N:
            raise refuse("effect", sentence("So small an effect needs more people than there are."))
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if power(middle, effect) >= plan.power else (middle, high)
    return high


def _power_function(plan: Plan) -> Callable[[float, float], float]:
    """The power as a function of n per group and effect."""
    is_compared, tail = plan.design in COMPARED_GROUPS, (1 - plan.confidence) / 2
    if plan.outcome is Outcome.PROPORTION:
        return lambda n, effect: _normal_power(n / 2 if is_compared else n, effect, tail)
    efficiency = RANKS_EFFICIENCY if plan.outcome is Outcome.ORDINAL else 1.0
    return lambda n, effect: _t_power(n * efficiency, effect, tail, is_compared=is_compared)


def _normal_power(n: float, effect: float, tail: float) -> float:
    critical, shift = -NORMAL.inv_cdf(tail), effect * math.sqrt(n)
    return below(shift - critical) + below(-shift - critical)


def _t_power(n: float, effect: float, tail: float, *, is_compared: bool) -> float:
    df = 2 * n - 2 if is_compared else n - 1
    if df <= 0:
        return 0.0
    shift = effect * math.sqrt(n / 2 if is_compared else n)
    critical = float(stats().t.ppf(1 - tail, df))
    noncentral = stats().nct(df, shift)
    above, under = float(noncentral.sf(critical)), float(noncentral.cdf(-critical))
    # Far out scipy's noncentral t has no value; the power is 1 there.
    return 1.0 if math.isnan(above) else above + (0.0 if math.isnan(under) else under)


def _largest(plan: Plan) -> float:
    # Cohen's h of 0 % against 100 % is π: no share can move further.
    return math.pi if plan.outcome is Outcome.PROPORTION else LARGEST_EFFECT


def best_p_of(plan: Plan, n: int) -> float | None:
    """The two-sided exact p of a perfect result: everybody against nobody, all one way."""
    if plan.design is Design.BEFORE_AFTER_SAME:
        return min(1.0, 2 * 0.5**n)
    if plan.design in COMPARED_GROUPS:
        ways = math.lgamma(2 * n + 1) - 2 * math.lgamma(n + 1)
        return min(1.0, 2 * math.exp(-ways))
    return None


def _refuse(plan: Plan) -> None:
    if (plan.design, plan.outcome) not in PLANNED:
        raise refuse("outcome", sentence("There is no method for this outcome in this design."))
    if (plan.n_per_group is None) == (plan.effect is None):
        raise refuse("n_per_group", sentence("Give either n_per_group or effect."))
    if plan.n_per_group is not None and plan.n_per_group < 1:
        raise refuse("n_per_group", sentence("Nobody was asked: n must be at least 1."))
    if plan.n_per_group is not None and plan.n_per_group > MOST_N:
        raise refuse("n_per_group", sentence("This number is too large."))
    if plan.effect is not None and not 0 < abs(plan.effect) <= _largest(plan):
        raise refuse("effect", sentence("The effect must not be zero, nor beyond what can be."))
    if not 0 < plan.confidence < 1:
        raise refuse("confidence", sentence("The confidence lies between 0 and 1, as in 0.95."))
    if not 0 < plan.power < 1:
        raise refuse("power", sentence("The power lies between 0 and 1, as in 0.8."))
    if plan.power <= 1 - plan.confidence:
        raise refuse("power", sentence("The power must exceed the rate of false alarms."))


PLANNED = frozenset(
    {
        (Design.TWO_GROUPS, Outcome.PROPORTION),
        (Design.ONE_GROUP_TARGET, Outcome.PROPORTION),
        (Design.BEFORE_AFTER_SAME, Outcome.PROPORTION),
        (Design.TWO_GROUPS_BEFORE_AFTER, Outcome.PROPORTION),
        (Design.TWO_GROUPS, Outcome.MEAN),
        (Design.BEFORE_AFTER_SAME, Outcome.MEAN),
        (Design.TWO_GROUPS_BEFORE_AFTER, Outcome.MEAN),
        (Design.TWO_GROUPS, Outcome.ORDINAL),
        (Design.BEFORE_AFTER_SAME, Outcome.ORDINAL),
        (Design.TWO_GROUPS, Outcome.NPS),
        (Design.ONE_GROUP_TARGET, Outcome.NPS),
    }
)
