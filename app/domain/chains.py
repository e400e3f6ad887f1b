"""The chain from programme to decision, and where one experiment's is broken."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from app.language.sentences import N_, Sentence, sentence
from models.vocabulary import ExperimentState

BEGUN = frozenset(
    {
        ExperimentState.RUNNING,
        ExperimentState.PAUSED,
        ExperimentState.COMPLETED,
        ExperimentState.STOPPED_EARLY,
    }
)
ENDED = frozenset({ExperimentState.COMPLETED, ExperimentState.STOPPED_EARLY})


class Break(StrEnum):
    """A link that is missing."""

    NO_PROGRAMME = "no_programme"
    NO_OWNER = "no_owner"
    NO_LEARNING_QUESTION = "no_learning_question"
    NO_HYPOTHESIS = "no_hypothesis"
    HYPOTHESIS_WITHOUT_METRIC = "hypothesis_without_metric"
    NO_METRIC = "no_metric"
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    NO_READING = "no_reading"
    NO_CONSENT = "no_consent"
    NO_HARM_CHECK = "no_harm_check"
    NO_RESULT = "no_result"
    NO_DECISION = "no_decision"


TEMPLATES = {
    Break.NO_PROGRAMME: N_("No programme leads it"),
    Break.NO_OWNER: N_("Nobody is named as its owner"),
    Break.NO_LEARNING_QUESTION: N_("It answers no learning question of a plan"),
    Break.NO_HYPOTHESIS: N_("No hypothesis"),
    Break.HYPOTHESIS_WITHOUT_METRIC: N_("No metric would show whether hypothesis %(about)s holds"),
    Break.NO_METRIC: N_("No metric"),
    Break.NO_BASELINE: N_("No baseline for “%(about)s”"),
    Break.NO_TARGET: N_("No target for “%(about)s”"),
    Break.NO_READING: N_("No reading of “%(about)s”"),
    Break.NO_CONSENT: N_("The consent of those taking part is not recorded"),
    Break.NO_HARM_CHECK: N_("Nobody has checked that it does no harm"),
    Break.NO_RESULT: N_("It has ended and nobody has said what happened"),
    Break.NO_DECISION: N_("There is a result and no decision"),
}


@dataclass(frozen=True)
class MetricLink:
    """A metric as the chain sees it. A guardrail has a margin and needs no target."""

    id: int
    name: str
    hypothesis_id: int | None
    has_baseline: bool
    has_target: bool
    has_reading: bool
    is_guardrail: bool = False


@dataclass(frozen=True, kw_only=True)
class Chain:
    """One experiment's links, from its programme to its decisions."""

    state: ExperimentState
    has_programme: bool
    has_owner: bool
    has_question: bool
    hypothesis_ids: Sequence[int]
    metrics: Sequence[MetricLink]
    has_consent: bool
    has_harm_check: bool
    has_result: bool
    has_decision: bool


@dataclass(frozen=True)
class Missing:
    """One missing link; ``about`` names the metric or the hypothesis, ``id`` its record."""

    kind: Break
    about: str = ""
    id: int | None = None

    def said(self) -> Sentence:
        """It in words."""
        return sentence(TEMPLATES[self.kind], about=self.about)


def missing_in(chain: Chain) -> list[Missing]:
    """Every break, in the order of the chain. What is not due yet is not missing."""
    return [
        *_beginnings(chain),
        *_claims(chain),
        *_figures(chain),
        *_care(chain),
        *_endings(chain),
    ]


def _beginnings(chain: Chain) -> Iterator[Missing]:
    if not chain.has_programme:
        yield Missing(Break.NO_PROGRAMME)
    if not chain.has_owner:
        yield Missing(Break.NO_OWNER)
    if not chain.has_question:
        yield Missing(Break.NO_LEARNING_QUESTION)


def _claims(chain: Chain) -> Iterator[Missing]:
    if not chain.hypothesis_ids:
        yield Missing(Break.NO_HYPOTHESIS)
    if not chain.metrics:
        yield Missing(Break.NO_METRIC)
        return
    measured = {metric.hypothesis_id for metric in chain.metrics}
    # With one hypothesis every metric without a link of its own is taken to serve it.
    if len(chain.hypothesis_ids) == 1 and None in measured:
        return
    for place, hypothesis_id in enumerate(chain.hypothesis_ids, start=1):
        if hypothesis_id not in measured:
            yield Missing(Break.HYPOTHESIS_WITHOUT_METRIC, str(place), hypothesis_id)


def _figures(chain: Chain) -> Iterator[Missing]:
    for metric in chain.metrics:
        if not metric.has_baseline:
            yield Missing(Break.NO_BASELINE, metric.name, metric.id)
        elif not (metric.has_target or metric.is_guardrail):
            yield Missing(Break.NO_TARGET, metric.name, metric.id)
        if chain.state in BEGUN and not metric.has_reading:
            yield Missing(Break.NO_READING, metric.name, metric.id)


def _care(chain: Chain) -> Iterator[Missing]:
    if chain.state not in BEGUN:
        return
    if not chain.has_consent:
        yield Missing(Break.NO_CONSENT)
    if not chain.has_harm_check:
        yield Missing(Break.NO_HARM_CHECK)


def _endings(chain: Chain) -> Iterator[Missing]:
    has_ended = chain.state in ENDED
    if has_ended and not chain.has_result:
        yield Missing(Break.NO_RESULT)
    is_measured = has_ended and any(metric.has_reading for metric in chain.metrics)
    if (is_measured or chain.has_result) and not chain.has_decision:
        yield Missing(Break.NO_DECISION)
