"""What stands in a report's spreadsheet: one table a sheet, of the same frozen snapshot.

Whatever is said in words is said by the functions that say it in the PDF; whatever is counted is
counted by theirs.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, Generic, NamedTuple, TypeVar

from app.domain.registration import HYPOTHESIS, LABELS, restored
from app.language.sentences import N_, Sentence, sentence
from app.language.speaker import Speaker
from app.reports import figures, findings, registrations, wording
from app.reports.cells import (
    NARROW,
    USUAL,
    WIDE,
    WIDEST,
    Column,
    Quantity,
    Said,
    Sheet,
    Value,
    day_of,
    money,
    quantity,
)
from app.reports.snapshot import (
    AmendedField,
    AmendmentLine,
    DecisionLine,
    ExperimentSection,
    FindingLine,
    Gap,
    GateLine,
    HypothesisLine,
    MeasurementPoint,
    MetricLine,
    QuarterlySnapshot,
    ReviewLine,
    Snapshot,
    digest,
)
from app.reports.stage_snapshot import AnySnapshot
from models.vocabulary import MetricKind, ReviewState

Line = TypeVar("Line")
Part = TypeVar("Part")


class Of(NamedTuple, Generic[Line]):
    """A line of an experiment, with its number from 1."""

    snapshot: Snapshot
    section: ExperimentSection
    line: Line
    number: int


class Measured(NamedTuple):
    """A metric of an experiment, and where it stands."""

    section: ExperimentSection
    metric: MetricLine
    now: MeasurementPoint | None


class Reading(NamedTuple):
    """A reading of a metric."""

    section: ExperimentSection
    metric: MetricLine
    point: MeasurementPoint


class Found(NamedTuple):
    """What was found of a metric."""

    section: ExperimentSection
    metric: MetricLine
    line: FindingLine


class Amended(NamedTuple):
    """A field that an amendment changed; ``change`` is None where it names none."""

    section: ExperimentSection
    line: AmendmentLine
    change: AmendedField | None


def each(
    lines: Callable[[ExperimentSection], Iterable[Line]],
) -> Callable[[Snapshot], Iterator[Of[Line]]]:
    """The lines of every experiment."""
    return lambda snapshot: (
        Of(snapshot, section, line, number)
        for section in snapshot.experiments
        for number, line in enumerate(lines(section), start=1)
    )


def _measured(snapshot: Snapshot) -> Iterator[Measured]:
    for section in snapshot.experiments:
        yield from (Measured(section, metric, figures.latest(metric)) for metric in section.metrics)


def _readings(snapshot: Snapshot) -> Iterator[Reading]:
    for of in _measured(snapshot):
        yield from (Reading(of.section, of.metric, point) for point in of.metric.points)


def _found(snapshot: Snapshot) -> Iterator[Found]:
    for of in _measured(snapshot):
        if of.metric.finding:
            yield Found(of.section, of.metric, of.metric.finding)


def _amended(snapshot: Snapshot) -> Iterator[Amended]:
    for section in snapshot.experiments:
        for line in section.registration.amendments if section.registration else ():
            yield from (Amended(section, line, change) for change in line.changes or (None,))


def where(part: Part | None, value: Callable[[Part], Value]) -> Value:
    """A value of what may not be there."""
    return None if part is None else value(part)


def _programme(snapshot: Snapshot, code: str) -> Callable[[Speaker], str]:
    line = figures.programme_named(snapshot, code)
    return lambda speaker: line.name(speaker.language)


def _programmes(of: Of[ExperimentSection]) -> list[Said]:
    return [_programme(of.snapshot, share.code) for share in of.line.programmes]


def _hypothesis(line: HypothesisLine) -> Sentence | None:
    return wording.hypothesis_sentence(line) if wording.slots_of(line).is_filled else None


def _slot(name: str) -> Callable[[Of[HypothesisLine]], Value]:
    return lambda of: getattr(of.line, name)


def _way(metric: MetricLine) -> Quantity | None:
    share = figures.share_of_way(metric)
    return None if share is None else Quantity(share, MetricKind.PROPORTION)


def _is_answered(line: ReviewLine) -> bool:
    """Whether the officer has said something; a submitted review waits for it."""
    return line.state is not ReviewState.SUBMITTED


def _gap(snapshot: Snapshot, gap: Gap) -> Callable[[Speaker], str]:
    programme = _programme(snapshot, gap.programme) if gap.programme else lambda _speaker: ""
    return lambda speaker: speaker.say(wording.gap_sentence(gap, programme(speaker)))


def _change(part: int) -> Callable[[Amended], Value]:
    """The field, the value before or the value after of a change."""

    def value(of: Amended) -> Value:
        if of.change is None:
            return ""
        change = restored(dict(of.change))
        return lambda speaker: registrations.pair_said(change, speaker)[part]

    return value


def _gaps(snapshot: Snapshot) -> Iterator[tuple[Snapshot, Gap]]:
    return ((snapshot, gap) for gap in snapshot.gaps)


CODE = N_("Experiment")
DEMONSTRATION = N_("Demonstration data")

EXPERIMENTS = Sheet[Of[ExperimentSection]](
    N_("Experiments"),
    each(lambda section: (section,)),
    (
        Column(N_("Code"), USUAL, lambda of: of.line.code),
        Column(N_("Title"), WIDE, lambda of: of.line.title),
        Column(N_("Stage"), NARROW, lambda of: of.line.stage),
        Column(N_("State"), NARROW, lambda of: of.line.state),
        Column(N_("Paused because"), USUAL, lambda of: of.line.pause_reason),
        Column(N_("Why it is in this state"), WIDE, lambda of: of.line.state_reason),
        Column(N_("First day recorded"), NARROW, lambda of: day_of(of.line.registered_on)),
        Column(N_("First day"), NARROW, lambda of: day_of(of.line.starts_on)),
        Column(N_("Last day"), NARROW, lambda of: day_of(of.line.ends_on)),
        Column(N_("Owner"), USUAL, lambda of: of.line.owner),
        Column(N_("Programmes"), USUAL, _programmes),
        Column(N_("What we want to learn"), WIDE, lambda of: of.line.learning_intent),
        Column(N_("Plan"), USUAL, lambda of: where(of.line.plan, lambda plan: plan.code)),
        Column(
            N_("Learning question"),
            WIDE,
            lambda of: where(of.line.plan, lambda plan: plan.question),
        ),
        Column(N_("Kind"), USUAL, lambda of: of.line.kind),
        Column(N_("Places"), USUAL, lambda of: of.line.places),
        Column(N_("Partners"), USUAL, lambda of: of.line.partners),
        Column(N_("People reached"), WIDE, lambda of: of.line.groups_reached),
        Column(LABELS["design_type"], USUAL, lambda of: of.line.design_type),
        Column(LABELS["control_group"], USUAL, lambda of: of.line.control_group),
        Column(LABELS["assignment"], USUAL, lambda of: of.line.assignment),
        Column(N_("Planned sample"), NARROW, lambda of: of.line.sample_planned),
        Column(N_("Planned, USD"), USUAL, lambda of: money(of.line.budget_planned_usd)),
        Column(N_("Spent, USD"), USUAL, lambda of: money(of.line.cost_actual_usd)),
        Column(
            N_("Spent for each person measured, USD"),
            USUAL,
            lambda of: money(figures.cost_each(of.line)),
        ),
        Column(N_("Verdict"), USUAL, lambda of: of.line.verdict),
        Column(N_("Evidence level"), NARROW, lambda of: of.line.evidence_level),
        Column(N_("What this cannot tell you"), WIDE, lambda of: findings.finding_limits(of.line)),
        Column(
            N_("What is missing for the next level"),
            WIDE,
            lambda of: [sentence(lack) for lack in of.line.level_lacks],
        ),
        Column(N_("What happened"), WIDE, lambda of: of.line.what_happened),
        Column(N_("Obstacles"), WIDE, lambda of: of.line.obstacles),
        Column(N_("What surprised us"), WIDE, lambda of: of.line.surprises),
        Column(N_("Advice to others"), WIDE, lambda of: of.line.advice),
        Column(N_("Scaling"), USUAL, lambda of: of.line.scaling_outcomes),
        Column(N_("Source"), USUAL, lambda of: of.line.source),
        Column(DEMONSTRATION, NARROW, lambda of: of.line.has_demonstration),
    ),
)
HYPOTHESES = Sheet[Of[HypothesisLine]](
    N_("Hypotheses"),
    each(lambda section: section.hypotheses),
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Number"), NARROW, lambda of: of.number),
        Column(N_("Hypothesis"), WIDEST, lambda of: _hypothesis(of.line)),
        *(Column(label, WIDE, _slot(name)) for name, label in HYPOTHESIS.items()),
        Column(
            N_("Registered"),
            NARROW,
            lambda of: where(of.section.registration, lambda made: day_of(made.on)),
        ),
        Column(
            N_("Days before the first measurement"),
            NARROW,
            lambda of: where(of.section.registration, lambda made: made.days_before),
        ),
        Column(
            N_("SHA-256 of the plan"),
            USUAL,
            lambda of: where(of.section.registration, lambda made: made.sha256),
        ),
    ),
)
METRICS = Sheet[Measured](
    N_("Metrics"),
    _measured,
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Metric"), WIDE, lambda of: of.metric.name),
        Column(LABELS["role"], USUAL, lambda of: of.metric.role),
        Column(LABELS["kind"], USUAL, lambda of: of.metric.kind),
        Column(LABELS["unit"], USUAL, lambda of: of.metric.unit),
        Column(LABELS["direction"], USUAL, lambda of: of.metric.direction),
        Column(
            LABELS["baseline"],
            NARROW,
            lambda of: where(of.metric.baseline, lambda line: quantity(line.value, of.metric.kind)),
        ),
        Column(
            LABELS["baseline_on"],
            NARROW,
            lambda of: where(of.metric.baseline, lambda line: day_of(line.on)),
        ),
        Column(
            LABELS["baseline_n"], NARROW, lambda of: where(of.metric.baseline, lambda line: line.n)
        ),
        Column(
            N_("Source of the baseline"),
            USUAL,
            lambda of: where(of.metric.baseline, lambda line: line.source),
        ),
        Column(LABELS["target"], NARROW, lambda of: quantity(of.metric.target, of.metric.kind)),
        Column(LABELS["target_on"], NARROW, lambda of: day_of(of.metric.target_on)),
        Column(
            N_("Now"),
            NARROW,
            lambda of: where(of.now, lambda point: quantity(point.value, of.metric.kind)),
        ),
        Column(
            N_("Newest reading"), NARROW, lambda of: where(of.now, lambda point: day_of(point.on))
        ),
        Column("n", NARROW, lambda of: where(of.now, lambda point: point.n)),
        Column(N_("Share of the way"), NARROW, lambda of: _way(of.metric)),
        Column(N_("Progress"), USUAL, lambda of: wording.progress_sentence(of.metric)),
        Column(
            DEMONSTRATION,
            NARROW,
            lambda of: any(point.is_demonstration for point in of.metric.points),
        ),
    ),
)
READINGS = Sheet[Reading](
    N_("Readings"),
    _readings,
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Metric"), WIDE, lambda of: of.metric.name),
        Column(N_("Day"), NARROW, lambda of: day_of(of.point.on)),
        Column(N_("Value"), NARROW, lambda of: quantity(of.point.value, of.metric.kind)),
        Column(LABELS["unit"], USUAL, lambda of: of.metric.unit),
        Column(N_("Group"), USUAL, lambda of: of.point.arm),
        Column("n", NARROW, lambda of: of.point.n),
        Column(
            N_("Answers, from the lowest"),
            USUAL,
            lambda of: [str(count) for count in of.point.answers],
        ),
        Column(N_("Wave"), USUAL, lambda of: of.point.wave),
        Column(N_("Place"), USUAL, lambda of: of.point.place),
        Column(N_("Source"), WIDE, lambda of: of.point.source),
        Column(DEMONSTRATION, NARROW, lambda of: of.point.is_demonstration),
    ),
)
VERDICTS = Sheet[Found](
    N_("Verdicts"),
    _found,
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Metric"), WIDE, lambda of: of.metric.name),
        Column(LABELS["role"], USUAL, lambda of: of.metric.role),
        Column(N_("Verdict"), USUAL, lambda of: of.line.verdict),
        Column(N_("In one sentence"), WIDEST, lambda of: findings.finding_sentence(of.line)),
        Column(N_("Estimate"), NARROW, lambda of: quantity(of.line.estimate)),
        Column(N_("Lower end"), NARROW, lambda of: quantity(of.line.low)),
        Column(N_("Upper end"), NARROW, lambda of: quantity(of.line.high)),
        Column("p", NARROW, lambda of: quantity(of.line.p_value)),
        Column(
            N_("Confidence"),
            NARROW,
            lambda of: quantity(of.line.confidence, MetricKind.PROPORTION),
        ),
        Column(LABELS["minimum_meaningful_effect"], NARROW, lambda of: quantity(of.line.least)),
        Column(LABELS["guardrail_margin"], NARROW, lambda of: quantity(of.line.margin)),
        Column(
            N_("Beyond its margin"),
            NARROW,
            lambda of: None if of.line.margin is None else of.line.crosses_margin,
        ),
        Column(
            N_("Method"),
            WIDE,
            lambda of: sentence(registrations.METHODS.get(of.line.method, of.line.method)),
        ),
        Column("n", NARROW, lambda of: of.line.n),
        Column(N_("Newest reading"), NARROW, lambda of: day_of(of.line.as_of)),
    ),
)
DECISIONS = Sheet[Of[DecisionLine]](
    N_("Decisions"),
    each(lambda section: section.decisions),
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Day"), NARROW, lambda of: day_of(of.line.decided_on)),
        Column(N_("Decision"), USUAL, lambda of: of.line.kind),
        Column(N_("Who decided"), USUAL, lambda of: of.line.people),
        Column(N_("Because"), WIDEST, lambda of: of.line.reason),
        Column(N_("Verdict as it stood"), USUAL, lambda of: of.line.verdict),
        Column(N_("Against the verdict because"), WIDE, lambda of: of.line.against_because),
        Column(N_("Evidence cited"), WIDE, lambda of: of.line.evidence_cited),
        Column(N_("Resources committed"), WIDE, lambda of: of.line.resources_committed),
        Column(N_("Next step"), WIDE, lambda of: of.line.next_step),
        Column(N_("To be looked at again"), NARROW, lambda of: day_of(of.line.review_on)),
        Column(DEMONSTRATION, NARROW, lambda of: of.line.is_demonstration),
    ),
)
REVIEWS = Sheet[Of[ReviewLine]](
    N_("Impact reviews"),
    each(lambda section: section.reviews),
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Programme"), USUAL, lambda of: _programme(of.snapshot, of.line.programme)),
        Column(N_("State"), USUAL, lambda of: of.line.state),
        Column(N_("Impact"), USUAL, lambda of: of.line.impact),
        Column(
            N_("Comment"), WIDEST, lambda of: of.line.comment if _is_answered(of.line) else None
        ),
        Column(
            N_("Officer"), USUAL, lambda of: of.line.reviewer if _is_answered(of.line) else None
        ),
        Column(
            N_("Day"),
            NARROW,
            lambda of: day_of(of.line.reviewed_on) if _is_answered(of.line) else None,
        ),
        Column(DEMONSTRATION, NARROW, lambda of: of.line.is_demonstration),
    ),
)
GAPS = Sheet[tuple[Snapshot, Gap]](
    N_("Due and missing"),
    _gaps,
    (
        Column(CODE, USUAL, lambda of: of[1].experiment),
        Column(N_("What is missing"), WIDEST, lambda of: _gap(*of)),
        Column(N_("Metric"), WIDE, lambda of: of[1].metric),
        Column(
            N_("Programme"),
            USUAL,
            lambda of: _programme(of[0], of[1].programme) if of[1].programme else None,
        ),
        Column(N_("Who owes it"), USUAL, lambda of: of[1].owed_by),
        Column(N_("Due on"), NARROW, lambda of: day_of(of[1].due_on)),
    ),
)
GATES = Sheet[Of[GateLine]](
    N_("Gates"),
    each(lambda section: section.gates),
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Gate to"), USUAL, lambda of: of.line.to_stage),
        Column(N_("Day"), NARROW, lambda of: day_of(of.line.decided_on)),
        Column(N_("Let through by"), USUAL, lambda of: of.line.decided_by),
        Column(N_("Not met"), WIDE, lambda of: of.line.missing),
        Column(N_("Let through all the same because"), WIDE, lambda of: of.line.overridden_because),
        Column(N_("Resources committed"), WIDE, lambda of: of.line.resources_committed),
        Column(DEMONSTRATION, NARROW, lambda of: of.line.is_demonstration),
    ),
)
AMENDMENTS = Sheet[Amended](
    N_("Amendments"),
    _amended,
    (
        Column(CODE, USUAL, lambda of: of.section.code),
        Column(N_("Day"), NARROW, lambda of: day_of(of.line.on)),
        Column(
            N_("How much changed"),
            USUAL,
            lambda of: sentence("major") if of.line.is_major else sentence("minor"),
        ),
        Column(
            N_("When"),
            USUAL,
            lambda of: (
                sentence("after the first measurement")
                if of.line.is_after_data
                else sentence("before the data")
            ),
        ),
        Column(N_("Reason"), WIDE, lambda of: of.line.reason),
        Column(N_("What changed"), WIDE, _change(0)),
        Column(N_("Before"), WIDE, _change(1)),
        Column(N_("After"), WIDE, _change(2)),
    ),
)
SHEETS: tuple[Sheet[Any], ...] = (
    *(EXPERIMENTS, HYPOTHESES, METRICS, READINGS, VERDICTS),
    *(DECISIONS, REVIEWS, GAPS, GATES, AMENDMENTS),
)


def about(snapshot: AnySnapshot, *, edition: int) -> Iterator[tuple[str, Value]]:
    """What tells this edition from every other: names and values."""
    yield N_("Report"), wording.document_title(snapshot)
    yield N_("Office"), snapshot.office.name
    if isinstance(snapshot, QuarterlySnapshot):
        yield from _quarter(snapshot)
    yield N_("Edition"), edition
    yield N_("Language"), lambda speaker: speaker.word(speaker.language)
    if (moment := snapshot.data_as_of) is not None:
        yield N_("Facts as of"), lambda speaker: speaker.instant(datetime.fromisoformat(moment))
    yield N_("SHA-256 of the snapshot"), digest(snapshot)
    if snapshot.has_demonstration:
        yield DEMONSTRATION, sentence("Every row that holds it says so.")
    for source in snapshot.sources:
        yield N_("Source"), " · ".join(filter(None, (source.text, source.address)))
    yield (
        N_("How it was made"),
        sentence(
            "From the same frozen facts as the PDF, which is the edition: what is changed here "
            "is in no edition. Estimates, their ends and margins are on the scale of the effect, "
            "where 0.1 of a share is 10 points."
        ),
    )


def _quarter(snapshot: QuarterlySnapshot) -> Iterator[tuple[str, Value]]:
    if snapshot.scope:
        yield N_("Programme"), _programme(snapshot, snapshot.scope)
    yield N_("Quarter"), snapshot.quarter
    yield N_("First day"), day_of(snapshot.starts_on)
    yield N_("Last day"), day_of(snapshot.ends_on)
    yield N_("Introduction"), snapshot.introduction
    if snapshot.closing is None:
        yield (
            N_("State"),
            sentence("The quarter is not closed: what is printed here may still change."),
        )
        return
    yield N_("Approved by"), snapshot.closing.closed_by
    yield N_("Quarter closed"), day_of(snapshot.closing.closed_on)
    yield N_("Corrected because"), snapshot.closing.reason
