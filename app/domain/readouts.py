"""A finding read out: one plain sentence for the verdict, and what it cannot tell."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.statistics.effects import Effect
from app.domain.statistics.menu import Outcome, is_log_ratio
from app.domain.verdicts import Guardrail, verdict_on
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ComparisonDesign as Design
from models.vocabulary import Direction, Verdict

SIGNIFICANT = 3
# Numbers are told with six decimals at most.
SMALLEST_TOLD = 5e-7
LARGEST_TOLD = 1e15
# Below so many people the interval is honest but says little by itself.
FEW = 30

SAID: Mapping[Verdict, str] = {
    Verdict.SUPPORTED: N_(
        "Supported: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s). Even "
        "the weaker end of the interval reaches the smallest effect that matters (%(least)s)."
    ),
    Verdict.PROMISING: N_(
        "Promising: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s). The "
        "whole interval goes the hoped way, but the effect may be smaller than the smallest one "
        "that matters (%(least)s)."
    ),
    Verdict.NOT_SUPPORTED: N_(
        "Not supported: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s). "
        "Even the stronger end of the interval falls short of the smallest effect that matters "
        "(%(least)s)."
    ),
    Verdict.NO_MEANINGFUL_EFFECT: N_(
        "No meaningful effect: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to "
        "%(high)s). The whole interval lies closer to no effect than the smallest one that matters "
        "(%(least)s)."
    ),
    Verdict.INCONCLUSIVE: N_(
        "Inconclusive: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s). "
        "Both an effect that matters (%(least)s) and none at all fit these numbers. This "
        "does not mean that there is no effect."
    ),
    Verdict.HARM_SIGNAL: N_(
        "Harm signal: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s). "
        "The whole interval goes the wrong way."
    ),
}
UNTOLD = N_(
    "Inconclusive: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s), but "
    "with so few answers, or so many of them equal, this interval tells less than it seems. How "
    "the answers are spread, side by side, tells more. This does not mean that there is no effect."
)
SHORT_OF_TARGET = N_(
    "Harm signal: %(subject)s is %(effect)s (%(confidence)s interval: %(low)s to %(high)s). The "
    "whole interval does not reach the target. That is all it says: there was no comparison, so "
    "nothing shows that the experiment did harm."
)
CROSSED = N_("Harm signal: %(guardrail)s got worse by more than the margin set for it.")
A_GUARDRAIL = N_("a guardrail metric")
SUBJECTS: Mapping[Design, str] = {
    Design.TWO_GROUPS: N_("the difference between the groups"),
    Design.ONE_GROUP_TARGET: N_("the distance from the target"),
    Design.BEFORE_AFTER_SAME: N_("the change"),
    Design.TWO_GROUPS_BEFORE_AFTER: N_("the difference between the changes of the two groups"),
    Design.SITES: N_("the effect of all sites together"),
}
CANNOT = N_("Not assessable: %(missing)s.")
LACKING: Mapping[str, str] = {
    "treatment": N_("there are no numbers of the treatment group"),
    "comparison": N_("there is nothing to compare with"),
    "target": N_("there is no target to compare with"),
    "before": N_("there are no numbers from before"),
    "after": N_("there are no numbers from after"),
    "sites": N_("there are no sites"),
    "minimum_meaningful_effect": N_("the smallest effect that matters was not set"),
    "planned_n": N_("fewer were measured than planned"),
    "arms": N_("the groups are not the ones planned"),
    "attrition": N_("more people left than the plan allows"),
    "window": N_("a primary metric was not measured in its time"),
    "conflict": N_("different readings stand for the same wave, group and day"),
    "primary": N_("no primary metric was measured"),
    "registration": N_("the plan was never registered"),
    "comparison_design": N_("how it is compared was never set"),
    "method": N_("this design has no method for such a metric"),
    "exposure": N_("a count without what it is counted over cannot be compared"),
    "spread": N_("the standard deviation was not recorded"),
    "changes": N_("how each person changed was not recorded"),
    "numbers": N_("no interval can be computed from these numbers"),
}
LIMITS: Mapping[Design, str] = {
    Design.TWO_GROUPS: N_(
        "Unless chance decided who was in which group, other differences between the groups may "
        "explain it."
    ),
    Design.ONE_GROUP_TARGET: N_(
        "Without a comparison group nobody knows what would have happened anyway: it shows on "
        "which side of the target the number lies, and not whether the experiment moved it."
    ),
    Design.BEFORE_AFTER_SAME: N_(
        "Whatever else changed between the two moments is in this number as well."
    ),
    Design.TWO_GROUPS_BEFORE_AFTER: N_(
        "It holds only if both groups would have moved alike without the change."
    ),
    Design.SITES: N_(
        "With few sites, how much the effect differs from place to place is known only roughly."
    ),
}
SMALL = N_("So few were measured (%(n)s in all) that only a large effect can show.")
EXACT_P = N_(
    "The two-sided exact p adds up every outcome that chance alone gives no more often than the "
    "one seen (minimum-likelihood rule)."
)
RATIO = N_(
    "Told as ratios: 1 means no difference, 2 twice as often, 0.5 half as often. Stored are their "
    "natural logarithms, where 0 means no difference."
)
# What is taken for granted of such numbers, whatever the design.
GRANTED: Mapping[Outcome, str] = {
    Outcome.NPS: N_("The score's interval is an approximation that needs about 30 answers."),
    Outcome.RATE: N_(
        "Each event is counted as if it came by itself: where one event brings another, the "
        "interval is too narrow."
    ),
    Outcome.ORDINAL: N_(
        "It tells how far answers move along the scale, and not how many people changed theirs."
    ),
}
CLUSTERED = N_(
    "How much people of the same village or group resemble each other was assumed: if they do so "
    "more than that, the interval is too narrow."
)


# For one of them and for any other number.
UNITS: Mapping[Outcome, tuple[str, str]] = {
    Outcome.PROPORTION: (N_("%(n)s percentage point"), N_("%(n)s percentage points")),
    Outcome.NPS: (N_("%(n)s point"), N_("%(n)s points")),
    Outcome.RATE: (N_("%(n)s per 100"), N_("%(n)s per 100")),
    Outcome.MEAN: ("%(n)s", "%(n)s"),
    Outcome.ORDINAL: ("%(n)s", "%(n)s"),
}


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told: the finding's parts a sentence needs."""

    outcome: Outcome
    design: Design
    effect: Effect | None
    confidence: float
    least: float | None
    direction: Direction = Direction.INCREASE
    unit: str = ""
    is_random: bool = False


