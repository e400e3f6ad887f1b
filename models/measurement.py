"""A reading: the sufficient numbers of its metric's kind. Corrections supersede it."""

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    belongs_to,
    day,
    identity,
    instant,
    long_text,
    now,
    number,
    short_text,
    word,
)
from models.person import Person
from models.vocabulary import Arm, ChangeReason


class Measurement(Base):
    """One reading of one metric.

    Which columns are filled follows from the metric's kind:
    proportion → successes, n · mean, score, money → mean, sd, n · count → count ·
    rate → count, exposure · nps → promoters, passives, detractors ·
    ordinal → answers (how many chose 1, 2, 3, 4 and 5).
    Where the same people were measured before: how many of the n turned ``to_yes`` and ``to_no``,
    or the mean and standard deviation of each person's change.
    ``superseded_by_id`` points to the correction that stands instead of this reading.
    """

    __tablename__ = "measurement"
    __table_args__ = (CheckConstraint("superseded_by_id <> id", name="not_by_itself"),)

    id: Mapped[identity]
    metric_id: Mapped[int] = mapped_column(belongs_to("metric.id"), index=True)
    device_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    measured_on: Mapped[day]
    wave: Mapped[short_text] = mapped_column(default="")
    arm: Mapped[Arm] = mapped_column(word(Arm))
    successes: Mapped[int | None]
    n: Mapped[int | None]
    mean: Mapped[number | None]
    sd: Mapped[number | None]
    count: Mapped[number | None]
    exposure: Mapped[number | None]
    to_yes: Mapped[int | None]
    to_no: Mapped[int | None]
    change_mean: Mapped[number | None]
    change_sd: Mapped[number | None]
    promoters: Mapped[int | None]
    passives: Mapped[int | None]
    detractors: Mapped[int | None]
    answers: Mapped[list[int] | None]
    ubigeo: Mapped[str | None] = mapped_column(belongs_to("place.ubigeo"))
    disaggregation: Mapped[short_text] = mapped_column(default="")
    source: Mapped[long_text]
    note: Mapped[long_text]
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    recorded_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    recorded_at: Mapped[instant] = mapped_column(default=now)
    superseded_by_id: Mapped[int | None] = mapped_column(belongs_to("measurement.id"), index=True)
    correction_code: Mapped[ChangeReason | None] = mapped_column(word(ChangeReason))
    correction_reason: Mapped[long_text]

    recorded_by: Mapped[Person | None] = relationship(lazy="raise")

    @property
    def is_current(self) -> bool:
        return self.superseded_by_id is None
