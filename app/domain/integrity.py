"""Whether the measuring went as planned. What does not fit is flagged, never mended."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise
from statistics import median

from app.domain.accumulation import COUNTED, added
from app.domain.assessment import (
    IN_TWO_GROUPS,
    Layout,
    Measured,
    Observation,
    assess,
    by_spot,
    conflicts_in,
    sizes_of,
)
from app.domain.disaggregations import name_of
from app.domain.measurements import ANSWERS, Numbers, in_words, value_of
from app.domain.metrics import RANGES
from app.domain.names import folded
from app.domain.readouts import joined
from app.domain.statistics.menu import size_of as size_asked
from app.domain.waves import Wave
from app.language.sentences import Sentence, sentence
from models.vocabulary import Arm, Cumulation, MetricKind, MetricRole

STALE_AFTER = timedelta(days=120)
STALE_INTERVALS = Decimal("1.5")
# How far from its day a wave may be measured when nothing says how far apart waves are.
USUAL_REACH = timedelta(days=30)
# A value so many times another unit's size is likely a slip of the unit.
FAR = 10
FEWEST_TO_COMPARE = 3
# Who changed since may be told of the whole group alone.
ADDING = tuple(name for name in COUNTED if not name.startswith("to_"))


class Check(StrEnum):
    """What is looked at; the first five decide whether there is a verdict at all."""

    PLANNED_N = "planned_n"
    ARMS = "arms"
    ATTRITION = "attrition"
    WINDOW = "window"
    CONFLICT = "conflict"
    WAVES = "waves"
    STALE = "stale"
    RANGE = "range"
    DUPLICATE = "duplicate"
    PARTS = "parts"
    MARGIN = "margin"


DECISIVE = frozenset({Check.PLANNED_N, Check.ARMS, Check.ATTRITION, Check.WINDOW, Check.CONFLICT})


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A metric, its readings and its planned waves in time."""

    name: str
    role: MetricRole
    measured: Measured
    waves: Sequence[Wave] = ()
    has_margin: bool = True


@dataclass(frozen=True, kw_only=True)
class Undertaking:
    """What the experiment set out to do. ``attrition_limit`` is a share, 0 to 1."""

    layout: Layout
    sample_planned: int | None = None
    attrition_limit: Decimal | None = None
    is_running: bool = False
    registered_on: date | None = None


@dataclass(frozen=True)
class Flag:
    """One thing that does not fit, and in which metric."""

    check: Check
    metric: str
    message: Sentence

    @property
    def is_decisive(self) -> bool:
        """Whether nothing can be assessed because of it."""
        return self.check in DECISIVE


class Taken(StrEnum):
    """What became of a planned reading."""

    DONE = "done"
    EARLY = "early"
    LATE = "late"
    MISSING = "missing"
    NOT_DUE = "not_due"


@dataclass(frozen=True)
class Completeness:
    """How many waves were planned, how many of them are due, and how many of those recorded."""

    planned: int
    due: int
    recorded: int


def flags_of(watched: Watched, plan: Undertaking, *, today: date) -> list[Flag]:
    """Everything that does not fit in one metric, the decisive first."""
    if not watched.measured.observations and not plan.is_running:
        return []
    found = [
        *(_decisive(watched, plan, today) if watched.role is MetricRole.PRIMARY else ()),
        *_conflict_flags(watched.measured),
        *_wave_flags(watched, plan, today),
        *_number_flags(watched),
    ]
    return [Flag(check, watched.name, message) for check, message in found]


def completeness(watched: Watched, *, today: date) -> Completeness:
    """Planned waves against recorded ones."""
    due = [wave for wave in watched.waves if wave.due_on <= today]
    recorded = sum(is_recorded(wave, watched) for wave in due)
    return Completeness(len(watched.waves), len(due), recorded)


def is_recorded(wave: Wave, watched: Watched) -> bool:
    """Whether a reading names the wave, or names none and lies near its day."""
    reach = _reach(watched)
    return any(_belongs(one, wave, reach) for one in watched.measured.observations)


def _belongs(one: Observation, wave: Wave, reach: timedelta) -> bool:
    if one.wave:
        return folded(one.wave) == folded(wave.name)
    return abs(one.on - wave.due_on) <= reach


def taken(wave: Wave, watched: Watched, *, today: date) -> Taken:
    """What became of a wave: by the day nearest its own of the readings that belong to it."""
    reach = _reach(watched)
    days = [one.on for one in watched.measured.observations if _belongs(one, wave, reach)]
    if not days:
        return Taken.MISSING if wave.due_on + reach < today else Taken.NOT_DUE
    off = min((day - wave.due_on for day in days), key=abs)
    if abs(off) <= reach:
        return Taken.DONE
    return Taken.LATE if off > reach else Taken.EARLY