def said(
    told: Told, verdict: Verdict, *, missing: Sequence[str], guard: Guardrail | None
) -> Sentence:
    """The verdict in one plain sentence."""
    if verdict is Verdict.NOT_ASSESSABLE or told.effect is None or told.least is None:
        return sentence(CANNOT, missing=joined([sentence(LACKING[name]) for name in missing]))
    if guard is not None:
        named = sentence("“%(name)s”", name=guard.name) if guard.name else sentence(A_GUARDRAIL)
        return sentence(CROSSED, guardrail=named)
    interval = told.effect.interval
    return sentence(
        _wording(told, verdict),
        subject=sentence(SUBJECTS[told.design]),
        effect=value_in_words(told, told.effect.estimate),
        low=_number(told, interval.low),
        high=_number(told, interval.high),
        least=value_in_words(told, _least(told, told.least)),
        confidence=sentence("%(n)s%%", n=_rounded(told.confidence * 100)),
    )


def _wording(told: Told, verdict: Verdict) -> str:
    """What is said of a verdict, where design or answers ask for other words than usual."""
    if verdict is Verdict.HARM_SIGNAL and told.design is Design.ONE_GROUP_TARGET:
        return SHORT_OF_TARGET
    if verdict is Verdict.INCONCLUSIVE and told.effect is not None:
        interval, least = told.effect.interval, told.least
        if verdict_on(interval, direction=told.direction, least=least) is not verdict:
            return UNTOLD
    return SAID[verdict]


