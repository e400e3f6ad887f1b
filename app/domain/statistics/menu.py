"""Design × outcome → method, and only these."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeVar

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


class Outcome(StrEnum):
    """What is compared."""

    PROPORTION = "proportion"
    MEAN = "mean"
    RATE = "rate"
    ORDINAL = "ordinal"
    NPS = "nps"


N = TypeVar("N")
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
    _refuse_ranges(question)
    method = MENU.get((question.design, question.outcome))
    if method is None:
        raise refuse(
            "outcome",
            sentence("There is no method for this outcome in this design."),
        )
    effect = method(question)
    if question.clusters.design_effect == 1:
        return effect
    return effect.with_extra(
        design_effect=question.clusters.design_effect,
        effective_n=(size_of(question) or 0) / question.clusters.design_effect,
    )


def is_log_ratio(design: Design, outcome: Outcome) -> bool:
    """Whether the effect is a ratio on the log scale and no difference."""
    return design is Design.SITES and outcome in (Outcome.PROPORTION, Outcome.RATE)


def missing_in(question: Question) -> list[str]:
    """The parts without which nothing can be compared, by the names of the question's fields.

    One group without its target can still be described: see ``effect_of``.
    """
    if question.design is Design.SITES:
        return [] if question.sites else ["sites"]
    if question.design is Design.BEFORE_AFTER_SAME and not question.treatment:
        return [name for name in ("before", "after") if getattr(question, name) is None]
    beside = {
        Design.ONE_GROUP_TARGET: ("treatment", "target"),
        Design.BEFORE_AFTER_SAME: ("treatment",),
    }
    names = beside.get(question.design, ("treatment", "comparison"))
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


def _refuse_ranges(question: Question) -> None:
    if not 0 < question.test.confidence < 1:
        raise refuse("confidence", sentence("The confidence lies between 0 and 1, as in 0.95."))
    is_widened = question.clusters.design_effect > 1
    if is_widened and (question.design, question.outcome) not in CLUSTERED:
        raise refuse(
            "cluster_size",
            sentence("The design effect is known here for shares and means of groups only."),
        )


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
    return proportions.changed(_needed(question, "treatment", Changed), question.test)


def _two_means(question: Question) -> Effect:
    ours, theirs = _pair(question, Spread)
    return means.welch(ours, theirs, question.test, question.clusters.design_effect)


def _changed_means(question: Question) -> Effect:
    if question.before is None and question.after is None:
        return means.paired(_needed(question, "treatment", Spread), question.test)
    before, after = _needed(question, "before", Spread), _needed(question, "after", Spread)
    return means.paired(spread_of(_steps(before.values, after.values)), question.test)


def _courses(question: Question) -> Effect:
    ours, theirs = _pair(question, Course)
    return means.difference_in_differences(ours, theirs, question.test)


def _two_rates(question: Question) -> Effect:
    ours, theirs = _pair(question, Events)
    return rates.rate_ratio(ours, theirs, question.test)


def _two_ordered(question: Question) -> Effect:
    ours, theirs = _pair(question, Ordered)
    return ranks.rank_sum(ours, theirs, question.test)


def _changed_ordered(question: Question) -> Effect:
    if question.before is None and question.after is None:
        return ranks.signed_rank(_needed(question, "treatment", Ordered).values, question.test)
    before, after = _needed(question, "before", Ordered), _needed(question, "after", Ordered)
    return ranks.signed_rank(_steps(before.values, after.values), question.test)


def _two_scores(question: Question) -> Effect:
    ours, theirs = _pair(question, Recommending)
    return scores.difference(ours, theirs, question.test)


def _score_against_target(question: Question) -> Effect:
    ours, target = _needed(question, "treatment", Recommending), question.target
    if target is None:
        return scores.alone(ours, question.test)
    if not -scores.POINTS <= target <= scores.POINTS:
        raise refuse("target", sentence("A recommendation score lies between −100 and 100."))
    return scores.against_target(ours, target, question.test)


def _pooled(question: Question) -> Effect:
    found = [sites.site_of(one.name, one.treatment, one.comparison) for one in question.sites]
    telling = [site for site in found if site is not None]
    is_ratio = is_log_ratio(question.design, question.outcome)
    effect = sites.pooled_effect(telling, question.test, is_ratio=is_ratio)
    silent = [one.name for one, site in zip(question.sites, found, strict=True) if site is None]
    return effect.with_extra(left_out=silent) if silent else effect


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
CLUSTERED = frozenset(
    {
        (Design.TWO_GROUPS, Outcome.PROPORTION),
        (Design.TWO_GROUPS, Outcome.MEAN),
        (Design.ONE_GROUP_TARGET, Outcome.PROPORTION),
    }
)
