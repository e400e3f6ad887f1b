"""What is measured: kind, unit, direction, baseline and target."""

from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Kept, belongs_to, day, long_text, number, short_text, word
from models.measurement import Measurement
from models.vocabulary import Direction, MetricKind, MetricRole


class Metric(Kept):
    """A metric of one experiment. Shares are kept as 0 to 1, NPS as −100 to 100."""

    __tablename__ = "metric"

    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
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
    denominator: Mapped[long_text]
    source: Mapped[long_text]
    measured_by: Mapped[long_text]
    waves: Mapped[long_text]

    measurements: Mapped[list[Measurement]] = relationship(
        order_by=(Measurement.measured_on, Measurement.id), lazy="raise"
    )
