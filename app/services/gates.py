"""Gates: asking to pass to the next stage, and the second person who decides."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.clock import day_of
from app.domain.gates import (
    ASKERS,
    DECIDERS,
    MANUAL,
    NEXT,
    OTHERS_ASKING,
    OWN_ASKING,
    STILL,
    Asking,
    GateRuling,
    missing_for,
    problems_of_asking,
    problems_of_passing,
    problems_of_return,
    state_after,
)
from app.domain.refusals import (
    ChangedMeanwhileError,
    InvalidError,
    NotAllowedError,
    NotReadyError,
    Problem,
)
from app.domain.roles import is_held_at
from app.domain.steps import Step
from app.language.sentences import sentence
from app.queries.gates import facts_of, open_gate
from app.services import experiments, history
from app.services.actor import Actor
from app.services.versions import hold
from models import Experiment, Gate, Person
from models.vocabulary import GateState, Role, Stage

# What others may have changed since it was loaded.
MOVING = ("stage", "state", "pause_reason", "state_reason", "version", "stages", "gates")
RULED = ("reason", "overridden_because", "resources_committed")


def ask(
    session: Session,
    experiment: Experiment,
    asking: Asking,
    *,
    by: Actor,
    at: datetime,
    is_demonstration: bool = False,
) -> Gate:
    """Ask to pass to the next stage. What is missing may be missing: the head sees it.

    One asking is open at a time; the very same one, sent again, is the one that stands.
    """
    asker = _one_of(by, ASKERS, experiment)
    _hold(session, experiment)
    _refuse_still(experiment)
    to = _next_stage(experiment.stage)
    _refuse(problems_of_asking(asking, to=to))
    ticked = [item.value for item in MANUAL[to] if item.value in asking.ticked]
    if standing := open_gate(experiment):
        if (standing.asked_by_id, standing.ticked, standing.note) == (
            asker.id,
            ticked,
            asking.note,
        ):
            return standing
        raise NotReadyError(
            sentence(
                "It was asked for already, on %(day)s: the head decides on that first.",
                day=day_of(standing.asked_at),
            )
        )
    gate = Gate(
        from_stage=experiment.stage,
        to_stage=to,
        state=GateState.ASKED,
        ticked=ticked,
        note=asking.note,
        asked_by=asker,
        asked_at=at,
        is_demonstration=is_demonstration,
    )
    experiment.gates.append(gate)
    session.flush()
    _note(session, experiment, gate, by, {"ticked": [None, ticked]}, reason=gate.note)
    return gate


def let_through(
    session: Session,
    experiment: Experiment,
    gate: Gate,
    ruling: GateRuling,
    *,
    by: Actor,
    at: datetime,
) -> Gate:
    """Let it pass: the experiment enters the next stage in the same transaction.

    With items missing only as an override with its reason, to Grow only with resources; never by
    the person who asked. Raises ChangedMeanwhileError when somebody decided before.
    """
    head = _one_of(by, DECIDERS, experiment)
    if _is_settled(session, experiment, gate, GateState.LET_THROUGH, ruling, head):
        return gate
    if experiment.stage is not gate.from_stage:
        said = sentence("It is in %(stage)s now: send this back.", stage=experiment.stage)
        raise NotReadyError(said)
    _refuse_still(experiment)
    facts = facts_of(session, experiment, today=day_of(at))
    missing = missing_for(gate.to_stage, facts, gate.ticked)
    _refuse(problems_of_passing(ruling, to=gate.to_stage, missing=missing))
    gate.missing = [item.value for item in missing]
    _settle(session, experiment, gate, GateState.LET_THROUGH, ruling, by=by, at=at)
    experiments.enter(session, experiment, _step_through(experiment, gate), by=by, at=at)
    return gate


def send_back(
    session: Session,
    experiment: Experiment,
    gate: Gate,
    ruling: GateRuling,
    *,
    by: Actor,
    at: datetime,
) -> Gate:
    """Send it back with a reason; it may be asked for again."""
    head = _one_of(by, DECIDERS, experiment)
    if _is_settled(session, experiment, gate, GateState.SENT_BACK, ruling, head):
        return gate
    _refuse(problems_of_return(ruling))
    facts = facts_of(session, experiment, today=day_of(at))
    gate.missing = [item.value for item in missing_for(gate.to_stage, facts, gate.ticked)]
    _settle(session, experiment, gate, GateState.SENT_BACK, ruling, by=by, at=at)
    return gate


def withdraw(
    session: Session, experiment: Experiment, gate: Gate, *, by: Actor, at: datetime
) -> Gate:
    """Take one's own asking back before it is decided; the head sends another's back."""
    person = _one_of(by, ASKERS, experiment)
    _hold(session, experiment, gate)
    if gate.asked_by_id != person.id:
        raise NotAllowedError(OTHERS_ASKING)
    if gate.state is GateState.WITHDRAWN:
        return gate
    _refuse_decided(gate)
    gate.state, gate.decided_by, gate.decided_at = GateState.WITHDRAWN, person, at
    _note(session, experiment, gate, by, {})
    session.flush()
    return gate


def _one_of(by: Actor, roles: Collection[Role], experiment: Experiment) -> Person:
    """The person, if they hold one of the roles where the experiment lies."""
    programme_ids = [link.programme_id for link in experiment.programmes]
    if by.person is not None and any(
        held.role in roles
        and is_held_at(held, office_id=experiment.office_id, programme_ids=programme_ids)
        for held in by.person.memberships
    ):
        return by.person
    if roles is DECIDERS:
        raise NotAllowedError(sentence("Only the head of experimentation decides on a gate."))
    raise NotAllowedError(sentence("Only the staff or the head of the office asks to pass a gate."))


def _hold(session: Session, experiment: Experiment, *gates: Gate) -> None:
    """One writer at a time from here on, and what stands now instead of what was loaded."""
    hold(session, experiment)
    session.refresh(experiment, MOVING)
    for gate in gates:
        session.refresh(gate)


def _refuse_still(experiment: Experiment) -> None:
    if said := STILL.get(experiment.state):
        raise NotReadyError(said)


def _next_stage(stage: Stage) -> Stage:
    if stage in NEXT:
        return NEXT[stage]
    raise NotReadyError(sentence("No gate leads on from %(stage)s.", stage=stage))


def _is_settled(
    session: Session,
    experiment: Experiment,
    gate: Gate,
    state: GateState,
    ruling: GateRuling,
    head: Person,
) -> bool:
    """Whether this very decision stands already; refuses the asker's own and a second decision."""
    _hold(session, experiment, gate)
    if gate.asked_by_id == head.id:
        raise NotAllowedError(OWN_ASKING)
    said = tuple(getattr(ruling, name) for name in RULED)
    if (gate.state, gate.decided_by_id, _ruled(gate)) == (state, head.id, said):
        return True
    _refuse_decided(gate)
    return False


