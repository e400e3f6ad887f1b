"""What is told otherwise than before: in the quarter before, or in the edition before.

Since a quarter, the changes are facts of the snapshot. Since an edition they are compared while
laying out, from both kept snapshots: so unchanged facts stay the same edition, and an edition can
be laid out again for ever.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.reports.figures import latest
from app.reports.snapshot import (
    ChangeKind,
    ChangeLine,
    ExperimentSection,
    Gap,
    MetricLine,
    QuarterlySnapshot,
)

Facts = dict[tuple[ChangeKind, str], str]

KINDS = list(ChangeKind)
# What of a metric says which numbers are taken and what they are held against.
DEFINING = ("unit", "kind", "direction", "role", "baseline", "target", "target_on")
# The kinds that tell of a field; where none of them does, the field is told by its name.
TOLD_BY: Mapping[str, frozenset[ChangeKind]] = {
    "stage": frozenset({ChangeKind.STAGE}),
    "state": frozenset({ChangeKind.STATE}),
    "journey": frozenset({ChangeKind.STAGE, ChangeKind.STATE}),
    "verdict": frozenset({ChangeKind.VERDICT}),
    "evidence_level": frozenset({ChangeKind.LEVEL}),
    "level_lacks": frozenset({ChangeKind.LEVEL}),
    "metrics": frozenset({ChangeKind.READING, ChangeKind.CORRECTED, ChangeKind.METRIC}),
    "first_measured_on": frozenset({ChangeKind.READING, ChangeKind.CORRECTED}),
    "registration": frozenset({ChangeKind.REGISTRATION, ChangeKind.AMENDMENT}),
    "gates": frozenset({ChangeKind.GATE}),
    "decisions": frozenset({ChangeKind.DECISION}),
    "reviews": frozenset({ChangeKind.REVIEW, ChangeKind.IMPACT}),
    "budget_planned_usd": frozenset({ChangeKind.BUDGET}),
    "cost_actual_usd": frozenset({ChangeKind.COST}),
}
# Fields of the report itself, told by their names.
ABOUT_ALL = ("introduction", "closing", "programmes", "questions", "since_quarter", "sources")


@dataclass(frozen=True)
class SinceEdition:
    """What an edition tells otherwise than the one before it, ``edition``."""

    edition: int
    changes: tuple[ChangeLine, ...]
    gaps_new: tuple[Gap, ...]
    gaps_met: tuple[Gap, ...]

    @property
    def is_nothing(self) -> bool:
        """Whether nothing of it changed."""
        return not (self.changes or self.gaps_new or self.gaps_met)


def since_edition(before: QuarterlySnapshot, edition: int, now: QuarterlySnapshot) -> SinceEdition:
    """The changes since an edition of the same report, down to its texts."""
    experiments = changes_between(before.experiments, now.experiments, is_detailed=True)
    return SinceEdition(
        edition,
        (*_details(before, now, ABOUT_ALL, experiment=""), *experiments),
        gaps_new=tuple(gap for gap in now.gaps if gap not in before.gaps),
        gaps_met=tuple(gap for gap in before.gaps if gap not in now.gaps),
    )


def changes_between(
    before: Sequence[ExperimentSection],
    now: Sequence[ExperimentSection],
    *,
    is_detailed: bool = False,
) -> tuple[ChangeLine, ...]:
    """What changed, by experiment; ``is_detailed`` names the texts too that are not the same."""
    old, new = ({one.code: one for one in sections} for sections in (before, now))
    return tuple(
        line
        for code in sorted({*old, *new})
        for line in _of_one(old.get(code), new.get(code), is_detailed=is_detailed)
    )


def _of_one(
    before: ExperimentSection | None, now: ExperimentSection | None, *, is_detailed: bool
) -> Iterator[ChangeLine]:
    if before is None and now is not None:
        yield ChangeLine(kind=ChangeKind.NEW, experiment=now.code, now=now.title)
    elif now is None and before is not None:
        yield ChangeLine(kind=ChangeKind.GONE, experiment=before.code, before=before.title)
    elif before is not None and now is not None:
        lines = _of_both(before, now)
        yield from lines
        if is_detailed:
            told = {line.kind for line in lines}
            names = [n for n in type(now).model_fields if not told & TOLD_BY.get(n, frozenset())]
            yield from _details(before, now, names, experiment=now.code)


def _of_both(before: ExperimentSection, now: ExperimentSection) -> list[ChangeLine]:
    facts = _differing(_facts(before), _facts(now))
    lines = [
        ChangeLine(kind=kind, experiment=now.code, about=about, before=was, now=is_now)
        for (kind, about), (was, is_now) in facts.items()
    ]
    lines += _metrics(before, now)
    return sorted(lines, key=lambda line: (KINDS.index(line.kind), line.about))


def _differing(before: Facts, now: Facts) -> dict[tuple[ChangeKind, str], tuple[str, str]]:
    pairs = {key: (before.get(key, ""), now.get(key, "")) for key in {**before, **now}}
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _facts(one: ExperimentSection) -> Facts:
    """What is told of an experiment beside its metrics, as plain text."""
    made = one.registration
    facts: Facts = {
        (ChangeKind.STAGE, ""): one.stage.value,
        (ChangeKind.STATE, ""): one.state.value,
        (ChangeKind.VERDICT, ""): one.verdict.value if one.verdict else "",
        (ChangeKind.LEVEL, ""): "" if one.evidence_level is None else str(one.evidence_level),
        (ChangeKind.REGISTRATION, ""): made.on if made else "",
        (ChangeKind.BUDGET, ""): one.budget_planned_usd or "",
        (ChangeKind.COST, ""): one.cost_actual_usd or "",
    }
    for amendment in made.amendments if made else ():
        facts[ChangeKind.AMENDMENT, f"{amendment.on} {amendment.reason}"] = amendment.reason
    for gate in one.gates:
        facts[ChangeKind.GATE, gate.decided_on] = gate.to_stage.value
    for decision in one.decisions:
        facts[ChangeKind.DECISION, f"{decision.decided_on} {decision.kind}"] = decision.kind.value
    for review in one.reviews:
        facts[ChangeKind.REVIEW, review.programme] = review.state.value
        facts[ChangeKind.IMPACT, review.programme] = review.impact.value if review.impact else ""
    return facts


def _metrics(before: ExperimentSection, now: ExperimentSection) -> Iterator[ChangeLine]:
    old, new = ({metric.name: metric for metric in one.metrics} for one in (before, now))
    for name in {**old, **new}:
        was, is_now = old.get(name), new.get(name)
        if was is None or is_now is None or _defined(was) != _defined(is_now):
            yield ChangeLine(
                kind=ChangeKind.METRIC,
                experiment=now.code,
                about=name,
                before=name if was else "",
                now=name if is_now else "",
            )
        if was is not None and is_now is not None:
            yield from _readings(now.code, was, is_now)


def _readings(code: str, was: MetricLine, is_now: MetricLine) -> Iterator[ChangeLine]:
    old, new = latest(was), latest(is_now)
    if new != old:
        yield ChangeLine(
            kind=ChangeKind.READING,
            experiment=code,
            about=is_now.name,
            metric=is_now.kind,
            before=old.value if old else "",
            now=new.value if new else "",
        )
    if not set(was.points) <= set(is_now.points):
        yield ChangeLine(kind=ChangeKind.CORRECTED, experiment=code, about=is_now.name)


def _defined(metric: MetricLine) -> Mapping[str, Any]:
    return {name: getattr(metric, name) for name in DEFINING}


def _details(
    before: object, now: object, names: Sequence[str], *, experiment: str
) -> Iterator[ChangeLine]:
    for name in names:
        if getattr(before, name) != getattr(now, name):
            yield ChangeLine(kind=ChangeKind.DETAIL, experiment=experiment, about=name)
