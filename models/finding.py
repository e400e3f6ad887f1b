"""What was computed of a metric: the effect and the verdict, with the numbers they came from."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, code_text, digest, identity, instant, now, word
from models.metric import Metric
from models.vocabulary import Verdict


class Finding(Base):
    """One computation. Another one follows when the numbers change; none is edited.

    ``inputs`` is the analysis as asked, ``inputs_sha256`` its fingerprint: the same inputs and the
    same ``function_version`` give the same finding. ``missing`` names what cannot be assessed for.
    """

    __tablename__ = "finding"

    id: Mapped[identity]
    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    metric_id: Mapped[int] = mapped_column(belongs_to("metric.id"), index=True)
    inputs: Mapped[dict[str, Any]]
    inputs_sha256: Mapped[digest]
    function_version: Mapped[code_text]
    method: Mapped[code_text] = mapped_column(default="")
    estimate: Mapped[float | None] = mapped_column(Float)
    low: Mapped[float | None] = mapped_column(Float)
    high: Mapped[float | None] = mapped_column(Float)
    p_value: Mapped[float | None] = mapped_column(Float)
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    verdict: Mapped[Verdict] = mapped_column(word(Verdict))
    missing: Mapped[list[str]] = mapped_column(default=list)
    is_current: Mapped[bool] = mapped_column(default=True)
    computed_at: Mapped[instant] = mapped_column(default=now)

    metric: Mapped[Metric] = relationship(lazy="raise")
