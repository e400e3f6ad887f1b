"""The experiment: a short mandatory core, optional blocks, and its stages over time."""

from collections.abc import Sequence
from decimal import Decimal
from typing import TypeVar

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    Kept,
    belongs_to,
    code_text,
    day,
    identity,
    instant,
    long_text,
    now,
    number,
    short_text,
    word,
)
from models.decision import Decision
from models.finding import Finding
from models.gate import Gate
from models.hypothesis import Hypothesis
from models.metric import Metric
from models.office import Office
from models.partner import Partnership
from models.person import Person
from models.place import Place
from models.plan import LearningQuestion
from models.programme import Programme
from models.registration import Registration
from models.vocabulary import (
    Assignment,
    ComparisonDesign,
    ControlGroup,
    CostBand,
    DesignType,
    ExperimentKind,
    ExperimentState,
    LookRule,
    PauseReason,
    ProgrammeRole,
    SampleBand,
    Stage,
    Verdict,
)

B = TypeVar("B")

SAMPLE_FLOORS = (
    (1000, SampleBand.OVER_1000),
    (100, SampleBand.FROM_100_TO_999),
    (50, SampleBand.FROM_50_TO_99),
    (10, SampleBand.FROM_10_TO_49),
    (2, SampleBand.FROM_2_TO_9),
    (1, SampleBand.ONE),
)
COST_FLOORS = (
    (20001, CostBand.OVER_20000),
    (10000, CostBand.FROM_10000_TO_20000),
    (1000, CostBand.FROM_1000_TO_9999),
    (0, CostBand.UNDER_1000),
)


def _band(value: int | Decimal | None, floors: Sequence[tuple[int, B]]) -> B | None:
    if value is None:
        return None
    return next((band for floor, band in floors if value >= floor), None)


