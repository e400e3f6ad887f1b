"""What had been found by the end of a quarter, from findings as they are stored."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from app.clock import day_of
from app.domain.conclusions import worst
from app.domain.evidence_levels import Grounds, level_of
from app.domain.found import Found
from app.queries.findings import MetricFinding, metric_finding, supporting_sites
from app.queries.undertakings import grounds_of
from app.reports.snapshot import AmendedField, FindingLine, GroupLine, SiteLine
from models import Experiment, Finding
from models.vocabulary import Arm, MetricRole, Verdict


def found_of(one: Experiment, findings: Mapping[int, Finding]) -> list[MetricFinding]:
    """Each metric with its newest finding of those."""
    return [metric_finding(metric, findings.get(metric.id)) for metric in one.metrics]


def verdict_in(found: list[MetricFinding]) -> Verdict:
    """The verdict of the worst primary metric."""
    primary = (one for one in found if one.role is MetricRole.PRIMARY)
    return worst(one.found.verdict for one in primary)


def level_by(one: Experiment, grounds: Grounds) -> int:
    """The evidence level by its grounds; a person may have lowered it."""
    level, lowered_to = level_of(grounds), one.level_lowered_to
    return level if lowered_to is None else min(level, lowered_to)


def grounds_by(one: Experiment, found: list[MetricFinding], *, until: date) -> Grounds:
    """What the level rested on then: later readings and amendments count for nothing."""
    made = one.registration
    is_frozen = made is not None and day_of(made.registered_at) <= until
    return grounds_of(
        one,
        hypotheses=one.hypotheses,
        metrics=[
            (metric, [row for row in metric.measurements if row.measured_on <= until])
            for metric in one.metrics
        ],
        registration=made if is_frozen else None,
        amendments=[
            each for each in (made.amendments if made else ()) if day_of(each.amended_at) <= until
        ],
        verdict=verdict_in(found),
        sites_supporting=max(map(supporting_sites, found), default=0),
        repeated=one.repeats,
    )


def finding_line(one: MetricFinding) -> FindingLine | None:
    """A metric's finding in the snapshot; None where nothing was measured."""
    if one.finding is None:
        return None
    found, inputs, extra = one.found, one.finding.inputs, one.finding.extra
    return FindingLine(
        verdict=found.verdict,
        outcome=found.outcome,
        design=found.design,
        method=found.method,
        estimate=_figure(found.estimate),
        low=_figure(found.low),
        high=_figure(found.high),
        p_value=_figure(found.p_value),
        confidence=_figure(found.confidence) or "",
        least=_figure(found.least),
        **_converted(found),
        direction=found.direction,
        unit=found.unit,
        n=found.n,
        missing=tuple(found.missing),
        guardrail=found.guardrail,
        crosses_margin=one.crosses_margin,
        margin=_figure(inputs["margin"]),
        as_of=inputs["as_of"],
        by_likelihood=found.by_likelihood,
        is_clustered=found.is_clustered,
        looks=found.looks,
        looks_planned=found.looks_planned,
        primaries=found.primaries,
        amended=tuple(AmendedField(**change.kept()) for change in found.amended),
        groups=tuple(_groups(inputs["analysis"])),
        sites=tuple(map(_site, extra.get("sites", ()))),
        tau2=_figure(extra.get("tau2")),
        i2=_figure(extra.get("i2")),
    )


def _converted(found: Found) -> dict[str, str | None]:
    """How the threshold became a ratio; nothing of other effects."""
    if found.level is None:
        return {}
    return {"planned": _figure(found.planned), "level": _figure(found.level)}


def _site(site: Mapping[str, Any]) -> SiteLine:
    low, high = site["interval"]
    return SiteLine(
        name=site["name"],
        estimate=_figure(site["estimate"]),
        low=_figure(low),
        high=_figure(high),
        weight=_figure(site["weight"]),
    )


def _groups(analysis: Mapping[str, Any]) -> Iterator[GroupLine]:
    """The groups of an analysis that were measured before and after."""
    for arm in Arm:
        course = analysis.get(arm.value) or {}
        before, after = (_level(course.get(moment)) for moment in ("before", "after"))
        if before is not None and after is not None:
            yield GroupLine(arm=arm, before=before, after=after, n=course["after"].get("n"))


def _level(group: Mapping[str, Any] | None) -> str | None:
    """The mean of a group, or its share."""
    if group is None:
        return None
    if "successes" in group:
        return _figure(group["successes"] / group["n"])
    return _figure(group.get("mean"))


def _figure(value: float | None) -> str | None:
    return None if value is None else format(Decimal(repr(value)), "f")
