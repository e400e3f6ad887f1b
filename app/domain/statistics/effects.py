"""What every method answers with: an effect, its interval, and what was computed beside it."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from statistics import NormalDist

NORMAL = NormalDist()
# Bisection ends when its bracket cannot shrink further in double precision.
HALVINGS = 200
MOST_DEVIATIONS = 38.0


class Alternative(StrEnum):
    """Which effects the p-value counts as evidence: both sides, or one."""

    TWO_SIDED = "two_sided"
    GREATER = "greater"
    LESS = "less"


@dataclass(frozen=True)
class Interval:
    """Lower and upper limit of an effect."""

    low: float
    high: float

    def times(self, factor: float) -> "Interval":
        """Both limits in another unit; a negative factor turns them round."""
        low, high = sorted((self.low * factor, self.high * factor))
        return Interval(low, high)

    def plus(self, shift: float) -> "Interval":
        """Both limits moved."""
        return Interval(self.low + shift, self.high + shift)


@dataclass(frozen=True, kw_only=True)
class Test:
    """How the p-value is to be computed and how wide the interval is."""

    confidence: float = 0.95
    alternative: Alternative = Alternative.TWO_SIDED

    @property
    def deviations(self) -> float:
        """Standard deviations either side that hold the confidence: 1.96 for 0.95."""
        return -NORMAL.inv_cdf(self.tail)

    @property
    def tail(self) -> float:
        """What is left out at either end: 0.025 for 0.95."""
        return (1 - self.confidence) / 2

    @property
    def is_two_sided(self) -> bool:
        """Whether effects of both signs count."""
        return self.alternative is Alternative.TWO_SIDED

    @property
    def spelled(self) -> str:
        """The alternative as scipy spells it."""
        return self.alternative.value.replace("_", "-")


@dataclass(frozen=True, kw_only=True)
class Effect:
    """Treatment minus comparison in natural units, with its interval.

    ``extra`` holds named numbers of the method; a number that does not exist is None.
    ``by_likelihood`` says that p adds up every outcome no likelier than the one seen;
    ``is_attained`` that so many numbers can give an interval the confidence asked for.
    """

    method: str
    estimate: float
    interval: Interval
    p_value: float | None
    statistic: float | None = None
    df: float | None = None
    extra: Mapping[str, object] = field(default_factory=dict)
    by_likelihood: bool = False
    is_attained: bool = True

    def with_extra(self, **more: object) -> "Effect":
        """The same effect with more numbers beside it."""
        return replace(self, extra={**self.extra, **more})


def below(z: float) -> float:
    """The standard normal distribution; unlike ``NORMAL.cdf`` it is right far out as well."""
    return math.erfc(-z / math.sqrt(2)) / 2


def normal_p(z: float, alternative: Alternative) -> float:
    """The p-value of a standard normal statistic."""
    if alternative is Alternative.GREATER:
        return below(-z)
    if alternative is Alternative.LESS:
        return below(z)
    return 2 * below(-abs(z))


def from_normal(method: str, estimate: float, error: float, test: Test) -> Effect:
    """An effect whose standard error is known: normal interval and p."""
    reach, z = error * test.deviations, estimate / error
    return Effect(
        method=method,
        estimate=estimate,
        interval=Interval(estimate - reach, estimate + reach),
        p_value=normal_p(z, test.alternative),
        statistic=z,
    )


def inverted_p(interval_at: Callable[[float], Interval], estimate: float, test: Test) -> float:
    """The p-value that agrees with an interval: where its limit just touches zero.

    ``interval_at`` gives the interval for a number of standard deviations.
    """
    is_above = estimate > 0

    def holds_zero(deviations: float) -> bool:
        around = interval_at(deviations)
        return around.low <= 0 if is_above else around.high >= 0

    reached = bisected(lambda z: 1.0 if holds_zero(z) else -1.0, 0.0, MOST_DEVIATIONS)
    return normal_p(math.copysign(reached, estimate), test.alternative)


def bisected(rising: Callable[[float], float], low: float, high: float) -> float:
    """Where a rising function passes zero between two ends."""
    for _halving in range(HALVINGS):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if rising(middle) >= 0 else (middle, high)
    return (low + high) / 2


def square_and_add(first: float, around: Interval, second: float, beside: Interval) -> Interval:
    """The interval of first − second from the interval of each.

    Newcombe R., Statistics in Medicine 17 (1998) 873–890, method 10; with other intervals it is
    the MOVER of Zou and Donner, Statistics in Medicine 27 (2008) 1693–1702.
    """
    difference = first - second
    return Interval(
        difference - math.hypot(first - around.low, beside.high - second),
        difference + math.hypot(around.high - first, second - beside.low),
    )


def finite(number: float) -> float | None:
    """The number, or None where it is infinite or undefined."""
    return float(number) if math.isfinite(number) else None