class Experiment(Kept):
    """One experiment. Money is in US dollars; a local amount keeps its currency and rate."""

    __tablename__ = "experiment"

    office_id: Mapped[int] = mapped_column(belongs_to("office.id"), index=True)
    learning_question_id: Mapped[int | None] = mapped_column(
        belongs_to("learning_question.id"), index=True
    )
    code: Mapped[code_text] = mapped_column(unique=True)
    submission_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    title: Mapped[short_text]
    learning_intent: Mapped[long_text]
    kind: Mapped[ExperimentKind | None] = mapped_column(word(ExperimentKind))
    stage: Mapped[Stage] = mapped_column(word(Stage), index=True)
    state: Mapped[ExperimentState] = mapped_column(word(ExperimentState), index=True)
    pause_reason: Mapped[PauseReason | None] = mapped_column(word(PauseReason))
    state_reason: Mapped[long_text]
    owner_id: Mapped[int | None] = mapped_column(belongs_to("person.id"), index=True)
    created_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    source: Mapped[long_text]

    starts_on: Mapped[day | None]
    ends_on: Mapped[day | None]
    design_type: Mapped[DesignType | None] = mapped_column(word(DesignType))
    control_group: Mapped[ControlGroup | None] = mapped_column(word(ControlGroup))
    assignment: Mapped[Assignment | None] = mapped_column(word(Assignment))
    actions: Mapped[long_text]
    unit_of_analysis: Mapped[long_text]
    sample_planned: Mapped[int | None]
    data_collection: Mapped[long_text]
    timeline: Mapped[long_text]

    comparison_design: Mapped[ComparisonDesign | None] = mapped_column(word(ComparisonDesign))
    looks_planned: Mapped[int | None]
    look_rule: Mapped[LookRule | None] = mapped_column(word(LookRule))
    stops_on: Mapped[day | None]
    attrition_limit: Mapped[number | None]
    cluster_size: Mapped[number | None]
    icc: Mapped[number | None]

    budget_planned_usd: Mapped[number | None]
    cost_actual_usd: Mapped[number | None]
    local_currency: Mapped[str | None] = mapped_column(String(3))
    cost_actual_local: Mapped[number | None]
    rate_to_usd: Mapped[number | None]
    cost_note: Mapped[long_text]

    sdgs: Mapped[list[int]] = mapped_column(default=list)
    quality_checks: Mapped[list[str]] = mapped_column(default=list)
    groups_reached: Mapped[long_text]
    consent_given: Mapped[bool | None]
    do_no_harm_checked: Mapped[bool | None]

    what_happened: Mapped[long_text]
    obstacles: Mapped[long_text]
    surprises: Mapped[long_text]
    advice: Mapped[long_text]
    scaling_outcomes: Mapped[list[str]] = mapped_column(default=list)

    manual: Mapped[long_text] = mapped_column(server_default="")
    fidelity_record: Mapped[long_text] = mapped_column(server_default="")
    repeats_id: Mapped[int | None] = mapped_column(belongs_to("experiment.id"), index=True)
    repeated_elsewhere: Mapped[long_text] = mapped_column(server_default="")
    verdict: Mapped[Verdict | None] = mapped_column(word(Verdict), index=True)
    evidence_level: Mapped[int | None]
    level_lowered_to: Mapped[int | None]
    level_lowered_because: Mapped[long_text] = mapped_column(server_default="")

    office: Mapped[Office] = relationship(lazy="raise")
    learning_question: Mapped[LearningQuestion | None] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(foreign_keys=[owner_id], lazy="raise")
    repeats: Mapped["Experiment | None"] = relationship(remote_side="Experiment.id", lazy="raise")
    programmes: Mapped[list["ExperimentProgramme"]] = relationship(
        order_by="ExperimentProgramme.id", lazy="raise", cascade="all, delete-orphan"
    )
    places: Mapped[list[Place]] = relationship(
        secondary="experiment_place", order_by=Place.ubigeo, lazy="raise"
    )
    partnerships: Mapped[list[Partnership]] = relationship(
        order_by=Partnership.rank, lazy="raise", cascade="all, delete-orphan"
    )
    stages: Mapped[list["StageEntry"]] = relationship(
        order_by="StageEntry.id", lazy="raise", cascade="all, delete-orphan"
    )
    # Only what stands: what was taken away is asked for by itself.
    hypotheses: Mapped[list[Hypothesis]] = relationship(
        primaryjoin=lambda: Hypothesis.stands_in(Experiment.id),
        order_by=Hypothesis.position,
        lazy="raise",
    )
    metrics: Mapped[list[Metric]] = relationship(
        primaryjoin=lambda: Metric.stands_in(Experiment.id), order_by=Metric.position, lazy="raise"
    )
    registration: Mapped[Registration | None] = relationship(lazy="raise")
    findings: Mapped[list[Finding]] = relationship(order_by=Finding.id, lazy="raise")
    decisions: Mapped[list[Decision]] = relationship(
        order_by=(Decision.decided_on, Decision.id), lazy="raise"
    )

    gates: Mapped[list[Gate]] = relationship(order_by=Gate.id, lazy="raise")

    @property
    def sample_band(self) -> SampleBand | None:
        """UNDP's band of the planned sample."""
        return _band(self.sample_planned, SAMPLE_FLOORS)

    @property
    def cost_band(self) -> CostBand | None:
        """UNDP's band of what it cost, else of what it was planned to cost."""
        cost = self.cost_actual_usd
        return _band(self.budget_planned_usd if cost is None else cost, COST_FLOORS)


class ExperimentProgramme(Base):
    """A programme an experiment serves, and the part it plays there."""

    __tablename__ = "experiment_programme"
    __table_args__ = (UniqueConstraint("experiment_id", "programme_id"),)

    id: Mapped[identity]
    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    programme_id: Mapped[int] = mapped_column(belongs_to("programme.id"), index=True)
    role: Mapped[ProgrammeRole] = mapped_column(word(ProgrammeRole))

    programme: Mapped[Programme] = relationship(lazy="raise")
    experiment: Mapped[Experiment] = relationship(back_populates="programmes", lazy="raise")


class ExperimentPlace(Base):
    __tablename__ = "experiment_place"

    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), primary_key=True)
    ubigeo: Mapped[str] = mapped_column(belongs_to("place.ubigeo"), primary_key=True)


class StageEntry(Base):
    """A stage or state the experiment was in: entered, and left when the next one began."""

    __tablename__ = "stage_entry"

    id: Mapped[identity]
    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    stage: Mapped[Stage] = mapped_column(word(Stage))
    state: Mapped[ExperimentState] = mapped_column(word(ExperimentState))
    pause_reason: Mapped[PauseReason | None] = mapped_column(word(PauseReason))
    reason: Mapped[long_text]
    entered_at: Mapped[instant] = mapped_column(default=now)
    left_at: Mapped[instant | None]
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")
