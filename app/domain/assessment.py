"""From a metric's readings and the experiment's design to the question that is analysed."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from app.domain.accumulation import added
from app.domain.measurements import Numbers, size_of
from app.domain.names import folded
from app.domain.refusals import InvalidError
from app.domain.statistics.clusters import Clusters
from app.domain.statistics.effects import Test
from app.domain.statistics.groups import (
    Changed,
    Events,
    Ordered,
    Recommending,
    Share,
    Spread,
    refuse,
)
from app.domain.statistics.means import Course
from app.domain.statistics.menu import (
    MENU,
    OUTCOMES,
    Outcome,
    Question,
    Site,
    is_log_ratio,
)
from app.language.sentences import sentence
from models.vocabulary import Arm, Cumulation, Direction, MetricKind
from models.vocabulary import ComparisonDesign as Design

IN_TWO_GROUPS = frozenset({Design.TWO_GROUPS, Design.TWO_GROUPS_BEFORE_AFTER, Design.SITES})
# Ranks are computed answer by answer; beyond this it takes seconds and much memory.
MOST_ANSWERS = 100_000
# Readings without a wave's name belong together when no more than this lies between them.
ONE_VISIT = timedelta(days=14)


@dataclass(frozen=True, kw_only=True)
class Observation:
    """A standing reading. ``cell`` names the part of the group it speaks of; "" is all of it."""

    on: date
    numbers: Numbers
    arm: Arm = Arm.TREATMENT
    wave: str = ""
    place: str = ""
    cell: str = ""


@dataclass(frozen=True, kw_only=True)
class Measured:
    """A metric with its standing readings."""

    kind: MetricKind
    observations: Sequence[Observation] = ()
    cumulation: Cumulation = Cumulation.NOT_CUMULATIVE
    baseline_on: date | None = None
    target: Decimal | None = None

    @property
    def totals(self) -> list[Observation]:
        """The readings that speak of the whole group, in time."""
        return sorted((one for one in self.observations if not one.cell), key=lambda one: one.on)


@dataclass(frozen=True, kw_only=True)
class Layout:
    """How the experiment compares, when it began, and whether people come in clusters."""

    design: Design | None
    starts_on: date | None = None
    clusters: Clusters = field(default_factory=Clusters)


@dataclass(frozen=True)
class Moments:
    """The readings before and after, and the days of the full waves: each was a look."""

    before: Sequence[Observation]
    after: Sequence[Observation]
    late: Sequence[Observation]
    looked_on: Sequence[date]


@dataclass(frozen=True, kw_only=True)
class Assessment:
    """The question, or what is lacking to ask it (keys of ``app.domain.readouts.LACKING``).

    ``as_of`` is the day of the newest reading it rests on, ``looked_on`` the days of the looks.
    """

    question: Question | None
    lacking: tuple[str, ...] = ()
    as_of: date | None = None
    looked_on: Sequence[date] = ()

    @property
    def looks(self) -> int:
        """How often the data were looked at."""
        return len(self.looked_on)


def assess(measured: Measured, layout: Layout, test: Test | None = None) -> Assessment:
    """The question a metric's readings answer.

    Before: the newest full wave by the day of the baseline (else before the start), or else the
    earliest. After: the newest full wave; full is a wave in which every group was measured.
    Sums are added up to that wave; a latest value stands for its sum. Different readings of one
    thing are lacking a correction, whichever wave they speak of.
    """
    outcome = OUTCOMES[measured.kind]
    if layout.design is None:
        return Assessment(question=None, lacking=("comparison_design",))
    if (layout.design, outcome) not in MENU:
        return Assessment(question=None, lacking=("method",))
    if measured.kind is MetricKind.COUNT:
        return Assessment(question=None, lacking=("exposure",))
    base = Question(
        design=layout.design, outcome=outcome, clusters=layout.clusters, test=test or Test()
    )
    try:
        asked = _asked_of(base, measured, layout)
    except InvalidError:
        return Assessment(question=None, lacking=("numbers",))
    conflict = ["conflict"] if conflicts_in(measured) else []
    return replace(asked, lacking=(*asked.lacking, *conflict))


def by_spot(observations: Iterable[Observation]) -> list[list[Observation]]:
    """The readings of the same wave, group, day, place and part together."""
    spots: dict[tuple[date, Arm, str, str, str], list[Observation]] = {}
    for one in observations:
        spot = one.on, one.arm, folded(one.wave), one.place, folded(one.cell)
        spots.setdefault(spot, []).append(one)
    return list(spots.values())


def conflicts_in(measured: Measured) -> list[list[Observation]]:
    """Where different readings stand for the same thing, each of them once; sums add them up."""
    if measured.cumulation is Cumulation.SUMS:
        return []
    distinct = [
        list({one.numbers: one for one in same}.values()) for same in by_spot(measured.observations)
    ]
    return [readings for readings in distinct if len(readings) > 1]


def moments_of(observations: Sequence[Observation], measured: Measured, layout: Layout) -> Moments:
    """Which of the readings, given in time, are before and which after."""
    arms = set(Arm) if layout.design in IN_TWO_GROUPS else {Arm.TREATMENT}
    early = [one for one in observations if _is_before(one, measured, layout)]
    late = [one for one in observations if one not in early]
    before = next((wave for wave in reversed(_waves(early)) if _is_full(wave, arms)), [])
    waves = _waves(late)
    full = [wave for wave in waves if _is_full(wave, arms)]
    if not before and layout.design is Design.TWO_GROUPS_BEFORE_AFTER and len(full) > 1:
        before, full = full[0], full[1:]
    after = full[-1] if full else (waves[-1] if waves else [])
    return Moments(before, after, late, [max(one.on for one in wave) for wave in full])


def least_for(question: Question, least: float | None, direction: Direction) -> float | None:
    """The smallest effect that matters, on the scale of the effect.

    Sites are pooled as log ratios of shares and rates: there it is the log of what the comparison
    groups' own level becomes when it moves that far. None where that level allows no ratio.
    """
    if least is None or not is_log_ratio(question.design, question.outcome):
        return least
    level = comparison_level(question)
    moved = level + least if direction is Direction.INCREASE else level - least
    return abs(math.log(moved / level)) if level > 0 and moved > 0 else None


def in_plain_numbers(question: Question) -> dict[str, Any]:
    """The question as ``flask evidence analyse`` reads it."""
    parts = {
        "treatment": _plain(question.treatment),
        "comparison": _plain(question.comparison),
        "target": question.target,
        "sites": [
            {
                "name": site.name,
                "treatment": _plain(site.treatment),
                "comparison": _plain(site.comparison),
            }
            for site in question.sites
        ],
    }
    return {
        "design": question.design.value,
        "outcome": question.outcome.value,
        "confidence": question.test.confidence,
        "cluster_size": question.clusters.size,
        "icc": question.clusters.icc,
        **{name: part for name, part in parts.items() if part not in (None, [])},
    }


def _is_before(one: Observation, measured: Measured, layout: Layout) -> bool:
    if measured.baseline_on is not None:
        return one.on <= measured.baseline_on
    return layout.starts_on is not None and one.on < layout.starts_on


def _waves(observations: Sequence[Observation]) -> list[list[Observation]]:
    """The readings wave by wave, the newest last; without a name, what was taken in one visit."""
    named: dict[str, list[Observation]] = {}
    unnamed = [one for one in observations if not one.wave]
    for one in observations:
        if one.wave:
            named.setdefault(folded(one.wave), []).append(one)
    visits = [
        [one for one in unnamed if day - ONE_VISIT < one.on <= day]
        for day in sorted({one.on for one in unnamed})
    ]
    return sorted([*named.values(), *visits], key=lambda wave: max(one.on for one in wave))


def _is_full(wave: Iterable[Observation], arms: set[Arm]) -> bool:
    return arms <= {one.arm for one in wave}


def _asked_of(base: Question, measured: Measured, layout: Layout) -> Assessment:
    if base.design is Design.SITES:
        return _at_sites(base, measured, layout)
    moments = moments_of(measured.totals, measured, layout)
    parts, lacking = _parts(base, measured, moments)
    return Assessment(
        question=replace(base, **parts),
        lacking=lacking,
        as_of=max((one.on for one in moments.after), default=None),
        looked_on=moments.looked_on,
    )


def _at_sites(base: Question, measured: Measured, layout: Layout) -> Assessment:
    """Each place in which both groups were measured, with its own newest full wave."""
    totals = measured.totals
    sites: list[Site] = []
    looked_on: Sequence[date] = ()
    days: list[date] = []
    for place in sorted({one.place for one in totals if one.place}):
        moments = moments_of([one for one in totals if one.place == place], measured, layout)
        ours, theirs = (_numbers(arm, measured, moments) for arm in Arm)
        if ours and theirs:
            treatment, comparison = _group(base.outcome, ours), _group(base.outcome, theirs)
            if treatment is None or comparison is None:
                return Assessment(question=None, lacking=("spread",))
            sites.append(Site(name=place, treatment=treatment, comparison=comparison))
            looked_on = max(looked_on, moments.looked_on, key=len)
            days += [one.on for one in moments.after]
    enough = sites if len(sites) > 1 else []
    as_of = max(days, default=None)
    return Assessment(question=replace(base, sites=enough), as_of=as_of, looked_on=looked_on)


def _parts(
    base: Question, measured: Measured, moments: Moments
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """The groups of the question, and what is lacking of them."""
    ours, theirs = (_numbers(arm, measured, moments) for arm in Arm)
    match base.design:
        case Design.TWO_GROUPS_BEFORE_AFTER:
            return _courses(base.outcome, measured, moments)
        case Design.BEFORE_AFTER_SAME:
            change = _change(measured.kind, ours) if ours else None
            return {"treatment": change}, () if change or not ours else ("changes",)
        case Design.ONE_GROUP_TARGET:
            target = None if measured.target is None else float(measured.target)
            return {"treatment": ours and _group(base.outcome, ours), "target": target}, ()
        case _:
            groups = [numbers and _group(base.outcome, numbers) for numbers in (ours, theirs)]
            has_spread = None not in groups or None in (ours, theirs)
            pair = dict(zip(("treatment", "comparison"), groups, strict=True))
            return pair, () if has_spread else ("spread",)


def _courses(
    outcome: Outcome, measured: Measured, moments: Moments
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Both groups before and after; a group without one of the two has no course."""
    earlier = replace(moments, after=moments.before, late=moments.before)
    courses: list[Course | None] = []
    lacking: set[str] = set()
    for arm in Arm:
        before, after = (_numbers(arm, measured, at) for at in (earlier, moments))
        if before is None or after is None:
            courses.append(None)
            lacking |= {"before"} if after else set()
            continue
        change = _changes(after) if outcome is Outcome.MEAN else None
        ends = _group(outcome, before), _group(outcome, after)
        if change is None and None in ends:
            lacking.add("spread")
        courses.append(Course(before=ends[0], after=ends[1], change=change))
    return dict(zip(("treatment", "comparison"), courses, strict=True)), tuple(sorted(lacking))


