"""Shifts from ranks: order statistics of all pairs, without making a list of the pairs.

Two groups of 5,000 make 25 million differences. How many of them lie below a number is counted
from sorted values, and the number is halved in on.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from app.domain.statistics.effects import Interval
from app.domain.statistics.science import numpy

# Brings any range of doubles down to neighbours.
HALVINGS = 70


@dataclass(frozen=True, kw_only=True)
class Pairs:
    """The numbers that pairs make, in order, countable and not listed.

    ``up_to`` counts those up to a number, ``above`` gives the smallest one above it.
    """

    count: int
    least: float
    most: float
    up_to: Callable[[float], int]
    above: Callable[[float], float]

    def at(self, place: int) -> float:
        """The number at a place, 1 being the smallest."""
        low, high = self.least, self.most
        if self.up_to(low) >= place:
            return low
        for _halving in range(HALVINGS):
            middle = low + (high - low) / 2
            if middle in (low, high):
                break
            low, high = (low, middle) if self.up_to(middle) >= place else (middle, high)
        return self.above(low)

    @property
    def median(self) -> float:
        """The middle one, or the mean of the middle two: the Hodges–Lehmann estimate."""
        half = self.count // 2
        upper = self.at(half + 1)
        return upper if self.count % 2 else (self.at(half) + upper) / 2

    def between(self, depth: float) -> Interval:
        """The numbers that many places in from both ends; the ends themselves at most."""
        place = max(1, min(int(depth), (self.count + 1) // 2))
        return Interval(self.at(place), self.at(self.count + 1 - place))


def differences(ours: Sequence[float], theirs: Sequence[float]) -> Pairs:
    """Each of ours less each of theirs."""
    np = numpy()
    left, right = np.sort(np.asarray(ours, float)), np.sort(np.asarray(theirs, float))

    def up_to(number: float) -> int:
        return int((len(right) - np.searchsorted(right, left - number, "left")).sum())

    def above(number: float) -> float:
        # The largest of theirs that still leaves more than the number.
        places = np.searchsorted(right, left - number, "left")
        return float((left[places > 0] - right[places[places > 0] - 1]).min())

    return Pairs(
        count=len(left) * len(right),
        least=float(left[0] - right[-1]),
        most=float(left[-1] - right[0]),
        up_to=up_to,
        above=above,
    )


def middles(changes: Sequence[float]) -> Pairs:
    """The mean of each change with itself and with each other one (Walsh averages)."""
    np = numpy()
    ordered: Any = np.sort(np.asarray(changes, float))
    n = len(ordered)
    own = np.arange(n)

    def partners(number: float) -> Any:
        """From which place on each change has a partner that brings the mean above the number."""
        return np.maximum(np.searchsorted(ordered, 2 * number - ordered, "right"), own)

    def above(number: float) -> float:
        places = partners(number)
        reached = places < n
        return float(((ordered[reached] + ordered[places[reached]]) / 2).min())

    return Pairs(
        count=n * (n + 1) // 2,
        least=float(ordered[0]),
        most=float(ordered[-1]),
        up_to=lambda number: int((partners(number) - own).sum()),
        above=above,
    )
