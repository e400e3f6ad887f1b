"""An estimate with its interval, drawn in a lane and said in words."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports.axis import ValueScale, value_scale
from app.reports.charts.drawing import (
    INK,
    LEFT,
    RIGHT,
    Number,
    arrowhead,
    decimal_of,
    decimals_of,
    rule,
)

# exp() of more is no number a reader could use.
LARGEST_LOG = 200.0
RATIO_STEPS = ((1.0, 1.5, 2.0, 3.0, 5.0, 7.0), (1.0, 2.0, 5.0), (1.0,))
MOST_TICKS = 7


@dataclass(frozen=True)
class Reach:
    """An estimate and the limits of its interval; a limit that is None or infinite is open."""

    estimate: float | None
    low: float | None = None
    high: float | None = None

    @property
    def is_known(self) -> bool:
        """Whether anything of it can be drawn."""
        return bool(self.values())

    def values(self) -> list[Decimal]:
        """What the scale must reach."""
        return decimals_of(self.estimate, self.low, self.high)

    def mapped(self, change: Callable[[float], float]) -> "Reach":
        """The same with each number changed; a change that turns it round swaps the limits."""
        ends = [None if end is None else change(end) for end in (self.low, self.high)]
        if change(1.0) < change(0.0):
            ends.reverse()
        return Reach(None if self.estimate is None else change(self.estimate), *ends)


def lane(reach: Reach, scale: ValueScale, y: float, *, sign: Callable[[float], str]) -> list[str]:
    """The interval as a line, open ends as arrows, the estimate as a sign placed by ``sign``."""
    if not reach.is_known:
        return []
    low, high = decimal_of(reach.low), decimal_of(reach.high)
    left = LEFT if low is None else scale.at(low)
    right = RIGHT if high is None else scale.at(high)
    drawn = [rule((left, y), (right, y), stroke=INK, width=1.6)]
    drawn += _end(left, y, is_open=low is None, towards=-1)
    drawn += _end(right, y, is_open=high is None, towards=1)
    estimate = decimal_of(reach.estimate)
    return drawn if estimate is None else [*drawn, sign(scale.at(estimate))]


def _end(x: float, y: float, *, is_open: bool, towards: int) -> list[str]:
    if is_open:
        return [arrowhead(x, y, towards=towards)]
    return [rule((x, y - 3), (x, y + 3), stroke=INK, width=1.2)]


def reach_words(reach: Reach, number: Number, speaker: Speaker) -> str:
    """As in "+12 (+3 to +21)"."""
    if not reach.is_known:
        return speaker.say(sentence("not computed"))
    return speaker.say(
        sentence(
            "%(estimate)s (%(low)s to %(high)s)",
            estimate=estimate_words(reach.estimate, number),
            low=limit_words(reach.low, number, open_as="-∞"),
            high=limit_words(reach.high, number, open_as="∞"),
        )
    )


def estimate_words(value: float | None, number: Number) -> str:
    """The estimate; a dash where there is none."""
    if value is not None and math.isinf(value):
        return "∞" if value > 0 else "-∞"
    exact = decimal_of(value)
    return "–" if exact is None else number(exact)


def limit_words(value: float | None, number: Number, *, open_as: str) -> str:
    """A limit; an open one by its sign."""
    exact = decimal_of(value)
    return open_as if exact is None else number(exact)


def signed(number: Number) -> Number:
    """The same way of writing, with a plus before what is above zero."""
    return lambda value: f"+{number(value)}" if value > 0 else number(value)


def scale_across(values: Sequence[Decimal], *, inset: float = 12.0) -> ValueScale:
    """A scale from left to right; the inset leaves room for the arrows of open ends."""
    return value_scale(values, bottom=LEFT + inset, top=RIGHT - inset)


def ratio_of(log: float) -> float:
    """The ratio of a logarithm; endless where no reader could use it."""
    if math.isnan(log) or abs(log) > LARGEST_LOG:
        return math.inf if log > 0 else 0.0
    return math.exp(log)


def bounded_log(log: float) -> float:
    """The logarithm, endless where its ratio is."""
    return math.copysign(math.inf, log) if abs(log) > LARGEST_LOG else log


def ratio_scale(logs: Sequence[Decimal], *, inset: float = 12.0) -> tuple[ValueScale, list[float]]:
    """A scale of logarithms whose ticks are round ratios, and these ratios."""
    reached = [float(log) for log in logs] or [0.0]
    low, high = min(*reached, -0.1), max(*reached, 0.1)
    ratios = next(
        (found for steps in RATIO_STEPS if len(found := _ratios(low, high, steps)) <= MOST_TICKS),
        _decades(low, high),
    )
    ticks = tuple(Decimal(repr(math.log(ratio))) for ratio in ratios)
    low, high = min(low, float(ticks[0])), max(high, float(ticks[-1]))
    ends = (Decimal(repr(low)), Decimal(repr(high)))
    return ValueScale(*ends, ticks, LEFT + inset, RIGHT - inset), ratios


def _ratios(low: float, high: float, steps: tuple[float, ...]) -> list[float]:
    """Round ratios within the reach, 1 always among them."""
    decades = range(math.floor(low / math.log(10)) - 1, math.ceil(high / math.log(10)) + 1)
    found = {step * 10.0**decade for decade in decades for step in steps}
    return sorted({1.0} | {ratio for ratio in found if low <= math.log(ratio) <= high})


def _decades(low: float, high: float) -> list[float]:
    """Every so many powers of ten, few enough to be read."""
    first, last = math.floor(low / math.log(10)), math.ceil(high / math.log(10))
    step = math.ceil((last - first) / (MOST_TICKS - 2))
    return sorted({10.0**decade for decade in range(-step * (-first // step), last + 1, step)})
