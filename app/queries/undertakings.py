"""An experiment's records as the rules of evidence take them. Asks the database nothing."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from app.clock import day_of
from app.domain.assessment import IN_TWO_GROUPS, Layout, Measured, Observation
from app.domain.conclusions import Claim, Looks
from app.domain.evidence_levels import LEVEL_TO_REPEAT, Grounds
from app.domain.integrity import Flag, Undertaking, Watched, flags_of
from app.domain.registration import days_before
from app.domain.statistics.clusters import Clusters
from app.domain.waves import Wave
from app.queries.evidence import first_day_of, numbers_of
from app.queries.registered import changed_after_data, design_held, metric_held
from models import Amendment, Experiment, Hypothesis, Measurement, Metric, PlannedWave, Registration
from models.vocabulary import ExperimentState, MetricRole, Verdict

NAMELESS: Mapping[str, str] = {}
DEFINING = (
    *("name", "unit", "kind", "direction", "role", "cumulation", "denominator"),
    *("baseline", "baseline_n", "baseline_on", "target", "target_on"),
    *("minimum_meaningful_effect", "guardrail_margin"),
)


def undertaking_of(experiment: Experiment) -> Undertaking:
    """What the experiment set out to do."""
    clusters = Clusters(size=float(experiment.cluster_size or 1), icc=float(experiment.icc or 0))
    return Undertaking(
        layout=Layout(
            design=experiment.comparison_design,
            starts_on=experiment.starts_on,
            clusters=clusters,
        ),
        sample_planned=experiment.sample_planned,
        attrition_limit=experiment.attrition_limit,
        is_running=experiment.state is ExperimentState.RUNNING,
    )


def looks_of(experiment: Experiment) -> Looks:
    """The looks it planned."""
    return Looks(planned=experiment.looks_planned or 1, rule=experiment.look_rule)


def watched_of(
    metric: Metric,
    measurements: Iterable[Measurement],
    waves: Iterable[PlannedWave],
    places: Mapping[str, str] = NAMELESS,
) -> Watched:
    """A metric with its standing readings; a place without a name keeps its code."""
    observations = [
        Observation(
            on=row.measured_on,
            numbers=numbers_of(row),
            arm=row.arm,
            wave=row.wave,
            place=places.get(row.ubigeo or "", row.ubigeo or ""),
            cell=row.disaggregation,
        )
        for row in measurements
        if row.superseded_by_id is None
    ]
    return Watched(
        name=metric.name,
        role=metric.role,
        measured=Measured(
            kind=metric.kind,
            observations=observations,
            cumulation=metric.cumulation,
            baseline_on=metric.baseline_on,
            target=metric.target,
        ),
        waves=sorted(Wave(wave.due_on, wave.name) for wave in waves),
        has_margin=metric.guardrail_margin is not None,
    )


def claim_of(metric: Metric, watched: Watched) -> Claim:
    """A metric as it is judged."""
    least, margin = metric.minimum_meaningful_effect, metric.guardrail_margin
    return Claim(
        id=metric.id,
        watched=watched,
        direction=metric.direction,
        least=None if least is None else float(least),
        margin=None if margin is None else float(margin),
        unit=metric.unit,
        definition={name: _plain(getattr(metric, name)) for name in DEFINING},
    )


def flags_in(experiment: Experiment, *, today: date) -> list[Flag]:
    """What does not fit in the measuring of an experiment that is loaded whole."""
    made = experiment.registration
    changes = changed_after_data(made, made.amendments if made else ())
    registered_on = day_of(made.registered_at) if made else None
    plan = replace(undertaking_of(design_held(experiment, changes)), registered_on=registered_on)
    metrics = [metric_held(metric, changes) for metric in experiment.metrics]
    return [
        flag
        for metric in metrics
        for flag in flags_of(
            watched_of(metric, metric.measurements, metric.planned_waves), plan, today=today
        )
    ]


def grounds_of(
    experiment: Experiment,
    *,
    hypotheses: Iterable[Hypothesis],
    metrics: Iterable[tuple[Metric, Iterable[Measurement]]],
    registration: Registration | None,
    amendments: Iterable[Amendment],
    verdict: Verdict,
    sites_supporting: int,
    repeated: Experiment | None,
) -> Grounds:
    """What the level of the experiment rests on; ``repeated`` is the one it repeats."""
    taken = [(metric, list(rows)) for metric, rows in metrics]
    pairs = [
        (metric, [row for row in rows if row.superseded_by_id is None]) for metric, rows in taken
    ]
    seen = [row for _metric, rows in taken for row in rows]
    totals = [row for _metric, rows in pairs for row in rows if not row.disaggregation]
    return Grounds(
        is_argued=any(hypothesis.because or hypothesis.free_text for hypothesis in hypotheses),
        has_outcome=any(_is_held_against(metric, standing) for metric, standing in pairs),
        has_comparison=experiment.comparison_design in IN_TWO_GROUPS
        and len({row.arm for row in totals}) > 1,
        is_registered=registration is not None,
        is_in_time=registration is not None and is_in_time(registration.registered_at, seen),
        was_bent=any(one.is_major and one.is_after_data for one in amendments),
        is_sound=verdict is not Verdict.NOT_ASSESSABLE,
        is_supported=verdict is Verdict.SUPPORTED,
        sites_supporting=sites_supporting,
        is_repetition=repeated is not None,
        repeated_holds=repeated is not None and _is_worth_repeating(repeated),
        repeated_by_others=repeated is not None and _is_by_others(experiment, repeated),
        has_manual=bool(experiment.manual),
        has_fidelity_record=bool(experiment.fidelity_record),
    )


def is_in_time(registered_at: datetime, rows: Iterable[Measurement]) -> bool:
    """Whether a plan was registered before anything was measured, or recorded, on that day.

    ``rows`` are all readings, also those corrected since.
    """
    taken = list(rows)
    days = days_before(day_of(registered_at), first_day_of(taken))
    if days == 0:
        return registered_at <= min(row.recorded_at for row in taken)
    return days is None or days > 0


def _is_worth_repeating(repeated: Experiment) -> bool:
    is_supported = repeated.verdict is Verdict.SUPPORTED
    return is_supported and (repeated.evidence_level or 0) >= LEVEL_TO_REPEAT


def _is_by_others(experiment: Experiment, repeated: Experiment) -> bool:
    """Whether another office did it, or somebody else looked after it."""
    if experiment.office_id != repeated.office_id:
        return True
    owners = {experiment.owner_id, repeated.owner_id}
    return len(owners) == 2 and None not in owners


def _is_held_against(metric: Metric, rows: list[Measurement]) -> bool:
    """Whether a reading of the whole group has a value before it or a target to be held against."""
    days = {row.measured_on for row in rows if not row.disaggregation}
    if metric.role is MetricRole.GUARDRAIL or not days:
        return False
    return metric.baseline is not None or metric.target is not None or len(days) > 1


def _plain(value: Any) -> str | None:
    return None if value is None else str(value)
