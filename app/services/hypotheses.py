"""Hypotheses: writing them down, changing, taking away what nothing measures, bringing back."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from app.domain.hypotheses import Slots, problems_of
from app.domain.refusals import InvalidError, NotReadyError
from app.language.sentences import sentence
from app.queries.reported import hypothesis_was_told
from app.services import findings, history, registration
from app.services.actor import Actor
from app.services.experiment_rows import next_position
from app.services.reported import UNASKED, Why, reason_for
from app.services.submissions import refuse_other, sent_before
from app.services.versions import hold, refuse_stale
from models import Experiment, Hypothesis
from models.base import now
from models.vocabulary import ChangeReason

SLOTS = tuple(Slots.__dataclass_fields__)


def slots_of(hypothesis: Hypothesis) -> Slots:
    """A hypothesis as the rules take it."""
    return Slots(**{name: getattr(hypothesis, name) for name in SLOTS})


def add(
    session: Session,
    experiment: Experiment,
    slots: Slots,
    *,
    by: Actor,
    amendment_reason: str = "",
    at: datetime | None = None,
    submission_key: str | None = None,
) -> Hypothesis:
    """Add a hypothesis. Saying the same again, or sending one form twice, gives what stands.

    To a registered plan it is added with an ``amendment_reason``; so for all that follows.
    """
    if problems := problems_of(slots):
        raise InvalidError(problems)
    hold(session, experiment)
    session.refresh(experiment, ["hypotheses"])
    if sent := sent_before(session, Hypothesis, submission_key):
        return _same_as_before(sent, slots)
    for standing in experiment.hypotheses:
        if slots_of(standing) == slots:
            return standing
    registration.refuse_unexplained(session, experiment, reason=amendment_reason)
    hypothesis = Hypothesis(
        position=next_position(session, Hypothesis, experiment),
        submission_key=submission_key,
        **{name: getattr(slots, name) for name in SLOTS},
    )
    experiment.hypotheses.append(hypothesis)
    _note(session, experiment, "hypothesis.added", by, history.values_of(hypothesis))
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    session.flush()
    return hypothesis


def edit(
    session: Session,
    experiment: Experiment,
    hypothesis: Hypothesis,
    slots: Slots,
    *,
    seen_version: int | None,
    by: Actor,
    amendment_reason: str = "",
    at: datetime | None = None,
) -> Hypothesis:
    """Change its slots."""
    hold(session, experiment)
    refuse_stale(session, hypothesis, seen_version=seen_version)
    if problems := problems_of(slots):
        raise InvalidError(problems)
    for name in SLOTS:
        if getattr(hypothesis, name) != getattr(slots, name):
            setattr(hypothesis, name, getattr(slots, name))
    if changes := history.changes_of(hypothesis):
        _note(session, experiment, "hypothesis.edited", by, changes)
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    session.flush()
    return hypothesis


def remove(
    session: Session,
    experiment: Experiment,
    hypothesis: Hypothesis,
    *,
    by: Actor,
    amendment_reason: str = "",
    reason_code: ChangeReason | None = None,
    at: datetime | None = None,
) -> None:
    """Take a hypothesis away for the time being; refused while a metric measures it.

    Once it was measured, it goes and comes back only with a ``reason_code`` and, as the
    ``amendment_reason``, words.
    """
    hold(session, experiment)
    if hypothesis.removed_at is not None:
        return
    for metric in experiment.metrics:
        if metric.hypothesis_id == hypothesis.id:
            raise NotReadyError(
                sentence(
                    "“%(metric)s” measures this hypothesis: link that metric elsewhere first.",
                    metric=metric.name,
                )
            )
    is_told = hypothesis_was_told(session, experiment, hypothesis)
    why = reason_for(is_told, reason_code, amendment_reason)
    registration.refuse_unexplained(session, experiment, reason=amendment_reason)
    gone = {name: pair[::-1] for name, pair in history.values_of(hypothesis).items()}
    _note(session, experiment, "hypothesis.removed", by, gone, why)
    hypothesis.removed_at = at or now()
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    session.refresh(experiment, ["hypotheses"])


def restore(
    session: Session,
    experiment: Experiment,
    hypothesis: Hypothesis,
    *,
    by: Actor,
    amendment_reason: str = "",
    reason_code: ChangeReason | None = None,
    at: datetime | None = None,
) -> Hypothesis:
    """Bring back what was taken away; refused where one that stands says the same."""
    hold(session, experiment)
    session.refresh(hypothesis, ["removed_at"])
    if hypothesis.removed_at is None:
        return hypothesis
    if slots_of(hypothesis) in [slots_of(row) for row in experiment.hypotheses]:
        raise NotReadyError(sentence("A hypothesis that stands says the same already."))
    is_told = hypothesis_was_told(session, experiment, hypothesis)
    why = reason_for(is_told, reason_code, amendment_reason)
    registration.refuse_unexplained(session, experiment, reason=amendment_reason)
    hypothesis.removed_at = None
    _note(session, experiment, "hypothesis.restored", by, history.values_of(hypothesis), why)
    registration.hold_to_plan(session, experiment, reason=amendment_reason, by=by, at=at)
    findings.recompute(session, experiment)
    session.refresh(experiment, ["hypotheses"])
    return hypothesis


def _same_as_before(sent: Hypothesis, slots: Slots) -> Hypothesis:
    if slots_of(sent) != slots:
        refuse_other(sentence("hypothesis %(n)s", n=sent.position))
    return sent


def _note(
    session: Session,
    experiment: Experiment,
    event: str,
    by: Actor,
    changes: dict[str, Any],
    why: Why = UNASKED,
) -> None:
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event=event,
        by=by,
        changes={name: pair for name, pair in changes.items() if name in SLOTS},
        reason_code=why.code,
        reason=why.words,
    )
