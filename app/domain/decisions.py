"""What a decision must say to be kept."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.refusals import Problem
from app.domain.texts import text_problems
from app.language.sentences import sentence
from models.vocabulary import DecisionKind, Verdict

UNFAVOURABLE = frozenset({Verdict.NOT_SUPPORTED, Verdict.NO_MEANINGFUL_EFFECT, Verdict.HARM_SIGNAL})


@dataclass(frozen=True, kw_only=True)
class Ruling:
    """A decision as it is written down."""

    kind: DecisionKind | None
    decided_on: date | None
    people: str = ""
    reason: str = ""
    options_considered: str = ""
    evidence_cited: str = ""
    resources_committed: str = ""
    review_on: date | None = None
    next_step: str = ""
    against_because: str = ""


# What the numbers speak against.
AGAINST: Mapping[DecisionKind, frozenset[Verdict]] = {
    **dict.fromkeys((DecisionKind.GROW, DecisionKind.PERSEVERE), UNFAVOURABLE),
    **dict.fromkeys((DecisionKind.STOP, DecisionKind.PIVOT), frozenset({Verdict.SUPPORTED})),
}


def goes_against(kind: DecisionKind | None, verdict: Verdict | None) -> bool:
    """Whether a decision goes against the verdict as it stands."""
    return kind is not None and verdict in AGAINST.get(kind, ())


def problems_of(
    ruling: Ruling, *, today: date, verdict: Verdict | None = None, began_on: date = date.min
) -> list[Problem]:
    """What it lacks: a kind, a day since it began, the people, the reason; for Grow, resources.

    Against the ``verdict`` as it stands it needs a reason of its own.
    """
    return [
        *_word_problems(ruling),
        *_day_problems(ruling, today, began_on),
        *_verdict_problems(ruling, verdict),
        *text_problems(ruling),
    ]


def _verdict_problems(ruling: Ruling, verdict: Verdict | None) -> Iterator[Problem]:
    if goes_against(ruling.kind, verdict) and not ruling.against_because:
        yield Problem(
            "against_because",
            sentence(
                "The verdict is “%(verdict)s”: say why you decide otherwise.", verdict=verdict
            ),
            judged_by=("kind",),
        )


def _word_problems(ruling: Ruling) -> Iterator[Problem]:
    if ruling.kind is None:
        yield Problem("kind", sentence("Choose what was decided."))
    if not ruling.people:
        yield Problem("people", sentence("Say who decided."))
    if not ruling.reason:
        yield Problem("reason", sentence("Say why."))
    if ruling.kind is DecisionKind.GROW and not ruling.resources_committed:
        yield Problem(
            "resources_committed",
            sentence("To grow it takes resources: say which are committed, and by whom."),
        )


def _day_problems(ruling: Ruling, today: date, began_on: date) -> Iterator[Problem]:
    if ruling.decided_on is None:
        yield Problem("decided_on", sentence("Write the day it was decided."))
    elif ruling.decided_on > today:
        said = sentence("%(day)s has not come yet.", day=ruling.decided_on)
        yield Problem("decided_on", said)
    elif ruling.decided_on < began_on:
        said = sentence("The experiment began on %(day)s: it was decided later.", day=began_on)
        yield Problem("decided_on", said)
    elif ruling.review_on is not None and ruling.review_on <= ruling.decided_on:
        yield Problem(
            "review_on", sentence("Look at it again on a day after %(day)s.", day=ruling.decided_on)
        )
