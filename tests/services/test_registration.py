"""Registering a plan, and that no door changes it afterwards without saying why."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from threading import Barrier, Thread

import pytest
from sqlalchemy import func, select

from app.database import unit_of_work
from app.domain.experiments import Blocks, Core
from app.domain.hypotheses import Slots
from app.domain.measurements import Circumstances, Numbers
from app.domain.metrics import MetricFacts
from app.domain.quarters import Quarter
from app.domain.refusals import ChangedMeanwhileError, InvalidError
from app.domain.steps import Step
from app.domain.waves import Wave
from app.queries.evidence import first_measured_on
from app.queries.experiments import experiment_by_code
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING
from app.reports.assemble.experiments import section_of
from app.services import experiments, hypotheses, measurements, metrics, registration
from app.services.actor import OPERATOR, Actor
from models import Amendment, Experiment, Registration
from models.vocabulary import (
    ChangeReason,
    ComparisonDesign,
    Direction,
    Door,
    ExperimentState,
    LookRule,
    MetricKind,
    MetricRole,
    Stage,
)
from tests.cast import introduce

TODAY = date(2026, 10, 5)
NOW = datetime(2026, 10, 5, 15, tzinfo=UTC)
BEGUN = Step(stage=Stage.TEST, state=ExperimentState.IDEA)
SLOTS = Slots(
    change="a weekly message",
    audience="sellers of Ate",
    outcome="the share who take digital payment",
    because="they asked",
)
SHARE = MetricFacts(
    name="Sellers who take digital payment",
    kind=MetricKind.PROPORTION,
    direction=Direction.INCREASE,
    role=MetricRole.PRIMARY,
    baseline=Decimal("0.2"),
    target=Decimal("0.35"),
    minimum_meaningful_effect=Decimal("0.05"),
    planned_waves=(Wave(date(2026, 9, 30), "week 6"),),
)
DESIGN = {
    "comparison_design": ComparisonDesign.TWO_GROUPS,
    "sample_planned": 200,
    "unit_of_analysis": "a seller",
    "looks_planned": 2,
    "look_rule": LookRule.POCOCK,
    "stops_on": date(2026, 12, 1),
    "attrition_limit": Decimal("0.2"),
    "cluster_size": Decimal(10),
    "icc": Decimal("0.05"),
}


class Plan:
    """A registered experiment with one hypothesis and one metric, and its doors."""

    def __init__(self, session, people):
        self.session, self.staff = session, Actor(people.staff, Door.WEB)
        self.core = Core(
            title="Weekly messages",
            learning_intent="Whether a weekly message brings sellers to digital payment.",
            lead_programme_id=people.markets.id,
            owner_id=people.staff.id,
        )
        made = experiments.create(session, self.core, step=BEGUN, by=self.staff, at=NOW)
        self.code = made.code
        self.again()
        self.edit(**DESIGN)
        hypotheses.add(session, self.experiment, SLOTS, by=self.staff)
        metrics.add(session, self.experiment, SHARE, by=self.staff, today=TODAY)
        self.again()

    def again(self):
        self.session.flush()
        self.session.expire_all()
        self.experiment = experiment_by_code(self.session, self.code, scope=EVERYTHING)
        return self.experiment

    def edit(self, reason="", **blocks):
        return experiments.edit(
            self.session,
            self.again(),
            self.core,
            Blocks(**blocks),
            seen_version=self.experiment.version,
            by=self.staff,
            at=NOW,
            amendment_reason=reason,
        )

    def register(self, **told):
        made = registration.register(self.session, self.experiment, by=self.staff, at=NOW, **told)
        self.again()
        return made

    def edit_metric(self, reason="", at=None, **changes):
        metric = self.again().metrics[0]
        facts = replace(metrics.facts_of(metric), **changes)
        told = {"seen_version": metric.version, "by": self.staff, "today": TODAY, "at": at}
        return metrics.edit(
            self.session, self.experiment, metric, facts, amendment_reason=reason, **told
        )

    def edit_hypothesis(self, reason="", **changes):
        row = self.again().hypotheses[0]
        slots = replace(hypotheses.slots_of(row), **changes)
        told = {"seen_version": row.version, "by": self.staff, "amendment_reason": reason}
        return hypotheses.edit(self.session, self.experiment, row, slots, **told)

    def correct(self, *, on):
        """Correct the day of the reading that stands."""
        metric = self.again().metrics[0]
        return measurements.correct(
            self.session,
            self.experiment,
            metric,
            next(row for row in metric.measurements if row.is_current),
            Numbers(successes=60, n=200),
            Circumstances(measured_on=on),
            reason_code=ChangeReason.TYPING_ERROR,
            reason="Typed the wrong month.",
            by=self.staff,
            today=TODAY,
        )

    def add_metric(self, reason=""):
        facts = replace(SHARE, name="Visits", role=MetricRole.SECONDARY, planned_waves=())
        told = {"by": self.staff, "today": TODAY, "amendment_reason": reason}
        return metrics.add(self.session, self.again(), facts, **told)

    def remove_metric(self, reason=""):
        metric = self.again().metrics[0]
        told = {"by": self.staff, "amendment_reason": reason, "reason_code": ChangeReason.OTHER}
        metrics.remove(self.session, self.experiment, metric, **told)

    def add_hypothesis(self, reason=""):
        slots = replace(SLOTS, change="a daily call")
        told = {"by": self.staff, "amendment_reason": reason}
        return hypotheses.add(self.session, self.again(), slots, **told)

    def remove_hypothesis(self, reason=""):
        row = self.again().hypotheses[0]
        told = {"by": self.staff, "amendment_reason": reason}
        hypotheses.remove(self.session, self.experiment, row, **told)

    def log(self, on=date(2026, 10, 1)):
        return measurements.record(
            self.session,
            self.again(),
            self.experiment.metrics[0],
            Numbers(successes=58, n=200),
            Circumstances(measured_on=on),
            by=self.staff,
            today=TODAY,
        )

    def amendments(self):
        return self.again().registration.amendments


@pytest.fixture
def plan(session):
    return Plan(session, introduce(session))


DOORS = {
    "metric_target": lambda plan, why: plan.edit_metric(why, target=Decimal("0.3")),
    "metric_effect": lambda plan, why: plan.edit_metric(
        why, minimum_meaningful_effect=Decimal("0.01")
    ),
    "metric_waves": lambda plan, why: plan.edit_metric(
        why, planned_waves=(Wave(date(2026, 11, 30), "week 6"),)
    ),
    "metric_source": lambda plan, why: plan.edit_metric(why, source="notes"),
    "metric_added": lambda plan, why: plan.add_metric(why),
    "metric_removed": lambda plan, why: plan.remove_metric(why),
    "hypothesis_threshold": lambda plan, why: plan.edit_hypothesis(why, threshold="2 points"),
    "hypothesis_because": lambda plan, why: plan.edit_hypothesis(why, because="they said so"),
    "hypothesis_added": lambda plan, why: plan.add_hypothesis(why),
    "hypothesis_removed": lambda plan, why: plan.remove_hypothesis(why),
    **{
        f"design_{name}": lambda plan, why, name=name, value=value: plan.edit(
            why, **DESIGN | {name: value}
        )
        for name, value in {
            "comparison_design": ComparisonDesign.BEFORE_AFTER_SAME,
            "sample_planned": 20,
            "unit_of_analysis": "a market",
            "looks_planned": 5,
            "look_rule": LookRule.OBRIEN_FLEMING,
            "stops_on": date(2027, 1, 1),
            "attrition_limit": Decimal("0.5"),
            "cluster_size": Decimal(2),
            "icc": Decimal("0.2"),
        }.items()
    },
}


def test_the_plan_is_frozen_with_its_digest_and_written_down(plan, session):
    made = plan.register()
    document = json.loads(made.document)
    assert made.sha256 == hashlib.sha256(made.document.encode()).hexdigest()
    assert document["metrics"][0]["target"] == "0.35"
    assert document["metrics"][0]["planned_waves"] == ["2026-09-30 week 6"]
    assert document["design"]["icc"] == "0.05"
    assert document["hypotheses"][0]["change"] == "a weekly message"
    entry = entries_of(session, f"experiment:{plan.code}")[0]
    assert (entry.event, entry.changes["sha256"][1]) == ("experiment.registered", made.sha256)


def test_registering_again_gives_the_registration_that_stands(plan, session):
    first = plan.register()
    assert plan.register(seen_sha256="something else") is first
    assert session.scalar(select(func.count()).select_from(Registration)) == 1


def test_a_plan_that_lacks_something_is_refused_with_all_of_it(plan):
    plan.edit()
    plan.edit_metric(minimum_meaningful_effect=None)
    with pytest.raises(InvalidError) as refusal:
        plan.register()
    said = [str(problem.message) for problem in refusal.value.problems]
    assert len(said) == 3
    assert said[0] == "No smallest effect that matters for “Sellers who take digital payment”"


def test_what_is_frozen_is_what_was_seen(plan, session):
    with pytest.raises(ChangedMeanwhileError):
        plan.register(seen_sha256="0" * 64)
    assert session.scalar(select(func.count()).select_from(Registration)) == 0


def through(door, plan, engine):
    """Try a door without a reason, in a transaction of its own."""
    with unit_of_work(engine) as session:
        plan.session = session
        DOORS[door](plan, "")


@pytest.mark.parametrize("door", DOORS)
def test_no_door_changes_a_registered_plan_without_a_reason(engine, door):
    """In a transaction of its own, as every request has: a refusal leaves nothing behind."""
    with unit_of_work(engine) as session:
        plan = Plan(session, introduce(session))
        if door == "hypothesis_removed":
            plan.edit_metric(hypothesis_id=None)
        plan.register()
        frozen, code = registration.plan_now(session, plan.experiment), plan.code
    with pytest.raises(InvalidError) as refusal:
        through(door, plan, engine)
    (problem,) = refusal.value.problems
    assert problem.field == "amendment_reason"
    asked = "This was registered on 2026-10-05; say why it changes."
    if door == "metric_removed":  # with its baseline, which is reported
        asked = "This changes what was measured or reported: say why in words."
    assert str(problem.message) == asked
    with unit_of_work(engine) as session:
        experiment = experiment_by_code(session, code, scope=EVERYTHING)
        assert registration.plan_now(session, experiment) == frozen
        assert not experiment.registration.amendments


@pytest.mark.parametrize("door", DOORS)
def test_every_door_amends_with_a_reason_and_the_registered_document_stays(plan, door):
    document = plan.register().document
    DOORS[door](plan, "The market closed.")
    (amendment,) = plan.amendments()
    assert plan.experiment.registration.document == document
    assert (amendment.reason, amendment.is_after_data) == ("The market closed.", False)
    assert amendment.is_major is (
        door not in {"metric_source", "metric_added", "hypothesis_because"}
    )
    assert len(amendment.changes) == 1
    assert json.loads(amendment.document) == registration.plan_now(plan.session, plan.experiment)


def test_what_no_plan_freezes_changes_without_a_reason(plan):
    plan.register()
    plan.edit(**DESIGN, what_happened="Sellers answered.", actions="One message a week.")
    plan.log()
    assert plan.amendments() == []


def test_saving_without_a_change_is_no_amendment_even_with_a_reason(plan):
    plan.register()
    plan.edit_metric("no reason at all")
    plan.edit("none", **DESIGN)
    assert plan.amendments() == []


def test_an_unregistered_plan_changes_freely(plan, session):
    plan.edit_metric(target=Decimal("0.3"))
    plan.edit_hypothesis(threshold="2 points")
    assert session.scalar(select(func.count()).select_from(Amendment)) == 0


def test_an_amendment_after_the_first_reading_says_so(plan):
    plan.register()
    plan.edit_metric("The fair came early.", target=Decimal("0.3"))
    plan.log()
    plan.edit_metric("We hoped for less.", target=Decimal("0.25"))
    first, second = plan.amendments()
    assert (first.is_after_data, second.is_after_data) == (False, True)
    (change,) = second.changes
    assert change["field"].endswith(".target")
    assert (change["before"], change["after"]) == ("0.3", "0.25")


def test_each_amendment_is_told_against_the_one_before(plan):
    plan.register()
    plan.edit_metric("Why first.", target=Decimal("0.3"))
    plan.edit("Why second.", **DESIGN | {"sample_planned": 150})
    changes = [each["field"] for row in plan.amendments() for each in row.changes]
    assert [field.split(".")[-1] for field in changes] == ["target", "sample_planned"]


def test_a_removed_metric_and_the_same_added_again_are_two_amendments(plan):
    plan.register()
    plan.remove_metric("It cannot be measured.")
    facts = replace(SHARE, hypothesis_id=None)
    told = {"by": plan.staff, "today": TODAY, "amendment_reason": "It can after all."}
    metrics.add(plan.session, plan.again(), facts, **told)
    assert [row.is_major for row in plan.amendments()] == [True, True]


def test_planned_waves_can_change_their_days_and_keep_their_names(plan):
    waves = (Wave(date(2026, 9, 1), "week 6"), Wave(date(2026, 9, 2), "week 12"))
    plan.edit_metric(planned_waves=waves)
    assert metrics.facts_of(plan.again().metrics[0]).planned_waves == waves
    version = plan.experiment.metrics[0].version
    plan.edit_metric(planned_waves=waves[:1])
    assert metrics.facts_of(plan.again().metrics[0]).planned_waves == waves[:1]
    assert plan.experiment.metrics[0].version > version


def test_a_corrected_reading_was_seen_on_the_earliest_day_it_ever_named(plan):
    plan.log(on=date(2026, 9, 1))
    plan.correct(on=TODAY)
    assert first_measured_on(plan.again()) == date(2026, 9, 1)
    assert first_measured_on(plan.experiment, until=date(2026, 9, 30)) == date(2026, 9, 1)
    assert first_measured_on(plan.experiment, until=date(2026, 8, 31)) is None
    plan.correct(on=date(2026, 8, 1))
    assert first_measured_on(plan.again()) == date(2026, 8, 1)


def test_two_changes_of_a_registered_plan_at_once_are_told_one_after_the_other(engine):
    with unit_of_work(engine) as session:
        plan = Plan(session, introduce(session))
        plan.register()
        code = plan.code
    ready = Barrier(2)

    def change(act):
        with unit_of_work(engine) as session:
            experiment = experiment_by_code(session, code, scope=EVERYTHING)
            if engine.dialect.name == "postgresql":
                ready.wait(timeout=20)  # SQLite lets one writer begin at a time
            act(session, experiment)

    def the_target(session, experiment):
        metric = experiment.metrics[0]
        facts = replace(metrics.facts_of(metric), target=Decimal("0.3"))
        told = {"seen_version": metric.version, "by": OPERATOR, "today": TODAY}
        metrics.edit(session, experiment, metric, facts, amendment_reason="One.", **told)

    def the_threshold(session, experiment):
        row = experiment.hypotheses[0]
        slots = replace(hypotheses.slots_of(row), threshold="2 points")
        told = {"seen_version": row.version, "by": OPERATOR}
        hypotheses.edit(session, experiment, row, slots, amendment_reason="Two.", **told)

    both = [Thread(target=change, args=(act,)) for act in (the_target, the_threshold)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    with unit_of_work(engine) as session:
        experiment = experiment_by_code(session, code, scope=EVERYTHING)
        amendments = experiment.registration.amendments
        fields = sorted(each["field"].split(".")[-1] for a in amendments for each in a.changes)
        assert fields == ["target", "threshold"]
        last = json.loads(amendments[-1].document)
        assert last == registration.plan_now(session, experiment)


def test_a_registered_plan_is_among_what_an_experiment_knows(plan, session):
    plan.register()
    session.expire_all()
    found = session.scalar(select(Experiment.code).join(Registration))
    assert found == plan.code


def test_a_report_knows_of_a_plan_what_had_happened_by_the_end_of_its_quarter(plan):
    plan.register()
    plan.edit_metric(
        "The fair came early.", target=Decimal("0.3"), at=datetime(2027, 1, 9, tzinfo=UTC)
    )
    plan.log(on=date(2026, 10, 3))
    one = plan.again()

    def told(quarter):
        return section_of(one, [], until=quarter.ends_on, programmes=[], findings={}).registration

    assert told(Quarter(2026, 3)) is None
    fourth = told(Quarter(2026, 4))
    assert (fourth.on, fourth.days_before, fourth.amendments) == ("2026-10-05", -2, ())
    (amendment,) = told(Quarter(2027, 1)).amendments
    assert (amendment.on, amendment.is_major) == ("2027-01-08", True)
    (change,) = amendment.changes
    assert (change.before, change.after) == ("0.35", "0.3")
