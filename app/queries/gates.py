"""Gates: what a gate sees of an experiment, which ones wait, and how each stage was entered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Exists, exists, select
from sqlalchemy.orm import Session, joinedload

from app.domain.assessment import IN_TWO_GROUPS
from app.domain.gates import GateFacts, Primary, gate_before
from app.domain.quarters import quarter_of
from app.domain.steps import goes_back
from app.queries.experiments import ROLES, visible
from app.queries.scope import Scope
from models import (
    Experiment,
    ExperimentProgramme,
    Gate,
    HistoryEntry,
    ImpactReview,
    Metric,
    Programme,
    Registration,
)
from models.experiment import StageEntry
from models.vocabulary import GateState, MetricRole, ProgrammeRole, ReviewState, Stage


@dataclass(frozen=True)
class WaitingGate:
    """An open gate with its experiment."""

    gate: Gate
    experiment: Experiment


@dataclass(frozen=True)
class Stop:
    """A stage and state of an experiment's journey: how it came there.

    ``gate`` let it through; ``has_passed_none``: it entered a stage behind a gate without one.
    """

    entry: StageEntry
    went_back: bool
    gate: Gate | None
    has_passed_none: bool


def facts_of(session: Session, experiment: Experiment, *, today: date) -> GateFacts:
    """What a gate judges by, as stored at this moment and not as loaded; four statements."""
    stored = session.execute(
        select(
            *(Experiment.consent_given, Experiment.do_no_harm_checked, Experiment.verdict),
            *(Experiment.evidence_level, Experiment.comparison_design),
            Experiment.cost_actual_usd,
            exists().where(Registration.experiment_id == experiment.id).label("is_registered"),
            _accepted_by_lead(experiment.id, today).label("has_accepted_review"),
        ).where(Experiment.id == experiment.id)
    ).one()
    return GateFacts(
        is_registered=stored.is_registered,
        primaries=_primaries(session, experiment.id),
        has_consent=stored.consent_given is True,
        has_harm_check=stored.do_no_harm_checked is True,
        has_accepted_review=stored.has_accepted_review,
        left_returned=tuple(_left_returned(session, experiment, today)),
        verdict=stored.verdict,
        level=stored.evidence_level or 0,
        is_compared=stored.comparison_design in IN_TWO_GROUPS,
        has_cost=stored.cost_actual_usd is not None,
    )


def open_gate(experiment: Experiment) -> Gate | None:
    """The gate that waits, of an experiment that is loaded whole."""
    return next((gate for gate in experiment.gates if gate.state is GateState.ASKED), None)


def open_gates(session: Session, scope: Scope) -> Sequence[WaitingGate]:
    """Every gate of the scope that waits for the head, the oldest first; one statement."""
    rows = session.execute(
        select(Gate, Experiment)
        .join(Experiment, Experiment.id == Gate.experiment_id)
        .where(Gate.state == GateState.ASKED, visible(scope))
        .options(joinedload(Gate.asked_by).lazyload(ROLES))
        .order_by(Gate.asked_at, Gate.id)
    )
    return [WaitingGate(gate, experiment) for gate, experiment in rows]


def journey_of(experiment: Experiment) -> list[Stop]:
    """The stages and states of an experiment that is loaded whole, the first one first."""
    passed = {
        (gate.to_stage, gate.decided_at): gate
        for gate in experiment.gates
        if gate.state is GateState.LET_THROUGH
    }
    stages = [Stage.SENSE, *(entry.stage for entry in experiment.stages)]
    return [
        _stop(entry, before, passed.get((entry.stage, entry.entered_at)), is_first=place == 0)
        for place, (before, entry) in enumerate(zip(stages, experiment.stages, strict=False))
    ]


def _stop(entry: StageEntry, before: Stage, gate: Gate | None, *, is_first: bool) -> Stop:
    return Stop(
        entry=entry,
        went_back=not is_first and goes_back(before, entry.stage),
        gate=gate,
        has_passed_none=gate is None and gate_before(before, entry.stage) is not None,
    )


def _accepted_by_lead(experiment_id: int, today: date) -> Exists:
    return exists().where(
        ImpactReview.experiment_id == experiment_id,
        ImpactReview.quarter.in_(_this_and_last(today)),
        ImpactReview.state == ReviewState.ACCEPTED,
        ExperimentProgramme.experiment_id == experiment_id,
        ExperimentProgramme.programme_id == ImpactReview.programme_id,
        ExperimentProgramme.role == ProgrammeRole.LEAD,
    )


def _this_and_last(today: date) -> list[str]:
    this = quarter_of(today)
    return [str(this.previous), str(this)]


def _left_returned(session: Session, experiment: Experiment, today: date) -> list[tuple[str, str]]:
    """What programmes answered last that led before: (code, quarter) of each return."""
    rows = session.execute(
        select(Programme.code, ImpactReview)
        .join(ImpactReview, ImpactReview.programme_id == Programme.id)
        .where(
            ImpactReview.experiment_id == experiment.id,
            ImpactReview.quarter.in_(_this_and_last(today)),
            ImpactReview.reviewed_at.is_not(None),
        )
        .order_by(ImpactReview.quarter)
    )
    newest = {code: (review.quarter, review.answer) for code, review in rows}
    leads = _former_leads(session, experiment.code)
    return [
        (code, quarter)
        for code, (quarter, answer) in newest.items()
        if answer is ReviewState.RETURNED and code in leads
    ]


def _former_leads(session: Session, code: str) -> set[str]:
    changes = session.scalars(
        select(HistoryEntry.changes).where(
            HistoryEntry.subject == f"experiment:{code}",
            HistoryEntry.event == "experiment.edited",
        )
    )
    return {each["lead_programme"][0] for each in changes if "lead_programme" in each}


def _primaries(session: Session, experiment_id: int) -> list[Primary]:
    rows = session.execute(
        select(Metric.id, Metric.name, Metric.baseline.is_not(None))
        .where(
            Metric.stands_in(experiment_id),
            Metric.role == MetricRole.PRIMARY,
        )
        .order_by(Metric.position, Metric.id)
    )
    return [Primary(*row) for row in rows]
