"""A finding of the snapshot, read out."""

from dataclasses import replace

from app.domain.found import Found, limits_in, sentence_of
from app.domain.registration import restored
from app.language.sentences import Sentence
from app.reports.snapshot import ExperimentSection, FindingLine
from models.vocabulary import Assignment, MetricRole


def finding_sentence(line: FindingLine) -> Sentence:
    """The verdict on a metric in one plain sentence."""
    return sentence_of(found_in(line))


def finding_limits(section: ExperimentSection) -> list[Sentence]:
    """What the findings of the primary metrics cannot tell, each once."""
    primary = (m.finding for m in section.metrics if m.role is MetricRole.PRIMARY and m.finding)
    is_random = section.assignment is Assignment.RANDOM
    found = [replace(found_in(line), is_random=is_random) for line in primary]
    limits = [limit for one in found for limit in limits_in(one)]
    return [limit for n, limit in enumerate(limits) if limit not in limits[:n]]


def found_in(line: FindingLine) -> Found:
    """The finding as it is read out."""
    return Found(
        verdict=line.verdict,
        outcome=line.outcome,
        design=line.design,
        method=line.method,
        estimate=_float(line.estimate),
        low=_float(line.low),
        high=_float(line.high),
        p_value=_float(line.p_value),
        confidence=float(line.confidence),
        least=_float(line.least),
        planned=_float(line.planned),
        level=_float(line.level),
        direction=line.direction,
        unit=line.unit,
        n=line.n,
        missing=line.missing,
        guardrail=line.guardrail,
        by_likelihood=line.by_likelihood,
        is_clustered=line.is_clustered,
        looks=line.looks,
        looks_planned=line.looks_planned,
        primaries=line.primaries,
        amended=[restored(dict(change)) for change in line.amended],
    )


def _float(value: str | None) -> float | None:
    return None if value is None else float(value)