def _refuse_decided(gate: Gate) -> None:
    if gate.state is not GateState.ASKED:
        raise ChangedMeanwhileError(
            sentence("This was decided meanwhile: %(state)s.", state=gate.state)
        )


def _settle(
    session: Session,
    experiment: Experiment,
    gate: Gate,
    state: GateState,
    ruling: GateRuling,
    *,
    by: Actor,
    at: datetime,
) -> None:
    for name in RULED:
        setattr(gate, name, getattr(ruling, name))
    gate.state, gate.decided_by, gate.decided_at = state, by.person, at
    told = {
        name: [None, value]
        for name in ("missing", "overridden_because", "resources_committed")
        if (value := getattr(gate, name))
    }
    _note(session, experiment, gate, by, told, reason=gate.reason)
    session.flush()


def _ruled(gate: Gate) -> tuple[str, ...]:
    return tuple(getattr(gate, name) for name in RULED)


def _step_through(experiment: Experiment, gate: Gate) -> Step:
    return Step(stage=gate.to_stage, state=state_after(experiment.state), reason=gate.reason)


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidError(problems)


def _note(
    session: Session,
    experiment: Experiment,
    gate: Gate,
    by: Actor,
    changes: dict[str, list[object]],
    reason: str = "",
) -> None:
    history.record(
        session,
        subject=f"experiment:{experiment.code}",
        event=f"gate.{gate.state.value}",
        by=by,
        changes={"to_stage": [None, gate.to_stage], **changes},
        reason=reason,
    )
