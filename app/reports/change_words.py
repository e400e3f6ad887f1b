"""How a change is said: what of it changed, from what to what."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from app.language.sentences import N_
from app.language.speaker import Speaker
from app.reports.snapshot import ChangeKind, ChangeLine, ProgrammeLine
from app.reports.wording import number_of
from models.vocabulary import (
    DecisionKind,
    ExperimentState,
    Impact,
    MetricKind,
    ReviewState,
    Stage,
    Verdict,
)

LABELS: Mapping[ChangeKind, str] = {
    ChangeKind.NEW: N_("New in the report"),
    ChangeKind.GONE: N_("No longer in the report"),
    ChangeKind.STAGE: N_("Stage"),
    ChangeKind.STATE: N_("State"),
    ChangeKind.VERDICT: N_("Verdict"),
    ChangeKind.LEVEL: N_("Evidence level"),
    ChangeKind.READING: N_("“%(about)s” now"),
    ChangeKind.CORRECTED: N_("Earlier readings of “%(about)s” were corrected"),
    ChangeKind.METRIC: N_("Metric “%(about)s”"),
    ChangeKind.REGISTRATION: N_("Plan registered"),
    ChangeKind.AMENDMENT: N_("Plan amended on %(day)s"),
    ChangeKind.GATE: N_("Gate passed on %(day)s"),
    ChangeKind.DECISION: N_("Decided on %(day)s"),
    ChangeKind.REVIEW: N_("Impact review by %(about)s"),
    ChangeKind.IMPACT: N_("Impact as %(about)s rates it"),
    ChangeKind.BUDGET: N_("Money planned"),
    ChangeKind.COST: N_("Money spent"),
}
METRIC_CHANGES: Mapping[tuple[bool, bool], str] = {
    (False, True): N_("New metric “%(about)s”"),
    (True, False): N_("Metric “%(about)s” was removed"),
    (True, True): N_("Metric “%(about)s” is defined otherwise"),
}
FIELDS: Mapping[str, str] = {
    "title": N_("Title"),
    "learning_intent": N_("What we want to learn"),
    "plan": N_("Learning question"),
    "kind": N_("Kind"),
    "stage": N_("Stage"),
    "state": N_("State"),
    "journey": N_("Stages and states"),
    "pause_reason": N_("Why it is in this state"),
    "state_reason": N_("Why it is in this state"),
    "registered_on": N_("First day"),
    "starts_on": N_("From – to"),
    "ends_on": N_("From – to"),
    "owner": N_("Owner"),
    "programmes": N_("Programmes"),
    "places": N_("Places"),
    "departments": N_("Places"),
    "partners": N_("Partners"),
    "partnerships": N_("Partners"),
    "groups_reached": N_("People reached"),
    "design_type": N_("Design"),
    "control_group": N_("Design"),
    "assignment": N_("Design"),
    "sample_planned": N_("Planned sample"),
    "budget_planned_usd": N_("Money"),
    "cost_actual_usd": N_("Money"),
    "gates": N_("Gates"),
    "hypotheses": N_("Hypothesis"),
    "registration": N_("Registration"),
    "first_measured_on": N_("Readings"),
    "metrics": N_("Metrics"),
    "verdict": N_("Verdict"),
    "evidence_level": N_("Evidence level"),
    "level_lacks": N_("What is missing for the next level"),
    "what_happened": N_("What happened"),
    "obstacles": N_("Obstacles"),
    "surprises": N_("What surprised us"),
    "advice": N_("Advice to others"),
    "scaling_outcomes": N_("Scaling"),
    "decisions": N_("Decision"),
    "reviews": N_("Impact reviews"),
    "source": N_("Source"),
    "is_demonstration": N_("Demonstration data"),
    "introduction": N_("Introduction"),
    "closing": N_("Closing of the quarter"),
    "questions": N_("Learning questions"),
    "since_quarter": N_("What changed since the last quarter"),
    "sources": N_("Sources"),
}
WORDS: Mapping[ChangeKind, type[StrEnum]] = {
    ChangeKind.STAGE: Stage,
    ChangeKind.STATE: ExperimentState,
    ChangeKind.VERDICT: Verdict,
    ChangeKind.GATE: Stage,
    ChangeKind.DECISION: DecisionKind,
    ChangeKind.REVIEW: ReviewState,
    ChangeKind.IMPACT: Impact,
}
DATED = frozenset({ChangeKind.AMENDMENT, ChangeKind.GATE, ChangeKind.DECISION})
OF_PROGRAMMES = frozenset({ChangeKind.REVIEW, ChangeKind.IMPACT})
MONEY = frozenset({ChangeKind.BUDGET, ChangeKind.COST})
# They say all there is by their name.
ALONE = frozenset({ChangeKind.NEW, ChangeKind.GONE, ChangeKind.METRIC, ChangeKind.CORRECTED})


@dataclass(frozen=True)
class Said:
    """What changed; ``before`` and ``now`` are "" where there was, or is, nothing to say."""

    label: str
    before: str
    now: str


def change_said(
    line: ChangeLine, programmes: Mapping[str, ProgrammeLine], speaker: Speaker
) -> Said:
    """A change in the reader's language; ``programmes`` by code, as far as they are known."""
    programme = programmes.get(line.about) if line.kind in OF_PROGRAMMES else None
    about = programme.name(speaker.language) if programme else line.about
    day = speaker.date(date.fromisoformat(line.about[:10])) if line.kind in DATED else ""
    label = speaker.say(_label(line), about=about, day=day)
    if line.kind in ALONE:
        return Said(label, "", "")
    write = _writer(line, speaker)
    return Said(label, *(write(text) if text else "" for text in (line.before, line.now)))


def details_said(lines: Iterable[ChangeLine], speaker: Speaker) -> str:
    """The fields that are told by name alone, each once."""
    names = [speaker.say(FIELDS[line.about]) for line in lines if line.kind is ChangeKind.DETAIL]
    return ", ".join(dict.fromkeys(names))


def _label(line: ChangeLine) -> str:
    if line.kind is ChangeKind.METRIC:
        return METRIC_CHANGES[bool(line.before), bool(line.now)]
    return LABELS[line.kind]


def _writer(line: ChangeLine, speaker: Speaker) -> Callable[[str], str]:
    if line.kind in WORDS:
        return lambda text: speaker.word(WORDS[line.kind](text))
    if line.kind is ChangeKind.READING:
        number = number_of(line.metric or MetricKind.MEAN, speaker)
        return lambda text: number(Decimal(text))
    if line.kind in MONEY:
        return lambda text: speaker.money(Decimal(text))
    if line.kind is ChangeKind.REGISTRATION:
        return lambda text: speaker.date(date.fromisoformat(text))
    return str
