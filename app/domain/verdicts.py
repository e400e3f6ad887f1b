"""The verdict: computed from an interval and the smallest effect that matters, never typed."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.statistics.effects import Interval
from models.vocabulary import Direction, Verdict

# Stored with every verdict; raise it whenever the same numbers could get another one.
FUNCTION_VERSION = "1"


@dataclass(frozen=True)
class Guardrail:
    """A metric that must not get worse: its effect's interval and how much worse is tolerated.

    ``margin`` is zero or more, in the metric's unit; ``direction`` is the metric's good one.
    """

    name: str
    interval: Interval
    margin: float
    direction: Direction = Direction.INCREASE

    @property
    def is_crossed(self) -> bool:
        """Whether the whole interval lies beyond the margin."""
        return in_good_direction(self.interval, self.direction).high < -self.margin


def in_good_direction(interval: Interval, direction: Direction) -> Interval:
    """The interval turned so that more is better."""
    return interval if direction is Direction.INCREASE else interval.times(-1)


def crossed(guardrails: Sequence[Guardrail]) -> Guardrail | None:
    """The first guardrail whose whole interval lies beyond its margin."""
    return next((guardrail for guardrail in guardrails if guardrail.is_crossed), None)


def verdict_on(
    interval: Interval | None,
    *,
    direction: Direction,
    least: float | None,
    guardrails: Sequence[Guardrail] = (),
    is_sound: bool = True,
) -> Verdict:
    """What the numbers say.

    ``interval`` is the effect's, ``least`` (> 0) the smallest effect that matters, both in the
    metric's unit. Without one of them, or when the integrity checks failed (``is_sound``), nothing
    can be assessed. Of the rules the first that fits wins.
    """
    if interval is None or least is None or not is_sound:
        return Verdict.NOT_ASSESSABLE
    if math.isnan(interval.low) or math.isnan(interval.high) or least <= 0:
        raise ValueError("a verdict needs an interval and a threshold above zero")
    good = in_good_direction(interval, direction)
    rules = (
        (crossed(guardrails) is not None, Verdict.HARM_SIGNAL),
        (-least < good.low and good.high < least, Verdict.NO_MEANINGFUL_EFFECT),
        (good.high < 0, Verdict.HARM_SIGNAL),
        (good.low >= least, Verdict.SUPPORTED),
        (good.high < least, Verdict.NOT_SUPPORTED),
        (good.low > 0, Verdict.PROMISING),
    )
    return next((verdict for fits, verdict in rules if fits), Verdict.INCONCLUSIVE)
