"""What a quarterly report knows: a frozen snapshot of plain values, and its digest.

Documents are made from the snapshot only: no database, no clock, no language. Vocabulary words
are kept as their values ("explore"), names that exist in two languages in both. Numbers are
exact text (``app.reports.plain``); shares are 0 to 1. Collections whose order means nothing are
sorted here, so that the same facts give the same digest whatever order they were found in.
"""

import hashlib
import json
from collections.abc import Iterable
from enum import StrEnum
from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from app.domain.integrity import Taken
from app.domain.statistics.menu import Outcome
from app.reports.plain import Day, Figure, Instant, Text
from models.vocabulary import (
    Arm,
    Assignment,
    ComparisonDesign,
    ControlGroup,
    DecisionKind,
    DesignType,
    Direction,
    ExperimentKind,
    ExperimentState,
    GateItem,
    Impact,
    Language,
    MetricKind,
    MetricRole,
    PauseReason,
    ProgrammeRole,
    ReviewState,
    ScalingOutcome,
    Sector,
    Stage,
    Verdict,
)


class GapKind(StrEnum):
    """What can be due and missing; the sentences are in ``app.reports.wording``."""

    NO_PROGRAMME = "no_programme"
    NO_OWNER = "no_owner"
    NO_LEARNING_QUESTION = "no_learning_question"
    NO_HYPOTHESIS = "no_hypothesis"
    HYPOTHESIS_WITHOUT_SLOTS = "hypothesis_without_slots"
    HYPOTHESIS_WITHOUT_METRIC = "hypothesis_without_metric"
    NO_METRIC = "no_metric"
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    NO_READING = "no_reading"
    NO_READING_THIS_QUARTER = "no_reading_this_quarter"
    NO_CONSENT = "no_consent"
    NO_HARM_CHECK = "no_harm_check"
    NO_RESULT = "no_result"
    NO_DECISION = "no_decision"
    DECISION_REVIEW_OVERDUE = "decision_review_overdue"
    NOT_SUBMITTED = "not_submitted"
    NO_REVIEW = "no_review"
    REVIEW_NOT_ACCEPTED = "review_not_accepted"
    NO_SOURCE = "no_source"


class ChangeKind(StrEnum):
    """What of an experiment can be other than it was told before."""

    NEW = "new"
    GONE = "gone"
    STAGE = "stage"
    STATE = "state"
    VERDICT = "verdict"
    LEVEL = "level"
    READING = "reading"
    CORRECTED = "corrected"
    METRIC = "metric"
    REGISTRATION = "registration"
    AMENDMENT = "amendment"
    GATE = "gate"
    DECISION = "decision"
    REVIEW = "review"
    IMPACT = "impact"
    BUDGET = "budget"
    COST = "cost"
    DETAIL = "detail"


