"""Design × outcome → method, and only these."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import StatisticsError
from typing import TypeVar

from app.domain.refusals import InvalidError, Problem
from app.domain.statistics import means, proportions, ranks, rates, scores, sites
from app.domain.statistics.clusters import Clusters
from app.domain.statistics.effects import Effect, Test
from app.domain.statistics.groups import (
    Changed,
    Events,
    Ordered,
    Recommending,
    Share,
    Spread,
    refuse,
    spread_of,
)
from app.domain.statistics.means import Course
from app.language.sentences import sentence
from models.vocabulary import ComparisonDesign as Design
from models.vocabulary import MetricKind


class Outcome(StrEnum):
    """What is compared."""

    PROPORTION = "proportion"
    MEAN = "mean"
    RATE = "rate"
    ORDINAL = "ordinal"
    NPS = "nps"


N = TypeVar("N")
# What a method refuses by the name of the numbers alone, wherever they stand.
OF_A_GROUP = ("values", "sd", "promoters")
Numbers = Share | Changed | Spread | Events | Ordered | Recommending | Course


@dataclass(frozen=True, kw_only=True)
class Site:
    """The two groups of one place."""

    name: str
    treatment: sites.Group
    comparison: sites.Group


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is to be compared with what; which parts are needed follows from the design."""

    design: Design
    outcome: Outcome
    treatment: Numbers | None = None
    comparison: Numbers | None = None
    target: float | None = None
    before: Spread | Ordered | None = None
    after: Spread | Ordered | None = None
    sites: Sequence[Site] = ()
    clusters: Clusters = field(default_factory=Clusters)
    test: Test = field(default_factory=Test)


def effect_of(question: Question) -> Effect:
    """The effect by the one method for its design and outcome.

    One group without a target: the share or score itself with its interval, and no p-value.
    Refuses a pair that is not on the menu, and numbers that are missing or cannot be.
    """
    refuse_unanswerable(question)
    effect = _within_range(MENU[question.design, question.outcome], question)
    design_effect, n = question.clusters.design_effect, size_of(question)
    if design_effect == 1:
        return effect
    return effect.with_extra(
        design_effect=design_effect, effective_n=None if n is None else n / design_effect
    )


def refuse_unanswerable(question: Question) -> None:
    """Refuse a pair that is not on the menu, a part the design has no use for, and confidence."""
    if (question.design, question.outcome) not in MENU:
        raise refuse("outcome", sentence("There is no method for this outcome in this design."))
    if not 0 < question.test.confidence < 1:
        raise refuse("confidence", sentence("The confidence lies between 0 and 1, as in 0.95."))
    given = (name for name in ALL_PARTS if getattr(question, name) not in (None, (), []))
    if foreign := next((name for name in given if name not in PARTS[question.design]), None):
        raise refuse(foreign, sentence("This does not belong to such a design."))


def _within_range(method: Callable[[Question], Effect], question: Question) -> Effect:
    """The effect; refused where it lies beyond what a computer's numbers hold."""
    message = sentence("These numbers are too large or too small to compute with.")
    unusable = InvalidError([Problem(None, message)])
    try:
        effect = method(question)
    except (ArithmeticError, StatisticsError) as error:
        raise unusable from error
    except InvalidError as refusal:
        raise InvalidError([_placed(question, each) for each in refusal.problems]) from refusal
    known = (effect.estimate, effect.interval.low, effect.interval.high, effect.p_value or 0.0)
    if not all(map(math.isfinite, known)):
        raise unusable
    return effect


def _placed(question: Question, problem: Problem) -> Problem:
    """The problem at its path: of numbers that stand in two groups, in the first."""
    if problem.field not in OF_A_GROUP:
        return problem
    first = next(name for name in ALL_PARTS if getattr(question, name) is not None)
    is_deeper = isinstance(getattr(question, first), Course)
    place = first if is_deeper else f"{first}.{problem.field}"
    return replace(problem, field=place)


def is_log_ratio(design: Design, outcome: Outcome) -> bool:
    """Whether the effect is a ratio on the log scale and no difference."""
    return design is Design.SITES and outcome in (Outcome.PROPORTION, Outcome.RATE)


def missing_in(question: Question) -> list[str]:
    """The parts without which nothing can be compared, by the names of the question's fields.

    One group without its target can still be described: see ``effect_of``.
    """
    if question.design is Design.SITES:
        return [] if question.sites else ["sites"]
    has_moments = question.outcome is not Outcome.PROPORTION and question.treatment is None
    if question.design is Design.BEFORE_AFTER_SAME and has_moments:
        return [name for name in ("before", "after") if getattr(question, name) is None]
    is_changes = question.design is Design.BEFORE_AFTER_SAME
    names = ("treatment",) if is_changes else PARTS[question.design]
    return [name for name in names if getattr(question, name) is None]


