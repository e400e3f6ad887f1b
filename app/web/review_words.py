"""What changed since an acceptance, fact by fact, in the reader's language."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from app.domain.review_facts import Change
from app.language.sentences import N_
from app.reports.wording import number_of
from app.web.language import current_speaker
from models.vocabulary import DecisionKind, ExperimentState, MetricKind, Stage, Verdict

LABELS: Mapping[str, str] = {
    "stage": N_("Stage"),
    "state": N_("State"),
    "verdict": N_("Verdict"),
    "level": N_("Evidence level"),
    "registered_on": N_("Plan registered"),
    "decision": N_("Decision"),
    "amendment": N_("Amendment of the plan"),
}


def in_words(changes: Iterable[Change]) -> list[tuple[str, str, str]]:
    """(field, before, now) of each change; a metric goes by its name."""
    return [
        (_label(each), _value(each.field, each.before), _value(each.field, each.now))
        for each in changes
    ]


def _label(change: Change) -> str:
    if change.field == "metric":
        return str((change.now or change.before)["name"])
    return current_speaker().say(LABELS[change.field])


def _value(field: str, value: Any) -> str:
    return "" if value is None else SAID[field](value)


def _word(words: type[StrEnum]) -> Callable[[str], str]:
    return lambda value: current_speaker().word(words(value))


def _number(value: int) -> str:
    return current_speaker().number(value)


def _day(value: str) -> str:
    return current_speaker().date(date.fromisoformat(value))


def _metric(facts: Mapping[str, Any]) -> str:
    """The newest value and its day, then how many readings it rests on."""
    parts = []
    if facts["value"] is not None:
        figure = number_of(MetricKind(facts["kind"]), current_speaker())(Decimal(facts["value"]))
        parts.append(_("%(value)s on %(day)s", value=figure, day=_day(facts["on"])))
    parts.append(ngettext("%(num)s reading", "%(num)s readings", facts["readings"]))
    if facts["corrected"]:
        parts.append(ngettext("%(num)s corrected", "%(num)s corrected", facts["corrected"]))
    return " · ".join(parts)


def _decision(facts: Mapping[str, Any]) -> str:
    return f"{current_speaker().word(DecisionKind(facts['kind']))} · {_day(facts['on'])}"


def _amendment(facts: Mapping[str, Any]) -> str:
    weight = _("major") if facts["is_major"] else _("minor")
    return f"{_day(facts['on'])} · {weight} · {facts['reason']}"


SAID: Mapping[str, Callable[[Any], str]] = {
    "stage": _word(Stage),
    "state": _word(ExperimentState),
    "verdict": _word(Verdict),
    "level": _number,
    "registered_on": _day,
    "metric": _metric,
    "decision": _decision,
    "amendment": _amendment,
}
