"""What was found of an experiment, as it is stored: nothing here computes statistics."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.domain.evidence_levels import Grounds
from app.domain.found import Found
from app.domain.registration import restored
from app.domain.statistics.effects import Interval
from app.domain.statistics.menu import OUTCOMES
from app.domain.verdicts import Guardrail, crossed, in_good_direction
from app.queries.undertakings import grounds_of
from models import Experiment, Finding, Metric
from models.vocabulary import Assignment, ComparisonDesign, Direction, MetricRole, Verdict

ROLES = list(MetricRole)


@dataclass(frozen=True)
class MetricFinding:
    """A metric with what was found of it; ``finding`` is None before there is a reading."""

    metric: Metric
    finding: Finding | None
    found: Found

    @property
    def role(self) -> MetricRole:
        """The part it plays in the verdict: as registered, whatever it was made after the data."""
        return role_in(self.metric, self.finding)

    @property
    def crosses_margin(self) -> bool:
        """Whether a guardrail's whole interval lies beyond its margin, as when it was computed."""
        margin = self.finding.inputs.get("margin") if self.finding else None
        effect = self.found.effect
        if margin is None or effect is None:
            return False
        return Guardrail("", effect.interval, margin, self.found.direction).is_crossed


def findings_of(experiment: Experiment) -> list[MetricFinding]:
    """Every metric with its current finding, the primary ones first. Loaded already."""
    current = {row.metric_id: row for row in experiment.findings if row.is_current}
    metrics = sorted(experiment.metrics, key=lambda metric: ROLES.index(metric.role))
    is_random = experiment.assignment is Assignment.RANDOM
    found = [metric_finding(metric, current.get(metric.id)) for metric in metrics]
    return [replace(one, found=replace(one.found, is_random=is_random)) for one in found]


def metric_finding(metric: Metric, finding: Finding | None) -> MetricFinding:
    """A metric with a finding of it."""
    if finding is None:
        nothing = Found(
            verdict=Verdict.NOT_ASSESSABLE,
            outcome=OUTCOMES[metric.kind],
            direction=metric.direction,
            unit=metric.unit,
        )
        return MetricFinding(metric, None, nothing)
    return MetricFinding(metric, finding, found_in(metric, finding))


def found_in(metric: Metric, finding: Finding) -> Found:
    """The plain parts of a stored finding."""
    inputs = finding.inputs
    analysis, n = inputs["analysis"], inputs["n"]
    return Found(
        verdict=finding.verdict,
        outcome=OUTCOMES[metric.kind],
        design=ComparisonDesign(analysis["design"]) if analysis else None,
        method=finding.method,
        estimate=finding.estimate,
        low=finding.low,
        high=finding.high,
        p_value=finding.p_value,
        confidence=analysis.get("confidence", Found.confidence),
        least=inputs["least"],
        planned=_planned(inputs),
        level=inputs.get("level"),
        direction=Direction(inputs["direction"]),
        unit=inputs["unit"],
        n=None if n is None else int(n),
        missing=finding.missing,
        guardrail=_crossed(inputs["guardrails"]),
        by_likelihood=bool(finding.extra.get("by_likelihood")),
        is_clustered="design_effect" in finding.extra,
        looks=inputs["looks"],
        looks_planned=inputs["looks_planned"],
        primaries=inputs["primaries"] if role_in(metric, finding) is MetricRole.PRIMARY else 1,
        amended=[restored(kept) for kept in inputs.get("amended", ())],
    )


def _planned(inputs: dict[str, Any]) -> float | None:
    """The least effect that matters, in the metric's own unit."""
    least = inputs["definition"].get("minimum_meaningful_effect")
    return None if least is None else float(least)


def role_in(metric: Metric, finding: Finding | None) -> MetricRole:
    """The role a metric was judged in."""
    return MetricRole(finding.inputs["definition"]["role"]) if finding else metric.role


def stored_grounds(experiment: Experiment, found: Sequence[MetricFinding]) -> Grounds:
    """What the level rests on, of an experiment that is loaded whole."""
    made, verdicts = experiment.registration, experiment.verdict or Verdict.NOT_ASSESSABLE
    return grounds_of(
        experiment,
        hypotheses=experiment.hypotheses,
        metrics=[(metric, metric.measurements) for metric in experiment.metrics],
        registration=made,
        amendments=made.amendments if made else [],
        verdict=verdicts,
        sites_supporting=max((supporting_sites(one) for one in found), default=0),
        repeated=experiment.repeats,
    )


def supporting_sites(one: MetricFinding) -> int:
    """How many sites of a finding reach what matters by themselves."""
    sites = one.finding.extra.get("sites", ()) if one.finding else ()
    least = one.found.least
    return sum(
        in_good_direction(Interval(*site["interval"]), one.found.direction).low >= least
        for site in sites
        if least is not None
    )


def findings_until(
    session: Session, experiments: Iterable[Experiment], day: date
) -> dict[int, Finding]:
    """Metric → its newest finding that rests on nothing measured later than the day."""
    wanted = [experiment.id for experiment in experiments]
    rows = session.scalars(
        select(Finding).where(Finding.experiment_id.in_(wanted)).order_by(Finding.id)
    )
    until = day.isoformat()
    return {row.metric_id: row for row in rows if (row.inputs["as_of"] or "") <= until}


def _crossed(guardrails: Iterable[dict[str, Any]]) -> str:
    guard = crossed(
        [
            Guardrail(
                row["name"], Interval(*row["interval"]), row["margin"], Direction(row["direction"])
            )
            for row in guardrails
        ]
    )
    return guard.name if guard else ""
