"""The history of an experiment in words."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from app.domain import registration
from app.language.sentences import N_
from app.reports.magnitudes import MOST_DECIMALS
from app.reports.registrations import DISTANCES, value_said
from app.reports.wording import number_of
from app.web.history import HistoryLine, history_lines
from app.web.language import current_speaker
from models import HistoryEntry
from models.vocabulary import (
    Arm,
    Assignment,
    ComparisonDesign,
    ControlGroup,
    Cumulation,
    DesignType,
    Direction,
    ExperimentKind,
    ExperimentState,
    GateItem,
    Impact,
    LookRule,
    MetricKind,
    MetricRole,
    PauseReason,
    QualityCheck,
    ReviewState,
    ScalingOutcome,
    Stage,
    Verdict,
)

EVENTS: Mapping[str, str] = {
    "experiment.created": N_("Experiment logged"),
    "experiment.imported": N_("Experiment imported from a file"),
    "experiment.updated_from_file": N_("Experiment updated from a file"),
    "experiment.edited": N_("Experiment changed"),
    "experiment.registered": N_("Plan registered"),
    "experiment.amended": N_("Registered plan amended"),
    "experiment.began_earlier": N_("Its journey begins on an earlier day"),
    "experiment.moved": N_("Stage or state changed"),
    "experiment.moved_back": N_("Moved back to an earlier stage"),
    "hypothesis.added": N_("Hypothesis added"),
    "hypothesis.edited": N_("Hypothesis changed"),
    "hypothesis.removed": N_("Hypothesis removed"),
    "hypothesis.restored": N_("Hypothesis brought back"),
    "metric.added": N_("Metric added"),
    "metric.edited": N_("Metric changed"),
    "metric.removed": N_("Metric removed"),
    "metric.restored": N_("Metric brought back"),
    "measurement.recorded": N_("Reading recorded"),
    "measurement.corrected": N_("Reading corrected"),
    "decision.recorded": N_("Decision recorded"),
    "level.lowered": N_("Evidence level lowered"),
    "gate.asked": N_("Asked to pass the gate"),
    "gate.let_through": N_("Let through the gate"),
    "gate.sent_back": N_("Sent back at the gate"),
    "gate.withdrawn": N_("Asking to pass the gate withdrawn"),
    "review.drafted": N_("Impact review: note kept"),
    "review.submitted": N_("Impact review: submitted"),
    "review.accepted": N_("Impact review: accepted"),
    "review.returned": N_("Impact review: changes asked for"),
}
# The page shows the content of these beside; later changes of it are told with before and after.
BRIEF = {
    *(
        "experiment.created",
        "experiment.imported",
        "hypothesis.added",
        "metric.added",
        "hypothesis.restored",
        "metric.restored",
        "measurement.recorded",
    ),
    "decision.recorded",
    *("experiment.registered", "experiment.amended"),
}
# A field of an experiment or of its parts; those that are not here are not told.
LABELS: Mapping[str, str] = {
    **registration.LABELS,
    "title": N_("Title"),
    "learning_intent": N_("What do we want to learn?"),
    "lead_programme": N_("Programme that leads it"),
    "contributing_programmes": N_("Programmes that contribute"),
    "owner": N_("Who looks after it"),
    "learning_question": N_("Learning question of a plan"),
    "stage": N_("Stage"),
    "state": N_("State"),
    "pause_reason": N_("Why it is paused"),
    "entered_on": N_("Since"),
    "kind": N_("Kind"),
    "partners": N_("Partners"),
    "places": N_("Departments"),
    "groups_reached": N_("Groups reached"),
    "sdgs": N_("Sustainable Development Goals"),
    "starts_on": N_("Starts on"),
    "ends_on": N_("Ends on"),
    "design_type": N_("Type of design"),
    "actions": N_("What is done"),
    "data_collection": N_("How data are collected"),
    "timeline": N_("Timeline"),
    "budget_planned_usd": N_("Budget planned"),
    "cost_actual_usd": N_("Actual cost"),
    "cost_actual_local": N_("Actual cost in local currency"),
    "local_currency": N_("Local currency"),
    "rate_to_usd": N_("Rate: units of the local currency for one dollar"),
    "cost_note": N_("Note on costs"),
    "quality_checks": N_("Quality check"),
    "consent_given": N_("Consent of those taking part"),
    "do_no_harm_checked": N_("Checked that it does no harm"),
    "what_happened": N_("What happened"),
    "obstacles": N_("Obstacles"),
    "surprises": N_("What surprised us"),
    "advice": N_("Advice to whoever repeats it"),
    "manual": N_("Manual"),
    "fidelity_record": N_("How faithfully it was delivered"),
    "repeats": N_("Experiment it repeats"),
    "repeated_elsewhere": N_("Repeated by others"),
    "scaling_outcomes": N_("What came of it"),
    "source": N_("Sources"),
    "baseline_source": N_("Source of the baseline"),
    "measured_on": N_("Day it was measured"),
    "arm": N_("Group"),
    "successes": N_("How many did it, or said yes"),
    "n": N_("How many were measured"),
    "mean": N_("Average"),
    "sd": N_("Standard deviation"),
    "count": N_("Count"),
    "exposure": N_("Exposure"),
    "to_yes": N_("Changed from no to yes"),
    "to_no": N_("Changed from yes to no"),
    "change_mean": N_("Average change of each one"),
    "change_sd": N_("Standard deviation of the changes"),
    "promoters": N_("Promoters: answered 9 or 10"),
    "passives": N_("Passives: answered 7 or 8"),
    "detractors": N_("Detractors: answered 0 to 6"),
    "answers": N_("How many gave each answer"),
    "verdict": N_("Verdict"),
    "against_because": N_("Why against the verdict"),
    "evidence_level": N_("Evidence level"),
    "to_stage": N_("Next stage"),
    "ticked": N_("Vouched for"),
    "missing": N_("Not met at the gate"),
    "overridden_because": N_("Why it passes with something missing"),
    "resources_committed": N_("Resources committed"),
    "wave": N_("Wave"),
    "place": N_("Place"),
    "note": N_("Note"),
    "programme": N_("Programme"),
    "quarter": N_("Quarter"),
    "impact": N_("Impact on the programme so far"),
    "comment": N_("Comment"),
    "disaggregation": N_("Part of the group"),
}
# The lists whose words a field may hold; no two lists of a field share a spelling.
WORDS: Mapping[str, tuple[type[StrEnum], ...]] = {
    "arm": (Arm,),
    "assignment": (Assignment,),
    "comparison_design": (ComparisonDesign,),
    "control_group": (ControlGroup,),
    "cumulation": (Cumulation,),
    "design_type": (DesignType,),
    "direction": (Direction,),
    "kind": (ExperimentKind, MetricKind),
    "look_rule": (LookRule,),
    "pause_reason": (PauseReason,),
    "missing": (GateItem,),
    "quality_checks": (QualityCheck,),
    "role": (MetricRole,),
    "scaling_outcomes": (ScalingOutcome,),
    "stage": (Stage,),
    "verdict": (Verdict,),
    "state": (ExperimentState, ReviewState),
    "impact": (Impact,),
    "ticked": (GateItem,),
    "to_stage": (Stage,),
}
OF_THE_METRIC = {"baseline", "target", "minimum_meaningful_effect", "guardrail_margin"}
EXACT = {
    *("budget_planned_usd", "cost_actual_usd", "cost_actual_local", "rate_to_usd"),
    *("mean", "sd", "count", "exposure", "change_mean", "change_sd"),
    *("attrition_limit", "cluster_size", "icc"),
}


def experiment_history(entries: Iterable[HistoryEntry]) -> list[HistoryLine]:
    """What happened to an experiment and to everything of it, for its page."""
    return [_line(entry) for entry in entries]


def _line(entry: HistoryEntry) -> HistoryLine:
    kind = _metric_kind(entry)
    line = history_lines([entry], events=EVENTS, label=_label, value=_value_in(kind), brief=BRIEF)[
        0
    ]
    parts = [entry.changes.get(name, [None, None])[1] for name in ("metric", "disaggregation")]
    told = [change for change in line.changes if change[0]]
    return replace(line, what=" · ".join(filter(None, [line.what, *parts])), changes=told)


def _metric_kind(entry: HistoryEntry) -> MetricKind | None:
    """The kind of the metric an entry speaks of: its values are written by it."""
    for value in entry.changes.get("metric_kind", ())[::-1]:
        return MetricKind(value)
    return None


def _label(path: str) -> str:
    return current_speaker().say(LABELS[path]) if path in LABELS else ""


def _value_in(kind: MetricKind | None) -> Callable[[str, Any], str]:
    """How values are written in an entry on a metric of that kind."""

    def value(path: str, given: Any) -> str:
        match given:
            case None:
                return ""
            case bool():
                return str(_("Yes") if given else _("No"))
            case int():
                return current_speaker().number(given)
            case list():
                return ", ".join(value(path, each) for each in given)
            case _:
                return _text(path, str(given), kind)

    return value


def _text(path: str, text: str, kind: MetricKind | None) -> str:
    """A value that is kept as text: a day, an exact number, a word, or somebody's own words."""
    speaker = current_speaker()
    if path.endswith("_on"):
        return speaker.date(date.fromisoformat(text))
    if path in OF_THE_METRIC and kind is not None:
        if path in DISTANCES:
            return value_said(path, text, kind.value, speaker)
        return number_of(kind, speaker, MOST_DECIMALS)(Decimal(text))
    if path in EXACT:
        return speaker.number(Decimal(text))
    return _word(path, text)


def _word(path: str, text: str) -> str:
    for words in WORDS.get(path, ()):
        if text in list(words):
            return current_speaker().word(words(text))
    return text