def _numbers(arm: Arm, measured: Measured, moments: Moments) -> Numbers | None:
    """What a group's readings say together by the moment after."""
    last = max((one.on for one in moments.after), default=None)
    if measured.cumulation is Cumulation.SUMS:
        taken = [one for one in moments.late if one.arm is arm and last and one.on <= last]
    else:
        taken = _newest([one for one in moments.after if one.arm is arm])
    return added(measured.kind, [one.numbers for one in taken]) if taken else None


def sizes_of(measured: Measured) -> list[tuple[int, int]]:
    """How many of each group were measured in its first wave and in its newest one."""
    sizes = []
    for arm in Arm:
        waves = _waves([one for one in measured.totals if one.arm is arm])
        ends = [_size(measured.kind, wave) for wave in (waves[:1] + waves[-1:])]
        if len(ends) == 2 and all(ends):
            sizes.append((ends[0], ends[1]))
    return sizes


def _size(kind: MetricKind, wave: Sequence[Observation]) -> int:
    return size_of(kind, added(kind, [one.numbers for one in _newest(wave)])) or 0


def _newest(observations: Sequence[Observation]) -> list[Observation]:
    """The newest reading of each place; one of no place speaks for all of them."""
    newest = {one.place: one for one in observations}
    return [newest[""]] if "" in newest else list(newest.values())


