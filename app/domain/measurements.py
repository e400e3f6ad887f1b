"""The sufficient numbers of a reading: which belong to which kind, and what value they make."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from app.domain.experiments import MOST_WHOLE
from app.domain.refusals import Problem
from app.domain.texts import MOST_TEXT, too_long
from app.language.sentences import Sentence, listed, sentence
from models.vocabulary import Arm, ChangeReason, MetricKind

ANSWERS = 5
EXACT = Decimal("0.000001")
ASKED = sentence("This number is needed.")

_AVERAGED = ("mean", "sd", "n", "change_mean", "change_sd")
FIELDS: Mapping[MetricKind, tuple[str, ...]] = {
    MetricKind.PROPORTION: ("successes", "n", "to_yes", "to_no"),
    MetricKind.MEAN: _AVERAGED,
    MetricKind.SCORE: _AVERAGED,
    MetricKind.MONEY: _AVERAGED,
    MetricKind.COUNT: ("count",),
    MetricKind.RATE: ("count", "exposure"),
    MetricKind.NPS: ("promoters", "passives", "detractors"),
    MetricKind.ORDINAL: ("answers",),
}
# What is known of the same people since they were measured before: both parts or neither.
PAIRED = (("to_yes", "to_no"), ("change_mean", "change_sd"))
OPTIONAL = frozenset({"sd", *(name for pair in PAIRED for name in pair)})
WHOLE = ("successes", "n", "promoters", "passives", "detractors", "to_yes", "to_no")


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """What was counted or computed. ``answers`` is how many chose 1, 2, 3, 4 and 5.

    ``to_yes`` and ``to_no``: of n people asked twice, how many changed their answer each way.
    ``change_mean`` and ``change_sd``: of each person's change since the first time.
    """

    successes: int | None = None
    n: int | None = None
    mean: Decimal | None = None
    sd: Decimal | None = None
    count: Decimal | None = None
    exposure: Decimal | None = None
    to_yes: int | None = None
    to_no: int | None = None
    change_mean: Decimal | None = None
    change_sd: Decimal | None = None
    promoters: int | None = None
    passives: int | None = None
    detractors: int | None = None
    answers: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True)
class Circumstances:
    """When, where and how it was measured.

    ``disaggregation`` is the cell it speaks of, "sex: women"; "" is the whole group.
    """

    measured_on: date | None
    arm: Arm = Arm.TREATMENT
    wave: str = ""
    disaggregation: str = ""
    ubigeo: str | None = None
    source: str = ""
    note: str = ""


def value_of(kind: MetricKind, numbers: Numbers) -> Decimal:
    """The one value the numbers make, to six decimals.

    proportion: successes ÷ n, 0 to 1 · mean, score, money: the mean · count: the count ·
    rate: count ÷ exposure, per one unit of exposure · NPS: 100 × (promoters − detractors) ÷ all ·
    ordinal: the mean of the answers, 1 to 5. Numbers that ``problems_of`` refuses raise.
    """
    match kind:
        case MetricKind.PROPORTION:
            exact = _given(numbers.successes) / _given(numbers.n)
        case MetricKind.COUNT:
            exact = _given(numbers.count)
        case MetricKind.RATE:
            exact = _given(numbers.count) / _given(numbers.exposure)
        case MetricKind.NPS:
            lead = _given(numbers.promoters) - _given(numbers.detractors)
            exact = 100 * lead / _given(size_of(kind, numbers))
        case MetricKind.ORDINAL:
            total = sum(mark * n for mark, n in enumerate(numbers.answers or (), start=1))
            exact = Decimal(total) / _given(size_of(kind, numbers))
        case _:
            exact = _given(numbers.mean)
    return exact.quantize(EXACT, ROUND_HALF_UP)


def size_of(kind: MetricKind, numbers: Numbers) -> int | None:
    """How many units the reading rests on; None for counts and rates."""
    match kind:
        case MetricKind.NPS:
            groups = (numbers.promoters, numbers.passives, numbers.detractors)
            return sum(group or 0 for group in groups)
        case MetricKind.ORDINAL:
            return sum(numbers.answers or ())
        case MetricKind.COUNT | MetricKind.RATE:
            return None
        case _:
            return numbers.n


def in_words(kind: MetricKind, numbers: Numbers) -> Sentence:
    """A reading as it was written down, for telling two of them apart."""
    if kind is MetricKind.PROPORTION:
        return sentence("%(hits)s of %(n)s", hits=numbers.successes, n=numbers.n)
    given = [getattr(numbers, name) for name in FIELDS[kind]]
    written = numbers.answers or [number for number in given if number is not None]
    return Sentence("(%(numbers)s)", {"numbers": listed(written)})


def problems_of(kind: MetricKind, numbers: Numbers) -> list[Problem]:
    """What is missing, impossible, or does not belong to the kind."""
    missing = [
        Problem(name, ASKED)
        for name in FIELDS[kind]
        if name not in OPTIONAL and getattr(numbers, name) is None
    ]
    ranged = list(_range_problems(numbers))
    # How numbers fit together says nothing while one of them is absent or impossible.
    return [*missing, *ranged] or [*_foreign_problems(kind, numbers), *_fit_problems(kind, numbers)]


def problems_of_day(measured_on: date | None, *, today: date) -> list[Problem]:
    """A reading has a day, and the day has come."""
    if measured_on is None:
        return [Problem("measured_on", sentence("Write the day it was measured."))]
    if measured_on > today:
        said = sentence("%(day)s has not come yet.", day=measured_on)
        return [Problem("measured_on", said)]
    return []


def problems_of_reason(code: ChangeReason | None, reason: str) -> list[Problem]:
    """A correction says why by a word of the list, and in words what was wrong."""
    problems = []
    if code is None:
        problems.append(Problem("reason_code", sentence("Choose why it is corrected.")))
    if not reason:
        problems.append(Problem("reason", sentence("Say what was wrong.")))
    elif len(reason) > MOST_TEXT:
        problems.append(Problem("reason", too_long(MOST_TEXT)))
    return problems


def _foreign_problems(kind: MetricKind, numbers: Numbers) -> Iterator[Problem]:
    for name in Numbers.__dataclass_fields__:
        if name not in FIELDS[kind] and getattr(numbers, name) is not None:
            yield Problem(name, sentence("A metric of this kind has no such number."))


def _range_problems(numbers: Numbers) -> Iterator[Problem]:
    for name in (*WHOLE, "count", "exposure", "sd", "change_sd"):
        value = getattr(numbers, name)
        if value is not None and (said := _out_of_range(name, value)):
            yield Problem(name, said)
    for mark, n in enumerate(numbers.answers or ()):
        if said := _out_of_range("answers", n):
            yield Problem(f"answers.{mark}", said)


def _out_of_range(name: str, value: int | Decimal) -> Sentence | None:
    if value < 0:
        return sentence("This cannot be less than zero.")
    if name == "exposure" and value == 0:
        return sentence("The exposure must be greater than zero.")
    if name in (*WHOLE, "answers") and value > MOST_WHOLE:
        return sentence("At most %(most)s.", most=MOST_WHOLE)
    return None


def _fit_problems(kind: MetricKind, numbers: Numbers) -> Iterator[Problem]:
    """How the numbers fit together, once all are there."""
    yield from _pair_problems(numbers)
    if kind is MetricKind.ORDINAL and len(numbers.answers or ()) != ANSWERS:
        yield Problem("answers", sentence("Say how many chose each of the five answers."))
    elif size_of(kind, numbers) == 0:
        yield Problem(_size_field(kind), sentence("Nobody was asked: there is nothing to record."))
    elif kind is MetricKind.PROPORTION and (numbers.successes or 0) > (numbers.n or 0):
        yield Problem(
            "successes",
            sentence("There cannot be more than all %(n)s of them.", n=numbers.n),
        )
    elif numbers.n == 1 and numbers.sd:
        yield Problem("sd", sentence("One single value has no spread: leave this empty."))


def _pair_problems(numbers: Numbers) -> Iterator[Problem]:
    """What is said of the same people's changes is whole, and of no more people than there are."""
    for first, second in PAIRED:
        given = [getattr(numbers, name) is not None for name in (first, second)]
        if any(given) and not all(given):
            yield Problem(second if given[0] else first, ASKED)
    turned = (numbers.to_yes or 0, numbers.to_no or 0)
    if sum(turned) > (numbers.n or 0) and any(turned):
        yield Problem("to_yes", sentence("More people changed than were asked."))


def _size_field(kind: MetricKind) -> str:
    first = {MetricKind.NPS: "promoters", MetricKind.ORDINAL: "answers"}
    return first.get(kind, "n")


def _given(value: int | Decimal | None) -> Decimal:
    if value is None:
        raise ValueError("a number of the reading is missing")
    return Decimal(value)
