"""From numbers to a conclusion: effect, verdict, what is missing, how it reads."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.readouts import Told, limits_of, said
from app.domain.statistics.effects import Effect
from app.domain.statistics.menu import Question, effect_of, missing_in, refuse_unanswerable, size_of
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
        effect.interval if effect else None,
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