Found = tuple[Check, Sentence]
Spot = tuple[date, Arm, str, str]


def _decisive(watched: Watched, plan: Undertaking, today: date) -> Iterator[Found]:
    measured = watched.measured
    question = assess(measured, plan.layout).question
    size = size_asked(question) if question else None
    if plan.sample_planned is not None and size is not None and size < plan.sample_planned:
        yield (
            Check.PLANNED_N,
            sentence(
                "%(n)s were measured and %(planned)s were planned.",
                n=int(size),
                planned=plan.sample_planned,
            ),
        )
    yield from _arm_flags(measured, plan.layout)
    yield from _attrition_flags(measured, plan.attrition_limit)
    if not _is_in_window(watched, plan, today):
        yield Check.WINDOW, sentence("It was not measured in its time.")


def _arm_flags(measured: Measured, layout: Layout) -> Iterator[Found]:
    arms = {one.arm for one in measured.totals}
    if layout.design is None or not arms:
        return
    if layout.design in IN_TWO_GROUPS and arms < set(Arm):
        yield Check.ARMS, sentence("Two groups were planned and one was measured.")
    if layout.design not in IN_TWO_GROUPS and Arm.COMPARISON in arms:
        yield (
            Check.ARMS,
            sentence("There are readings of a comparison group, which the design does not have."),
        )


def _attrition_flags(measured: Measured, limit: Decimal | None) -> Iterator[Found]:
    if limit is None or measured.cumulation is Cumulation.SUMS:
        return
    left = max((1 - Decimal(last) / first for first, last in sizes_of(measured)), default=limit)
    if left > limit:
        yield (
            Check.ATTRITION,
            sentence(
                "%(left)s %% of a group left since the first wave; the plan allows %(limit)s %%.",
                left=round(left * 100),
                limit=(limit * 100).normalize(),
            ),
        )


def _is_in_window(watched: Watched, plan: Undertaking, today: date) -> bool:
    """Whether the last wave whose time is over was measured in it; else, anything since the start.

    What was read later than that is late, whatever wave it names.
    """
    reach, readings = _reach(watched), watched.measured.totals
    over = [wave for wave in watched.waves if wave.due_on + reach < today]
    if not over:
        began = plan.layout.starts_on
        return not readings or any(began is None or one.on >= began for one in readings)
    due_on = max(wave.due_on for wave in over)
    return any(abs(one.on - due_on) <= reach for one in readings)


def _conflict_flags(measured: Measured) -> Iterator[Found]:
    for readings in conflicts_in(measured):
        numbers = [in_words(measured.kind, one.numbers) for one in readings]
        yield (
            Check.CONFLICT,
            sentence(
                "Different readings stand for the same wave, group and day (%(spot)s): "
                "%(numbers)s. Nothing can be assessed until one is corrected.",
                spot=_told(readings[0]),
                numbers=joined(numbers),
            ),
        )


def _told(one: Observation) -> Sentence:
    """Of what wave, group, day, place and part a reading is."""
    named = "".join(f", “{name}”" for name in (one.wave, one.place, one.cell) if name)
    return Sentence(
        "%(day)s, %(group)s%(named)s", {"day": one.on, "group": one.arm, "named": named}
    )


def _wave_flags(watched: Watched, plan: Undertaking, today: date) -> Iterator[Found]:
    missed = [
        wave.name
        for wave in watched.waves
        if wave.due_on + _reach(watched) < today and not is_recorded(wave, watched)
    ]
    if missed:
        yield (
            Check.WAVES,
            sentence("Planned and never measured: %(waves)s.", waves="; ".join(missed)),
        )
    days = [one.on for one in watched.measured.observations]
    begun = [day for day in (plan.layout.starts_on, plan.registered_on) if day]
    # What nobody measured is late only once a plan says that it is to be measured.
    newest = max([*days, *begun], default=None) if days or plan.registered_on else None
    if plan.is_running and newest is not None and today - newest > _patience(watched):
        yield (
            Check.STALE,
            sentence("Nothing was measured for %(n)s days.", n=(today - newest).days),
        )


