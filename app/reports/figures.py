"""What can be counted from a snapshot: totals, the matrix, what moved, how far a metric came.

Nothing here is stored: a total is always the sum of what the reader can see in the register.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from app.language.speaker import shortest
from app.reports.plain import figure
from app.reports.snapshot import (
    ExperimentSection,
    Gap,
    MeasurementPoint,
    MetricLine,
    ProgrammeLine,
    QuarterlySnapshot,
    ReviewLine,
    Snapshot,
    StageEntryLine,
)
from models.vocabulary import (
    Arm,
    DecisionKind,
    ExperimentState,
    Impact,
    PauseReason,
    ReviewState,
    Stage,
    Verdict,
)

# With more, an experiment's page shows their effects instead of their courses.
FEW_METRICS = 2


class StateGroup(StrEnum):
    """The states page one tells apart; those before an experiment runs are one."""

    PREPARING = "preparing"
    RUNNING = "running"
    PAUSED = "paused"
    COMPLETED = "completed"
    STOPPED_EARLY = "stopped_early"
    ARCHIVED = "archived"


BEFORE_RUNNING = {ExperimentState.IDEA, ExperimentState.DESIGN, ExperimentState.UNDER_REVIEW}


def group_of(state: ExperimentState) -> StateGroup:
    """The group a state is counted in."""
    return StateGroup.PREPARING if state in BEFORE_RUNNING else StateGroup(state.value)


@dataclass(frozen=True)
class Totals:
    """Every registered experiment once; ``states`` adds up to ``registered``."""

    registered: int
    states: dict[StateGroup, int]
    pause_reasons: dict[PauseReason | None, int]
    begun_this_quarter: int
    readings_this_quarter: int
    experiments_read_this_quarter: int
    decisions_this_quarter: dict[DecisionKind, int]
    reviews: dict[ReviewState, int]
    impacts: dict[Impact, int]
    verdicts: dict[Verdict, int]
    gaps: int
    experiments_with_gaps: int


def totals(snapshot: QuarterlySnapshot) -> Totals:
    """The counts of page one."""
    sections = snapshot.experiments
    states = Counter(group_of(section.state) for section in sections)
    paused = (s.pause_reason for s in sections if s.state is ExperimentState.PAUSED)
    read = Counter(
        section.code for section in sections for _ in _read_this_quarter(snapshot, section)
    )
    reviews = [review for section in sections for review in section.reviews]
    accepted = [r.impact for r in reviews if r.state is ReviewState.ACCEPTED and r.impact]
    return Totals(
        registered=len(sections),
        states={group: states[group] for group in StateGroup},
        pause_reasons=dict(Counter(paused)),
        begun_this_quarter=sum(_within(snapshot, s.registered_on) for s in sections),
        readings_this_quarter=read.total(),
        experiments_read_this_quarter=len(read),
        decisions_this_quarter=dict(Counter(_decided_this_quarter(snapshot))),
        reviews=dict(Counter(review.state for review in reviews)),
        impacts=dict(Counter(accepted)),
        verdicts=_by_verdict(sections),
        gaps=len(snapshot.gaps),
        experiments_with_gaps=len({gap.experiment for gap in snapshot.gaps if gap.experiment}),
    )


def _by_verdict(sections: tuple[ExperimentSection, ...]) -> dict[Verdict, int]:
    """Every experiment once, by its verdict; those that occur, in the order of the list."""
    count = Counter(section.verdict for section in sections)
    return {verdict: count[verdict] for verdict in Verdict if count[verdict]}


def _within(snapshot: QuarterlySnapshot, day: str) -> bool:
    return snapshot.starts_on <= day <= snapshot.ends_on


def _read_this_quarter(
    snapshot: QuarterlySnapshot, section: ExperimentSection
) -> Iterator[MeasurementPoint]:
    for metric in section.metrics:
        yield from (point for point in metric.points if _within(snapshot, point.on))


def _decided_this_quarter(snapshot: QuarterlySnapshot) -> Iterator[DecisionKind]:
    for section in snapshot.experiments:
        for decision in section.decisions:
            if _within(snapshot, decision.decided_on):
                yield decision.kind


@dataclass(frozen=True)
class MatrixRow:
    """A programme's experiments by stage; ``programme`` is None where there is none."""

    programme: ProgrammeLine | None
    cells: dict[Stage, int]

    @property
    def total(self) -> int:
        """The programme's experiments in every stage."""
        return sum(self.cells.values())


