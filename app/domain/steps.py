"""Steps along the learning cycle: from one stage and state to the next, or back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile

from app.domain.refusals import Problem
from app.domain.texts import text_problems
from app.language.sentences import sentence
from models.vocabulary import ExperimentState, PauseReason, Stage

ORDER = tuple(Stage)


@dataclass(frozen=True, kw_only=True)
class Step:
    """Where an experiment goes: ``on`` is the day it got there, None means today."""

    stage: Stage
    state: ExperimentState
    pause_reason: PauseReason | None = None
    reason: str = ""
    on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Standing:
    """Where it stands: ``since`` is the day it entered this stage and state."""

    stage: Stage
    state: ExperimentState
    since: date | None
    pause_reason: PauseReason | None = None


def goes_back(before: Stage, after: Stage) -> bool:
    """Whether the later stage comes earlier in the learning cycle."""
    return ORDER.index(after) < ORDER.index(before)


def stage_since(entered: Sequence[tuple[Stage, date]]) -> date | None:
    """The day it came to the stage it is in, of every (stage, day) so far: states count not."""
    here = [stage for stage, _day in entered][-1:]
    stay = takewhile(lambda entry: [entry[0]] == here, reversed(entered))
    return next((day for _stage, day in reversed(list(stay))), None)


def problems_of(step: Step, *, standing: Standing | None, today: date) -> list[Problem]:
    """Why the step cannot be taken as it is described; the first step stands nowhere before."""
    return [
        *_standstill(step, standing),
        *_reasons_owed(step, standing),
        *_day_problems(step, standing, today),
        *text_problems(step),
    ]


def _standstill(step: Step, standing: Standing | None) -> list[Problem]:
    if standing is None:
        return []
    here = (standing.stage, standing.state, standing.pause_reason)
    if (step.stage, step.state, step.pause_reason) != here:
        return []
    return [Problem("state", sentence("It stands there already: choose another stage or state."))]


def _reasons_owed(step: Step, standing: Standing | None) -> list[Problem]:
    problems = []
    if step.state is ExperimentState.PAUSED and step.pause_reason is None:
        problems.append(Problem("pause_reason", sentence("Choose why it is paused.")))
    if step.pause_reason is not None and step.state is not ExperimentState.PAUSED:
        problems.append(
            Problem(
                "pause_reason",
                sentence("Only a paused experiment has a reason for pausing."),
                judged_by=("state",),
            )
        )
    if not step.reason and (owed := _words_owed(step, standing)):
        problems.append(owed)
    return problems


def _words_owed(step: Step, standing: Standing | None) -> Problem | None:
    if step.state is ExperimentState.STOPPED_EARLY:
        return Problem("reason", sentence("Say why it was stopped before its end."))
    if step.pause_reason is PauseReason.OTHER:
        return Problem("reason", sentence("Say what the other reason is."))
    if standing and step.stage in ORDER and goes_back(standing.stage, step.stage):
        return Problem("reason", sentence("Say why it goes back to an earlier stage."))
    return None


def _day_problems(step: Step, standing: Standing | None, today: date) -> list[Problem]:
    if step.on is None:
        return []
    if step.on > today:
        return [Problem("on", sentence("%(day)s has not come yet.", day=step.on))]
    if standing and standing.since is not None and step.on < standing.since:
        return [
            Problem(
                "on",
                sentence("It has been where it is now since %(day)s only.", day=standing.since),
            )
        ]
    return []
