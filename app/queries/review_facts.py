"""What an officer sees of an experiment, from records that are loaded already."""

from app.clock import day_of
from app.domain.review_facts import (
    AmendmentSeen,
    DecisionSeen,
    Facts,
    MetricSeen,
    Seen,
    facts_of,
)
from app.queries.evidence import evidence_of
from models import Experiment, Metric


def facts_now(experiment: Experiment) -> Facts:
    """The facts of an experiment that is loaded whole, as they stand."""
    registered = experiment.registration
    return facts_of(
        Seen(
            stage=experiment.stage,
            state=experiment.state,
            verdict=experiment.verdict,
            level=experiment.evidence_level,
            registered_on=day_of(registered.registered_at) if registered else None,
            metrics=[_metric(row) for row in experiment.metrics],
            decisions=[
                DecisionSeen(row.id, row.kind, row.decided_on) for row in experiment.decisions
            ],
            amendments=[
                AmendmentSeen(row.id, day_of(row.amended_at), row.is_major, row.reason)
                for row in (registered.amendments if registered else ())
            ],
        )
    )


def _metric(metric: Metric) -> MetricSeen:
    latest = evidence_of(metric).latest
    standing = sum(row.is_current for row in metric.measurements)
    return MetricSeen(
        id=metric.id,
        name=metric.name,
        kind=metric.kind,
        value=latest.value if latest else None,
        on=latest.on if latest else None,
        readings=standing,
        corrected=len(metric.measurements) - standing,
    )