@dataclass(frozen=True)
class Matrix:
    """Programme × stage. ``totals`` counts an experiment of two programmes once."""

    rows: tuple[MatrixRow, ...]
    totals: dict[Stage, int]
    shared: int

    @property
    def total(self) -> int:
        """All experiments, each once."""
        return sum(self.totals.values())


def matrix(snapshot: QuarterlySnapshot) -> Matrix:
    """The portfolio by programme × stage; a programme report has the one row of its scope."""
    scoped = [line for line in snapshot.programmes if snapshot.scope in ("", line.code)]
    rows = [MatrixRow(line, _by_stage(_of(snapshot, line.code))) for line in scoped]
    homeless = [section for section in snapshot.experiments if not section.programmes]
    if homeless:
        rows.append(MatrixRow(None, _by_stage(homeless)))
    return Matrix(
        rows=tuple(rows),
        totals=_by_stage(snapshot.experiments),
        shared=sum(len(section.programmes) > 1 for section in snapshot.experiments),
    )


def _of(snapshot: QuarterlySnapshot, programme: str) -> list[ExperimentSection]:
    return [
        section
        for section in snapshot.experiments
        if any(share.code == programme for share in section.programmes)
    ]


def _by_stage(
    sections: list[ExperimentSection] | tuple[ExperimentSection, ...],
) -> dict[Stage, int]:
    count = Counter(section.stage for section in sections)
    return {stage: count[stage] for stage in Stage}


@dataclass(frozen=True)
class Move:
    """A change of stage or state on a day; ``before`` is None when the experiment was new."""

    section: ExperimentSection
    before: StageEntryLine | None
    after: StageEntryLine

    @property
    def changes_stage(self) -> bool:
        """Whether it went from one stage to another."""
        return self.before is not None and self.before.stage is not self.after.stage

    @property
    def changes_state(self) -> bool:
        """Whether it went from one state to another."""
        return self.before is not None and self.before.state is not self.after.state


def moves(snapshot: QuarterlySnapshot) -> tuple[Move, ...]:
    """What moved within the quarter, in time."""
    found = [
        Move(section, before, after)
        for section in snapshot.experiments
        for before, after in pairwise((None, *section.journey))
        if after is not None and _within(snapshot, after.entered_on)
    ]
    return tuple(sorted(found, key=lambda move: (move.after.entered_on, move.section.code)))


@dataclass(frozen=True)
class Debt:
    """What one person owes of one experiment by one day."""

    experiment: str
    owed_by: str
    due_on: str | None
    gaps: tuple[Gap, ...]


def debts(snapshot: QuarterlySnapshot) -> tuple[Debt, ...]:
    """Every gap once, by experiment and by who owes it."""
    grouped: dict[tuple[str, str, str | None], list[Gap]] = {}
    for gap in snapshot.gaps:
        grouped.setdefault((gap.experiment, gap.owed_by, gap.due_on), []).append(gap)
    return tuple(Debt(*owed, tuple(gaps)) for owed, gaps in grouped.items())


def latest(metric: MetricLine, arm: Arm = Arm.TREATMENT) -> MeasurementPoint | None:
    """The newest reading of an arm; of the treated one in several places, all of them together."""
    if metric.now and arm is metric.now.arm:
        return metric.now
    return next((point for point in reversed(metric.points) if point.arm is arm), None)


