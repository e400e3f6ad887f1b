"""Registration: an experiment's plan frozen before the data, and how it differs from then.

A plan is a plain dict: ``hypotheses`` and ``metrics`` (each with its ``id``) and ``design``. Words
are kept by their values, decimals as plain text, days as ISO text; empty and absent are the same.
It holds no moment, so that the same plan always has the same digest.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.names import folded
from app.domain.refusals import Problem
from app.domain.statistics.menu import method_for
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ComparisonDesign, MetricKind, MetricRole

FORMAT = 1
Plan = dict[str, Any]
Values = Mapping[str, Any]

# Every frozen field with the name people know it by, in the order it is read.
SLOTS: Mapping[str, str] = {
    "change": N_("What we would change"),
    "audience": N_("For whom, and where"),
    "direction": N_("Direction"),
    "outcome": N_("What it should move"),
    "threshold": N_("By at least"),
    "within": N_("Within"),
    "because": N_("Because"),
}
HYPOTHESIS: Mapping[str, str] = {**SLOTS, "free_text": N_("As it was imported")}
METRIC: Mapping[str, str] = {
    "name": N_("Name"),
    "kind": N_("Kind of number"),
    "unit": N_("Unit"),
    "direction": N_("Direction"),
    "role": N_("Role"),
    "hypothesis": N_("Hypothesis it would show"),
    "baseline": N_("Baseline"),
    "baseline_n": N_("How many were asked"),
    "baseline_on": N_("Day of the baseline"),
    "target": N_("Target"),
    "target_on": N_("Day of the target"),
    "minimum_meaningful_effect": N_("Smallest effect that matters"),
    "guardrail_margin": N_("How much worse it may get"),
    "cumulation": N_("How readings add up"),
    "denominator": N_("Denominator"),
    "source": N_("Where the numbers come from"),
    "measured_by": N_("Who measures"),
    "waves": N_("When it is measured"),
    "planned_waves": N_("Planned waves"),
    "disaggregations": N_("Disaggregations"),
}
DESIGN: Mapping[str, str] = {
    "design_type": N_("Type of design"),
    "comparison_design": N_("How it is compared"),
    "control_group": N_("Compared with"),
    "assignment": N_("How groups were assigned"),
    "unit_of_analysis": N_("Unit of analysis"),
    "sample_planned": N_("Sample planned"),
    "looks_planned": N_("Looks at the results"),
    "look_rule": N_("Rule for several looks"),
    "stops_on": N_("Day it stops"),
    "attrition_limit": N_("Loss of participants tolerated"),
    "cluster_size": N_("Cluster size"),
    "icc": N_("Correlation within a cluster"),
}
LABELS: Mapping[str, str] = {**HYPOTHESIS, **METRIC, **DESIGN, "method": N_("Method")}
PARTS: Mapping[str, Mapping[str, str]] = {"hypotheses": HYPOTHESIS, "metrics": METRIC}
# Wording that leaves the claim as it is.
MINOR: Mapping[str, frozenset[str]] = {
    "hypotheses": frozenset({"audience", "because"}),
    "metrics": frozenset(
        {"unit", "source", "measured_by", "waves", "hypothesis", "disaggregations"}
    ),
    "design": frozenset(),
}
# Major in a metric that decides nothing by itself, too.
ALWAYS_MAJOR = frozenset({"direction", "minimum_meaningful_effect", "guardrail_margin"})
DECIDING = frozenset({MetricRole.PRIMARY.value, MetricRole.GUARDRAIL.value})
# Fields whose texts are somebody's words: another case or accent says nothing else.
SPELLED = frozenset(
    {*HYPOTHESIS, "name", "unit", "denominator", "unit_of_analysis", "source", "measured_by"}
    - {"direction"}
)


@dataclass(frozen=True)
class Line:
    """One filled field of a plan. ``about`` is the metric's name or the hypothesis' number."""

    part: str
    id: int
    name: str
    value: Any
    about: str = ""
    kind: str | None = None
    role: str | None = None

    @property
    def key(self) -> tuple[str, int, str]:
        """Which field of which record it is."""
        return (self.part, self.id, self.name)


@dataclass(frozen=True)
class Change:
    """A field that differs; ``name`` is "" where a whole hypothesis or metric came or went.

    ``before`` and ``after`` are plain values, None for nothing; ``kind`` is the metric's.
    """

    part: str
    id: int
    name: str
    before: Any
    after: Any
    about: str
    kind: str | None
    is_major: bool

    @property
    def label(self) -> Sentence:
        """The field in words, without what it is about."""
        if self.name:
            return sentence(LABELS[self.name])
        came = self.before is None
        match self.part:
            case "metrics":
                return sentence("Metric added") if came else sentence("Metric removed")
            case _:
                return sentence("Hypothesis added") if came else sentence("Hypothesis removed")

    def kept(self) -> dict[str, Any]:
        """As an amendment stores it."""
        path = ".".join(filter(None, (self.part, str(self.id) if self.id else "", self.name)))
        return {"field": path, **{n: getattr(self, n) for n in KEPT}}


KEPT = ("before", "after", "about", "kind", "is_major")


def restored(kept: Mapping[str, Any]) -> Change:
    """A change as it was stored."""
    part, *between = kept["field"].split(".")
    number = int(between[0]) if between and between[0].isdigit() else 0
    rest = between[1:] if number else between
    return Change(part, number, rest[0] if rest else "", *(kept[name] for name in KEPT))


def plan_of(
    code: str, design: Values, hypotheses: Sequence[Values], metrics: Sequence[Values]
) -> Plan:
    """The plan from records as stored, each list in its order.

    A metric's ``planned_waves`` are mappings of ``name`` and ``due_on``.
    """
    chosen, places = design["comparison_design"], {row["id"]: row["position"] for row in hypotheses}
    return {
        "format": FORMAT,
        "experiment": code,
        "hypotheses": [
            {"position": row["position"], **_frozen(row, HYPOTHESIS)} for row in hypotheses
        ],
        "metrics": [_metric(row, chosen, places) for row in metrics],
        "design": {name: plain(design[name]) for name in DESIGN},
    }


def canonical_json(plan: Plan) -> str:
    """The plan's one spelling: sorted keys, no blanks, no floats; UTF-8 when it is stored."""
    return json.dumps(
        plan, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
    )


