"""The parts of a desk that tell of experiments and plans: gates, readings, decisions, gaps."""

from collections.abc import Iterator, Sequence
from datetime import date

from sqlalchemy import exists, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload, selectinload

from app.domain.integrity import is_recorded
from app.domain.quarters import quarter_of
from app.domain.waves import Wave
from app.language.sentences import sentence
from app.queries.experiments import ExperimentFilters, list_experiments, visible
from app.queries.gates import open_gates
from app.queries.reviews import QueueLine
from app.queries.scope import Scope
from app.queries.undertakings import watched_of
from app.queries.waiting import SOON, Line, Part, Section, line_on, page_of, section, verbatim
from models import Decision, Experiment, Gate, Metric, Plan, PlannedWave
from models.vocabulary import ExperimentState, GateState

NOBODYS = Scope()


def gates_to_decide(session: Session, person_id: int, *, scope: Scope) -> Section:
    """The gates that wait for the head; who asked does not decide."""
    waiting = [one for one in open_gates(session, scope) if one.gate.asked_by_id != person_id]
    return section(Part.GATES_TO_DECIDE, (_gate(one.experiment, one.gate) for one in waiting))


def gates_sent_back(session: Session, *, scope: Scope) -> Section:
    """The gates that the head sent back and nobody has asked for again."""
    later = aliased(Gate)
    rows = session.execute(
        select(Gate, Experiment)
        .join(Experiment, Experiment.id == Gate.experiment_id)
        .where(
            Gate.state == GateState.SENT_BACK,
            Experiment.stage == Gate.from_stage,
            ~exists().where(later.experiment_id == Gate.experiment_id, later.id > Gate.id),
            visible(scope),
        )
    )
    return section(
        Part.GATES_SENT_BACK,
        (
            line_on(
                experiment,
                page_of(experiment, "/gate"),
                said=verbatim(gate.reason),
                since=gate.decided_at,
            )
            for gate, experiment in rows
        ),
    )


def decisions_due(
    session: Session, person_id: int, *, lab: Scope, head: Scope | None, today: date
) -> Section:
    """The newest decisions to be looked at again soon: the person's own, to a head everybody's."""
    later = aliased(Decision)
    rows = session.execute(
        select(Decision, Experiment)
        .join(Experiment, Experiment.id == Decision.experiment_id)
        .where(
            Decision.review_on <= today + SOON,
            Experiment.state != ExperimentState.ARCHIVED,
            ~exists().where(
                later.experiment_id == Decision.experiment_id,
                tuple_(later.decided_on, later.id) > tuple_(Decision.decided_on, Decision.id),
            ),
            visible(lab),
            or_(Experiment.owner_id == person_id, visible(head or NOBODYS)),
        )
    )
    path = "/decisions/new" if head else "#decisions"
    return section(
        Part.DECISIONS,
        (
            line_on(
                experiment,
                page_of(experiment, path),
                said=sentence("Decided: %(kind)s", kind=decision.kind),
                since=decision.recorded_at,
                due_on=decision.review_on,
            )
            for decision, experiment in rows
        ),
    )


def readings_missing(
    session: Session, lines: Sequence[QueueLine], person_id: int, *, scope: Scope, today: date
) -> Section:
    """Waves of the person's running experiments that are due, and quarters without a reading.

    ``lines``: the reviews that this quarter asks for.
    """
    waves = list(_waves_missing(session, person_id, scope=scope, today=today))
    told = {line.code for line in waves}
    unread = {
        line.experiment.code: line.experiment
        for line in lines
        if line.experiment.owner_id == person_id
        and line.experiment.state is ExperimentState.RUNNING
        and line.readings == 0
        and line.experiment.code not in told
    }
    quarter = quarter_of(today)
    said = sentence("No reading in %(quarter)s yet", quarter=str(quarter))
    without = (
        line_on(experiment, page_of(experiment, "/readings/new"), said=said, due_on=quarter.ends_on)
        for experiment in unread.values()
    )
    return section(Part.READINGS, [*waves, *without])


def drafts(session: Session, *, scope: Scope) -> Section:
    """Plans of the scope's offices that are not submitted yet."""
    wanted = select(Plan).options(joinedload(Plan.office)).where(Plan.submitted_at.is_(None))
    if not scope.everything:
        wanted = wanted.where(Plan.office_id.in_(scope.office_ids))
    rows = session.scalars(wanted.order_by(Plan.id.desc())).all()
    return section(
        Part.DRAFTS,
        (
            Line(verbatim(plan.title), f"/plans/{plan.code}", code=plan.code, since=plan.created_at)
            for plan in rows
        ),
        more="/plans",
        is_ordered=True,
    )


def incomplete(session: Session, person_id: int, *, scope: Scope) -> Section:
    """The person's newest experiments that lack something, the emptiest first."""
    filters = ExperimentFilters(owner_id=person_id)
    lines = list_experiments(session, scope=scope, filters=filters).lines
    lacking = sorted((line for line in lines if line.missing), key=lambda line: -line.missing)
    return section(
        Part.INCOMPLETE,
        (
            line_on(
                line.experiment,
                page_of(line.experiment),
                said=sentence("Missing: %(n)s", n=line.missing),
            )
            for line in lacking
        ),
        more=f"/experiments?owner={person_id}",
        is_ordered=True,
    )


def _gate(experiment: Experiment, gate: Gate) -> Line:
    said = sentence(
        "%(before)s → %(after)s, asked by %(name)s",
        before=gate.from_stage,
        after=gate.to_stage,
        name=gate.asked_by.name if gate.asked_by else "",
    )
    return line_on(experiment, page_of(experiment, "/gate"), said=said, since=gate.asked_at)


def _waves_missing(
    session: Session, person_id: int, *, scope: Scope, today: date
) -> Iterator[Line]:
    due = PlannedWave.due_on <= today + SOON
    rows = session.execute(
        select(Metric, Experiment)
        .join(Experiment, Experiment.id == Metric.experiment_id)
        .where(
            Metric.removed_at.is_(None),
            Metric.planned_waves.any(due),
            Experiment.owner_id == person_id,
            Experiment.state == ExperimentState.RUNNING,
            visible(scope),
        )
        .options(selectinload(Metric.measurements), selectinload(Metric.planned_waves))
        .order_by(Experiment.code, Metric.position, Metric.id)
    )
    for metric, experiment in rows:
        watched = watched_of(metric, metric.measurements, metric.planned_waves)
        for wave in (Wave(one.due_on, one.name) for one in metric.planned_waves):
            if wave.due_on <= today + SOON and not is_recorded(wave, watched):
                yield _wave(experiment, metric, wave)


def _wave(experiment: Experiment, metric: Metric, wave: Wave) -> Line:
    said = sentence("%(metric)s: wave “%(wave)s”", metric=metric.name, wave=wave.name)
    path = page_of(experiment, f"/readings/new?metric={metric.id}")
    return line_on(experiment, path, said=said, due_on=wave.due_on)
