"""Findings: computed anew when data or plan change, stored, and never edited."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.conclusions import Judged, in_json, judge, verdict_of
from app.domain.evidence_levels import Grounds, level_of
from app.domain.verdicts import FUNCTION_VERSION
from app.queries.registered import changed_after_data, design_held, metric_held
from app.queries.undertakings import claim_of, grounds_of, looks_of, undertaking_of, watched_of
from app.services.versions import hold
from models import (
    Amendment,
    Experiment,
    Finding,
    Hypothesis,
    Measurement,
    Metric,
    Place,
    PlannedWave,
    Registration,
)
from models.base import now


def recompute(session: Session, experiment: Experiment, *, today: date | None = None) -> None:
    """Judge the experiment as it is stored at this moment, and keep what was found.

    It is held to the plan as it stood before the first measurement (docs/decisions/0204). Each
    metric with a reading has one current finding; the same inputs under the same version of
    the function leave it as it is, others follow it. The experiment keeps its verdict and level,
    so that lists need compute nothing; its version does not rise, for nobody changed it. Those
    that repeat it are judged anew as well.
    """
    _judge(session, experiment, today)
    recompute_repetitions(session, experiment, today=today)


def recompute_repetitions(
    session: Session, experiment: Experiment, *, today: date | None = None
) -> None:
    """Judge the experiments that repeat this one: their level rests on it."""
    repeating = select(Experiment).where(Experiment.repeats_id == experiment.id)
    for one in session.scalars(repeating.order_by(Experiment.id)).all():
        _judge(session, one, today)


def _judge(session: Session, experiment: Experiment, today: date | None) -> None:
    session.flush()
    hold(session, experiment)
    found = _read(session, experiment.id)
    changes = changed_after_data(found.registration, found.amendments)
    metrics = [metric_held(metric, changes) for metric in found.metrics]
    designed = design_held(found.experiment, changes)
    judged = judge(
        [claim_of(metric, found.watched(metric)) for metric in metrics],
        undertaking_of(designed),
        looks_of(designed),
        today=today or day_of(now()),
    )
    amended = {"amended": [change.kept() for change in changes]}
    _keep(
        session,
        experiment,
        [replace(one, inputs=one.inputs | amended) for one in judged if found.of(one.claim.id)],
    )
    verdict = verdict_of(judged)
    grounds = found.grounds(judged)
    level, lowered_to = level_of(grounds), found.experiment.level_lowered_to
    session.execute(
        update(Experiment)
        .where(Experiment.id == experiment.id)
        .values(
            verdict=verdict,
            evidence_level=level if lowered_to is None else min(level, lowered_to),
            changed_at=Experiment.changed_at,
        )
    )


def recompute_all(session: Session) -> int:
    """Judge every experiment anew; how many there are."""
    experiments = session.scalars(select(Experiment).order_by(Experiment.id)).all()
    for experiment in experiments:
        recompute(session, experiment)
    return len(experiments)


@dataclass(frozen=True)
class _Found:
    """The rows an experiment is judged by, as they are stored; some may be loaded out of date."""

    experiment: Any
    hypotheses: Sequence[Any]
    metrics: Sequence[Any]
    measurements: Sequence[Any]
    waves: Sequence[Any]
    registration: Any
    repeated: Any
    amendments: Sequence[Any]
    places: dict[str, str]

    def of(self, metric_id: int) -> list[Any]:
        """The readings of one metric, in time."""
        return [row for row in self.measurements if row.metric_id == metric_id]

    def watched(self, metric: Any) -> Any:
        """A metric with its readings and its planned waves."""
        waves = [wave for wave in self.waves if wave.metric_id == metric.id]
        return watched_of(metric, self.of(metric.id), waves, self.places)

    def grounds(self, judged: Sequence[Judged]) -> Grounds:
        """What the experiment's level rests on."""
        return grounds_of(
            self.experiment,
            hypotheses=self.hypotheses,
            metrics=[(metric, self.of(metric.id)) for metric in self.metrics],
            registration=self.registration,
            amendments=self.amendments,
            verdict=verdict_of(judged),
            sites_supporting=max((one.sites_supporting for one in judged), default=0),
            repeated=self.repeated,
        )


def _read(session: Session, experiment_id: int) -> _Found:
    metric_ids = select(Metric.id).where(Metric.stands_in(experiment_id))
    frozen = _rows(session, Registration, Registration.experiment_id == experiment_id)
    experiment = _rows(session, Experiment, Experiment.id == experiment_id)[0]
    repeated = _rows(session, Experiment, Experiment.id == experiment.repeats_id)
    return _Found(
        experiment=experiment,
        repeated=next(iter(repeated), None),
        hypotheses=_rows(session, Hypothesis, Hypothesis.stands_in(experiment_id)),
        metrics=_rows(session, Metric, Metric.stands_in(experiment_id), order=[Metric.position]),
        measurements=_rows(
            session,
            Measurement,
            Measurement.metric_id.in_(metric_ids),
            order=[Measurement.measured_on],
        ),
        waves=_rows(session, PlannedWave, PlannedWave.metric_id.in_(metric_ids)),
        registration=next(iter(frozen), None),
        amendments=_rows(
            session, Amendment, Amendment.registration_id.in_([row.id for row in frozen])
        ),
        places={row.ubigeo: row.name for row in session.execute(select(Place.ubigeo, Place.name))},
    )


def _rows(session: Session, kind: Any, wanted: Any, *, order: Sequence[Any] = ()) -> list[Any]:
    """Rows as plain values and not as records: what is loaded already may be out of date."""
    found = session.execute(select(kind.__table__).where(wanted).order_by(*order, kind.id))
    return [SimpleNamespace(**row) for row in found.mappings()]


def _keep(session: Session, experiment: Experiment, judged: Sequence[Judged]) -> None:
    standing = {
        finding.metric_id: finding
        for finding in session.scalars(
            select(Finding).where(Finding.experiment_id == experiment.id, Finding.is_current)
        )
    }
    for one in judged:
        made, before = _finding(experiment, one), standing.pop(one.claim.id, None)
        if before is not None and _is_same(before, made):
            continue
        if before is not None:
            before.is_current = False
        session.add(made)
    for gone in standing.values():
        gone.is_current = False
    session.flush()


def _is_same(before: Finding, made: Finding) -> bool:
    return (before.inputs_sha256, before.function_version) == (
        made.inputs_sha256,
        made.function_version,
    )


def _finding(experiment: Experiment, judged: Judged) -> Finding:
    effect, inputs = judged.conclusion.effect, in_json(judged.inputs)
    spelled = json.dumps(inputs, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return Finding(
        experiment_id=experiment.id,
        metric_id=judged.claim.id,
        inputs=inputs,
        inputs_sha256=hashlib.sha256(spelled.encode()).hexdigest(),
        function_version=FUNCTION_VERSION,
        method=effect.method if effect else "",
        estimate=in_json(effect.estimate) if effect else None,
        low=in_json(effect.interval.low) if effect else None,
        high=in_json(effect.interval.high) if effect else None,
        p_value=in_json(effect.p_value) if effect else None,
        extra=in_json({**effect.extra, "by_likelihood": effect.by_likelihood}) if effect else {},
        verdict=judged.conclusion.verdict,
        missing=list(judged.conclusion.missing),
        is_current=True,
    )
