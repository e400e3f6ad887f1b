"""From numbers to a conclusion: effect, verdict, what is missing, how it reads."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.readouts import Told, limits_of, said
from app.domain.statistics.effects import Effect, Interval
from app.domain.statistics.menu import (
    Outcome,
    Question,
    effect_of,
    missing_in,
    refuse_unanswerable,
    size_of,
)
from app.domain.verdicts import Guardrail, crossed, verdict_on
from app.language.sentences import Sentence
from models.vocabulary import Direction, Verdict


@dataclass(frozen=True, kw_only=True)
class Conclusion:
    """What the numbers say and what they cannot; ``effect`` is None where nothing is compared."""

    effect: Effect | None
    verdict: Verdict
    missing: Sequence[str]
    sentence: Sentence
    limits: Sequence[Sentence]


def conclude(
    question: Question,
    *,
    direction: Direction,
    least: float | None = None,
    guardrails: Sequence[Guardrail] = (),
    planned_n: float | None = None,
    lacking: Sequence[str] = (),
    unit: str = "",
) -> Conclusion:
    """Compute the effect and the verdict on it.

    ``lacking`` names what failed of the integrity checks; ``planned_n`` is the planned number of
    people in all groups together, asked of numbers that say how many there were. Raises
    InvalidError for numbers that cannot be.
    """
    refuse_unanswerable(question)
    absent = missing_in(question)
    effect = effect_of(question) if absent in ([], ["target"]) else None
    n = size_of(question)
    missing = [*absent, *lacking]
    if planned_n is not None and n is not None and n < planned_n:
        missing.append("planned_n")
    if least is None:
        missing.append("minimum_meaningful_effect")
    verdict = verdict_on(
        _telling(effect, question.outcome, least) if effect else None,
        direction=direction,
        least=least,
        guardrails=guardrails,
        is_sound=not missing,
    )
    told = Told(
        outcome=question.outcome,
        design=question.design,
        effect=effect,
        confidence=question.test.confidence,
        least=least,
        direction=direction,
        unit=unit,
    )
    guard = crossed(guardrails) if verdict is Verdict.HARM_SIGNAL else None
    return Conclusion(
        effect=effect,
        verdict=verdict,
        missing=missing,
        sentence=said(told, verdict, missing=missing, guard=guard),
        limits=limits_of(told, n),
    )


def _telling(effect: Effect, outcome: Outcome, least: float | None) -> Interval:
    """The interval as far as it bears a verdict; without end where it tells less than it seems.

    Ordered answers may be too few for the confidence asked for, or so many of them equal that the
    interval has shrunk to one point short of what matters (docs/decisions/0203).
    """
    interval = effect.interval
    is_shrunk = interval.low == interval.high and abs(interval.low) < (least or 0)
    if effect.is_attained and not (outcome is Outcome.ORDINAL and is_shrunk):
        return interval
    return Interval(-math.inf, math.inf)
