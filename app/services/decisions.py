"""Decisions: written down once; another one follows, none is changed."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from app.domain.decisions import Ruling, problems_of
from app.domain.refusals import InvalidError
from app.queries.evidence import began_on
from app.services import history
from app.services.actor import Actor
from app.services.locks import refuse_locked
from app.services.versions import hold
from models import Decision, Experiment
from models.base import now

SAID = tuple(Ruling.__dataclass_fields__)


def record(
    session: Session,
    experiment: Experiment,
    ruling: Ruling,
    *,
    by: Actor,
    today: date,
    at: datetime | None = None,
    is_demonstration: bool = False,
) -> Decision:
    """Record a decision beside the verdict as it stands; against it, only with a reason.

    The very same one, sent again, is recorded once. Raises NotReadyError where its day lies in a
    closed quarter.
    """
    hold(session, experiment)
    session.refresh(experiment, ["decisions", "verdict"])
    if problems := problems_of(
        ruling, today=today, verdict=experiment.verdict, began_on=began_on(experiment)
    ):
        raise InvalidError(problems)
    for standing in experiment.decisions:
        if all(getattr(standing, name) == getattr(ruling, name) for name in SAID):
            return standing
    refuse_locked(session, experiment, ruling.decided_on, at=at or now())
    decision = Decision(
        by_id=by.id,
        verdict=experiment.verdict,
        is_demonstration=is_demonstration,
        **{name: getattr(ruling, name) for name in SAID},
    )
    experiment.decisions.append(decision)
    told = {
        name: pair
        for name, pair in history.values_of(decision).items()
        if name in (*SAID, "verdict")
    }
    subject = f"experiment:{experiment.code}"
    history.record(session, subject=subject, event="decision.recorded", by=by, changes=told)
    session.flush()
    return decision
