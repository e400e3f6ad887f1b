"""A stored finding read out again: nothing is computed, so scipy is never needed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from app.domain import held
from app.domain.readouts import (
    Told,
    in_words,
    level_in_words,
    limits_of,
    said,
    threshold_in_words,
    value_in_words,
)
from app.domain.registration import Change
from app.domain.statistics.effects import Effect, Interval
from app.domain.statistics.menu import Outcome, is_log_ratio
from app.domain.verdicts import Guardrail
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ComparisonDesign, Direction, Verdict

UNPLANNED = N_(
    "The data were looked at %(n)s times (planned: %(planned)s): each further look makes a false "
    "alarm more likely (five looks at 95%% give 14%%)."
)
# A threshold of points becomes a ratio on the comparison groups' own level.
CONVERTED = N_(
    "The plan asks for %(least)s; on the comparison groups' own %(level)s that is %(ratio)s."
)
SHARED = N_(
    "With %(n)s primary metrics the interval is widened by Holm's steps, so that together they "
    "raise no more false alarms than one."
)


@dataclass(frozen=True, kw_only=True)
class Found:
    """A finding's plain parts; ``design`` is None where nothing could be asked.

    ``guardrail`` names the one whose margin was crossed. Shares are 0 to 1. Of ratios ``planned``
    is the least effect in the metric's own unit, and ``level`` where the comparison groups stood,
    which makes it ``least``. ``amended`` is what was
    changed after the data and does not count. ``is_random`` where chance made the groups.
    """

    verdict: Verdict
    outcome: Outcome
    design: ComparisonDesign | None = None
    method: str = ""
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    p_value: float | None = None
    confidence: float = 0.95
    least: float | None = None
    planned: float | None = None
    level: float | None = None
    direction: Direction = Direction.INCREASE
    unit: str = ""
    n: int | None = None
    missing: Sequence[str] = ()
    guardrail: str = ""
    by_likelihood: bool = False
    is_clustered: bool = False
    looks: int = 0
    looks_planned: int = 1
    primaries: int = 1
    amended: Sequence[Change] = ()
    is_random: bool = False

    @property
    def effect(self) -> Effect | None:
        """The effect as it was computed."""
        if self.estimate is None or self.low is None or self.high is None:
            return None
        is_ratio = self.design is not None and is_log_ratio(self.design, self.outcome)
        traits = [
            *(["ratio"] if is_ratio else []),
            *(["design_effect"] if self.is_clustered else []),
        ]
        return Effect(
            method=self.method,
            estimate=self.estimate,
            interval=Interval(self.low, self.high),
            p_value=self.p_value,
            extra=dict.fromkeys(traits),
            by_likelihood=self.by_likelihood,
        )

    @property
    def has_unplanned_looks(self) -> bool:
        """Whether the data were looked at more often than planned."""
        return self.looks > self.looks_planned

    @property
    def told(self) -> Told:
        """What is told of it."""
        return Told(
            outcome=self.outcome,
            design=self.design or ComparisonDesign.ONE_GROUP_TARGET,
            effect=self.effect,
            confidence=self.confidence,
            least=self.least,
            direction=self.direction,
            unit=self.unit,
            is_random=self.is_random,
        )


def sentence_of(found: Found) -> Sentence:
    """The verdict in one plain sentence."""
    nothing = Interval(0.0, 0.0)
    guard = Guardrail(found.guardrail, nothing, 0.0) if found.guardrail else None
    return said(found.told, found.verdict, missing=found.missing, guard=guard)


def limits_in(found: Found) -> list[Sentence]:
    """What it cannot tell: from amendments, design and n, and from how often one looked."""
    amended = [held.told(change) for change in found.amended]
    if found.effect is None:
        return amended
    limits = [*amended, *_conversion(found), *limits_of(found.told, found.n)]
    if found.has_unplanned_looks:
        limits.append(sentence(UNPLANNED, n=found.looks, planned=found.looks_planned))
    if found.primaries > 1:
        limits.append(sentence(SHARED, n=found.primaries))
    return limits


def _conversion(found: Found) -> Iterator[Sentence]:
    """How the plan's threshold became a ratio, where it did."""
    if found.planned is None or found.level is None or found.least is None:
        return
    difference = replace(found.told, design=ComparisonDesign.TWO_GROUPS)
    yield sentence(
        CONVERTED,
        least=value_in_words(difference, found.planned),
        level=level_in_words(found.outcome, found.level),
        ratio=threshold_in_words(found.told),
    )


def effect_in(found: Found) -> Sentence | None:
    """The effect with its interval in the unit people use."""
    return None if found.effect is None else in_words(found.told, found.effect)