def _group(outcome: Outcome, numbers: Numbers) -> Any:
    """The numbers as a group of that outcome; None for an average without its spread."""
    match outcome:
        case Outcome.PROPORTION:
            return Share(_whole(numbers.successes), _whole(numbers.n))
        case Outcome.RATE:
            return Events(_whole(numbers.count), float(numbers.exposure or 0))
        case Outcome.NPS:
            groups = (numbers.promoters, numbers.passives, numbers.detractors)
            return Recommending(*map(_whole, groups))
        case Outcome.ORDINAL:
            if sum(numbers.answers or ()) > MOST_ANSWERS:
                message = sentence("These numbers are too large or too small to compute with.")
                raise refuse("answers", message)
            counts = enumerate(numbers.answers or (), start=1)
            return Ordered(tuple(float(mark) for mark, n in counts for _one in range(n)))
        case Outcome.MEAN:
            return _spread(numbers.mean, numbers.sd, numbers.n)


def _change(kind: MetricKind, numbers: Numbers) -> Changed | Spread | None:
    """How the same people changed, where it was recorded."""
    if kind is not MetricKind.PROPORTION:
        return _changes(numbers)
    if numbers.to_yes is None or numbers.to_no is None:
        return None
    return Changed(numbers.to_yes, numbers.to_no, _whole(numbers.n))


def _changes(numbers: Numbers) -> Spread | None:
    return _spread(numbers.change_mean, numbers.change_sd, numbers.n)


def _spread(mean: Decimal | None, sd: Decimal | None, n: int | None) -> Spread | None:
    return None if mean is None or sd is None else Spread(float(mean), float(sd), n or 0)


def _whole(number: int | Decimal | None) -> Any:
    """A count; one with a fraction is left for its group to refuse."""
    exact = number or 0
    return int(exact) if exact == int(exact) else float(exact)


def comparison_level(question: Question) -> float:
    """The share or rate of the sites' comparison groups together."""
    groups: list[Any] = [site.comparison for site in question.sites]
    hits = sum(group.successes if isinstance(group, Share) else group.count for group in groups)
    size = sum(group.n if isinstance(group, Share) else group.exposure for group in groups)
    return hits / size if size else 0.0


def _plain(group: Any) -> dict[str, Any] | None:
    match group:
        case None:
            return None
        case Course():
            moments = {name: _plain(getattr(group, name)) for name in ("before", "after", "change")}
            return {name: moment for name, moment in moments.items() if moment}
        case Changed():
            return {"improved": group.improved, "worsened": group.worsened, "n": group.n}
        case Spread():
            return {"mean": group.mean, "sd": group.sd, "n": group.n}
        case Ordered():
            return {"values": list(group.values)}
        case _:
            return asdict(group)