def size_of(question: Question) -> float | None:
    """How many people stand behind the numbers; None for rates, which have exposure instead."""
    groups: list[object] = [question.treatment, question.comparison, question.after]
    groups += [group for site in question.sites for group in (site.treatment, site.comparison)]
    sizes = [_size(group) for group in groups if group is not None]
    return sum(size for size in sizes if size) or None


def _size(group: object) -> int | None:
    match group:
        case Share() | Changed() | Spread() | Recommending():
            return group.n
        case Ordered():
            return len(group.values)
        case Course():
            return _size(group.change) if group.change else _size(group.after)
        case _:
            return None


def _needed(question: Question, name: str, kind: type[N]) -> N:
    group = getattr(question, name)
    if group is None:
        raise refuse(name, sentence("This is needed for the design."))
    if not isinstance(group, kind):
        raise refuse(name, sentence("These are not the numbers of such an outcome."))
    return group


def _pair(question: Question, kind: type[N]) -> tuple[N, N]:
    return _needed(question, "treatment", kind), _needed(question, "comparison", kind)


def _two_shares(question: Question) -> Effect:
    ours, theirs = _pair(question, Share)
    return proportions.difference(ours, theirs, question.test, question.clusters.design_effect)


def _share_against_target(question: Question) -> Effect:
    ours, target = _needed(question, "treatment", Share), question.target
    if target is None:
        return proportions.alone(ours, question.test, question.clusters.design_effect)
    if not 0 <= target <= 1:
        raise refuse("target", sentence("A share lies between 0 and 1."))
    return proportions.against_target(ours, target, question.test, question.clusters.design_effect)


def _changed_shares(question: Question) -> Effect:
    ours = _needed(question, "treatment", Changed)
    return proportions.changed(ours, question.test, question.clusters.design_effect)


def _two_means(question: Question) -> Effect:
    ours, theirs = _pair(question, Spread)
    return means.welch(ours, theirs, question.test, question.clusters.design_effect)


def _changed_means(question: Question) -> Effect:
    if question.before is None and question.after is None:
        changes = _needed(question, "treatment", Spread)
    else:
        before, after = _moments(question, Spread)
        changes = spread_of(_steps(before.values, after.values))
    return means.paired(changes, question.test, question.clusters.design_effect)


def _courses(question: Question) -> Effect:
    ours, theirs = _pair(question, Course)
    widening = question.clusters.design_effect
    return means.difference_in_differences(ours, theirs, question.test, widening)


def _two_rates(question: Question) -> Effect:
    ours, theirs = _pair(question, Events)
    return rates.rate_ratio(ours, theirs, question.test, question.clusters.design_effect)


def _two_ordered(question: Question) -> Effect:
    ours, theirs = _pair(question, Ordered)
    return ranks.rank_sum(ours, theirs, question.test, question.clusters.design_effect)


def _changed_ordered(question: Question) -> Effect:
    if question.before is None and question.after is None:
        changes = _needed(question, "treatment", Ordered).values
    else:
        before, after = _moments(question, Ordered)
        changes = _steps(before.values, after.values)
    return ranks.signed_rank(changes, question.test, question.clusters.design_effect)


def _two_scores(question: Question) -> Effect:
    ours, theirs = _pair(question, Recommending)
    return scores.difference(ours, theirs, question.test, question.clusters.design_effect)


def _score_against_target(question: Question) -> Effect:
    ours, target = _needed(question, "treatment", Recommending), question.target
    if target is None:
        return scores.alone(ours, question.test, question.clusters.design_effect)
    if not -scores.POINTS <= target <= scores.POINTS:
        raise refuse("target", sentence("A recommendation score lies between −100 and 100."))
    return scores.against_target(ours, target, question.test, question.clusters.design_effect)


def _pooled(question: Question) -> Effect:
    found = [sites.site_of(one.name, one.treatment, one.comparison) for one in question.sites]
    telling = [site.widened(question.clusters.design_effect) for site in found if site is not None]
    is_ratio = is_log_ratio(question.design, question.outcome)
    effect = sites.pooled_effect(telling, question.test, is_ratio=is_ratio)
    silent = [one.name for one, site in zip(question.sites, found, strict=True) if site is None]
    return effect.with_extra(left_out=silent) if silent else effect


