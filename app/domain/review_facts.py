"""What an officer accepted, as plain values, and what has changed since.

The facts are kept with the acceptance as JSON: words and days as text, numbers exact. A metric,
a decision or an amendment is found again by its key, whatever is renamed meanwhile.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from models.vocabulary import DecisionKind, ExperimentState, MetricKind, Stage, Verdict

Facts = dict[str, Any]


@dataclass(frozen=True)
class MetricSeen:
    """A metric with its newest value, how many readings stand and how many were corrected."""

    id: int
    name: str
    kind: MetricKind
    value: Decimal | None
    on: date | None
    readings: int
    corrected: int


@dataclass(frozen=True)
class DecisionSeen:
    """A decision."""

    id: int
    kind: DecisionKind
    on: date


@dataclass(frozen=True)
class AmendmentSeen:
    """An amendment of the registered plan; ``is_major`` as the plan's rules say."""

    id: int
    on: date
    is_major: bool
    reason: str


@dataclass(frozen=True)
class Seen:
    """An experiment as the officer sees it."""

    stage: Stage
    state: ExperimentState
    verdict: Verdict | None
    level: int | None
    registered_on: date | None
    metrics: Iterable[MetricSeen] = ()
    decisions: Iterable[DecisionSeen] = ()
    amendments: Iterable[AmendmentSeen] = ()


@dataclass(frozen=True)
class Change:
    """One fact that is not what it was, by its field ("stage", "metric" …).

    ``before`` or ``now`` is None where the experiment had, or has, no such thing.
    """

    field: str
    before: Any
    now: Any


def facts_of(seen: Seen) -> Facts:
    """What is accepted, by field; "metric:7" is the metric with the key 7."""
    facts: Facts = {
        "stage": seen.stage.value,
        "state": seen.state.value,
        "verdict": seen.verdict.value if seen.verdict else None,
        "level": seen.level,
        "registered_on": _day(seen.registered_on),
    }
    for metric in seen.metrics:
        facts[f"metric:{metric.id}"] = _metric(metric)
    for decision in seen.decisions:
        facts[f"decision:{decision.id}"] = {"kind": decision.kind.value, "on": _day(decision.on)}
    for one in seen.amendments:
        facts[f"amendment:{one.id}"] = {
            "on": _day(one.on),
            "is_major": one.is_major,
            "reason": one.reason,
        }
    return facts


def changes_between(accepted: Mapping[str, Any], now: Mapping[str, Any]) -> list[Change]:
    """What differs, in the order of the facts; what is gone comes last."""
    keys = [*now, *(key for key in accepted if key not in now)]
    return [
        Change(key.partition(":")[0], accepted.get(key), now.get(key))
        for key in keys
        if accepted.get(key) != now.get(key)
    ]


def _metric(metric: MetricSeen) -> Facts:
    return {
        "name": metric.name,
        "kind": metric.kind.value,
        "value": None if metric.value is None else format(metric.value.normalize(), "f"),
        "on": _day(metric.on),
        "readings": metric.readings,
        "corrected": metric.corrected,
    }


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
