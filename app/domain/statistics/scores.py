"""Recommendation scores (NPS), in points from −100 to 100."""

import math
from dataclasses import replace

from app.domain.statistics.effects import Effect, Interval, Test, from_normal
from app.domain.statistics.groups import Recommending, no_spread

POINTS = 100


def score(group: Recommending) -> float:
    """Promoters less detractors, in points."""
    return POINTS * (group.promoters - group.detractors) / group.n


def squared_error(group: Recommending) -> float:
    """The squared standard error of the score, in points: (p + d − (p − d)²) ÷ n."""
    promoting, opposing = group.promoters / group.n, group.detractors / group.n
    return POINTS**2 * (promoting + opposing - (promoting - opposing) ** 2) / group.n


def alone(group: Recommending, test: Test, design_effect: float = 1.0) -> Effect:
    """One score and nothing to hold it against: the score itself, with its n."""
    own, error = score(group), math.sqrt(squared_error(group) * design_effect)
    effect = _effect(own, error, test, (-POINTS, POINTS))
    return replace(effect, p_value=None, statistic=None, extra={"n": group.n})


def against_target(
    group: Recommending, target: float, test: Test, design_effect: float = 1.0
) -> Effect:
    """One score against a target; ``score`` in ``extra`` is the score itself, with its n."""
    itself = alone(group, test, design_effect)
    error = math.sqrt(squared_error(group) * design_effect)
    ends = (-POINTS - target, POINTS - target)
    return _effect(itself.estimate - target, error, test, ends).with_extra(
        **itself.extra,
        score=itself.estimate,
        score_interval=[itself.interval.low, itself.interval.high],
        target=target,
    )


def difference(
    treatment: Recommending, comparison: Recommending, test: Test, design_effect: float = 1.0
) -> Effect:
    """Two scores."""
    error = math.sqrt((squared_error(treatment) + squared_error(comparison)) * design_effect)
    estimate, ends = score(treatment) - score(comparison), (-2.0 * POINTS, 2.0 * POINTS)
    return _effect(estimate, error, test, ends).with_extra(
        treatment_score=score(treatment),
        comparison_score=score(comparison),
        treatment_n=treatment.n,
        comparison_n=comparison.n,
    )


def _effect(estimate: float, error: float, test: Test, ends: tuple[float, float]) -> Effect:
    """The effect; its interval ends where no score can be."""
    if error == 0:
        raise no_spread("promoters")
    effect = from_normal("nps_normal", estimate, error, test)
    low, high = max(ends[0], effect.interval.low), min(ends[1], effect.interval.high)
    return replace(effect, interval=Interval(low, high))