def digest(document: str) -> str:
    """The SHA-256 of a document, in 64 hexadecimal digits."""
    return hashlib.sha256(document.encode()).hexdigest()


def lines_of(plan: Plan) -> list[Line]:
    """Every filled field in the order it is read; what follows from others is left out."""
    return [
        *_lines(plan, "hypotheses"),
        *_lines(plan, "metrics"),
        *(
            Line("design", 0, name, plan["design"][name])
            for name in DESIGN
            if _is_filled(plan["design"].get(name))
        ),
    ]


def changes_between(before: Plan, after: Plan) -> list[Change]:
    """What differs, field by field; a hypothesis or metric that came or went counts as one.

    Of the design only what both hold: a document of before a field was frozen says nothing of it.
    """
    old, new = ({line.key: line for line in lines_of(plan)} for plan in (before, after))
    shared = _records(before) & _records(after)
    designed = before["design"].keys() & after["design"].keys()
    keys = [*new, *(key for key in old if key not in new)]
    fields = [
        _change(old.get(key), new.get(key))
        for key in keys
        if (key[:2] in shared or key[2] in designed) and _value(old, key) != _value(new, key)
    ]
    return [*_came_and_went(before, after), *fields]


def missing_from(plan: Plan) -> list[Problem]:
    """What must be written before the plan can be frozen; ``field`` names where."""
    return [*_missing_claims(plan), *_missing_figures(plan), *_missing_design(plan)]


def primary_metrics(plan: Plan) -> list[Plan]:
    """The metrics that decide; one whose ``method`` is None cannot be assessed in this design."""
    return [row for row in plan["metrics"] if row["role"] == MetricRole.PRIMARY.value]


def days_before(registered_on: date, first_on: date | None) -> int | None:
    """Days from registration to the first measurement; negative when that came first."""
    return (first_on - registered_on).days if first_on else None


def _metric(row: Values, design: ComparisonDesign | None, places: Mapping[int, int]) -> Plan:
    waves = [f"{wave['due_on'].isoformat()} {wave['name']}" for wave in row["planned_waves"]]
    given = {
        **row,
        "hypothesis": places.get(row["hypothesis_id"]),
        "planned_waves": sorted(waves),
    }
    method = method_for(design, MetricKind(row["kind"])) if design else None
    return _frozen(given, METRIC) | {"method": method}


