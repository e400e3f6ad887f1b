"""What a metric may claim: its baseline, its target, and their ranges."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.domain.disaggregations import problems_of as problems_of_disaggregations
from app.domain.experiments import MOST_WHOLE
from app.domain.refusals import Problem
from app.domain.texts import MOST_LINE, text_problems
from app.domain.waves import Wave
from app.domain.waves import problems_of as problems_of_waves
from app.language.sentences import Sentence, sentence
from models.vocabulary import Cumulation, Direction, MetricKind, MetricRole

MOST_PRIMARY = 2
HUNDRED, EXACT = Decimal(100), Decimal("0.000001")
# Lowest and highest value of each kind, as stored: a share is kept as 0 to 1.
RANGES: Mapping[MetricKind, tuple[Decimal | None, Decimal | None]] = {
    MetricKind.PROPORTION: (Decimal(0), Decimal(1)),
    MetricKind.NPS: (Decimal(-100), Decimal(100)),
    MetricKind.ORDINAL: (Decimal(1), Decimal(5)),
    MetricKind.COUNT: (Decimal(0), None),
    MetricKind.RATE: (Decimal(0), None),
}


@dataclass(frozen=True, kw_only=True)
class MetricFacts:
    """A metric as its record keeps it: shares as 0 to 1, NPS as −100 to 100.

    ``guardrail_margin`` is how much worse a guardrail may get; ``planned_waves`` are in time.
    """

    name: str
    kind: MetricKind
    direction: Direction
    role: MetricRole
    unit: str = ""
    hypothesis_id: int | None = None
    baseline: Decimal | None = None
    baseline_n: int | None = None
    baseline_on: date | None = None
    baseline_source: str = ""
    target: Decimal | None = None
    target_on: date | None = None
    minimum_meaningful_effect: Decimal | None = None
    guardrail_margin: Decimal | None = None
    cumulation: Cumulation = Cumulation.NOT_CUMULATIVE
    denominator: str = ""
    source: str = ""
    measured_by: str = ""
    waves: str = ""
    planned_waves: tuple[Wave, ...] = ()
    disaggregations: str = ""


def as_stored(kind: MetricKind, typed: Decimal | None) -> Decimal | None:
    """A value as people write it (a share in per cent) the way it is kept."""
    if kind is not MetricKind.PROPORTION or typed is None:
        return typed
    return (typed / HUNDRED).quantize(EXACT, ROUND_HALF_UP)


def as_written(kind: MetricKind, stored: Decimal | None) -> Decimal | None:
    """A kept value the way people write it: a share in per cent."""
    if kind is not MetricKind.PROPORTION or stored is None:
        return stored
    percent = (stored * HUNDRED).normalize()
    # A whole number keeps its zeros: normalize() turns 100 into 1E+2.
    return percent.quantize(Decimal(1)) if percent == percent.to_integral_value() else percent


def problems_of(facts: MetricFacts, *, other_primaries: int, today: date) -> list[Problem]:
    """Everything that keeps the metric from being kept."""
    return [
        *_name_problems(facts),
        *_role_problems(facts, other_primaries),
        *_range_problems(facts),
        *_baseline_problems(facts, today),
        *_target_problems(facts),
        *_margin_problems(facts),
        *problems_of_waves(facts.planned_waves),
        *problems_of_disaggregations(facts.disaggregations),
    ]


def _name_problems(facts: MetricFacts) -> Iterator[Problem]:
    if not facts.name:
        yield Problem("name", sentence("Give the metric a name."))
    yield from text_problems(facts, {"name": MOST_LINE, "unit": MOST_LINE})


def _role_problems(facts: MetricFacts, other_primaries: int) -> Iterator[Problem]:
    if facts.role is MetricRole.PRIMARY and other_primaries >= MOST_PRIMARY:
        yield Problem(
            "role",
            sentence(
                "There are %(most)s primary metrics already: make this one secondary, "
                "or change one of the others first.",
                most=MOST_PRIMARY,
            ),
        )


def _range_problems(facts: MetricFacts) -> Iterator[Problem]:
    for name in ("baseline", "target"):
        value = getattr(facts, name)
        if value is not None and (said := _outside(facts.kind, value)):
            yield Problem(name, said)
    least = facts.minimum_meaningful_effect
    if least is not None and (said := _effect_outside(facts.kind, least)):
        yield Problem("minimum_meaningful_effect", said)


def _outside(kind: MetricKind, value: Decimal) -> Sentence | None:
    lowest, highest = RANGES.get(kind, (None, None))
    if (lowest is None or value >= lowest) and (highest is None or value <= highest):
        return None
    match kind:
        case MetricKind.PROPORTION:
            return sentence("A share lies between 0 and 100 per cent.")
        case MetricKind.NPS:
            return sentence("A recommendation score lies between −100 and 100.")
        case MetricKind.ORDINAL:
            return sentence("Ordered answers lie between 1 and 5.")
        case _:
            return sentence("This cannot be less than zero.")


def _effect_outside(kind: MetricKind, least: Decimal) -> Sentence | None:
    if least <= 0:
        return sentence("The smallest effect that matters is greater than zero.")
    lowest, highest = RANGES.get(kind, (None, None))
    if lowest is not None and highest is not None and least > highest - lowest:
        return sentence("No effect can be that large: it exceeds the whole scale.")
    return None


def _baseline_problems(facts: MetricFacts, today: date) -> Iterator[Problem]:
    is_described = facts.baseline_n is not None or facts.baseline_on is not None
    if facts.baseline is None and is_described:
        yield Problem("baseline", sentence("Write the baseline's value as well."))
    if facts.baseline_on is not None and facts.baseline_on > today:
        said = sentence("%(day)s has not come yet.", day=facts.baseline_on)
        yield Problem("baseline_on", said)
    if facts.baseline_n is not None and not 1 <= facts.baseline_n <= MOST_WHOLE:
        said = sentence("Write how many were asked: a whole number of at least 1.")
        yield Problem("baseline_n", said)


def _target_problems(facts: MetricFacts) -> Iterator[Problem]:
    if facts.target is None:
        if facts.target_on is not None:
            yield Problem("target", sentence("Write the target this day belongs to."))
        return
    if facts.baseline is None:
        yield Problem(
            "target",
            sentence(
                "A target needs a baseline to start from: write the baseline (0 if there was "
                "nothing before), or leave the target empty for now."
            ),
            judged_by=("baseline",),
        )
    elif _points_astray(facts, facts.baseline, facts.target):
        yield Problem("target", _astray(facts.direction), judged_by=("direction", "role"))
    if facts.baseline_on and facts.target_on and facts.target_on <= facts.baseline_on:
        yield Problem(
            "target_on",
            sentence(
                "The target's day comes after the baseline's, %(day)s.", day=facts.baseline_on
            ),
        )


def _margin_problems(facts: MetricFacts) -> Iterator[Problem]:
    margin = facts.guardrail_margin
    if margin is None:
        return
    lowest, highest = RANGES.get(facts.kind, (None, None))
    if facts.role is not MetricRole.GUARDRAIL:
        said = sentence("Only a guardrail has a margin: leave this empty.")
        yield Problem("guardrail_margin", said, judged_by=("role",))
    elif margin < 0:
        yield Problem("guardrail_margin", sentence("This cannot be less than zero."))
    elif lowest is not None and highest is not None and margin > highest - lowest:
        said = sentence("No effect can be that large: it exceeds the whole scale.")
        yield Problem("guardrail_margin", said)


def _points_astray(facts: MetricFacts, baseline: Decimal, target: Decimal) -> bool:
    """Whether the target lies on the wrong side; a guardrail's is a limit and may lie anywhere."""
    if facts.role is MetricRole.GUARDRAIL:
        return False
    return target <= baseline if facts.direction is Direction.INCREASE else target >= baseline


def _astray(direction: Direction) -> Sentence:
    if direction is Direction.INCREASE:
        return sentence("The metric should rise: its target lies above the baseline.")
    return sentence("The metric should fall: its target lies below the baseline.")
