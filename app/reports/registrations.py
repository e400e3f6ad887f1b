"""How a frozen plan and its amendments read, on screen and on paper."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from app.domain.registration import LABELS, Change, Line
from app.language.sentences import N_, Sentence, sentence
from app.language.speaker import Speaker
from app.reports.wording import number_of, percentage
from models.vocabulary import (
    Assignment,
    ComparisonDesign,
    ControlGroup,
    Cumulation,
    DesignType,
    Direction,
    LookRule,
    MetricKind,
    MetricRole,
)

WORDS: Mapping[str, type[StrEnum]] = {
    "assignment": Assignment,
    "comparison_design": ComparisonDesign,
    "control_group": ControlGroup,
    "cumulation": Cumulation,
    "design_type": DesignType,
    "direction": Direction,
    "kind": MetricKind,
    "look_rule": LookRule,
    "role": MetricRole,
}
VALUES = frozenset({"baseline", "target"})
DISTANCES = frozenset({"minimum_meaningful_effect", "guardrail_margin"})
DAYS = frozenset({"baseline_on", "target_on", "stops_on"})
NUMBERS = frozenset({"cluster_size", "icc"})
METHODS: Mapping[str, str] = {
    "newcombe_hybrid_score": N_("difference of two shares with Newcombe’s interval"),
    "wilson_score": N_("share against its target with Wilson’s interval"),
    "tango_score": N_("change of the same people’s share with a paired interval"),
    "welch_t": N_("difference of two averages with Welch’s interval"),
    "paired_t": N_("average change of the same people with a paired interval"),
    "difference_in_differences": N_("difference in differences"),
    "exact_conditional_rate_ratio": N_("ratio of two rates with its exact interval"),
    "rank_sum": N_("rank-sum test of two groups’ ordered answers"),
    "signed_rank": N_("signed-rank test of the same people’s ordered answers"),
    "nps_normal": N_("recommendation score with its interval"),
    "dersimonian_laird": N_("effects of all sites together (DerSimonian–Laird)"),
}


def value_said(name: str, value: Any, kind: str | None, speaker: Speaker) -> str:
    """A frozen value as its reader writes it; "" for none. ``kind`` is the metric's."""
    if value in (None, "", []):
        return ""
    if name in VALUES or name in DISTANCES:
        return _measured(name, Decimal(value), MetricKind(kind or MetricKind.MEAN), speaker)
    way = next((way for names, way in WAYS if name in names), None)
    if way is not None:
        return way(name, value, speaker)
    return speaker.number(value) if isinstance(value, int) else str(value)


def field_said(line: Line | Change, speaker: Speaker) -> str:
    """Which field it is, with the metric or hypothesis it belongs to."""
    label = line.label if isinstance(line, Change) else sentence(LABELS[line.name])
    match line.part:
        case "metrics":
            told = sentence("“%(metric)s”: %(field)s", metric=line.about, field=label)
        case "hypotheses":
            told = sentence("Hypothesis %(n)s: %(field)s", n=line.about, field=label)
        case _:
            told = label
    return speaker.say(told)


def pair_said(change: Change, speaker: Speaker) -> tuple[str, str, str]:
    """A change as field, before and after."""
    before, after = (
        value_said(change.name, value, change.kind, speaker)
        for value in (change.before, change.after)
    )
    return field_said(change, speaker), before, after


def timing(registered_on: date, days: int | None) -> Sentence:
    """When it was registered, told against the first measurement; see ``days_before``."""
    if days is None:
        return sentence("Registered on %(day)s, before any measurement.", day=registered_on)
    if days == 0:
        return sentence(
            "Registered on %(day)s, the day of the first measurement.", day=registered_on
        )
    if abs(days) == 1:
        if days > 0:
            said = N_("Registered on %(day)s, 1 day before the first measurement.")
        else:
            said = N_("Registered on %(day)s, 1 day after the first measurement.")
        return sentence(said, day=registered_on)
    if days > 0:
        said = N_("Registered on %(day)s, %(n)s days before the first measurement.")
    else:
        said = N_("Registered on %(day)s, %(n)s days after the first measurement.")
    return sentence(said, day=registered_on, n=abs(days))


def _measured(name: str, value: Decimal, kind: MetricKind, speaker: Speaker) -> str:
    if name in DISTANCES and kind is MetricKind.PROPORTION:
        points = _plain(value * 100)
        return speaker.say(N_("%(n)s point") if points == 1 else N_("%(n)s points"), n=points)
    return number_of(kind, speaker)(value)


def _plain(value: Decimal) -> Decimal:
    short = value.normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


def _wave(text: str, speaker: Speaker) -> str:
    day, _blank, name = text.partition(" ")
    return f"{name}: {speaker.date(date.fromisoformat(day))}"


WAYS: tuple[tuple[Collection[str], Callable[[str, Any, Speaker], str]], ...] = (
    (WORDS, lambda name, value, speaker: speaker.word(WORDS[name](value))),
    (DAYS, lambda _name, value, speaker: speaker.date(date.fromisoformat(value))),
    (NUMBERS, lambda _name, value, speaker: speaker.number(Decimal(value))),
    ({"attrition_limit"}, lambda _name, value, speaker: percentage(Decimal(value), speaker)),
    (
        {"planned_waves"},
        lambda _name, value, speaker: ", ".join(_wave(each, speaker) for each in value),
    ),
    ({"method"}, lambda _name, value, speaker: speaker.say(METHODS[value])),
)