def _frozen(row: Values, names: Mapping[str, str]) -> Plan:
    return {"id": row["id"]} | {name: plain(row[name]) for name in names}


def plain(value: Any) -> Any:
    """A value as the plan keeps it: words by their value, decimals and days as text."""
    match value:
        case StrEnum():
            return value.value
        case Decimal():
            text = format(value, "f")
            return (text.rstrip("0").rstrip(".") if "." in text else text) if value else "0"
        case date():
            return value.isoformat()
        case _:
            return value


def _is_filled(value: Any) -> bool:
    return value not in (None, "", [])


def _lines(plan: Plan, part: str) -> Iterator[Line]:
    for record in plan[part]:
        for name in PARTS[part]:
            if _is_filled(record.get(name)):
                yield Line(
                    *(part, record["id"], name, record[name]),
                    about=_about(record),
                    kind=record.get("kind"),
                    role=record.get("role"),
                )


def _about(record: Plan) -> str:
    """The metric's name, or the number of the hypothesis."""
    return str(record.get("name") or record.get("position", ""))


def _value(lines: Mapping[tuple[str, int, str], Line], key: tuple[str, int, str]) -> Any:
    return lines[key].value if key in lines else None


def _records(plan: Plan) -> set[tuple[str, int]]:
    return {(part, record["id"]) for part in PARTS for record in plan[part]}


def _change(old: Line | None, new: Line | None) -> Change:
    line = new or old
    if line is None:
        raise ValueError("a change has a before or an after")
    before, after = old.value if old else None, new.value if new else None
    roles = {each.role for each in (old, new) if each}
    if line.name == "role":
        roles = {before, after}
    is_major = _is_major(line, roles, before, after)
    return Change(*line.key, before, after, line.about, line.kind, is_major)


def _is_major(line: Line, roles: set[str | None], before: Any, after: Any) -> bool:
    if line.name in SPELLED and folded(before or "") == folded(after or ""):
        return False
    if line.part != "metrics" or line.name in ALWAYS_MAJOR:
        return line.name not in MINOR[line.part]
    return line.name not in MINOR[line.part] and not DECIDING.isdisjoint(roles)


def _came_and_went(before: Plan, after: Plan) -> Iterator[Change]:
    old, new = _records(before), _records(after)
    for plan, others, came in ((before, new, False), (after, old, True)):
        for part in PARTS:
            for record in plan[part]:
                if (part, record["id"]) in others:
                    continue
                said = record.get("name") or record.get("change") or record.get("free_text") or "…"
                earlier, later = (None, said) if came else (said, None)
                is_major = part == "hypotheses" or record["role"] in DECIDING
                kind = record.get("kind")
                key = (part, record["id"], "")
                yield Change(*key, earlier, later, _about(record), kind, is_major)


def _missing_claims(plan: Plan) -> Iterator[Problem]:
    if not plan["hypotheses"]:
        yield Problem("hypotheses", sentence("No hypothesis"))
    for record in plan["hypotheses"]:
        if not (record["change"] and record["outcome"]):
            said = sentence(
                "Hypothesis %(n)s does not say what is changed and what should move",
                n=record["position"],
            )
            yield Problem(f"hypotheses.{record['id']}", said)


def _missing_figures(plan: Plan) -> Iterator[Problem]:
    primaries = primary_metrics(plan)
    if not primaries:
        yield Problem("metrics", sentence("No primary metric"))
    needs_target = plan["design"]["comparison_design"] == ComparisonDesign.ONE_GROUP_TARGET.value
    for row in primaries:
        path = f"metrics.{row['id']}"
        if row["minimum_meaningful_effect"] is None:
            said = sentence("No smallest effect that matters for “%(metric)s”", metric=row["name"])
            yield Problem(path, said)
        if needs_target and row["target"] is None:
            yield Problem(path, sentence("No target for “%(about)s”", about=row["name"]))
    for row in plan["metrics"]:
        if row["role"] == MetricRole.GUARDRAIL.value and row["guardrail_margin"] is None:
            said = sentence("No margin for the guardrail “%(metric)s”", metric=row["name"])
            yield Problem(f"metrics.{row['id']}", said)


def _missing_design(plan: Plan) -> Iterator[Problem]:
    if plan["design"]["comparison_design"] is None:
        yield Problem("design", sentence("It is not said how it is compared"))
    if plan["design"]["sample_planned"] is None:
        yield Problem("design", sentence("No sample is planned"))
