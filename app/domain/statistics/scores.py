"""Recommendation scores (NPS), in points from −100 to 100."""

import math
from dataclasses import replace

from app.domain.statistics.effects import Effect, Interval, Test, normal_p
from app.domain.statistics.groups import Recommending, refuse
from app.language.sentences import sentence

POINTS = 100


def score(group: Recommending) -> float:
    """Promoters less detractors, in points."""
    return POINTS * (group.promoters - group.detractors) / group.n


def squared_error(group: Recommending) -> float:
    """The squared standard error of the score, in points: (p + d − (p − d)²) ÷ n."""
    promoting, opposing = group.promoters / group.n, group.detractors / group.n
    return POINTS**2 * (promoting + opposing - (promoting - opposing) ** 2) / group.n


def alone(group: Recommending, test: Test) -> Effect:
    """One score and nothing to hold it against: the score itself, with its n."""
    own = score(group)
    effect = _effect(own, math.sqrt(squared_error(group)), test)
    bounded = Interval(max(-POINTS, effect.interval.low), min(POINTS, effect.interval.high))
    return replace(effect, interval=bounded, p_value=None, statistic=None, extra={"n": group.n})


def against_target(group: Recommending, target: float, test: Test) -> Effect:
    """One score against a target; ``score`` in ``extra`` is the score itself, with its n."""
    itself = alone(group, test)
    effect = _effect(itself.estimate - target, math.sqrt(squared_error(group)), test)
    return effect.with_extra(
        **itself.extra,
        score=itself.estimate,
        score_interval=[itself.interval.low, itself.interval.high],
        target=target,
    )


def difference(treatment: Recommending, comparison: Recommending, test: Test) -> Effect:
    """Two scores."""
    error = math.sqrt(squared_error(treatment) + squared_error(comparison))
    return _effect(score(treatment) - score(comparison), error, test).with_extra(
        treatment_score=score(treatment),
        comparison_score=score(comparison),
        treatment_n=treatment.n,
        comparison_n=comparison.n,
    )


def _effect(estimate: float, error: float, test: Test) -> Effect:
    if error == 0:
        raise refuse("promoters", sentence("All answers are equal: nothing can be compared."))
    reach = error * test.deviations
    return Effect(
        method="nps_normal",
        estimate=estimate,
        interval=Interval(estimate - reach, estimate + reach),
        p_value=normal_p(estimate / error, test.alternative),
        statistic=estimate / error,
    )
