"""Registering a plan before the data, and holding it: a frozen field changes only with a reason."""

import json
from datetime import datetime
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, selectinload

from app.clock import day_of
from app.domain import registration as plans
from app.domain.refusals import ChangedMeanwhileError, InvalidError, Problem
from app.domain.registration import Plan
from app.domain.texts import MOST_TEXT, too_long
from app.language.sentences import sentence
from app.services import findings, history
from app.services.actor import Actor
from app.services.versions import hold
from models import (
    Amendment,
    Experiment,
    Hypothesis,
    Measurement,
    Metric,
    PlannedWave,
    Registration,
)
from models.base import now

REASON = "amendment_reason"


def plan_now(session: Session, experiment: Experiment) -> Plan:
    """The plan as it is stored at this moment, also what others saved since it was loaded."""
    session.flush()
    waves = _rows(session, PlannedWave, PlannedWave.metric_id.in_(_metric_ids(experiment)))
    return plans.plan_of(
        experiment.code,
        _rows(session, Experiment, Experiment.id == experiment.id)[0],
        _rows(session, Hypothesis, Hypothesis.stands_in(experiment.id)),
        [
            {**row, "planned_waves": [wave for wave in waves if wave["metric_id"] == row["id"]]}
            for row in _rows(session, Metric, Metric.stands_in(experiment.id))
        ],
    )


def register(
    session: Session,
    experiment: Experiment,
    *,
    by: Actor,
    at: datetime,
    seen_sha256: str | None = None,
    is_demonstration: bool = False,
) -> Registration:
    """Freeze the plan; registering again gives the registration that stands.

    Raises InvalidError with all that is missing, and ChangedMeanwhileError when the plan is not
    the one that was seen (``seen_sha256``; None where nobody looked at it).
    """
    hold(session, experiment)
    if standing := registration_of(session, experiment):
        return standing
    plan = plan_now(session, experiment)
    if missing := plans.missing_from(plan):
        raise InvalidError(missing)
    document = plans.canonical_json(plan)
    digest = plans.digest(document)
    if seen_sha256 is not None and seen_sha256 != digest:
        raise ChangedMeanwhileError(
            sentence(
                "The plan has changed since you saw it: look at it again and register it then."
            )
        )
    made = Registration(
        experiment_id=experiment.id,
        document=document,
        sha256=digest,
        registered_at=at,
        by_id=by.id,
        is_demonstration=is_demonstration,
        amendments=[],
    )
    experiment.registration = made
    _note(session, experiment, "experiment.registered", by, {"sha256": [None, digest]})
    findings.recompute(session, experiment, today=day_of(at))
    return made


def hold_to_plan(
    session: Session,
    experiment: Experiment,
    *,
    reason: str,
    by: Actor,
    at: datetime | None = None,
) -> Amendment | None:
    """After any change: nothing when the frozen plan still stands, else an amendment.

    Raises InvalidError beside ``amendment_reason`` when it changed and nobody says why. What the
    service has written by then is rolled back with the transaction.
    """
    hold(session, experiment)
    frozen = registration_of(session, experiment)
    if frozen is None:
        return None
    before, after = json.loads(last_document(frozen)), plan_now(session, experiment)
    changes = plans.changes_between(before, after)
    if not changes:
        return None
    _refuse_unexplained(frozen, reason)
    document = plans.canonical_json(after)
    made = Amendment(
        document=document,
        sha256=plans.digest(document),
        reason=reason,
        changes=[change.kept() for change in changes],
        is_major=any(change.is_major for change in changes),
        is_after_data=_has_data(session, experiment),
        amended_at=at or now(),
        by_id=by.id,
    )
    frozen.amendments.append(made)
    _note(session, experiment, "experiment.amended", by, {"sha256": [None, made.sha256]}, reason)
    session.flush()
    return made


def refuse_unexplained(session: Session, experiment: Experiment, *, reason: str) -> None:
    """Before what always changes the plan, such as one metric more: refuse it without a reason."""
    if frozen := registration_of(session, experiment):
        _refuse_unexplained(frozen, reason)


def registration_of(session: Session, experiment: Experiment) -> Registration | None:
    """The registration that stands, with its amendments, also one made since it was loaded."""
    return session.scalar(
        select(Registration)
        .where(Registration.experiment_id == experiment.id)
        .options(selectinload(Registration.amendments))
        .execution_options(populate_existing=True)
    )


def last_document(registration: Registration) -> str:
    """The plan as last frozen: of the newest amendment, else of the registration itself."""
    amendments = registration.amendments
    return amendments[-1].document if amendments else registration.document


def _refuse_unexplained(frozen: Registration, reason: str) -> None:
    if not reason:
        day = day_of(frozen.registered_at)
        said = sentence("This was registered on %(day)s; say why it changes.", day=day)
        raise InvalidError([Problem(REASON, said)])
    if len(reason) > MOST_TEXT:
        raise InvalidError([Problem(REASON, too_long(MOST_TEXT))])


def _metric_ids(experiment: Experiment) -> Any:
    """Removed ones too: what they measured was seen."""
    return select(Metric.id).where(Metric.experiment_id == experiment.id)


def _rows(session: Session, kind: Any, wanted: Any) -> list[dict[str, Any]]:
    """Rows as plain values and not as records: what is loaded already may be out of date."""
    order = [kind.position] if hasattr(kind, "position") else []
    found = session.execute(select(kind.__table__).where(wanted).order_by(*order, kind.id))
    return [dict(row) for row in found.mappings()]


def _has_data(session: Session, experiment: Experiment) -> bool:
    taken = exists().where(Measurement.metric_id.in_(_metric_ids(experiment)))
    return bool(session.scalar(select(taken)))


def _note(
    session: Session,
    experiment: Experiment,
    event: str,
    by: Actor,
    changes: dict[str, Any],
    reason: str = "",
) -> None:
    subject = f"experiment:{experiment.code}"
    history.record(session, subject=subject, event=event, by=by, changes=changes, reason=reason)
