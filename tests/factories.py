"""Rows for tests: plain functions with telling defaults. Each adds to the session and flushes."""

import hashlib
from datetime import UTC, date, datetime
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from models import (
    Base,
    Closing,
    Comment,
    Decision,
    Experiment,
    ExperimentProgramme,
    Gate,
    Hypothesis,
    ImpactReview,
    LearningQuestion,
    Measurement,
    Metric,
    Office,
    OfficeQuarter,
    Partner,
    Partnership,
    Place,
    Plan,
    Programme,
    QuarterException,
    Registration,
    StageEntry,
)
from models.vocabulary import (
    Arm,
    ChallengeType,
    DecisionKind,
    Direction,
    ExperimentKind,
    ExperimentState,
    GateItem,
    GateState,
    MetricKind,
    MetricRole,
    ProgrammeRole,
    QuarterState,
    ReviewState,
    Sector,
    Stage,
)

Row = TypeVar("Row", bound=Base)
_numbers = count(1)


def a_plan(session: Session, office: Office, **given: Any) -> Plan:
    """A draft plan of 2026 with one learning question."""
    number = next(_numbers)
    values = {
        "code": f"{office.code}-ALP-2026-{number:03}",
        "title": f"Closing the digital divide {number}",
        "year": 2026,
        "challenge_type": ChallengeType.BIG_BET,
        "statement": "Our challenge is that three in four rural homes have no internet.",
    }
    plan = _kept(session, Plan(office=office, **(values | given)))
    a_question(session, plan)
    return plan


def a_question(session: Session, plan: Plan, **given: Any) -> LearningQuestion:
    """A learning question to explore and test."""
    values = {
        "position": 1,
        "text": "How can the impact of projects be amplified by closing the digital divide?",
        "stages": [Stage.EXPLORE.value, Stage.TEST.value],
    }
    return _kept(session, LearningQuestion(plan=plan, **(values | given)))


def an_experiment(
    session: Session, office: Office, *programmes: Programme, **given: Any
) -> Experiment:
    """A running pilot in Test; the first programme leads, the others contribute."""
    number = next(_numbers)
    values = {
        "code": f"{office.code}-2026-{number:03}",
        "title": f"Messages that bring sellers online {number}",
        "learning_intent": "Whether a weekly message brings market sellers to digital payment.",
        "kind": ExperimentKind.PILOT,
        "stage": Stage.TEST,
        "state": ExperimentState.RUNNING,
        "starts_on": date(2026, 4, 1),
    }
    experiment = _kept(session, Experiment(office=office, **(values | given)))
    for place_in_line, programme in enumerate(programmes):
        role = ProgrammeRole.CONTRIBUTING if place_in_line else ProgrammeRole.LEAD
        _kept(session, ExperimentProgramme(experiment=experiment, programme=programme, role=role))
    entered = {"entered_at": given["created_at"]} if "created_at" in given else {}
    a_stage_entry(session, experiment, **entered)
    return experiment


def a_stage_entry(session: Session, experiment: Experiment, **given: Any) -> StageEntry:
    """The stage and state the experiment is in, entered when it began."""
    values = {
        "experiment_id": experiment.id,
        "stage": experiment.stage,
        "state": experiment.state,
        "entered_at": datetime(2026, 4, 1, 15, tzinfo=UTC),
    }
    return _kept(session, StageEntry(**(values | given)))


def a_hypothesis(session: Session, experiment: Experiment, **given: Any) -> Hypothesis:
    """A hypothesis with every slot filled."""
    values = {
        "position": 1,
        "change": "a weekly message with one payment tip",
        "audience": "market sellers in Villa El Salvador",
        "direction": Direction.INCREASE,
        "outcome": "sellers who take digital payment",
        "threshold": "10 percentage points",
        "within": "12 weeks",
        "because": "sellers asked for reminders in the first visits",
    }
    return _kept(session, Hypothesis(experiment_id=experiment.id, **(values | given)))


def a_metric(session: Session, experiment: Experiment, **given: Any) -> Metric:
    """A share that should rise from 20 % (40 of 200) to 35 %."""
    values = {
        "position": 1,
        "name": "Sellers who take digital payment",
        "unit": "share of sellers",
        "kind": MetricKind.PROPORTION,
        "direction": Direction.INCREASE,
        "role": MetricRole.PRIMARY,
        "baseline": Decimal("0.20"),
        "baseline_n": 200,
        "baseline_on": date(2026, 3, 20),
        "target": Decimal("0.35"),
        "target_on": date(2026, 9, 30),
    }
    return _kept(session, Metric(experiment_id=experiment.id, **(values | given)))


