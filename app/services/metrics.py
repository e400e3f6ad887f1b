"""Metrics: adding them, changing them, taking one away that has no reading."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from app.domain.metrics import MetricFacts, problems_of
from app.domain.names import folded
from app.domain.refusals import InvalidError, NotReadyError, Problem
from app.language.sentences import sentence
from app.services import history
from app.services.actor import Actor
from app.services.versions import hold, refuse_stale
from models import Experiment, Metric
from models.vocabulary import MetricRole

FACTS = tuple(MetricFacts.__dataclass_fields__)


def facts_of(metric: Metric) -> MetricFacts:
    """A metric as the rules take it."""
    return MetricFacts(**{name: getattr(metric, name) for name in FACTS})


def add(
    session: Session, experiment: Experiment, facts: MetricFacts, *, by: Actor, today: date
) -> Metric:
    """Add a metric. Adding the very same again gives the one that stands."""
    hold(session, experiment)
    session.refresh(experiment, ["metrics"])
    for standing in experiment.metrics:
        if facts_of(standing) == facts:
            return standing
    _refuse(problems_with(experiment, facts, today=today, besides=None))
    last = max((row.position for row in experiment.metrics), default=0)
    metric = Metric(
        position=last + 1, measurements=[], **{name: getattr(facts, name) for name in FACTS}
    )
    experiment.metrics.append(metric)
    _note(session, experiment, metric, "metric.added", by, history.values_of(metric))
    session.flush()
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
) -> Metric:
    """Change a metric. Its kind stays while it has readings: they hold that kind's numbers."""
    hold(session, experiment)
    refuse_stale(session, metric, seen_version=seen_version)
    _refuse(problems_with(experiment, facts, today=today, besides=metric))
    for name in FACTS:
        if getattr(metric, name) != getattr(facts, name):
            setattr(metric, name, getattr(facts, name))
    if changes := history.changes_of(metric):
        _note(session, experiment, metric, "metric.edited", by, changes)
    session.flush()
    return metric


def remove(session: Session, experiment: Experiment, metric: Metric, *, by: Actor) -> None:
    """Take a metric away; refused once it has a reading, which nothing may overwrite."""
    if metric.measurements:
        raise NotReadyError(
            sentence("“%(metric)s” has readings and stays on record.", metric=metric.name)
        )
    gone = {name: pair[::-1] for name, pair in history.values_of(metric).items()}
    _note(session, experiment, metric, "metric.removed", by, gone)
    session.delete(metric)
    session.flush()


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
    )
