"""Whether what is stored was measured or reported already, so that changing it takes a reason."""

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from app.domain.quarters import quarter_of
from models import (
    Closing,
    Experiment,
    Hypothesis,
    ImpactReview,
    Measurement,
    Metric,
    OfficeQuarter,
    Registration,
)


def baseline_was_reported(session: Session, experiment: Experiment, metric: Metric) -> bool:
    """Whether the metric's baseline is part of a registered plan, or was accepted or closed."""
    if metric.baseline is None:
        return False
    registered = select(Registration.id).where(Registration.experiment_id == experiment.id)
    return _is_there(session, registered.exists(), *_told_since(experiment, metric.baseline_on))


def cost_was_reported(session: Session, experiment: Experiment) -> bool:
    """Whether the experiment's actual cost was accepted or closed; no plan registers it."""
    is_known = experiment.cost_actual_usd is not None
    return is_known and _is_there(session, *_told_since(experiment, None))


def metric_was_told(session: Session, experiment: Experiment, metric: Metric) -> bool:
    """Whether anything was measured of the metric, or its baseline reported."""
    is_measured = _is_there(session, _measured(Metric.id == metric.id))
    return is_measured or baseline_was_reported(session, experiment, metric)


def hypothesis_was_told(session: Session, experiment: Experiment, hypothesis: Hypothesis) -> bool:
    """Whether anything was measured of a metric of the hypothesis, a removed one too.

    A metric without a link of its own serves the only hypothesis there is.
    """
    serves = Metric.hypothesis_id == hypothesis.id
    if all(one is hypothesis for one in experiment.hypotheses):
        unlinked = and_(Metric.experiment_id == experiment.id, Metric.hypothesis_id.is_(None))
        serves = or_(serves, unlinked)
    return _is_there(session, _measured(serves))


def _measured(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(Measurement.id).join(Metric).where(which).exists()


def _told_since(experiment: Experiment, day: date | None) -> tuple[ColumnElement[bool], ...]:
    """Whether a quarter, not before the one of the day, was accepted or closed with it."""
    first = str(quarter_of(day)) if day else ""
    accepted = select(ImpactReview.id).where(
        ImpactReview.experiment_id == experiment.id,
        ImpactReview.quarter >= first,
        ImpactReview.accepted_at.is_not(None),
    )
    closed = (
        select(Closing.id)
        .join(OfficeQuarter)
        .where(OfficeQuarter.office_id == experiment.office_id, OfficeQuarter.quarter >= first)
    )
    return accepted.exists(), closed.exists()


def _is_there(session: Session, *any_of: Any) -> bool:
    return bool(session.scalar(select(or_(*any_of))))