def _moments(question: Question, kind: type[N]) -> tuple[N, N]:
    if question.treatment is not None:
        raise refuse("treatment", sentence("Give either the changes or before and after."))
    return _needed(question, "before", kind), _needed(question, "after", kind)


def _steps(before: Sequence[float], after: Sequence[float]) -> list[float]:
    """Each person's change; the same people in the same order."""
    if not before or len(before) != len(after):
        raise refuse(
            "after",
            sentence(
                "The same people before and after: give as many values after as before, in the "
                "same order, or the mean and sd of their changes."
            ),
        )
    return [late - early for early, late in zip(before, after, strict=True)]


MENU: Mapping[tuple[Design, Outcome], Callable[[Question], Effect]] = {
    (Design.TWO_GROUPS, Outcome.PROPORTION): _two_shares,
    (Design.ONE_GROUP_TARGET, Outcome.PROPORTION): _share_against_target,
    (Design.BEFORE_AFTER_SAME, Outcome.PROPORTION): _changed_shares,
    (Design.TWO_GROUPS, Outcome.MEAN): _two_means,
    (Design.BEFORE_AFTER_SAME, Outcome.MEAN): _changed_means,
    (Design.TWO_GROUPS_BEFORE_AFTER, Outcome.MEAN): _courses,
    (Design.TWO_GROUPS_BEFORE_AFTER, Outcome.PROPORTION): _courses,
    (Design.TWO_GROUPS, Outcome.RATE): _two_rates,
    (Design.TWO_GROUPS, Outcome.ORDINAL): _two_ordered,
    (Design.BEFORE_AFTER_SAME, Outcome.ORDINAL): _changed_ordered,
    (Design.TWO_GROUPS, Outcome.NPS): _two_scores,
    (Design.ONE_GROUP_TARGET, Outcome.NPS): _score_against_target,
    **{(Design.SITES, outcome): _pooled for outcome in Outcome},
}
ALL_PARTS = ("treatment", "comparison", "target", "before", "after", "sites")
PARTS: Mapping[Design, tuple[str, ...]] = {
    Design.TWO_GROUPS: ("treatment", "comparison"),
    Design.ONE_GROUP_TARGET: ("treatment", "target"),
    Design.BEFORE_AFTER_SAME: ("treatment", "before", "after"),
    Design.TWO_GROUPS_BEFORE_AFTER: ("treatment", "comparison"),
    Design.SITES: ("sites",),
}
# What each method calls itself in its effect: a plan names it before there are numbers.
METHODS: Mapping[tuple[Design, Outcome], str] = {
    (Design.TWO_GROUPS, Outcome.PROPORTION): "newcombe_hybrid_score",
    (Design.ONE_GROUP_TARGET, Outcome.PROPORTION): "wilson_score",
    (Design.BEFORE_AFTER_SAME, Outcome.PROPORTION): "tango_score",
    (Design.TWO_GROUPS, Outcome.MEAN): "welch_t",
    (Design.BEFORE_AFTER_SAME, Outcome.MEAN): "paired_t",
    (Design.TWO_GROUPS_BEFORE_AFTER, Outcome.MEAN): "difference_in_differences",
    (Design.TWO_GROUPS_BEFORE_AFTER, Outcome.PROPORTION): "difference_in_differences",
    (Design.TWO_GROUPS, Outcome.RATE): "exact_conditional_rate_ratio",
    (Design.TWO_GROUPS, Outcome.ORDINAL): "rank_sum",
    (Design.BEFORE_AFTER_SAME, Outcome.ORDINAL): "signed_rank",
    (Design.TWO_GROUPS, Outcome.NPS): "nps_normal",
    (Design.ONE_GROUP_TARGET, Outcome.NPS): "nps_normal",
    **{(Design.SITES, outcome): "dersimonian_laird" for outcome in Outcome},
}
OUTCOMES: Mapping[MetricKind, Outcome] = {
    MetricKind.PROPORTION: Outcome.PROPORTION,
    MetricKind.MEAN: Outcome.MEAN,
    MetricKind.SCORE: Outcome.MEAN,
    MetricKind.MONEY: Outcome.MEAN,
    MetricKind.COUNT: Outcome.RATE,
    MetricKind.RATE: Outcome.RATE,
    MetricKind.ORDINAL: Outcome.ORDINAL,
    MetricKind.NPS: Outcome.NPS,
}


def method_for(design: Design, kind: MetricKind) -> str | None:
    """The method for a metric of that kind in that design; None where nothing can be assessed.

    A count without exposure is no rate.
    """
    return None if kind is MetricKind.COUNT else METHODS.get((design, OUTCOMES[kind]))