def share_of_way(metric: MetricLine) -> Decimal | None:
    """How far the newest reading is from baseline (0) to target (1); None without all three.

    Below 0 it went the wrong way; above 1 it went past the target.
    """
    now = latest(metric)
    if metric.baseline is None or metric.target is None or now is None:
        return None
    start, goal = Decimal(metric.baseline.value), Decimal(metric.target)
    if start == goal:
        return None
    return (Decimal(now.value) - start) / (goal - start)


def is_brief(section: ExperimentSection, *, at_most: int = 2200) -> bool:
    """Whether decisions and reviews are short enough to stand side by side."""
    texts = [review.comment for review in section.reviews]
    for decision in section.decisions:
        texts += [decision.reason, decision.evidence_cited, decision.resources_committed]
        texts += [decision.people, decision.next_step]
    return sum(map(len, texts)) <= at_most


def has_room(section: ExperimentSection, *, at_most: int = 900) -> bool:
    """Whether its page holds more than it must: few metrics and short texts."""
    texts = [section.learning_intent, section.state_reason, section.what_happened]
    texts += [section.obstacles, section.surprises, section.advice]
    texts += [text for line in section.hypotheses for text in line.model_dump().values() if text]
    texts += [decision.reason for decision in section.decisions]
    texts += [review.comment for review in section.reviews]
    return len(section.metrics) <= FEW_METRICS and sum(map(len, texts)) <= at_most


def review_of(section: ExperimentSection, programme: str) -> ReviewLine | None:
    """The quarter's review from one programme."""
    return next((review for review in section.reviews if review.programme == programme), None)


def gaps_of(snapshot: Snapshot) -> Mapping[str, Sequence[Gap]]:
    """What is due and missing of each experiment, by its code."""
    gaps: dict[str, list[Gap]] = defaultdict(list)
    for gap in snapshot.gaps:
        gaps[gap.experiment].append(gap)
    return gaps


def programme_named(snapshot: Snapshot, code: str) -> ProgrammeLine:
    """The programme with a code; ``StopIteration`` cannot happen in a snapshot that is unbroken."""
    return next(line for line in snapshot.programmes if line.code == code)


@dataclass(frozen=True)
class Chapter:
    """The experiments printed under one programme: each once, under the one that leads it.

    One that only serves others' experiments has none of its own.
    """

    programme: ProgrammeLine | None
    sections: tuple[ExperimentSection, ...]
    is_first: bool = False

    @property
    def key(self) -> str:
        """Where its page stands in the document."""
        return f"programme-{self.programme.code if self.programme else 'none'}"


def chapters(snapshot: QuarterlySnapshot) -> tuple[Chapter, ...]:
    """Experiments in the order of the document: by leading programme, then those without one."""
    grouped: dict[str, list[ExperimentSection]] = {}
    for section in snapshot.experiments:
        grouped.setdefault(_home(snapshot, section), []).append(section)
    served = {share.code for section in snapshot.experiments for share in section.programmes}
    served &= {snapshot.scope} if snapshot.scope else served
    named = [line for line in snapshot.programmes if line.code in served]
    heads: list[ProgrammeLine | None] = [*named, *([None] if "" in grouped else [])]
    return tuple(
        Chapter(head, tuple(grouped.get(head.code if head else "", ())), is_first=not n)
        for n, head in enumerate(heads)
    )


def _home(snapshot: QuarterlySnapshot, section: ExperimentSection) -> str:
    codes = [share.code for share in section.programmes]
    if snapshot.scope in codes:
        return snapshot.scope
    return codes[0] if codes else ""


def measured(section: ExperimentSection, arms: Collection[Arm] = frozenset(Arm)) -> int:
    """The people or cases measured: the largest number in one wave of a metric."""
    waves = Counter[tuple[int, str]]()
    for place, metric in enumerate(section.metrics):
        for point in metric.points:
            if point.arm in arms:
                waves[place, point.wave or point.on] += point.n or 0
    return max(waves.values(), default=0)


def cost_each(section: ExperimentSection) -> str | None:
    """What was spent for each person measured."""
    count = measured(section)
    if not count or section.cost_actual_usd is None:
        return None
    return figure(shortest(Decimal(section.cost_actual_usd) / count, 2))
