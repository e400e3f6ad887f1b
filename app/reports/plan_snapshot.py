"""What the report of a plan knows: the form as filled, what answers it, and how it closed."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator

from app.reports.plain import Day, Instant, Text
from app.reports.snapshot import Frozen, Snapshot
from models.vocabulary import (
    ChallengeType,
    DecisionKind,
    EvidenceKind,
    ExperimentState,
    HandoverOutcome,
    PageKind,
    PauseReason,
    Sector,
    Stage,
    Verdict,
)


class EvidenceLine(Frozen):
    """One piece of evidence that the challenge matters: text, a link, or both."""

    kind: EvidenceKind
    text: Text = ""
    link: Text = ""


class PlanPartner(Frozen):
    """A partner in its rank, its place in the list. ``new_and_unusual`` None: nobody said."""

    name: Text
    sector: Sector | None = None
    collaboration: Text = ""
    new_and_unusual: bool | None = None


class AnsweringLine(Frozen):
    """An experiment under a learning question, and how far its answer is."""

    code: Text
    title: Text
    stage: Stage
    state: ExperimentState
    pause_reason: PauseReason | None = None
    verdict: Verdict | None = None
    evidence_level: int | None = None
    decision: DecisionKind | None = None
    decided_on: Day | None = None
    is_demonstration: bool = False


def _by_code(lines: tuple[AnsweringLine, ...]) -> tuple[AnsweringLine, ...]:
    return tuple(sorted(lines, key=lambda line: line.code))


class QuestionLine(Frozen):
    """A learning question, how it was to be answered, and by which experiments it is."""

    text: Text
    stages: tuple[Stage, ...] = ()
    methods: tuple[Text, ...] = ()
    method_use: Text = ""
    new_data_sources: Text = ""
    data_gaps: Text = ""
    experiments: Annotated[tuple[AnsweringLine, ...], AfterValidator(_by_code)] = ()


class TimeShares(Frozen):
    """Shares of the time in percent, together 100; None is not said."""

    sense: int | None = None
    explore: int | None = None
    test: int | None = None
    grow: int | None = None


class ReflectionLine(Frozen):
    """A closing form; ``texts`` are its answers in words by field, in the form's order."""

    title: Text
    year: int | None = None
    insights: tuple[Text, ...] = ()
    links: tuple[Text, ...] = ()
    time: TimeShares
    handover_outcomes: tuple[HandoverOutcome, ...] = ()
    methods: tuple[Text, ...] = ()
    data_sources: tuple[Text, ...] = ()
    partners: tuple[PlanPartner, ...] = ()
    texts: tuple[tuple[str, Text], ...] = ()


class NamesCompared(Frozen):
    """What was planned and used, planned and not used, and used without being planned."""

    as_planned: tuple[Text, ...] = ()
    not_used: tuple[Text, ...] = ()
    unplanned: tuple[Text, ...] = ()


class PartnersCompared(Frozen):
    """The same of partners."""

    as_planned: tuple[PlanPartner, ...] = ()
    not_used: tuple[PlanPartner, ...] = ()
    unplanned: tuple[PlanPartner, ...] = ()


class ComparedLine(Frozen):
    """The plan against how it went."""

    methods: NamesCompared
    data_sources: NamesCompared
    partners: PartnersCompared


class ImportLine(Frozen):
    """A file the plan or a closing form came from: what found no field, and what is in doubt.

    ``fields`` are what the page says of itself and no field of the form holds; ``doubts`` are
    the name of a field and a sentence to be said.
    """

    kind: PageKind
    file_name: Text
    imported_at: Instant
    sha256: Text
    fields: tuple[tuple[str, tuple[Text, ...]], ...] = ()
    unmapped: tuple[Text, ...] = ()
    doubts: tuple[tuple[str, dict[str, Any]], ...] = ()


class PlanSnapshot(Snapshot):
    """One plan as it stands. ``submitted_at`` None means draft; empty text "not recorded".

    ``compared`` is None before the plan is closed.
    """

    kind: Literal["plan"]
    code: Text
    title: Text
    year: int
    challenge_type: ChallengeType | None = None
    statement: Text = ""
    background: Text = ""
    value_proposition: Text = ""
    tweet: Text = ""
    early_leads: Text = ""
    comments: Text = ""
    thematic_areas: tuple[Text, ...] = ()
    sdgs: tuple[int, ...] = ()
    methods: tuple[Text, ...] = ()
    data_sources: tuple[Text, ...] = ()
    evidence: tuple[EvidenceLine, ...] = ()
    partners: tuple[PlanPartner, ...] = ()
    questions: tuple[QuestionLine, ...] = ()
    written_by: Text = ""
    submitted_at: Instant | None = None
    submitted_by: Text = ""
    reflections: tuple[ReflectionLine, ...] = ()
    compared: ComparedLine | None = None
    imports: tuple[ImportLine, ...] = ()
    is_demonstration: bool = False

    @property
    def has_demonstration(self) -> bool:
        """Whether the plan or an experiment under it is demonstration data."""
        return self.is_demonstration or any(
            line.is_demonstration for question in self.questions for line in question.experiments
        )
