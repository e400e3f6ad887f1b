"""What a verdict is held to: the plan as it stood before the first measurement."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from app.domain.readouts import UNITS
from app.domain.registration import Change, Plan, changes_between, plain
from app.domain.statistics.menu import Outcome
from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ComparisonDesign, Direction, LookRule, MetricKind, MetricRole

# Every frozen field that sets the bar, and how its kept value is read again.
HELD: Mapping[str, Mapping[str, Callable[[Any], Any]]] = {
    "metrics": {
        "direction": Direction,
        "role": MetricRole,
        "target": Decimal,
        "minimum_meaningful_effect": Decimal,
        "guardrail_margin": Decimal,
    },
    "design": {
        "comparison_design": ComparisonDesign,
        "sample_planned": int,
        "looks_planned": int,
        "look_rule": LookRule,
        "attrition_limit": Decimal,
        "cluster_size": Decimal,
        "icc": Decimal,
    },
}
DISTANCES = frozenset({"minimum_meaningful_effect", "guardrail_margin"})
PERCENT = ("%(n)s%%", "%(n)s%%")
KEPT_TO = N_(
    "The plan was changed after the data: the verdict keeps to what was registered "
    "(%(field)s: %(before)s, now %(after)s)."
)


def held_back(before: Plan, after: Plan) -> list[Change]:
    """What differs between two plans of all that sets the bar."""
    return [one for one in changes_between(before, after) if one.name in HELD.get(one.part, ())]


def read(change: Change, value: Any) -> Any:
    """A kept value of a held field, as records have it."""
    return None if value is None else HELD[change.part][change.name](value)


def told(change: Change) -> Sentence:
    """That the verdict keeps to what stood before a change."""
    field: object = change.label
    if change.part == "metrics":
        field = sentence("“%(metric)s”: %(field)s", metric=change.about, field=field)
    before, after = _said(change, change.before), _said(change, change.after)
    return sentence(KEPT_TO, field=field, before=before, after=after)


def _said(change: Change, kept: Any) -> object:
    value = read(change, kept)
    if value is None:
        return sentence("not set")
    if not isinstance(value, Decimal):
        return value
    is_share = change.kind == MetricKind.PROPORTION and change.part == "metrics"
    if is_share or change.name == "attrition_limit":
        value = Decimal(plain(value * 100))
        one, many = UNITS[Outcome.PROPORTION] if change.name in DISTANCES else PERCENT
        return Sentence(one if value == 1 else many, {"n": value})
    return value