def a_registration(session: Session, experiment: Experiment, **given: Any) -> Registration:
    """A frozen plan without anything in it, registered in good time."""
    document = '{"design":{},"experiment":"","format":1,"hypotheses":[],"metrics":[]}'
    values = {
        "document": document,
        "sha256": hashlib.sha256(document.encode()).hexdigest(),
        "registered_at": datetime(2026, 4, 1, 15, tzinfo=UTC),
    }
    return _kept(session, Registration(experiment_id=experiment.id, **(values | given)))


def a_measurement(session: Session, metric: Metric, **given: Any) -> Measurement:
    """58 of 200 sellers with the intervention, at the end of June."""
    values = {"measured_on": date(2026, 6, 30), "arm": Arm.TREATMENT, "successes": 58, "n": 200}
    return _kept(session, Measurement(metric_id=metric.id, **(values | given)))


def a_decision(session: Session, experiment: Experiment, **given: Any) -> Decision:
    """A decision to persevere."""
    values = {
        "kind": DecisionKind.PERSEVERE,
        "decided_on": date(2026, 7, 15),
        "people": "Head of experimentation and the markets programme",
        "reason": "The share rises but the target is not reached.",
    }
    return _kept(session, Decision(experiment_id=experiment.id, **(values | given)))


def a_review(
    session: Session, experiment: Experiment, programme: Programme, **given: Any
) -> ImpactReview:
    """A review of the third quarter that waits for the officer."""
    values = {"quarter": "2026-Q3", "state": ReviewState.SUBMITTED}
    row = ImpactReview(experiment_id=experiment.id, programme=programme, **(values | given))
    return _kept(session, row)


def a_gate(session: Session, experiment: Experiment, **given: Any) -> Gate:
    """An asking to pass from Test to Grow that waits for the head, with one thing ticked."""
    values = {
        "from_stage": Stage.TEST,
        "to_stage": Stage.GROW,
        "state": GateState.ASKED,
        "ticked": [GateItem.RISKS_DISCUSSED.value],
        "asked_at": datetime(2026, 9, 1, 15, tzinfo=UTC),
    }
    return _kept(session, Gate(experiment_id=experiment.id, **(values | given)))


def a_comment(session: Session, experiment: Experiment, **given: Any) -> Comment:
    """A comment on the whole experiment."""
    values = {"text": "Who asked the sellers in July?"}
    return _kept(session, Comment(experiment_id=experiment.id, **(values | given)))


def an_office_quarter(
    session: Session, office: Office, quarter: object = "2026-Q3", **given: Any
) -> OfficeQuarter:
    """A quarter that is being closed."""
    values = {"state": QuarterState.CLOSING, "introduction": ""}
    row = OfficeQuarter(office_id=office.id, quarter=str(quarter), **(values | given))
    return _kept(session, row)


def a_closing(
    session: Session, office: Office, quarter: object = "2026-Q2", **given: Any
) -> Closing:
    """The first edition of a closed quarter, for tests that never read its snapshot."""
    kept = an_office_quarter(session, office, quarter, state=QuarterState.CLOSED)
    values = {
        "edition": 1,
        "snapshot_json": "{}",
        "snapshot_sha256": hashlib.sha256(b"{}").hexdigest(),
        "reason": "",
        "closed_at": datetime(2026, 7, 4, 15, tzinfo=UTC),
    }
    return _kept(session, Closing(office_quarter_id=kept.id, **(values | given)))


def a_quarter_exception(
    session: Session, office_quarter_id: int, experiment: Experiment, **given: Any
) -> QuarterException:
    """Leave to write into a closed quarter until the end of September."""
    values = {"until": datetime(2026, 9, 30, 15, tzinfo=UTC), "reason": "Forms came late."}
    row = QuarterException(
        office_quarter_id=office_quarter_id, experiment_id=experiment.id, **(values | given)
    )
    return _kept(session, row)


def a_partnership(
    session: Session, owner: Plan | Experiment, *, name: str, **given: Any
) -> Partnership:
    """A partner from civil society, the most important one."""
    partner = _kept(
        session, Partner(name=name, folded_name=name.casefold(), sector=Sector.CIVIL_SOCIETY)
    )
    owned = {"plan_id" if isinstance(owner, Plan) else "experiment_id": owner.id}
    return _kept(session, Partnership(partner=partner, **(owned | {"rank": 1} | given)))


def a_place(session: Session, ubigeo: str = "150142", name: str = "Villa El Salvador") -> Place:
    """A district of Lima."""
    return _kept(session, Place(ubigeo=ubigeo, name=name))


def _kept(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row
