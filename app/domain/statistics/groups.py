"""The sufficient numbers of a group; each refuses numbers that cannot be."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from app.domain.refusals import InvalidError, Problem
from app.language.sentences import Sentence, sentence

FEWEST_VALUES = 2
# More than there are people; the exact tests count in 64 bits.
MOST_COUNTED = 10**10


def refuse(field: str, message: Sentence) -> InvalidError:
    """The error for one number that cannot be."""
    return InvalidError([Problem(field, message)])


def no_spread(field: str) -> InvalidError:
    """The error for groups in which nobody differs from the others."""
    return refuse(
        field,
        sentence(
            "Nothing varies within the groups: without any spread no interval can be computed."
        ),
    )


def whole(field: str, number: float) -> int:
    """A count of people or events; refuses parts and less than zero."""
    if number < 0:
        raise refuse(field, sentence("This cannot be less than zero."))
    if not float(number).is_integer():
        raise refuse(field, sentence("Write a whole number."))
    if number > MOST_COUNTED:
        raise refuse(field, sentence("This number is too large."))
    return int(number)


@dataclass(frozen=True)
class Share:
    """How many of n did it."""

    successes: int
    n: int

    def __post_init__(self) -> None:
        whole("successes", self.successes)
        if whole("n", self.n) == 0:
            raise refuse("n", sentence("Nobody was asked: n must be at least 1."))
        if self.successes > self.n:
            raise refuse("successes", sentence("There cannot be more successes than n."))

    @property
    def value(self) -> float:
        """The share, 0 to 1."""
        return self.successes / self.n


@dataclass(frozen=True)
class Changed:
    """The same people asked twice, yes or no: how many improved and how many worsened."""

    improved: int
    worsened: int
    n: int

    def __post_init__(self) -> None:
        if whole("n", self.n) == 0:
            raise refuse("n", sentence("Nobody was asked: n must be at least 1."))
        if whole("improved", self.improved) + whole("worsened", self.worsened) > self.n:
            raise refuse("n", sentence("More people changed than were asked."))


@dataclass(frozen=True)
class Spread:
    """A mean with its standard deviation and n; ``values`` when each one is known."""

    mean: float
    sd: float
    n: int
    values: Sequence[float] = ()

    def __post_init__(self) -> None:
        if whole("n", self.n) < FEWEST_VALUES:
            raise refuse("n", sentence("One observation has no spread: at least 2 are needed."))
        if self.sd < 0:
            raise refuse("sd", sentence("This cannot be less than zero."))

    @property
    def se(self) -> float:
        """The standard error of the mean."""
        return self.sd / math.sqrt(self.n)

    @property
    def squared_error(self) -> float:
        """The squared standard error of the mean."""
        return self.se**2


@dataclass(frozen=True)
class Published:
    """A mean as a table prints it, with its standard error."""

    mean: float
    se: float

    def __post_init__(self) -> None:
        if self.se <= 0:
            raise refuse("se", sentence("A standard error is greater than zero."))


@dataclass(frozen=True)
class Events:
    """How often it happened, over how much exposure (person-days, boxes, trips)."""

    count: int
    exposure: float

    def __post_init__(self) -> None:
        whole("count", self.count)
        if self.exposure <= 0:
            raise refuse("exposure", sentence("The exposure must be greater than zero."))

    @property
    def rate(self) -> float:
        """Events per one unit of exposure."""
        return self.count / self.exposure


@dataclass(frozen=True)
class Ordered:
    """Answers on an ordered scale, one for each person."""

    values: Sequence[float]

    def __post_init__(self) -> None:
        if len(self.values) < FEWEST_VALUES:
            raise refuse("values", sentence("At least 2 answers are needed."))


@dataclass(frozen=True)
class Recommending:
    """How many would recommend it (9–10), are passive (7–8), would not (0–6)."""

    promoters: int
    passives: int
    detractors: int

    def __post_init__(self) -> None:
        whole("promoters", self.promoters)
        whole("passives", self.passives)
        whole("detractors", self.detractors)
        if self.n == 0:
            raise refuse("promoters", sentence("Nobody was asked: n must be at least 1."))

    @property
    def n(self) -> int:
        """How many answered."""
        return self.promoters + self.passives + self.detractors


def spread_of(values: Sequence[float]) -> Spread:
    """Mean and standard deviation of values."""
    if len(values) < FEWEST_VALUES:
        raise refuse("values", sentence("One observation has no spread: at least 2 are needed."))
    if not all(math.isfinite(value) for value in values):
        raise refuse("values", sentence("Write numbers."))
    return Spread(fmean(values), stdev(values), len(values), tuple(values))


def refuse_constant(*groups: Spread) -> None:
    """Refuse groups in which nothing varies: no interval can be computed."""
    if all(group.sd == 0 for group in groups):
        raise no_spread("values" if any(group.values for group in groups) else "sd")
