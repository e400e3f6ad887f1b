"""Experiments: logging them, changing them, moving them along the learning cycle."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.experiments import (
    Blocks,
    Core,
    cost_in_usd,
    problems_of_blocks,
    problems_of_core,
)
from app.domain.gates import gate_problems
from app.domain.refusals import InvalidError, Problem
from app.domain.steps import Standing, Step, goes_back
from app.domain.steps import problems_of as problems_of_step
from app.language.sentences import sentence
from app.language.speaker import LIMA
from app.queries.reported import cost_was_reported
from app.services import findings, history, registration
from app.services.actor import Actor
from app.services.codes import lock_office, next_experiment_code
from app.services.experiment_changes import changes_since, told
from app.services.experiment_rows import (
    block_problems,
    core_problems,
    lay_blocks,
    lay_core,
    lay_programmes,
    leaving_problems,
    new_row,
    offered_by,
    repeated_by,
    repetition_problems,
)
from app.services.locks import refuse_beginning, refuse_locked
from app.services.reported import reason_for
from app.services.submissions import refuse_other, sent_before
from app.services.versions import refuse_stale
from models import Experiment, Office, Programme, StageEntry
from models.vocabulary import ChangeReason

NOON = time(12)
NO_BLOCKS = Blocks()


def create(
    session: Session,
    core: Core,
    *,
    step: Step,
    by: Actor,
    at: datetime,
    submission_key: str | None = None,
    is_demonstration: bool = False,
) -> Experiment:
    """Log an experiment; the lead programme's office and the year give it its code.

    Its journey begins with ``step``, on an earlier day where that names one, but in no closed
    quarter (NotReadyError). The same ``submission_key`` with the same content gives the experiment
    it made the first time.
    """
    _refuse([*problems_of_core(core), *problems_of_first(step, at=at)])
    office = _office_of(session, core)
    lock_office(session, office.id)
    if sent := sent_before(session, Experiment, submission_key):
        return _same_as_before(sent, core)
    offered = offered_by(session, office.id, core)
    _refuse(core_problems(offered, core, present_owner=None))
    refuse_beginning(session, office.id, step.on or day_of(at))
    code = next_experiment_code(session, office, year=at.astimezone(LIMA).year)
    experiment = new_row(office, code=code)
    experiment.submission_key, experiment.created_by_id = submission_key, by.id
    experiment.is_demonstration = is_demonstration
    _enter(experiment, step, _entered_at(step, None, at), by)
    lay_core(experiment, core, offered)
    lay_programmes(experiment, core, NO_BLOCKS, offered)
    session.add(experiment)
    _note(session, experiment, "experiment.created", by, changes_since({}, experiment))
    if step.on is not None and step.on < day_of(at):
        began = {"stage": [None, step.stage], "state": [None, step.state]}
        began["entered_on"] = [None, step.on]
        _note(session, experiment, "experiment.began_earlier", by, began, reason=step.reason)
    session.flush()
    return experiment


def edit(
    session: Session,
    experiment: Experiment,
    core: Core,
    blocks: Blocks,
    *,
    seen_version: int | None,
    by: Actor,
    at: datetime,
    amendment_reason: str = "",
    reason_code: ChangeReason | None = None,
) -> Experiment:
    """Change the core and the optional blocks; what is not given becomes empty.

    ``experiment`` is loaded whole. Its version rises even where only a programme, a partner or a
    place changed. What a registration froze changes only with an ``amendment_reason``; an actual
    cost that was accepted or closed only with a ``reason_code`` as well. Raises
    ChangedMeanwhileError when ``seen_version`` is not the one that stands.
    """
    refuse_stale(session, experiment, seen_version=seen_version)
    offered = offered_by(session, experiment.office_id, core)
    repeated = repeated_by(session, blocks.repeats)
    _refuse(
        [
            *problems_of_core(core),
            *problems_of_blocks(blocks, standing_partners=len(experiment.partnerships)),
            *core_problems(offered, core, present_owner=experiment.owner_id),
            *block_problems(offered, blocks),
            *leaving_problems(session, experiment, core, blocks, at=at),
            *repetition_problems(experiment, blocks.repeats, repeated),
        ]
    )
    changes_cost = cost_in_usd(blocks) != experiment.cost_actual_usd
    is_reported = changes_cost and cost_was_reported(session, experiment)
    why = reason_for(is_reported, reason_code, amendment_reason)
    before = told(experiment)
    lay_core(experiment, core, offered)
    lay_blocks(session, experiment, blocks, offered)
    if experiment.repeats is not repeated:
        experiment.repeats = repeated
    lay_programmes(experiment, core, blocks, offered)
    if changes := changes_since(before, experiment):
        experiment.changed_at = at
        _note(session, experiment, "experiment.edited", by, changes, why.words, why.code)
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment, today=day_of(at))
    session.flush()
    return experiment


def move(
    session: Session,
    experiment: Experiment,
    step: Step,
    *,
    seen_version: int | None,
    by: Actor,
    at: datetime,
) -> Experiment:
    """Take the experiment to another stage or state, but through no gate: see ``gates``.

    Raises NotReadyError where the day of the step lies in a closed quarter.
    """
    refuse_stale(session, experiment, seen_version=seen_version)
    _refuse(problems_of_move(experiment, step, at=at))
    refuse_locked(session, experiment, step.on or day_of(at), at=at)
    return enter(session, experiment, step, by=by, at=at)


def enter(
    session: Session, experiment: Experiment, step: Step, *, by: Actor, at: datetime
) -> Experiment:
    """Write a step down that may be taken; when it was in each stage and state stays on record.

    Asks no gate: for one that was let through, and for telling what happened before the tracker.
    """
    _refuse(_problems_of_step(experiment, step, at=at))
    last = _last_entry(experiment)
    is_back = goes_back(experiment.stage, step.stage)
    entered_at = _entered_at(step, last, at)
    if last is not None:
        last.left_at = entered_at
    _enter(experiment, step, entered_at, by)
    changes = history.changes_of(experiment)
    changes.pop("state_reason", None)  # it stands as the entry's own reason
    event = "experiment.moved_back" if is_back else "experiment.moved"
    _note(session, experiment, event, by, changes, reason=step.reason)
    session.flush()
    return experiment


def problems_of_first(step: Step, *, at: datetime) -> list[Problem]:
    """What keeps an experiment from beginning so."""
    return problems_of_step(step, standing=None, today=day_of(at))


def problems_of_move(experiment: Experiment, step: Step, *, at: datetime) -> list[Problem]:
    """What keeps the experiment from taking this step by itself."""
    return [
        *_problems_of_step(experiment, step, at=at),
        *gate_problems(experiment.stage, step.stage),
    ]


def _problems_of_step(experiment: Experiment, step: Step, *, at: datetime) -> list[Problem]:
    standing = _standing(experiment, _last_entry(experiment))
    return problems_of_step(step, standing=standing, today=day_of(at))


def _enter(experiment: Experiment, step: Step, at: datetime, by: Actor) -> None:
    entry = StageEntry(
        stage=step.stage,
        state=step.state,
        pause_reason=step.pause_reason,
        reason=step.reason,
        entered_at=at,
        by_id=by.id,
    )
    experiment.stages.append(entry)
    experiment.stage, experiment.state = step.stage, step.state
    experiment.pause_reason, experiment.state_reason = step.pause_reason, step.reason


def _last_entry(experiment: Experiment) -> StageEntry | None:
    return experiment.stages[-1] if experiment.stages else None


def _refuse(problems: Iterable[Problem]) -> None:
    if found := list(problems):
        raise InvalidError(found)


def _note(
    session: Session,
    experiment: Experiment,
    event: str,
    by: Actor,
    changes: Mapping[str, Any],
    reason: str = "",
    reason_code: ChangeReason | None = None,
) -> None:
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event=event,
        by=by,
        changes=changes,
        reason=reason,
        reason_code=reason_code,
    )


def _office_of(session: Session, core: Core) -> Office:
    office = session.scalar(
        select(Office).join(Programme).where(Programme.id == core.lead_programme_id)
    )
    if office is None:
        said = sentence("Choose one of the programmes listed.")
        raise InvalidError([Problem("lead_programme_id", said)])
    return office


def _same_as_before(sent: Experiment, core: Core) -> Experiment:
    """The experiment this form made; another content under the same key is no repetition."""
    if (sent.title, sent.learning_intent) != (core.title, core.learning_intent):
        refuse_other(sent.code)
    return sent


def _standing(experiment: Experiment, last: StageEntry | None) -> Standing:
    return Standing(
        stage=experiment.stage,
        state=experiment.state,
        pause_reason=experiment.pause_reason,
        since=day_of(last.entered_at) if last else None,
    )


def _entered_at(step: Step, last: StageEntry | None, at: datetime) -> datetime:
    """The moment of the step: now, or noon of an earlier day, never before the entry it ends."""
    if step.on is None or step.on == day_of(at):
        return at
    noon = datetime.combine(step.on, NOON, tzinfo=LIMA)
    return max(noon, last.entered_at) if last else noon
