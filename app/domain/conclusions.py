"""An experiment's conclusions: each metric's verdict, and theirs together."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from app.domain.analysis import Conclusion, conclude
from app.domain.assessment import (
    Assessment,
    assess,
    comparison_level,
    in_plain_numbers,
    least_for,
)
from app.domain.integrity import Check, Undertaking, Watched, flags_of
from app.domain.refusals import InvalidError
from app.domain.statistics.effects import Interval, Test
from app.domain.statistics.menu import Question, effect_of, is_log_ratio, missing_in, size_of
from app.domain.statistics.repeated import confidence_at, holm_confidences
from app.domain.verdicts import Guardrail, in_good_direction
from app.language.sentences import Sentence
from models.vocabulary import Direction, LookRule, MetricRole, Verdict

CONFIDENCE = 0.95
# From the worst to the best: what one primary metric says cannot be made up for by another.
WORST_FIRST = (
    Verdict.HARM_SIGNAL,
    Verdict.NOT_ASSESSABLE,
    Verdict.NOT_SUPPORTED,
    Verdict.NO_MEANINGFUL_EFFECT,
    Verdict.INCONCLUSIVE,
    Verdict.PROMISING,
    Verdict.SUPPORTED,
)


@dataclass(frozen=True, kw_only=True)
class Claim:
    """A metric as it is judged. ``definition`` is its plain values: another one, another finding.

    ``least`` and ``margin`` are in the metric's unit, shares as 0 to 1.
    """

    id: int
    watched: Watched
    direction: Direction
    least: float | None
    margin: float | None
    unit: str
    definition: Mapping[str, Any]

    @property
    def role(self) -> MetricRole:
        """The part it plays."""
        return self.watched.role


@dataclass(frozen=True, kw_only=True)
class Looks:
    """How many looks at the data were planned, and by which rule."""

    planned: int = 1
    rule: LookRule | None = None


@dataclass(frozen=True, kw_only=True)
class Judged:
    """A claim with its conclusion; ``inputs`` is everything the conclusion came from, in JSON."""

    claim: Claim
    conclusion: Conclusion
    inputs: dict[str, Any]
    sites_supporting: int


def judge(claims: Sequence[Claim], plan: Undertaking, looks: Looks, *, today: date) -> list[Judged]:
    """Judge every metric of an experiment.

    Primary metrics share the confidence by Holm's steps; at a planned look it is the look's.
    Guardrails speak at 95 % and count for every primary metric; the others stand by themselves.
    """
    asked = {claim.id: assess(claim.watched.measured, plan.layout) for claim in claims}
    primaries = [claim for claim in claims if claim.role is MetricRole.PRIMARY]
    seen = max((asked[claim.id].looks for claim in primaries), default=0)
    confidences = _shared(primaries, asked, _at_look(seen, looks))
    guards = [guard for claim in claims if (guard := _guard(claim, asked[claim.id]))]
    return [
        _judged(
            claim,
            _at(asked[claim.id], confidences.get(claim.id, CONFIDENCE)),
            plan,
            guards=guards if claim.role is MetricRole.PRIMARY else [],
            told={"looks": seen, "looks_planned": looks.planned, "primaries": len(primaries)},
            today=today,
        )
        for claim in claims
    ]


def verdict_of(judged: Sequence[Judged]) -> Verdict:
    """The experiment's verdict: that of its worst primary metric, harm first of all.

    One harmed or unsupported primary metric is not made good by another that did well. Without a
    primary metric nothing can be assessed.
    """
    primary = (one for one in judged if one.claim.role is MetricRole.PRIMARY)
    return worst(one.conclusion.verdict for one in primary)


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of the verdicts; Not assessable where there is none."""
    return min(verdicts, key=WORST_FIRST.index, default=Verdict.NOT_ASSESSABLE)


def _at_look(seen: int, looks: Looks) -> float:
    if looks.rule is None or looks.planned < 2:
        return CONFIDENCE
    return confidence_at(min(max(seen, 1), looks.planned), looks.planned, looks.rule)


def _shared(
    primaries: Sequence[Claim], asked: Mapping[int, Assessment], confidence: float
) -> dict[int, float]:
    """The confidence of each primary metric. One whose p is unknown is held to the strictest."""
    p_values = [_p_value(_at(asked[claim.id], confidence)) for claim in primaries]
    shared = holm_confidences(p_values, confidence)
    return {claim.id: level for claim, level in zip(primaries, shared, strict=True)}


def _p_value(assessment: Assessment) -> float:
    """The p-value of the effect; 1 where there is none."""
    try:
        question = assessment.question
        effect = effect_of(question) if question and not missing_in(question) else None
    except InvalidError:
        return 1.0
    return 1.0 if effect is None or effect.p_value is None else effect.p_value


def _at(assessment: Assessment, confidence: float) -> Assessment:
    question = assessment.question
    if question is None or question.test.confidence == confidence:
        return assessment
    return replace(assessment, question=replace(question, test=Test(confidence=confidence)))


