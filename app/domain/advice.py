"""The design advisor: what so many people can show, told in the unit people measure in."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from app.domain.refusals import InvalidError, Problem
from app.domain.statistics.clusters import Clusters
from app.domain.statistics.effects import below
from app.domain.statistics.menu import METHODS, Outcome
from app.domain.statistics.power import (
    COMPARED_GROUPS,
    MOST_N,
    PLANNED,
    Advice,
    Plan,
    advise,
    detectable,
    power_at,
)
from app.language.sentences import Sentence, sentence
from models.vocabulary import ComparisonDesign as Design
from models.vocabulary import Direction

# 30 answers make a recommendation score known to about ±29 points: 29 · √30 / 1.96.
USUAL_NPS_SD = 81.0
LARGEST = 1e15
# The curve goes from a quarter of the people one can get to four times as many.
STEPS = tuple(2 ** (step / 2) for step in range(-4, 5))


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What one wants to find out, and how many people one can get in each group.

    ``baseline`` is the share today (0 to 1), or the target it is held against. ``sd`` and
    ``least``, the smallest effect that matters, are in the unit of the metric, shares as 0 to 1.
    """

    design: Design
    outcome: Outcome
    n: int
    baseline: float = 0.5
    sd: float | None = None
    least: float | None = None
    direction: Direction = Direction.INCREASE
    power: float = 0.8
    clusters: Clusters = field(default_factory=Clusters)

    @property
    def is_compared(self) -> bool:
        """Whether there is a second group of the same size."""
        return self.design in COMPARED_GROUPS

    @property
    def counts_as(self) -> int:
        """As how many independent people the people of a group count."""
        return max(1, math.floor(round(self.n / self.clusters.design_effect, 9)))

    @property
    def plan(self) -> Plan:
        """The question in standard units, of independent people."""
        return Plan(
            design=self.design, outcome=self.outcome, n_per_group=self.counts_as, power=self.power
        )


@dataclass(frozen=True, kw_only=True)
class Advised:
    """The answer. Effects are in the unit of the metric, None where not even the largest shows.

    ``needed`` people in each group, clusters counted in, detect the least effect that matters;
    ``chance`` is the power that the people one can get have for it. ``curve``: (people, effect).
    """

    wish: Wish
    method: str
    advice: Advice
    smallest: float | None
    needed: int | None
    chance: float | None
    curve: tuple[tuple[int, float | None], ...]

    @property
    def suffices(self) -> bool:
        """Whether what matters would show."""
        return self.chance is not None and self.chance >= self.wish.power


def problems_of(wish: Wish) -> list[Problem]:
    """What is out of bounds; the clusters refuse by themselves."""
    problems = []
    if not 1 <= wish.n <= MOST_N:
        problems.append(Problem("n", sentence("Between 1 and %(most)s people.", most=MOST_N)))
    if not 0 <= wish.baseline <= 1:
        problems.append(Problem("baseline", sentence("A share lies between 0 and 100 %.")))
    for name in ("sd", "least"):
        value = getattr(wish, name)
        if value is not None and not 0 < value <= LARGEST:
            problems.append(Problem(name, sentence("This must be more than zero.")))
    return problems or list(_least_problems(wish))


def _least_problems(wish: Wish) -> Iterator[Problem]:
    if wish.least is None or not is_planned(wish.design, wish.outcome):
        return
    effect = standard(wish, wish.least)
    if effect is None:
        yield Problem("least", _unreachable(wish))
        return
    try:
        _needed(wish, effect)
    except InvalidError as refusal:
        yield Problem("least", refusal.problems[0].message)


def _unreachable(wish: Wish) -> Sentence:
    """Why an effect of this size cannot be asked for."""
    if wish.outcome is Outcome.ORDINAL:
        return sentence("Of ordered answers no smallest effect can be weighed: leave this empty.")
    return sentence("From where it stands no share can move so far.")


def is_planned(design: Design, outcome: Outcome) -> bool:
    """Whether there is a way to say beforehand what a number of people can show."""
    return (design, outcome) in PLANNED


def advised(wish: Wish) -> Advised:
    """What the people one can get will show. Raises InvalidError where there is no method."""
    advice = advise(wish.plan)
    least = None if wish.least is None else standard(wish, wish.least)
    return Advised(
        wish=wish,
        method=METHODS[wish.design, wish.outcome],
        advice=advice,
        smallest=in_units(wish, advice.detectable_effect),
        needed=None if least is None else _needed(wish, least),
        chance=None if least is None else power_at(wish.plan, wish.counts_as, least),
        curve=tuple((n, _smallest_at(wish, n)) for n in _steps(wish.n)),
    )


def in_units(wish: Wish, effect: float | None) -> float | None:
    """A standard effect in the unit of the metric; None where no metric can move so far.

    Of shares how far they move from the baseline (Cohen J., Statistical Power Analysis, 1988,
    chapter 6); of ordered answers the probability of superiority (McGraw and Wong 1992).
    """
    if effect is None:
        return None
    match wish.outcome:
        case Outcome.PROPORTION:
            angle = _angle(wish.baseline) + _sign(wish) * effect
            return abs(_share(angle) - wish.baseline) if 0 <= angle <= math.pi else None
        case Outcome.ORDINAL:
            return below(effect / math.sqrt(2))
        case _:
            return effect * _spread(wish)


def standard(wish: Wish, units: float) -> float | None:
    """An effect in the unit of the metric as a standard one; None where none can be named."""
    match wish.outcome:
        case Outcome.PROPORTION:
            share = wish.baseline + _sign(wish) * units
            return abs(_angle(share) - _angle(wish.baseline)) if 0 <= share <= 1 else None
        case Outcome.ORDINAL:
            return None
        case _:
            return units / _spread(wish)


def _spread(wish: Wish) -> float:
    """The standard deviation; without one, effects are told in standard deviations."""
    return wish.sd or (USUAL_NPS_SD if wish.outcome is Outcome.NPS else 1.0)


def _sign(wish: Wish) -> int:
    return 1 if wish.direction is Direction.INCREASE else -1


def _angle(share: float) -> float:
    return 2 * math.asin(math.sqrt(share))


def _share(angle: float) -> float:
    return math.sin(angle / 2) ** 2


def _needed(wish: Wish, effect: float) -> int:
    plan = replace(wish.plan, n_per_group=None, effect=effect, clusters=wish.clusters)
    return advise(plan).n_per_group_clustered


def _smallest_at(wish: Wish, n: int) -> float | None:
    there = replace(wish, n=n)
    return in_units(wish, detectable(there.plan, there.counts_as))


def _steps(n: int) -> list[int]:
    return sorted({min(MOST_N, max(2, round(n * step))) for step in STEPS})
