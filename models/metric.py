"""What is measured: kind, unit, direction, baseline and target."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    PlanPart,
    belongs_to,
    day,
    identity,
    long_text,
    number,
    short_text,
    word,
)
from models.measurement import Measurement
from models.vocabulary import Cumulation, Direction, MetricKind, MetricRole


class Metric(PlanPart):
    """A metric of one experiment. Shares are kept as 0 to 1, NPS as −100 to 100.

    ``disaggregations`` holds one a line, each with its cells: "sex: women; men".
    """

    __tablename__ = "metric"

    hypothesis_id: Mapped[int | None] = mapped_column(belongs_to("hypothesis.id"), index=True)
    position: Mapped[int]
    name: Mapped[short_text]
    unit: Mapped[short_text]
    kind: Mapped[MetricKind] = mapped_column(word(MetricKind))
    direction: Mapped[Direction] = mapped_column(word(Direction))
    role: Mapped[MetricRole] = mapped_column(word(MetricRole))
    baseline: Mapped[number | None]
    baseline_n: Mapped[int | None]
    baseline_on: Mapped[day | None]
    baseline_source: Mapped[long_text]
    target: Mapped[number | None]
    target_on: Mapped[day | None]
    minimum_meaningful_effect: Mapped[number | None]
    guardrail_margin: Mapped[number | None]
    cumulation: Mapped[Cumulation] = mapped_column(
        word(Cumulation), default=Cumulation.NOT_CUMULATIVE, server_default="not_cumulative"
    )
    denominator: Mapped[long_text]
    source: Mapped[long_text]
    measured_by: Mapped[long_text]
    waves: Mapped[long_text]
    disaggregations: Mapped[long_text] = mapped_column(server_default="")
    submission_key: Mapped[str | None] = mapped_column(String(36), unique=True)

    planned_waves: Mapped[list["PlannedWave"]] = relationship(
        order_by="PlannedWave.due_on", lazy="raise", cascade="all, delete-orphan"
    )
    measurements: Mapped[list[Measurement]] = relationship(
        order_by=(Measurement.measured_on, Measurement.id), lazy="raise"
    )


class PlannedWave(Base):
    """A wave in which a metric is to be measured, and the day by which."""

    __tablename__ = "planned_wave"
    __table_args__ = (UniqueConstraint("metric_id", "name"),)

    id: Mapped[identity]
    metric_id: Mapped[int] = mapped_column(belongs_to("metric.id"), index=True)
    name: Mapped[short_text]
    due_on: Mapped[day]
