"""Metrics: adding them, changing them, taking one away, bringing it back."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from app.domain.metrics import MetricFacts, problems_of
from app.domain.names import folded
from app.domain.refusals import InvalidError, NotReadyError, Problem
from app.domain.waves import Wave, written
from app.language.sentences import sentence
from app.queries.reported import baseline_was_reported, metric_was_told
from app.services import findings, history, registration
from app.services.actor import Actor
from app.services.experiment_rows import next_position
from app.services.locks import (
    refuse_accepted_baseline,
    refuse_locked,
    refuse_reported,
    refuse_uncounted,
)
from app.services.reported import UNASKED, Why, reason_for
from app.services.submissions import refuse_other, sent_before
from app.services.versions import hold, refuse_stale
from models import Experiment, Metric, PlannedWave
from models.base import now
from models.vocabulary import ChangeReason, MetricRole

FACTS = tuple(MetricFacts.__dataclass_fields__)
BASELINE = ("baseline", "baseline_n", "baseline_on", "baseline_source")
COLUMNS = tuple(name for name in FACTS if name != "planned_waves")


def facts_of(metric: Metric) -> MetricFacts:
    """A metric as the rules take it; its planned waves are loaded."""
    waves = tuple(sorted(Wave(wave.due_on, wave.name) for wave in metric.planned_waves))
    return MetricFacts(planned_waves=waves, **{name: getattr(metric, name) for name in COLUMNS})


def add(
    session: Session,
    experiment: Experiment,
    facts: MetricFacts,
    *,
    by: Actor,
    today: date,
    amendment_reason: str = "",
    at: datetime | None = None,
    submission_key: str | None = None,
) -> Metric:
    """Add a metric. Adding the very same again, or sending one form twice, gives what stands.

    To a registered plan it is added with an ``amendment_reason``; so for all that follows.
    """
    hold(session, experiment)
    _load_again(session, experiment)
    if sent := sent_before(session, Metric, submission_key):
        return _same_as_before(sent, facts)
    for standing in experiment.metrics:
        if facts_of(standing) == facts:
            return standing
    _refuse(problems_with(experiment, facts, today=today, besides=None))
    _refuse_locked_baseline(session, experiment, None, facts, at=at)
    registration.refuse_unexplained(session, experiment, reason=amendment_reason)
    metric = Metric(
        position=next_position(session, Metric, experiment),
        measurements=[],
        submission_key=submission_key,
        planned_waves=_wave_rows(facts),
        **{name: getattr(facts, name) for name in COLUMNS},
    )
    experiment.metrics.append(metric)
    told = history.values_of(metric) | _waves_told("", written(facts.planned_waves))
    _note(session, experiment, metric, "metric.added", by, told)
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    return metric


def edit(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    facts: MetricFacts,
    *,
    seen_version: int | None,
    by: Actor,
    today: date,
    amendment_reason: str = "",
    reason_code: ChangeReason | None = None,
    at: datetime | None = None,
) -> Metric:
    """Change a metric. Its kind stays while it has readings: they hold that kind's numbers.

    A baseline is reported: neither from nor to a day in a closed quarter is it changed, nor while
    a programme accepts it; and once it was registered, accepted or closed only with a
    ``reason_code`` and, as the ``amendment_reason``, words.
    """
    hold(session, experiment)
    refuse_stale(session, metric, seen_version=seen_version)
    _refuse(problems_with(experiment, facts, today=today, besides=metric))
    _refuse_locked_baseline(session, experiment, metric, facts, at=at)
    is_reported = _changes_baseline(metric, facts) and baseline_was_reported(
        session, experiment, metric
    )
    why = reason_for(is_reported, reason_code, amendment_reason)
    for name in COLUMNS:
        if getattr(metric, name) != getattr(facts, name):
            setattr(metric, name, getattr(facts, name))
    changes = history.changes_of(metric)
    if waves := _lay_waves(session, metric, facts):
        metric.changed_at = at or now()
    changes |= waves
    if changes:
        _note(session, experiment, metric, "metric.edited", by, changes, why)
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    session.flush()
    return metric


def remove(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    *,
    by: Actor,
    amendment_reason: str = "",
    reason_code: ChangeReason | None = None,
    at: datetime | None = None,
) -> None:
    """Take a metric away, so that it can be brought back; its readings stay on record.

    One that was measured or reported goes, and comes back, only with a ``reason_code`` and, as the
    ``amendment_reason``, words.
    Raises NotReadyError where its baseline or readings are of a closed quarter, or a programme
    accepted them.
    """
    hold(session, experiment)
    if metric.removed_at is not None:
        return
    refuse_reported(session, experiment, metric, at=at or now())
    refuse_uncounted(session, experiment, metric)
    why = reason_for(metric_was_told(session, experiment, metric), reason_code, amendment_reason)
    registration.refuse_unexplained(session, experiment, reason=amendment_reason)
    gone = {name: pair[::-1] for name, pair in history.values_of(metric).items()}
    gone |= _waves_told(written(facts_of(metric).planned_waves), "")
    _note(session, experiment, metric, "metric.removed", by, gone, why)
    metric.removed_at = at or now()
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    session.refresh(experiment, ["metrics"])


def restore(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    *,
    by: Actor,
    today: date,
    amendment_reason: str = "",
    reason_code: ChangeReason | None = None,
    at: datetime | None = None,
) -> Metric:
    """Bring back a metric that was taken away, with its readings.

    Refused where it no longer fits what stands (its name, its role, its hypothesis), and where
    its baseline or readings are of a closed quarter, which was reported without them.
    """
    hold(session, experiment)
    session.refresh(metric, ["removed_at"])
    if metric.removed_at is None:
        return metric
    _refuse_unfit(experiment, metric, today=today)
    refuse_reported(session, experiment, metric, at=at or now())
    why = reason_for(metric_was_told(session, experiment, metric), reason_code, amendment_reason)
    registration.refuse_unexplained(session, experiment, reason=amendment_reason)
    metric.removed_at = None
    told = history.values_of(metric) | _waves_told("", written(facts_of(metric).planned_waves))
    _note(session, experiment, metric, "metric.restored", by, told, why)
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment, today=today)
    session.refresh(experiment, ["metrics"])
    return metric


def _refuse_unfit(experiment: Experiment, metric: Metric, *, today: date) -> None:
    facts = facts_of(metric)
    if _hypothesis_problems(experiment, facts):
        raise NotReadyError(
            sentence("It measures a hypothesis that was removed: bring that back first.")
        )
    if problems := problems_with(experiment, facts, today=today, besides=metric):
        raise NotReadyError(problems[0].message)


def problems_with(
    experiment: Experiment, facts: MetricFacts, *, today: date, besides: Metric | None
) -> list[Problem]:
    """What keeps the experiment from having this metric, ``besides`` being the one it replaces."""
    others = [row for row in experiment.metrics if row is not besides]
    primaries = sum(row.role is MetricRole.PRIMARY for row in others)
    return [
        *problems_of(facts, other_primaries=primaries, today=today),
        *_name_problems(others, facts),
        *_hypothesis_problems(experiment, facts),
        *_kind_problems(besides, facts),
    ]


def _refuse_locked_baseline(
    session: Session,
    experiment: Experiment,
    metric: Metric | None,
    facts: MetricFacts,
    *,
    at: datetime | None,
) -> None:
    if not _changes_baseline(metric, facts):
        return
    for day in (metric.baseline_on if metric else None, facts.baseline_on):
        refuse_locked(session, experiment, day, at=at or now())
    if metric is not None:
        refuse_accepted_baseline(session, experiment, metric)


def _changes_baseline(metric: Metric | None, facts: MetricFacts) -> bool:
    was, becomes = ([getattr(one, name, None) for name in BASELINE] for one in (metric, facts))
    return [_filled(value) for value in was] != [_filled(value) for value in becomes]


def _filled(value: Any) -> Any:
    """A source left empty says as little as none; a baseline of zero says something."""
    return None if value == "" else value


def _same_as_before(sent: Metric, facts: MetricFacts) -> Metric:
    if facts_of(sent) != facts:
        refuse_other(f"“{sent.name}”")
    return sent


def _load_again(session: Session, experiment: Experiment) -> None:
    """The metrics as they stand now, with their planned waves."""
    # The experiment holds them first: a row that nothing holds is forgotten with what it loaded.
    session.refresh(experiment, ["metrics"])
    of_it = select(Metric).where(Metric.experiment_id == experiment.id)
    session.scalars(of_it.options(selectinload(Metric.planned_waves))).all()


def _wave_rows(facts: MetricFacts) -> list[PlannedWave]:
    return [PlannedWave(name=wave.name, due_on=wave.due_on) for wave in facts.planned_waves]


def _lay_waves(session: Session, metric: Metric, facts: MetricFacts) -> dict[str, Any]:
    """Exactly these planned waves; says what changed of them."""
    standing = facts_of(metric).planned_waves
    if standing == facts.planned_waves:
        return {}
    metric.planned_waves.clear()
    # Before others of the same names come in.
    session.flush()
    metric.planned_waves.extend(_wave_rows(facts))
    return _waves_told(written(standing), written(facts.planned_waves))


def _waves_told(before: str, after: str) -> dict[str, Any]:
    return {"planned_waves": [before or None, after or None]} if before or after else {}


def _refuse(problems: list[Problem]) -> None:
    if problems:
        raise InvalidError(problems)


def _name_problems(others: list[Metric], facts: MetricFacts) -> list[Problem]:
    if folded(facts.name) not in {folded(row.name) for row in others}:
        return []
    said = sentence("There is a metric of this name already: tell them apart by their names.")
    return [Problem("name", said)]


def _hypothesis_problems(experiment: Experiment, facts: MetricFacts) -> list[Problem]:
    known = {hypothesis.id for hypothesis in experiment.hypotheses}
    if facts.hypothesis_id is None or facts.hypothesis_id in known:
        return []
    said = sentence("Choose one of the experiment's hypotheses.")
    return [Problem("hypothesis_id", said)]


def _kind_problems(metric: Metric | None, facts: MetricFacts) -> list[Problem]:
    if metric is None or metric.kind is facts.kind or not metric.measurements:
        return []
    said = sentence("It has readings of this kind: add another metric for another kind.")
    return [Problem("kind", said)]


def _note(
    session: Session,
    experiment: Experiment,
    metric: Metric,
    event: str,
    by: Actor,
    changes: Mapping[str, Any],
    why: Why = UNASKED,
) -> None:
    """The entry names the metric and its kind, also where they did not change."""
    told = {name: pair for name, pair in changes.items() if name in FACTS}
    told.pop("hypothesis_id", None)
    about: dict[str, Any] = {
        "metric": [metric.name, metric.name],
        "metric_kind": [metric.kind, metric.kind],
    }
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event=event,
        by=by,
        changes={**about, **told},
        reason_code=why.code,
        reason=why.words,
    )