def _number_flags(watched: Watched) -> Iterator[Found]:
    observations = watched.measured.observations
    for one in _out_of_range(watched.measured):
        yield Check.RANGE, sentence("The value of %(day)s is out of range.", day=one.on)
    for one in _far_off(watched.measured):
        yield (
            Check.RANGE,
            sentence("The value of %(day)s is far from all others: is its unit right?", day=one.on),
        )
    for same in by_spot(observations):
        if max(Counter(one.numbers for one in same).values()) > 1:
            yield (
                Check.DUPLICATE,
                sentence("The same reading stands more than once: %(spot)s.", spot=_told(same[0])),
            )
    for message in _part_flags(watched.measured):
        yield Check.PARTS, message
    if watched.role is MetricRole.GUARDRAIL and not watched.has_margin:
        yield Check.MARGIN, sentence("How much worse it may get was never set.")


def _gap(watched: Watched) -> timedelta | None:
    """The usual time between two planned waves."""
    days = sorted(wave.due_on for wave in watched.waves)
    gaps = [(after - before).days for before, after in pairwise(days)]
    return timedelta(days=median(gaps)) if gaps else None


def _reach(watched: Watched) -> timedelta:
    gap = _gap(watched)
    return min(gap / 2, USUAL_REACH) if gap else USUAL_REACH


def _patience(watched: Watched) -> timedelta:
    gap = _gap(watched)
    return min(gap * float(STALE_INTERVALS), STALE_AFTER) if gap else STALE_AFTER


def _values(measured: Measured) -> list[tuple[Observation, Decimal]]:
    return [(one, value_of(measured.kind, one.numbers)) for one in measured.observations]


def _out_of_range(measured: Measured) -> Iterator[Observation]:
    lowest, highest = RANGES.get(measured.kind, (None, None))
    for one, value in _values(measured):
        if (lowest is not None and value < lowest) or (highest is not None and value > highest):
            yield one


def _far_off(measured: Measured) -> Iterator[Observation]:
    """Values ten times larger or smaller than the middle of the others; shares have no unit."""
    if measured.kind in (MetricKind.PROPORTION, MetricKind.NPS, MetricKind.ORDINAL):
        return
    values = [(one, value) for one, value in _values(measured) if not one.cell]
    for one, value in values:
        others = [abs(other) for kept, other in values if kept is not one]
        middle = median(others) if len(others) >= FEWEST_TO_COMPARE else Decimal(0)
        if middle and not middle / FAR <= abs(value) <= middle * FAR:
            yield one


def _part_flags(measured: Measured) -> Iterator[Sentence]:
    """Where the cells of one breakdown, as "sex: women", miss their total or have none."""
    totals = {_spot(one): one for one in measured.observations if not one.cell}
    cells: dict[tuple[Spot, str], list[Observation]] = {}
    for one in measured.observations:
        if one.cell:
            cells.setdefault((_spot(one), folded(name_of(one.cell))), []).append(one)
    for (spot, _name), parts in cells.items():
        first, total = parts[0], totals.get(spot)
        told = {"name": name_of(first.cell) or first.cell, "day": first.on, "group": first.arm}
        if total is None:
            yield sentence(
                "“%(name)s”, %(day)s, %(group)s: only parts were recorded. They are not counted:"
                " record the whole group as well.",
                **told,
            )
        elif not _adds_up(measured.kind, parts, total):
            yield sentence(
                "“%(name)s”, %(day)s, %(group)s: the parts do not add up to their total.", **told
            )


def _spot(one: Observation) -> Spot:
    return one.on, one.arm, folded(one.wave), one.place


def _adds_up(kind: MetricKind, parts: Sequence[Observation], total: Observation) -> bool:
    """Whether the parts make the total; a single part need only be no larger."""
    whole, together = total.numbers, added(kind, [part.numbers for part in parts])
    pairs = list(zip(_counted(together), _counted(whole), strict=True))
    if len(parts) == 1:
        return all(part <= all_of_it for part, all_of_it in pairs)
    return all(part == all_of_it for part, all_of_it in pairs) and _is_average(together, whole)


def _counted(numbers: Numbers) -> list[Decimal]:
    """Everything in a reading that adds up, nothing counting as none."""
    answers = numbers.answers or (0,) * ANSWERS
    counts = [*(getattr(numbers, name) for name in ADDING), *answers]
    return [Decimal(count or 0) for count in counts]


def _is_average(together: Numbers, whole: Numbers) -> bool:
    """Whether the parts' averages make the whole one, as exactly as that was written."""
    if together.mean is None or whole.mean is None:
        return True
    exponent = whole.mean.as_tuple().exponent
    exact = Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)
    return abs(together.mean - whole.mean) <= exact
