"""Refuse what may no longer be written. Every service that writes something dated calls this.

Who writes and who closes an office's quarter wait for each other: what is written is either in
what was frozen, or refused.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.locks import (
    why_accepted,
    why_baseline_accepted,
    why_closed,
    why_counted,
    why_not_begun,
)
from app.domain.quarters import Quarter, quarter_of
from app.domain.refusals import NotReadyError
from app.queries.quarters import acceptances_in, closed_for
from models import Experiment, Measurement, Metric

# Any number will do, as long as nothing else in the database uses it.
CLOSING_LOCK = 4208


def refuse_locked(
    session: Session, experiment: Experiment, day: date | None, *, at: datetime
) -> None:
    """Raise NotReadyError, with why and what to do, where the day lies in a closed quarter."""
    if day is not None:
        refuse_closed(session, experiment.office_id, quarter_of(day), experiment, at=at)


def refuse_closed(
    session: Session, office_id: int, quarter: Quarter, experiment: Experiment, *, at: datetime
) -> None:
    """Raise NotReadyError where the office closed the quarter and gave no exception that runs.

    It holds for everybody, the head too. The quarter cannot be closed until the transaction ends.
    """
    _hold_open(session, office_id)
    closed = closed_for(session, office_id, quarter, experiment.id)
    if said := why_closed(closed, experiment.code, at=at):
        raise NotReadyError(said)


def refuse_beginning(session: Session, office_id: int, day: date) -> None:
    """Raise NotReadyError where an experiment would begin in a quarter the office closed."""
    _hold_open(session, office_id)
    if said := why_not_begun(closed_for(session, office_id, quarter_of(day), None)):
        raise NotReadyError(said, field="on")


def refuse_accepted(session: Session, experiment: Experiment, reading: Measurement) -> None:
    """Raise NotReadyError where a programme accepted its review with the reading in it."""
    accepted = acceptances_in(session, experiment.id, quarter_of(reading.measured_on))
    if said := why_accepted(reading.recorded_at, accepted):
        raise NotReadyError(said)


def refuse_accepted_baseline(session: Session, experiment: Experiment, metric: Metric) -> None:
    """Raise NotReadyError where a programme accepted the quarter of its baseline.

    A baseline is there since its metric is: when it was written is not kept apart.
    """
    if metric.baseline is not None and metric.baseline_on is not None:
        accepted = acceptances_in(session, experiment.id, quarter_of(metric.baseline_on))
        if said := why_baseline_accepted(metric.created_at, accepted):
            raise NotReadyError(said)


def refuse_reported(
    session: Session, experiment: Experiment, metric: Metric, *, at: datetime
) -> None:
    """Raise NotReadyError where a closed quarter holds its baseline or readings: it tells them.

    So the metric, with all that is dated of it, neither goes nor comes back.
    """
    days = {one.measured_on for one in _standing_readings(session, metric)} | {metric.baseline_on}
    for quarter in sorted({quarter_of(day) for day in days if day}):
        refuse_closed(session, experiment.office_id, quarter, experiment, at=at)


def refuse_uncounted(session: Session, experiment: Experiment, metric: Metric) -> None:
    """Raise NotReadyError where what a programme accepted of it would count nowhere."""
    earliest = {
        quarter_of(one.measured_on): one.recorded_at for one in _standing_readings(session, metric)
    }
    if metric.baseline is not None and metric.baseline_on is not None:
        earliest[quarter_of(metric.baseline_on)] = metric.created_at
    for quarter, there_since in earliest.items():
        accepted = acceptances_in(session, experiment.id, quarter)
        if said := why_counted(there_since, accepted):
            raise NotReadyError(said)


def _standing_readings(session: Session, metric: Metric) -> Sequence[Measurement]:
    """Those that no correction superseded, the newest recorded first."""
    return session.scalars(
        select(Measurement)
        .where(Measurement.metric_id == metric.id, Measurement.superseded_by_id.is_(None))
        .order_by(Measurement.recorded_at.desc())
    ).all()


def hold_closing(session: Session, office_id: int) -> None:
    """Wait for everybody who is writing something dated in the office, and let nobody begin."""
    if _has_many_writers(session):
        session.execute(select(func.pg_advisory_xact_lock(CLOSING_LOCK, office_id)))


def _hold_open(session: Session, office_id: int) -> None:
    if _has_many_writers(session):
        session.execute(select(func.pg_advisory_xact_lock_shared(CLOSING_LOCK, office_id)))


def _has_many_writers(session: Session) -> bool:
    """SQLite has one writer anyway."""
    return session.get_bind().dialect.name == "postgresql"