def limits_of(told: Told, n: float | None) -> list[Sentence]:
    """What this cannot tell, following from the design, the method and n."""
    is_by_chance = told.is_random and told.design is Design.TWO_GROUPS
    limits = [] if is_by_chance else [sentence(LIMITS[told.design])]
    if n is not None and n < FEW:
        limits.append(sentence(SMALL, n=int(n)))
    if granted := GRANTED.get(told.outcome):
        limits.append(sentence(granted))
    if told.effect is not None and told.effect.by_likelihood:
        limits.append(sentence(EXACT_P))
    if told.effect is not None and "ratio" in told.effect.extra:
        limits.append(sentence(RATIO))
    if told.effect is not None and "design_effect" in told.effect.extra:
        limits.append(sentence(CLUSTERED))
    return limits


def in_words(told: Told, effect: Effect) -> Sentence:
    """An effect with its interval in the unit people use, whatever the verdict on it."""
    return sentence(
        "%(effect)s (%(confidence)s interval: %(low)s to %(high)s)",
        effect=value_in_words(told, effect.estimate),
        low=_number(told, effect.interval.low),
        high=_number(told, effect.interval.high),
        confidence=sentence("%(n)s%%", n=_rounded(told.confidence * 100)),
    )


def warning_on(n: int, best_p: float | None) -> Sentence:
    """That even a perfect result could not reach the threshold."""
    if best_p is None:
        return sentence(
            "With %(n)s in a group not even the largest effect would show at the power asked for. "
            "Find more people, or another design.",
            n=n,
        )
    return sentence(
        "With %(n)s in a group even a perfect result gives p = %(p)s: it could not show anything. "
        "Find more people, or another design.",
        n=n,
        p=_rounded(best_p),
    )


def threshold_in_words(told: Told) -> Sentence:
    """The smallest effect that matters, in the unit people use."""
    return value_in_words(told, _least(told, told.least or 0.0))


def level_in_words(outcome: Outcome, level: float) -> Sentence:
    """Where groups stand: a share in percent, a rate per 100."""
    n = _rounded(level * 100)
    if outcome is Outcome.RATE:
        return sentence("%(n)s per 100", n=n)
    return sentence("%(n)s%%", n=n)


def _least(told: Told, least: float) -> float:
    """The smallest effect that matters; of ratios, the one on the good side of 1."""
    is_falling = told.direction is Direction.DECREASE and is_log_ratio(told.design, told.outcome)
    return -least if is_falling else least


def value_in_words(told: Told, value: float) -> Sentence:
    """A value of the effect in the unit people use."""
    n = _number(told, value)
    if is_log_ratio(told.design, told.outcome):
        return sentence("a ratio of %(n)s", n=n)
    if told.unit and told.outcome in (Outcome.MEAN, Outcome.ORDINAL):
        return Sentence("%(n)s %(unit)s", {"n": n, "unit": told.unit})
    one, many = UNITS[told.outcome]
    return Sentence(one if abs(n) == 1 else many, {"n": n})


def _number(told: Told, value: float) -> Decimal:
    """Shares in percentage points, rates per 100, log ratios as ratios, the rest as it is."""
    if is_log_ratio(told.design, told.outcome):
        return _rounded(math.exp(value))
    is_hundredth = told.outcome in (Outcome.PROPORTION, Outcome.RATE)
    return _rounded(value * 100 if is_hundredth else value)


def _rounded(value: float) -> Decimal:
    """Three significant digits, and never fewer than the whole number."""
    if abs(value) < SMALLEST_TOLD:
        return Decimal(0)
    exact = Decimal(f"{value:.{SIGNIFICANT}g}")
    if abs(value) >= LARGEST_TOLD:
        return exact
    return Decimal(round(value)) if abs(value) >= 10**SIGNIFICANT else Decimal(format(exact, "f"))


def joined(parts: Sequence[Sentence]) -> Sentence:
    """Sentences one after another; that nothing was measured, where there are none."""
    first, *rest = parts or (sentence("nothing was measured"),)
    for part in rest:
        first = Sentence("%(first)s; %(next)s", {"first": first, "next": part})
    return first
