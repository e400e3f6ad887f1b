"""The evidence level: computed, and lowered by a person who says why; never raised."""

from sqlalchemy.orm import Session

from app.domain.refusals import InvalidError, Problem
from app.domain.texts import MOST_TEXT, too_long
from app.language.sentences import sentence
from app.services import findings, history
from app.services.actor import Actor
from app.services.versions import hold
from models import Experiment


def lower(session: Session, experiment: Experiment, to: int, *, because: str, by: Actor) -> None:
    """Keep the level at ``to`` at most from now on. Refuses to raise it, or to give no reason."""
    hold(session, experiment)
    session.refresh(experiment, ["evidence_level", "level_lowered_to", "level_lowered_because"])
    standing = experiment.evidence_level or 0
    if problems := problems_of(standing, to, because):
        raise InvalidError(problems)
    experiment.evidence_level = experiment.level_lowered_to = to
    experiment.level_lowered_because = because
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event="level.lowered",
        by=by,
        changes={"evidence_level": [standing, to]},
        reason=because,
    )
    session.flush()
    findings.recompute_repetitions(session, experiment)


def problems_of(standing: int, to: int | None, because: str) -> list[Problem]:
    """What keeps the level from being lowered."""
    problems = []
    if to is None or not 0 <= to < standing:
        said = sentence("A level is only ever lowered: below %(level)s.", level=standing)
        problems.append(Problem("to", said))
    if not because:
        problems.append(Problem("because", sentence("Say why it is lower than computed.")))
    elif len(because) > MOST_TEXT:
        problems.append(Problem("because", too_long(MOST_TEXT)))
    return problems