class Frozen(BaseModel):
    """A part of the snapshot: never changed once made, and nothing in it unknown."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class OfficeLine(Frozen):
    """The office that reports."""

    code: Text
    name: Text


class ProgrammeLine(Frozen):
    """A programme of the office, with its name in both languages."""

    code: Text
    name_en: Text
    name_es: Text

    def name(self, language: Language) -> str:
        """The name in a language, else in the other, else the code."""
        names = (self.name_en, self.name_es)
        first, second = names if language is Language.EN else reversed(names)
        return first or second or self.code


class ProgrammeShare(Frozen):
    """The part an experiment plays in a programme."""

    code: Text
    role: ProgrammeRole


class StageEntryLine(Frozen):
    """A stage and state the experiment entered on a day (told in the office's time zone)."""

    stage: Stage
    state: ExperimentState
    entered_on: Day
    pause_reason: PauseReason | None = None
    reason: Text = ""


class HypothesisLine(Frozen):
    """We believe that [change] for [audience] will [direction] [outcome] by [threshold].

    ``free_text`` is a sentence taken over from a source that has no slots yet.
    """

    change: Text = ""
    audience: Text = ""
    direction: Direction | None = None
    outcome: Text = ""
    threshold: Text = ""
    within: Text = ""
    because: Text = ""
    free_text: Text = ""


class BaselineLine(Frozen):
    """Where a metric stood before, and how that is known."""

    value: Figure
    n: int | None = None
    on: Day | None = None
    source: Text = ""


class MeasurementPoint(Frozen):
    """One current reading as one value in the metric's own terms; corrections already applied.

    ``answers`` counts ordered answers, from the lowest.
    """

    on: Day
    value: Figure
    arm: Arm = Arm.TREATMENT
    n: int | None = None
    answers: tuple[int, ...] = ()
    wave: Text = ""
    place: Text = ""
    source: Text = ""
    is_demonstration: bool = False


class AmendedField(Frozen):
    """A field of a registered plan that changed: ``field`` is its path, values are plain text.

    ``about`` is the metric's name or the hypothesis' number, ``kind`` the metric's.
    """

    field: Text
    about: Text = ""
    kind: MetricKind | None = None
    before: Text | tuple[Text, ...] | int | None = None
    after: Text | tuple[Text, ...] | int | None = None
    is_major: bool


class SiteLine(Frozen):
    """What one site found, and its share (0 to 1) in the pooled effect."""

    name: Text
    estimate: Figure | None = None
    low: Figure | None = None
    high: Figure | None = None
    weight: Figure | None = None


class GroupLine(Frozen):
    """A group before and after, in the metric's own terms."""

    arm: Arm
    before: Figure
    after: Figure
    n: int | None = None


class FindingLine(Frozen):
    """What the numbers of a metric said: effect, interval and verdict, as computed and stored.

    ``design`` is None where nothing could be asked; ``missing`` names what was lacking. ``least``
    and ``margin`` are on the scale of the effect; where that is a ratio, ``planned`` is the least
    in the metric's own unit and ``level`` where the comparison groups stood. ``as_of`` is the
    newest reading it rests on;
    ``groups`` are there where both were measured before and after; ``amended`` is what was
    changed after the data and does not count.
    """

    verdict: Verdict
    outcome: Outcome
    design: ComparisonDesign | None = None
    method: Text = ""
    estimate: Figure | None = None
    low: Figure | None = None
    high: Figure | None = None
    p_value: Figure | None = None
    confidence: Figure
    least: Figure | None = None
    planned: Figure | None = None
    level: Figure | None = None
    direction: Direction
    unit: Text = ""
    n: int | None = None
    missing: tuple[Text, ...] = ()
    guardrail: Text = ""
    crosses_margin: bool = False
    margin: Figure | None = None
    as_of: Day | None = None
    by_likelihood: bool = False
    is_clustered: bool = False
    looks: int = 0
    looks_planned: int = 1
    primaries: int = 1
    amended: tuple[AmendedField, ...] = ()
    groups: tuple[GroupLine, ...] = ()
    sites: tuple[SiteLine, ...] = ()
    tau2: Figure | None = None
    i2: Figure | None = None


class WaveLine(Frozen):
    """A planned wave, the day by which, and what became of it."""

    name: Text
    due_on: Day
    taken: Taken


def _in_time(points: tuple[MeasurementPoint, ...]) -> tuple[MeasurementPoint, ...]:
    return tuple(sorted(points, key=lambda point: (point.on, point.arm)))


class MetricLine(Frozen):
    """A metric and its readings, in time. ``on_track`` is None where nothing can be said.

    ``looked_on`` are the days on which the results of a primary metric could be looked at;
    ``now`` is where all places together stand, of a metric measured in several.
    """

    name: Text
    unit: Text = ""
    kind: MetricKind
    direction: Direction
    role: MetricRole
    baseline: BaselineLine | None = None
    target: Figure | None = None
    target_on: Day | None = None
    on_track: bool | None = None
    finding: FindingLine | None = None
    points: Annotated[tuple[MeasurementPoint, ...], AfterValidator(_in_time)] = ()
    waves: tuple[WaveLine, ...] = ()
    looked_on: tuple[Day, ...] = ()
    now: MeasurementPoint | None = None


class DecisionLine(Frozen):
    """What people decided, and why."""

    kind: DecisionKind
    decided_on: Day
    people: Text = ""
    reason: Text = ""
    evidence_cited: Text = ""
    resources_committed: Text = ""
    review_on: Day | None = None
    next_step: Text = ""
    verdict: Verdict | None = None
    against_because: Text = ""
    is_demonstration: bool = False


class ReviewLine(Frozen):
    """An officer's impact review in the quarter of the report."""

    programme: Text
    state: ReviewState
    impact: Impact | None = None
    comment: Text = ""
    reviewer: Text = ""
    reviewed_on: Day | None = None
    is_demonstration: bool = False


class AmendmentLine(Frozen):
    """A change of a registered plan, and whether the first measurement had been taken."""

    on: Day
    reason: Text
    is_major: bool
    is_after_data: bool
    changes: tuple[AmendedField, ...] = ()


class RegistrationLine(Frozen):
    """When the plan was frozen; ``days_before`` the first measurement, negative when after it."""

    on: Day
    days_before: int | None = None
    sha256: Text
    amendments: tuple[AmendmentLine, ...] = ()
    is_demonstration: bool = False


class GateLine(Frozen):
    """A gate that was let through; ``missing`` were not met, and then it says why all the same."""

    to_stage: Stage
    decided_on: Day
    decided_by: Text = ""
    missing: tuple[GateItem, ...] = ()
    overridden_because: Text = ""
    resources_committed: Text = ""
    is_demonstration: bool = False


class PlanLine(Frozen):
    """The plan and learning question an experiment answers to."""

    code: Text
    title: Text
    question: Text = ""


class PartnerLine(Frozen):
    """A partner of an experiment; ``new_and_unusual`` None means that nobody said."""

    name: Text
    sector: Sector | None = None
    new_and_unusual: bool | None = None


def _by_programme(reviews: tuple[ReviewLine, ...]) -> tuple[ReviewLine, ...]:
    return tuple(sorted(reviews, key=lambda review: review.programme))


def _lead_first(shares: tuple[ProgrammeShare, ...]) -> tuple[ProgrammeShare, ...]:
    return tuple(
        sorted(shares, key=lambda share: (share.role is not ProgrammeRole.LEAD, share.code))
    )


def _by_day(decisions: tuple[DecisionLine, ...]) -> tuple[DecisionLine, ...]:
    return tuple(sorted(decisions, key=lambda decision: decision.decided_on))


class ExperimentSection(Frozen):
    """Everything the report says of one experiment. Empty text means "not recorded".

    ``journey`` holds its stages and states from the first to the present one; ``reviews`` those
    of the report's quarter. ``level_lacks`` is what is missing for the next evidence level, as
    templates to be said. ``departments`` are those of its places, by the first two digits of
    INEI's ubigeo.
    """

    code: Text
    title: Text
    learning_intent: Text = ""
    plan: PlanLine | None = None
    kind: ExperimentKind | None = None
    stage: Stage
    state: ExperimentState
    pause_reason: PauseReason | None = None
    state_reason: Text = ""
    registered_on: Day
    starts_on: Day | None = None
    ends_on: Day | None = None
    owner: Text = ""
    programmes: Annotated[tuple[ProgrammeShare, ...], AfterValidator(_lead_first)] = ()
    places: tuple[Text, ...] = ()
    departments: tuple[Text, ...] = ()
    partners: tuple[Text, ...] = ()
    partnerships: tuple[PartnerLine, ...] = ()
    groups_reached: Text = ""
    design_type: DesignType | None = None
    control_group: ControlGroup | None = None
    assignment: Assignment | None = None
    sample_planned: int | None = None
    budget_planned_usd: Figure | None = None
    cost_actual_usd: Figure | None = None
    journey: tuple[StageEntryLine, ...] = ()
    gates: tuple[GateLine, ...] = ()
    hypotheses: tuple[HypothesisLine, ...] = ()
    registration: RegistrationLine | None = None
    first_measured_on: Day | None = None
    metrics: tuple[MetricLine, ...] = ()
    verdict: Verdict | None = None
    evidence_level: int | None = None
    level_lacks: tuple[Text, ...] = ()
    what_happened: Text = ""
    obstacles: Text = ""
    surprises: Text = ""
    advice: Text = ""
    scaling_outcomes: tuple[ScalingOutcome, ...] = ()
    decisions: Annotated[tuple[DecisionLine, ...], AfterValidator(_by_day)] = ()
    reviews: Annotated[tuple[ReviewLine, ...], AfterValidator(_by_programme)] = ()
    source: Text = ""
    is_demonstration: bool = False

    @property
    def gate(self) -> GateLine | None:
        """The gate it came through to the stage it is in; None where it passed none."""
        passed = [gate for gate in self.gates if gate.to_stage is self.stage]
        return passed[-1] if passed else None

    @property
    def has_demonstration(self) -> bool:
        """Whether the experiment or anything recorded under it is demonstration data."""
        return (
            self.is_demonstration
            or (self.registration is not None and self.registration.is_demonstration)
            or any(point.is_demonstration for metric in self.metrics for point in metric.points)
            or any(decision.is_demonstration for decision in self.decisions)
            or any(review.is_demonstration for review in self.reviews)
            or any(gate.is_demonstration for gate in self.gates)
        )


class Gap(Frozen):
    """One thing that was due and is missing, and who owes it. ``metric`` is the metric's name."""

    kind: GapKind
    experiment: Text = ""
    programme: Text = ""
    metric: Text = ""
    owed_by: Text = ""
    due_on: Day | None = None


class ChangeLine(Frozen):
    """One thing of an experiment, or of the report (code ""), that is not what was told before.

    ``about`` is the metric's name, the programme's code, the field's name or the day; ``before``
    is "" of what is new, ``now`` of what is gone. Words and figures are as in the snapshot.
    """

    kind: ChangeKind
    experiment: Text
    about: Text = ""
    metric: MetricKind | None = None
    before: Text = ""
    now: Text = ""


class SinceQuarter(Frozen):
    """What changed since the newest edition of the quarter before."""

    quarter: Text
    edition: int = Field(ge=1)
    changes: tuple[ChangeLine, ...] = ()


class ClosingLine(Frozen):
    """Who closed the quarter and when; ``edition`` 1, then one more for each correction."""

    edition: int = Field(ge=1)
    closed_on: Day
    closed_by: Text = ""
    reason: Text = ""


class SourceLine(Frozen):
    """A source of the report as a whole (those of an experiment stand in its section)."""

    text: Text
    address: Text = ""


def _distinct(noun: str, codes: Iterable[str]) -> frozenset[str]:
    listed = list(codes)
    if len(set(listed)) < len(listed):
        raise ValueError(f"a {noun} code stands twice in the snapshot")
    return frozenset(listed)


def _known(noun: str, known: frozenset[str], named: Iterable[str]) -> None:
    """Refuse a code that names nothing; empty text names nothing on purpose."""
    strangers = sorted(set(named) - known - {""})
    if strangers:
        raise ValueError(f"the snapshot names a {noun} it does not hold: {strangers[0]}")


def _by_code(sections: tuple[ExperimentSection, ...]) -> tuple[ExperimentSection, ...]:
    return tuple(sorted(sections, key=lambda section: section.code))


def _programmes_by_code(lines: tuple[ProgrammeLine, ...]) -> tuple[ProgrammeLine, ...]:
    return tuple(sorted(lines, key=lambda line: line.code))


def _gaps_in_order(gaps: tuple[Gap, ...]) -> tuple[Gap, ...]:
    kinds = list(GapKind)
    return tuple(
        sorted(
            gaps,
            key=lambda gap: (gap.experiment, kinds.index(gap.kind), gap.metric, gap.programme),
        )
    )


class Snapshot(Frozen):
    """What every report knows: whose it is, how new its facts are, and the experiments in it.

    ``data_as_of`` is when the newest of the facts was recorded; None when there are none.
    """

    format: int = Field(default=1, ge=1, le=1)
    office: OfficeLine
    data_as_of: Instant | None = None
    programmes: Annotated[tuple[ProgrammeLine, ...], AfterValidator(_programmes_by_code)] = ()
    experiments: Annotated[tuple[ExperimentSection, ...], AfterValidator(_by_code)] = ()
    gaps: Annotated[tuple[Gap, ...], AfterValidator(_gaps_in_order)] = ()
    sources: tuple[SourceLine, ...] = ()

    @property
    def has_demonstration(self) -> bool:
        """Whether any of it is demonstration data."""
        return any(section.has_demonstration for section in self.experiments)


class QuarterlySnapshot(Snapshot):
    """One quarter of one office, or of one of its programmes (``scope``: its code).

    ``closing`` is None as long as the quarter is not closed, ``since_quarter`` where the quarter
    before has no edition. ``questions`` are those of the office's plans of the year; others are
    known by their experiments. ``told_until`` is there while the quarter runs: its first day, or
    the newest day since on which something fell due.
    Raises ``ValidationError`` when a code stands twice or names nothing in the snapshot.
    """

    scope: Text = ""
    quarter: Annotated[str, Field(pattern=r"^\d{4}-Q[1-4]$")]
    starts_on: Day
    ends_on: Day
    introduction: Text = ""
    closing: ClosingLine | None = None
    questions: tuple[PlanLine, ...] = ()
    since_quarter: SinceQuarter | None = None
    told_until: Day | None = None

    @property
    def due_until(self) -> str:
        """The day up to which things were due when it was told."""
        return self.told_until or self.ends_on

    @model_validator(mode="after")
    def _unbroken(self) -> Self:
        programmes = _distinct("programme", (line.code for line in self.programmes))
        experiments = _distinct("experiment", (section.code for section in self.experiments))
        _known("programme", programmes, self._programmes_named())
        _known("experiment", experiments, (gap.experiment for gap in self.gaps))
        return self

    def _programmes_named(self) -> Iterable[str]:
        yield self.scope
        yield from (gap.programme for gap in self.gaps)
        for section in self.experiments:
            yield from (share.code for share in section.programmes)
            yield from (review.programme for review in section.reviews)


def canonical_json(snapshot: Snapshot) -> bytes:
    """The snapshot's one spelling in JSON: sorted keys, no blanks, UTF-8, no floats.

    What was never said is left out, so that one kept before a field existed spells as it did.
    """
    plain = snapshot.model_dump(mode="json", exclude_unset=True)
    text = json.dumps(
        plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )
    return text.encode()


def digest(snapshot: Snapshot) -> str:
    """The SHA-256 of the canonical JSON, in 64 hexadecimal digits."""
    return hashlib.sha256(canonical_json(snapshot)).hexdigest()


def read_json(text: str | bytes) -> QuarterlySnapshot:
    """The snapshot that was written as JSON; ``ValidationError`` when it is none."""
    return QuarterlySnapshot.model_validate_json(text)