def _guard(claim: Claim, assessment: Assessment) -> Guardrail | None:
    question = assessment.question
    if claim.role is not MetricRole.GUARDRAIL or claim.margin is None or question is None:
        return None
    margin = _margin(claim, assessment)
    if margin is None or missing_in(question) or assessment.lacking:
        return None
    try:
        interval = effect_of(question).interval
    except InvalidError:
        return None
    return Guardrail(claim.watched.name, interval, margin, claim.direction)


def _margin(claim: Claim, assessment: Assessment) -> float | None:
    """How much worse a guardrail may get, on the scale of its effect."""
    question = assessment.question
    if claim.role is not MetricRole.GUARDRAIL or not claim.margin or question is None:
        return claim.margin
    return least_for(question, claim.margin, _worse(claim.direction))


def _worse(direction: Direction) -> Direction:
    return Direction.DECREASE if direction is Direction.INCREASE else Direction.INCREASE


def _level(question: Question | None) -> float | None:
    """Where the comparison groups stand, of effects that are told as ratios to it."""
    is_ratio = question is not None and is_log_ratio(question.design, question.outcome)
    return comparison_level(question) if question and is_ratio else None


def _judged(
    claim: Claim,
    assessment: Assessment,
    plan: Undertaking,
    *,
    guards: Sequence[Guardrail],
    told: Mapping[str, int],
    today: date,
) -> Judged:
    question = assessment.question
    size = size_of(question) if question else None
    is_primary = claim.role is MetricRole.PRIMARY
    planned_n = plan.sample_planned if is_primary and size is not None else None
    lacking = [*assessment.lacking, *_integrity(claim, assessment, plan, today)]
    least = least_for(question, claim.least, claim.direction) if question else claim.least
    conclusion = _concluded(
        claim, assessment, least=least, guards=guards, planned_n=planned_n, lacking=lacking
    )
    inputs = {
        "analysis": in_plain_numbers(question) if question else {},
        "direction": claim.direction.value,
        "least": least,
        "level": _level(question),
        "margin": _margin(claim, assessment),
        "unit": claim.unit,
        "guardrails": [_plain(guard) for guard in guards],
        "planned_n": planned_n,
        "lacking": lacking,
        "n": size,
        "as_of": assessment.as_of.isoformat() if assessment.as_of else None,
        "definition": dict(claim.definition),
        **told,
    }
    supporting = _supporting(conclusion, claim.direction, least)
    return Judged(claim=claim, conclusion=conclusion, inputs=inputs, sites_supporting=supporting)


def _integrity(claim: Claim, assessment: Assessment, plan: Undertaking, today: date) -> list[str]:
    """What fails of the integrity checks and is not told as missing anyway."""
    flags = flags_of(claim.watched, plan, today=today)
    failed = [flag.check for flag in flags if flag.is_decisive and flag.check != Check.PLANNED_N]
    absent = missing_in(assessment.question) if assessment.question else []
    told = {*assessment.lacking, *([Check.ARMS] if absent else [])}
    return [check.value for check in failed if check not in told]


def _concluded(
    claim: Claim,
    assessment: Assessment,
    *,
    least: float | None,
    guards: Sequence[Guardrail],
    planned_n: int | None,
    lacking: Sequence[str],
) -> Conclusion:
    if assessment.question is None:
        return _not_assessable(lacking)
    try:
        return conclude(
            assessment.question,
            direction=claim.direction,
            least=least,
            guardrails=guards,
            planned_n=planned_n,
            lacking=lacking,
            unit=claim.unit,
        )
    except InvalidError:
        return _not_assessable([*lacking, "numbers"])


def _not_assessable(missing: Sequence[str]) -> Conclusion:
    """Nothing could be computed; the sentence is read out from what is missing."""
    return Conclusion(
        effect=None,
        verdict=Verdict.NOT_ASSESSABLE,
        missing=missing,
        sentence=Sentence(""),
        limits=(),
    )


def _supporting(conclusion: Conclusion, direction: Direction, least: float | None) -> int:
    """How many sites reach what matters by themselves."""
    sites: Any = conclusion.effect.extra.get("sites", ()) if conclusion.effect else ()
    return sum(
        in_good_direction(Interval(*site["interval"]), direction).low >= least
        for site in sites
        if least is not None
    )


def _plain(guard: Guardrail) -> dict[str, Any]:
    return {
        "name": guard.name,
        "interval": [guard.interval.low, guard.interval.high],
        "margin": guard.margin,
        "direction": guard.direction.value,
    }


def in_json(value: Any) -> Any:
    """A value of an analysis as JSON keeps it: infinite and undefined numbers are null."""
    match value:
        case Mapping():
            return {name: in_json(each) for name, each in value.items()}
        case list() | tuple():
            return [in_json(each) for each in value]
        case bool() | str() | int() | None:
            return value
        case Decimal():
            return format(value, "f")
        case _:
            return float(value) if math.isfinite(value) else None
