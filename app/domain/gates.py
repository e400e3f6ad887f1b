"""Gates: what an experiment shows before it passes to the next stage, and what a decision owes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.domain.refusals import Problem
from app.domain.steps import ORDER
from app.domain.texts import text_problems
from app.language.sentences import Sentence, sentence
from models.vocabulary import ExperimentState, GateItem, Role, Stage, Verdict

# Stage → the one its gate leads to.
NEXT: Mapping[Stage, Stage] = {Stage.EXPLORE: Stage.TEST, Stage.TEST: Stage.GROW}
# Stage a gate leads to → what the tracker sees itself, and what people vouch for.
AUTOMATIC: Mapping[Stage, tuple[GateItem, ...]] = {
    Stage.TEST: (
        GateItem.HYPOTHESIS_REGISTERED,
        GateItem.BASELINE_RECORDED,
        GateItem.CONSENT_DONE,
        GateItem.REVIEW_ACCEPTED,
    ),
    Stage.GROW: (
        GateItem.VERDICT_REACHED,
        GateItem.EVIDENCE_LEVEL_REACHED,
        GateItem.COST_RECORDED,
        GateItem.REVIEW_ACCEPTED,
    ),
}
MANUAL: Mapping[Stage, tuple[GateItem, ...]] = {
    Stage.TEST: (GateItem.PARTNERS_AGREE, GateItem.TEAM_READY, GateItem.RISKS_DISCUSSED),
    Stage.GROW: (GateItem.RISKS_DISCUSSED, GateItem.CHAMPION_NAMED, GateItem.HANDOVER_AGREED),
}
ASKERS = frozenset({Role.STAFF, Role.HEAD})
DECIDERS = frozenset({Role.HEAD})
LEAST_LEVEL, LEAST_LEVEL_COMPARED = 2, 3
OWN_ASKING = sentence("You asked for this yourself: another head of the office must decide.")
OTHERS_ASKING = sentence("Only who asked withdraws it; the head of experimentation sends it back.")
# What is completed may ask: a test that has ended is what grows.
STILL: Mapping[ExperimentState, Sentence] = {
    ExperimentState.PAUSED: sentence(
        "It is paused: nothing passes a gate until it goes on by a step."
    ),
    ExperimentState.STOPPED_EARLY: sentence(
        "It was stopped early: nothing passes a gate until a step takes it up again."
    ),
    ExperimentState.ARCHIVED: sentence(
        "It is archived: nothing passes a gate until a step takes it up again."
    ),
}


class Mend(StrEnum):
    """Where something that a gate misses is mended."""

    REGISTRATION = "registration"
    PRIMARY_METRIC = "primary_metric"
    BASELINE = "baseline"
    CONSENT = "consent_given"
    HARM_CHECK = "do_no_harm_checked"
    REVIEW = "review"
    VERDICT = "verdict"
    EVIDENCE_LEVEL = "evidence_level"
    COST = "cost_actual_usd"


@dataclass(frozen=True)
class Primary:
    """A primary metric as a gate sees it."""

    id: int
    name: str
    has_baseline: bool


@dataclass(frozen=True, kw_only=True)
class GateFacts:
    """What is stored of an experiment.

    ``has_accepted_review``: of the lead programme, for this quarter or the last.
    ``left_returned``: (programme, quarter) of those that led before, returned the review of this
    quarter or the last and accepted none since.
    ``is_compared``: a comparison group was planned.
    """

    is_registered: bool = False
    primaries: Sequence[Primary] = ()
    has_consent: bool = False
    has_harm_check: bool = False
    has_accepted_review: bool = False
    left_returned: Sequence[tuple[str, str]] = ()
    verdict: Verdict | None = None
    level: int = 0
    is_compared: bool = False
    has_cost: bool = False

    @property
    def least_level(self) -> int:
        """The evidence level it needs to grow."""
        return LEAST_LEVEL_COMPARED if self.is_compared else LEAST_LEVEL


@dataclass(frozen=True)
class Lack:
    """What is not there, in words, and where it is mended; ``metric_id`` names the metric."""

    said: Sentence
    mend: Mend
    metric_id: int | None = None


@dataclass(frozen=True)
class Line:
    """One item of a gate. Of an automatic one that is not met, ``lacks`` says what is not there."""

    item: GateItem
    is_met: bool
    lacks: Sequence[Lack] = ()


@dataclass(frozen=True, kw_only=True)
class Asking:
    """What somebody vouches for who asks to pass: ``ticked`` are values of GateItem."""

    ticked: Sequence[str] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class GateRuling:
    """What the head says, letting through or sending back."""

    reason: str = ""
    overridden_because: str = ""
    resources_committed: str = ""


def gate_before(before: Stage, after: Stage) -> tuple[Stage, Stage] | None:
    """The first gate on the way from one stage to another; going back leads through none."""
    way = ORDER[ORDER.index(before) : ORDER.index(after)]
    return next(((stage, NEXT[stage]) for stage in way if stage in NEXT), None)


def gate_problems(before: Stage, after: Stage) -> list[Problem]:
    """Why a plain step does not lead there."""
    if after not in ORDER or (gate := gate_before(before, after)) is None:
        return []
    said = sentence(
        "A gate leads from %(before)s to %(after)s: ask to pass it, and the head of "
        "experimentation decides.",
        before=gate[0],
        after=gate[1],
    )
    return [Problem("stage", said)]


def checklist(to: Stage, facts: GateFacts, ticked: Sequence[str] = ()) -> list[Line]:
    """Every item of the gate that leads to a stage, and whether it is met."""
    seen = [(item, list(LACKING[item](facts))) for item in AUTOMATIC[to]]
    return [
        *(Line(item, not lacks, lacks) for item, lacks in seen),
        *(Line(item, item.value in ticked) for item in MANUAL[to]),
    ]


def missing_for(to: Stage, facts: GateFacts, ticked: Sequence[str] = ()) -> list[GateItem]:
    """The items that are not met."""
    return [line.item for line in checklist(to, facts, ticked) if not line.is_met]


def state_after(state: ExperimentState) -> ExperimentState:
    """What runs goes on running; what has ended, or was not begun, is designed anew."""
    running = ExperimentState.RUNNING
    return running if state is running else ExperimentState.DESIGN


def problems_of_asking(asking: Asking, *, to: Stage) -> list[Problem]:
    """What cannot be kept of an asking."""
    problems = list(text_problems(asking))
    if not set(asking.ticked) <= {item.value for item in MANUAL[to]}:
        problems.append(Problem("ticked", sentence("This gate does not ask for that.")))
    return problems


def problems_of_passing(
    ruling: GateRuling, *, to: Stage, missing: Sequence[GateItem]
) -> list[Problem]:
    """What letting through owes: a reason where items are missing; for Grow, resources."""
    problems = list(text_problems(ruling))
    if missing and not ruling.overridden_because:
        said = sentence("Something is missing: say why it passes all the same, or send it back.")
        problems.append(Problem("overridden_because", said))
    if ruling.overridden_because and not missing:
        said = sentence("Nothing is missing: leave this empty.")
        problems.append(Problem("overridden_because", said))
    if to is Stage.GROW and not ruling.resources_committed:
        said = sentence("To grow it takes resources: say which are committed, and by whom.")
        problems.append(Problem("resources_committed", said))
    return problems


def problems_of_return(ruling: GateRuling) -> list[Problem]:
    """What sending back owes: a reason."""
    problems = list(text_problems(ruling))
    if not ruling.reason:
        said = sentence("Say what should change, so that the lab can act on it.")
        problems.append(Problem("reason", said))
    return problems


def _registration(facts: GateFacts) -> Iterator[Lack]:
    if not facts.is_registered:
        yield Lack(sentence("The plan is not registered"), Mend.REGISTRATION)


def _baselines(facts: GateFacts) -> Iterator[Lack]:
    if not facts.primaries:
        yield Lack(sentence("No primary metric"), Mend.PRIMARY_METRIC)
    for metric in facts.primaries:
        if not metric.has_baseline:
            said = sentence("No baseline for “%(about)s”", about=metric.name)
            yield Lack(said, Mend.BASELINE, metric.id)


def _care(facts: GateFacts) -> Iterator[Lack]:
    if not facts.has_consent:
        said = sentence("The consent of those taking part is not recorded")
        yield Lack(said, Mend.CONSENT)
    if not facts.has_harm_check:
        yield Lack(sentence("Nobody has checked that it does no harm"), Mend.HARM_CHECK)


def _review(facts: GateFacts) -> Iterator[Lack]:
    if not facts.has_accepted_review:
        said = sentence(
            "The lead programme has accepted no impact review of this quarter or the last"
        )
        yield Lack(said, Mend.REVIEW)
    for programme, quarter in facts.left_returned:
        said = sentence(
            "%(programme)s led before, returned the review of %(quarter)s and has accepted none "
            "since",
            programme=programme,
            quarter=quarter,
        )
        yield Lack(said, Mend.REVIEW)


def _verdict(facts: GateFacts) -> Iterator[Lack]:
    if facts.verdict in (None, Verdict.NOT_ASSESSABLE):
        yield Lack(sentence("No verdict can be reached yet"), Mend.VERDICT)


def _level(facts: GateFacts) -> Iterator[Lack]:
    if facts.level < facts.least_level:
        said = sentence(
            "The evidence level is %(level)s; it takes at least %(least)s",
            level=facts.level,
            least=facts.least_level,
        )
        yield Lack(said, Mend.EVIDENCE_LEVEL)


def _cost(facts: GateFacts) -> Iterator[Lack]:
    if not facts.has_cost:
        yield Lack(sentence("The actual cost is not recorded"), Mend.COST)


LACKING = {
    GateItem.HYPOTHESIS_REGISTERED: _registration,
    GateItem.BASELINE_RECORDED: _baselines,
    GateItem.CONSENT_DONE: _care,
    GateItem.REVIEW_ACCEPTED: _review,
    GateItem.VERDICT_REACHED: _verdict,
    GateItem.EVIDENCE_LEVEL_REACHED: _level,
    GateItem.COST_RECORDED: _cost,
}
