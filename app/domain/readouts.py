"""A finding read out: one plain sentence for the verdict, and what it cannot tell."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.domain.statistics.effects import Effect
from app.domain.statistics.menu import Design, Outcome, is_log_ratio
from app.domain.verdicts import Guardrail
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import Verdict

SIGNIFICANT = 3
# Below so many people the interval is honest but says little by itself.
FEW = 30

SAID: Mapping[Verdict, str] = {
    Verdict.SUPPORTED: N_(
        "Supported: the effect is %(effect)s (%(confidence)s interval %(low)s to %(high)s); even "
        "its weaker end reaches the %(least)s that matters."
    ),
    Verdict.PROMISING: N_(
        "Promising: the effect is %(effect)s (%(confidence)s interval %(low)s to %(high)s); it "
        "goes the hoped way but may be smaller than the %(least)s that matters."
    ),
    Verdict.NOT_SUPPORTED: N_(
        "Not supported: the effect is %(effect)s (%(confidence)s interval %(low)s to %(high)s); "
        "even its stronger end falls short of the %(least)s that matters."
    ),
    Verdict.NO_MEANINGFUL_EFFECT: N_(
        "No meaningful effect: it is %(effect)s (%(confidence)s interval %(low)s to %(high)s), "
        "less than the %(least)s that matters either way."
    ),
    Verdict.INCONCLUSIVE: N_(
        "Inconclusive: the effect is %(effect)s (%(confidence)s interval %(low)s to %(high)s); "
        "both an effect that matters and none at all fit these numbers. This is not “no effect”."
    ),
    Verdict.HARM_SIGNAL: N_(
        "Harm signal: the effect is %(effect)s (%(confidence)s interval %(low)s to %(high)s); the "
        "whole interval goes the wrong way."
    ),
}
CROSSED = N_("Harm signal: “%(guardrail)s” got worse by more than the margin set for it.")
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
    "primary": N_("no primary metric was measured"),
    "registration": N_("the plan was never registered"),
    "comparison_design": N_("how it is compared was never set"),
    "method": N_("this design has no method for such a metric"),
    "exposure": N_("a count without what it is counted over cannot be compared"),
    "spread": N_("the standard deviation was not recorded"),
    "changes": N_("how each person changed was not recorded"),
    "clusters": N_("for this method the design effect of clusters is not known"),
    "numbers": N_("no interval can be computed from these numbers"),
}
LIMITS: Mapping[Design, str] = {
    Design.TWO_GROUPS: N_(
        "Unless chance decided who was in which group, other differences between the groups may "
        "explain it."
    ),
    Design.ONE_GROUP_TARGET: N_(
        "Without a comparison group nobody knows what would have happened anyway."
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
SMALL = N_("With %(n)s people in all, only large effects can show.")
SCORE_APPROXIMATES = N_("The score's interval is an approximation that needs about 30 answers.")
EXACT_P = N_(
    "The two-sided exact p adds up every outcome no likelier than the one seen "
    "(minimum-likelihood rule)."
)
RATIO = N_("Effect and interval are ratios on the log scale; 0 means no difference.")


@dataclass(frozen=True, kw_only=True)
class Told:
    """What is told: the finding's parts a sentence needs."""

    outcome: Outcome
    design: Design
    effect: Effect | None
    confidence: float
    least: float | None
    unit: str = ""


def said(
    told: Told, verdict: Verdict, *, missing: Sequence[str], guard: Guardrail | None
) -> Sentence:
    """The verdict in one plain sentence."""
    if verdict is Verdict.NOT_ASSESSABLE or told.effect is None or told.least is None:
        return sentence(CANNOT, missing=_joined([sentence(LACKING[name]) for name in missing]))
    if guard is not None:
        return sentence(CROSSED, guardrail=guard.name)
    interval = told.effect.interval
    return sentence(
        SAID[verdict],
        effect=_told(told, told.effect.estimate),
        low=_number(told, interval.low),
        high=_number(told, interval.high),
        least=_told(told, told.least),
        confidence=sentence("%(n)s %%", n=_rounded(told.confidence * 100)),
    )


def limits_of(told: Told, n: float | None) -> list[Sentence]:
    """What this cannot tell, following from the design, the method and n."""
    limits = [sentence(LIMITS[told.design])]
    if n is not None and n < FEW:
        limits.append(sentence(SMALL, n=int(n)))
    if told.outcome is Outcome.NPS:
        limits.append(sentence(SCORE_APPROXIMATES))
    if told.effect is not None and told.effect.method in EXACT:
        limits.append(sentence(EXACT_P))
    if told.effect is not None and "ratio" in told.effect.extra:
        limits.append(sentence(RATIO))
    return limits


def warning_on(n: int, best_p: float | None) -> Sentence:
    """That even a perfect result could not reach the threshold."""
    return sentence(
        "With %(n)s in a group even a perfect result gives p = %(p)s: it could not show anything. "
        "Find more people, or another design.",
        n=n,
        p=_rounded(best_p or 1.0),
    )


EXACT = frozenset({"newcombe_hybrid_score", "wilson_score", "exact_conditional_rate_ratio"})


def _told(told: Told, value: float) -> Sentence:
    """A value of the effect in the unit people use."""
    n = _number(told, value)
    if is_log_ratio(told.design, told.outcome):
        return sentence("%(n)s (log ratio)", n=n)
    match told.outcome:
        case Outcome.PROPORTION:
            return sentence("%(n)s percentage points", n=n)
        case Outcome.NPS:
            return sentence("%(n)s points", n=n)
        case Outcome.RATE:
            return sentence("%(n)s per 100", n=n)
        case _:
            return Sentence("%(n)s %(unit)s" if told.unit else "%(n)s", {"n": n, "unit": told.unit})


def _number(told: Told, value: float) -> Decimal:
    """Shares in percentage points, rates per 100, the rest as it is."""
    is_hundredth = told.outcome in (Outcome.PROPORTION, Outcome.RATE)
    is_hundredth = is_hundredth and not is_log_ratio(told.design, told.outcome)
    return _rounded(value * 100 if is_hundredth else value)


def _rounded(value: float) -> Decimal:
    """Three significant digits, and never fewer than the whole number."""
    exact = Decimal(f"{value:.{SIGNIFICANT}g}")
    return Decimal(round(value)) if abs(value) >= 10**SIGNIFICANT else Decimal(format(exact, "f"))


def _joined(parts: Sequence[Sentence]) -> Sentence:
    first, *rest = parts or (sentence("nothing was measured"),)
    for part in rest:
        first = Sentence("%(first)s; %(next)s", {"first": first, "next": part})
    return first
