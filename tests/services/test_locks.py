"""A closed quarter is closed for everybody, through every service that writes something dated."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain.decisions import Ruling
from app.domain.experiments import Blocks, Core
from app.domain.measurements import Circumstances, Numbers
from app.domain.quarters import Quarter
from app.domain.refusals import InvalidError, NotReadyError
from app.domain.reviews import Answer, Submission
from app.domain.steps import Step
from app.queries.experiments import experiment_by_code
from app.queries.reviews import queue_line
from app.queries.scope import EVERYTHING
from app.services import decisions, experiments, hypotheses, measurements, metrics, reviews
from app.services.actor import OPERATOR, Actor
from models import Experiment, HistoryEntry
from models.vocabulary import (
    ChangeReason,
    DecisionKind,
    Door,
    ExperimentState,
    Impact,
    MetricRole,
    ReviewState,
    Stage,
)
from tests.cast import introduce
from tests.factories import (
    a_closing,
    a_hypothesis,
    a_measurement,
    a_metric,
    a_quarter_exception,
    a_registration,
    a_review,
    a_stage_entry,
    an_experiment,
)

Q2, Q3 = Quarter(2026, 2), Quarter(2026, 3)
IN_Q2, IN_Q3 = date(2026, 6, 10), date(2026, 8, 3)
NOW = datetime(2026, 8, 5, 15, tzinfo=UTC)
NUMBERS = Numbers(successes=9, n=20)
NO_TARGET = {"target": None, "target_on": None}
WHY = {"reason_code": ChangeReason.BETTER_SOURCE, "amendment_reason": "The register says so."}


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    made = an_experiment(
        session,
        people.peru,
        people.markets,
        starts_on=date(2026, 4, 1),
        stage=Stage.TEST,
        state=ExperimentState.RUNNING,
    )
    a_stage_entry(
        session,
        made,
        stage=Stage.TEST,
        state=ExperimentState.RUNNING,
        entered_at=datetime(2026, 4, 2, tzinfo=UTC),
    )
    a_metric(session, made)
    session.flush()
    session.expire_all()
    return experiment_by_code(session, made.code, scope=EVERYTHING)


@pytest.fixture
def closed(session, people):
    """The second quarter of 2026, closed."""
    return a_closing(session, people.peru, Q2, closed_by=people.head).office_quarter_id


def an_accepted_review(session, people, experiment, *, at=NOW):
    """The markets programme's review of the third quarter."""
    return a_review(
        session,
        experiment,
        people.markets,
        quarter=str(Q3),
        state=ReviewState.ACCEPTED,
        accepted_at=at,
        reviewed_at=at,
    )


def record(session, experiment, day, *, by, at=NOW):
    return measurements.record(
        session,
        experiment,
        experiment.metrics[0],
        NUMBERS,
        Circumstances(measured_on=day),
        by=by,
        today=at.date(),
        at=at,
    )


def correct(session, experiment, wrong, day, *, by):
    return measurements.correct(
        session,
        experiment,
        experiment.metrics[0],
        wrong,
        Numbers(successes=8, n=20),
        Circumstances(measured_on=day),
        reason_code=ChangeReason.COUNTED_TWICE,
        reason="Counted twice.",
        by=by,
        today=NOW.date(),
        at=NOW,
    )


def decide(session, experiment, day, *, by):
    ruling = Ruling(
        kind=DecisionKind.PERSEVERE, decided_on=day, people="The team", reason="It goes on."
    )
    return decisions.record(session, experiment, ruling, by=by, today=NOW.date(), at=NOW)


def line_of(session, experiment, people, quarter):
    return queue_line(
        session,
        experiment_code=experiment.code,
        programme_code=people.markets.code,
        quarter=quarter,
        scope=EVERYTHING,
    )


@pytest.mark.parametrize("part", ["staff", "head", "admin"])
def test_nobody_records_a_reading_in_a_closed_quarter(session, people, experiment, closed, part):
    by = Actor(getattr(people, part), Door.WEB)
    with pytest.raises(NotReadyError) as refused:
        record(session, experiment, IN_Q2, by=by)
    assert "2026-Q2 is closed since" in str(refused.value)
    assert "Ask the head of experimentation for an exception" in str(refused.value)


def test_the_command_line_is_no_way_round(session, experiment, closed):
    with pytest.raises(NotReadyError):
        record(session, experiment, IN_Q2, by=OPERATOR)


def test_the_quarter_after_stays_open(session, people, experiment, closed):
    assert record(session, experiment, IN_Q3, by=Actor(people.staff, Door.WEB)).id


def test_another_office_s_closing_locks_nothing(session, people, experiment):
    a_closing(session, people.ecuador, Q2)
    assert record(session, experiment, IN_Q2, by=Actor(people.staff, Door.WEB)).id


def test_a_reading_is_corrected_neither_from_nor_to_a_closed_quarter(
    session, people, experiment, closed
):
    by, metric = Actor(people.staff, Door.WEB), experiment.metrics[0]
    within = a_measurement(session, metric, measured_on=IN_Q2)
    after = a_measurement(session, metric, measured_on=IN_Q3)
    session.flush()
    for wrong, day in ((within, IN_Q2), (within, IN_Q3), (after, IN_Q2)):
        with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
            correct(session, experiment, wrong, day, by=by)
    assert correct(session, experiment, after, IN_Q3, by=by).id


def test_no_decision_is_dated_into_a_closed_quarter(session, people, experiment, closed):
    by = Actor(people.head, Door.WEB)
    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        decide(session, experiment, IN_Q2, by=by)
    assert decide(session, experiment, IN_Q3, by=by).id


def test_no_step_is_dated_into_a_closed_quarter(session, people, experiment, closed):
    step = Step(stage=Stage.TEST, state=ExperimentState.COMPLETED, on=IN_Q2)
    by, seen = Actor(people.head, Door.WEB), experiment.version
    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        experiments.move(session, experiment, step, seen_version=seen, by=by, at=NOW)
    assert experiment.state is ExperimentState.RUNNING


@pytest.mark.parametrize("part", ["staff", "head"])
def test_no_experiment_begins_in_a_closed_quarter(session, people, closed, part):
    core = Core(
        title="Digital payment in markets",
        learning_intent="Whether sellers keep it up.",
        lead_programme_id=people.markets.id,
        owner_id=people.staff.id,
    )
    by = Actor(getattr(people, part), Door.WEB)

    def log(on):
        step = Step(stage=Stage.TEST, state=ExperimentState.RUNNING, on=on)
        return experiments.create(session, core, step=step, by=by, at=NOW)

    with pytest.raises(NotReadyError, match="in an open quarter") as said:
        log(IN_Q2)
    assert said.value.problems[0].field == "on"
    assert session.scalar(select(func.count()).select_from(Experiment)) == 0
    assert log(IN_Q3).id


def test_no_review_of_a_closed_quarter_is_submitted_or_answered(
    session, people, experiment, closed
):
    line = line_of(session, experiment, people, Q2)
    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        reviews.submit(session, line, Submission(), by=Actor(people.staff, Door.WEB), at=NOW)
    standing = a_review(
        session, experiment, people.markets, quarter=str(Q2), state=ReviewState.SUBMITTED
    )
    session.flush()
    said = Answer(state=ReviewState.ACCEPTED, impact=Impact.CLEAR)
    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        reviews.answer(
            session,
            line,
            said=said,
            by=Actor(people.officer, Door.WEB),
            at=NOW,
            seen_version=standing.version,
        )
    assert standing.state is ReviewState.SUBMITTED


def test_an_exception_opens_the_quarter_for_its_experiment_until_its_end(
    session, people, experiment, closed
):
    by = Actor(people.staff, Door.WEB)
    a_quarter_exception(session, closed, experiment, until=NOW + timedelta(hours=1))
    other = an_experiment(session, people.peru, people.markets)
    a_metric(session, other)
    session.flush()
    session.expire_all()
    other = experiment_by_code(session, other.code, scope=EVERYTHING)
    experiment = experiment_by_code(session, experiment.code, scope=EVERYTHING)
    assert record(session, experiment, IN_Q2, by=by).id
    with pytest.raises(NotReadyError):
        record(session, other, IN_Q2, by=by)
    with pytest.raises(NotReadyError):
        record(session, experiment, date(2026, 6, 11), by=by, at=NOW + timedelta(hours=1))


def test_an_accepted_reading_is_corrected_only_once_the_officer_returned_the_review(
    session, people, experiment
):
    by, metric = Actor(people.staff, Door.WEB), experiment.metrics[0]
    wrong = a_measurement(session, metric, measured_on=IN_Q3, recorded_at=NOW - timedelta(days=1))
    review = an_accepted_review(session, people, experiment)
    session.flush()
    with pytest.raises(NotReadyError) as refused:
        correct(session, experiment, wrong, IN_Q3, by=by)
    assert people.markets.code in str(refused.value)
    assert record(session, experiment, IN_Q3, by=by).id
    review.state = ReviewState.SUBMITTED  # something new is handed in: what was accepted stays so
    session.flush()
    with pytest.raises(NotReadyError):
        correct(session, experiment, wrong, IN_Q3, by=by)
    review.state, review.reviewed_at = ReviewState.RETURNED, NOW + timedelta(minutes=1)
    session.flush()
    assert correct(session, experiment, wrong, IN_Q3, by=by).id


def test_a_reading_that_came_after_the_acceptance_can_be_corrected(session, people, experiment):
    an_accepted_review(session, people, experiment, at=NOW - timedelta(days=1))
    wrong = a_measurement(session, experiment.metrics[0], measured_on=IN_Q3, recorded_at=NOW)
    session.flush()
    assert correct(session, experiment, wrong, IN_Q3, by=Actor(people.staff, Door.WEB)).id


@pytest.mark.parametrize(
    ("before", "after"), [(IN_Q2, IN_Q2), (IN_Q2, IN_Q3), (IN_Q3, IN_Q2), (IN_Q2, None)]
)
def test_a_baseline_is_changed_neither_from_nor_to_a_closed_quarter(
    session, people, experiment, closed, before, after
):
    metric = experiment.metrics[0]
    metric.baseline_on = before
    session.flush()
    for changed in (
        {"baseline": Decimal("0.25")},
        {"baseline_n": 80},
        {"baseline_source": "The register"},
    ):
        with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
            edit_metric(session, experiment, metric, people, baseline_on=after, **changed)


def test_what_is_no_baseline_is_changed_after_the_closing(session, people, experiment, closed):
    metric = experiment.metrics[0]
    metric.baseline_on = IN_Q2
    session.flush()
    edit_metric(session, experiment, metric, people, name="Sellers who take cards")
    assert metric.name == "Sellers who take cards"


def test_no_metric_comes_with_a_baseline_in_a_closed_quarter(session, people, experiment, closed):
    told = replace(
        metrics.facts_of(experiment.metrics[0]), name="Buyers", role=MetricRole.SECONDARY
    )
    by = Actor(people.head, Door.WEB)

    def add(day):
        facts = replace(told, baseline_on=day)
        return metrics.add(session, experiment, facts, by=by, today=NOW.date(), at=NOW)

    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        add(IN_Q2)
    assert add(IN_Q3).id


def test_a_metric_with_readings_of_a_closed_quarter_stays(session, people, experiment, closed):
    by, metric = Actor(people.head, Door.WEB), experiment.metrics[0]
    a_measurement(session, metric, measured_on=IN_Q3)
    within = a_measurement(session, metric, measured_on=IN_Q2)
    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    assert metric.removed_at is None
    a_quarter_exception(session, closed, experiment, until=NOW + timedelta(hours=1))
    metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    assert metric.removed_at == NOW
    assert within.superseded_by_id is None


@pytest.mark.parametrize("what", ["baseline", "reading"])
def test_a_metric_of_a_closed_quarter_neither_goes_nor_comes_back(
    session, people, experiment, closed, what
):
    by, metric = Actor(people.head, Door.WEB), experiment.metrics[0]
    if what == "baseline":
        metric.baseline_on = IN_Q2
    else:
        a_measurement(session, metric, measured_on=IN_Q2)
    a_measurement(session, metric, measured_on=IN_Q3)
    session.flush()

    def refused(step, **more):
        with pytest.raises(NotReadyError, match="2026-Q2 is closed") as said:
            step(session, experiment, metric, by=by, **more)
        assert "Ask the head of experimentation for an exception" in str(said.value)

    refused(metrics.remove, at=NOW)
    until = NOW + timedelta(hours=1)
    a_quarter_exception(session, closed, experiment, until=until)
    metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    refused(metrics.restore, today=NOW.date(), at=until)
    assert metric.removed_at == NOW
    assert experiment.metrics == []
    metrics.restore(session, experiment, metric, by=by, today=NOW.date(), at=NOW, **WHY)
    assert experiment.metrics == [metric]


def test_a_corrected_reading_of_a_closed_quarter_keeps_no_metric(
    session, people, experiment, closed
):
    by, metric = Actor(people.head, Door.WEB), experiment.metrics[0]
    standing = a_measurement(session, metric, measured_on=IN_Q3)
    a_measurement(session, metric, measured_on=IN_Q2).superseded_by_id = standing.id
    session.flush()
    metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    assert metrics.restore(session, experiment, metric, by=by, today=NOW.date(), at=NOW, **WHY)
    assert experiment.metrics == [metric]


def test_a_removed_hypothesis_comes_back_alone_its_metric_of_a_closed_quarter_does_not(
    session, people, experiment, closed
):
    by, told = Actor(people.head, Door.WEB), {"today": NOW.date(), "at": NOW}
    hypothesis, metric = a_hypothesis(session, experiment), experiment.metrics[0]
    metric.hypothesis_id, metric.baseline_on = hypothesis.id, IN_Q2
    session.flush()
    session.refresh(experiment, ["hypotheses"])
    with pytest.raises(NotReadyError, match="measures this hypothesis"):
        hypotheses.remove(session, experiment, hypothesis, by=by, at=NOW)
    metric.removed_at = NOW
    session.flush()
    session.refresh(experiment, ["metrics"])
    hypotheses.remove(session, experiment, hypothesis, by=by, at=NOW)
    hypotheses.restore(session, experiment, hypothesis, by=by, at=NOW)
    assert (experiment.hypotheses, experiment.metrics) == ([hypothesis], [])
    with pytest.raises(NotReadyError, match="2026-Q2 is closed"):
        metrics.restore(session, experiment, metric, by=by, **told)


def test_a_metric_with_accepted_readings_stays_until_the_review_is_returned(
    session, people, experiment
):
    by, metric = Actor(people.head, Door.WEB), experiment.metrics[0]
    for days in (1, -1):
        a_measurement(session, metric, measured_on=IN_Q3, recorded_at=NOW - timedelta(days=days))
    review = an_accepted_review(session, people, experiment)
    with pytest.raises(NotReadyError, match=f"{people.markets.code} accepted a quarter"):
        metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    review.state, review.reviewed_at = ReviewState.RETURNED, NOW + timedelta(minutes=1)
    session.flush()
    metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    assert metric.removed_at == NOW


@pytest.fixture
def accepted(session, people, experiment):
    """The review of the third quarter of 2026, accepted with the metric that was there then."""
    experiment.metrics[0].created_at = NOW - timedelta(days=1)
    return an_accepted_review(session, people, experiment)


def returned(session, review):
    review.state, review.reviewed_at = ReviewState.RETURNED, NOW + timedelta(minutes=1)
    session.flush()


@pytest.mark.parametrize(
    "changed",
    [
        {"baseline": Decimal("0.25")},
        {"baseline_n": 80},
        {"baseline_on": date(2026, 8, 4)},
        {"baseline_source": "The register"},
        {"baseline": None, "baseline_n": None, "baseline_on": None, **NO_TARGET},
    ],
)
def test_an_accepted_baseline_is_changed_only_once_the_review_is_returned(
    session, people, experiment, accepted, changed
):
    metric = experiment.metrics[0]
    metric.baseline_on = IN_Q3
    session.flush()
    with pytest.raises(NotReadyError, match="Ask the officer to return the review") as refused:
        edit_metric(session, experiment, metric, people, why=WHY, **changed)
    assert people.markets.code in str(refused.value)
    edit_metric(session, experiment, metric, people, name="Sellers who take cards")
    returned(session, accepted)
    with pytest.raises(InvalidError) as asked:
        edit_metric(session, experiment, metric, people, **changed)
    assert {one.field for one in asked.value.problems} == {"reason_code", "amendment_reason"}
    edit_metric(session, experiment, metric, people, why=WHY, **changed)
    entry = last_entry(session, experiment)
    assert entry.event == "metric.edited"
    assert (entry.reason_code, entry.reason) == tuple(WHY.values())


def test_a_baseline_that_came_after_the_acceptance_can_be_changed(
    session, people, experiment, accepted
):
    metric = experiment.metrics[0]
    metric.baseline_on, metric.created_at = IN_Q3, NOW + timedelta(minutes=1)
    session.flush()
    edit_metric(session, experiment, metric, people, why=WHY, baseline_n=80)
    assert metric.baseline_n == 80


def test_a_metric_with_an_accepted_baseline_stays_until_the_review_is_returned(
    session, people, experiment, accepted
):
    by, metric = Actor(people.head, Door.WEB), experiment.metrics[0]
    metric.baseline_on = IN_Q3
    session.flush()
    with pytest.raises(NotReadyError, match=f"{people.markets.code} accepted a quarter"):
        metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)
    returned(session, accepted)
    with pytest.raises(InvalidError, match="measured or reported"):
        metrics.remove(session, experiment, metric, by=by, at=NOW)
    metrics.remove(session, experiment, metric, by=by, at=NOW, **WHY)


@pytest.mark.parametrize("told", ["registered", "closed_after", "closed_undated"])
def test_a_reported_baseline_is_changed_only_with_a_coded_reason(session, people, experiment, told):
    metric = experiment.metrics[0]
    metric.baseline_on = None if told == "closed_undated" else date(2026, 3, 20)
    if told == "registered":
        a_registration(session, experiment)
    else:
        a_closing(session, people.peru, Q2, closed_by=people.head)
    session.flush()
    with pytest.raises(InvalidError, match="choose why"):
        edit_metric(
            session, experiment, metric, people, why={"amendment_reason": "So."}, baseline_n=80
        )
    edit_metric(session, experiment, metric, people, why=WHY, baseline_n=80)
    assert metric.baseline_n == 80


def test_a_baseline_that_nobody_was_told_of_is_changed_without_a_reason(
    session, people, experiment, closed
):
    metric = experiment.metrics[0]
    metric.baseline_on = IN_Q3
    session.flush()
    edit_metric(session, experiment, metric, people, baseline=Decimal(0))
    nothing = {"baseline": None, "baseline_n": None, "baseline_on": None, **NO_TARGET}
    edit_metric(session, experiment, metric, people, **nothing)
    assert last_entry(session, experiment).reason_code is None


@pytest.mark.parametrize("told", ["accepted", "returned", "closed"])
def test_a_reported_cost_is_changed_only_with_a_coded_reason(session, people, experiment, told):
    blocks = replace(BLOCKS, cost_actual_usd=Decimal(900))
    edit_blocks(session, experiment, people, blocks)
    if told == "closed":
        a_closing(session, people.peru, Q2, closed_by=people.head)
    else:
        review = an_accepted_review(session, people, experiment)
        if told == "returned":
            returned(session, review)
    edit_blocks(session, experiment, people, replace(blocks, obstacles="Rain."))
    in_soles = Blocks(cost_actual_local=Decimal(3500), local_currency="PEN", rate_to_usd=Decimal(4))
    for changed in (replace(blocks, cost_actual_usd=Decimal(950)), in_soles, BLOCKS):
        with pytest.raises(InvalidError) as asked:
            edit_blocks(session, experiment, people, changed)
        assert {one.field for one in asked.value.problems} == {"reason_code", "amendment_reason"}
    edit_blocks(session, experiment, people, in_soles, **WHY)
    entry = last_entry(session, experiment)
    assert entry.event == "experiment.edited"
    assert (entry.reason_code, entry.reason) == tuple(WHY.values())
    assert entry.changes["cost_actual_usd"] == ["900", "875.00"]


def test_a_cost_that_nobody_was_told_of_is_changed_without_a_reason(session, people, experiment):
    for cost in (900, 950):
        edit_blocks(session, experiment, people, replace(BLOCKS, cost_actual_usd=Decimal(cost)))
    assert last_entry(session, experiment).reason_code is None


BLOCKS = Blocks(starts_on=date(2026, 4, 1))


def edit_blocks(session, experiment, people, blocks, **why):
    session.expire_all()
    experiment = experiment_by_code(session, experiment.code, scope=EVERYTHING)
    core = Core(
        title=experiment.title,
        learning_intent=experiment.learning_intent,
        lead_programme_id=people.markets.id,
        owner_id=experiment.owner_id or people.staff.id,
    )
    return experiments.edit(
        session,
        experiment,
        core,
        blocks,
        seen_version=experiment.version,
        by=Actor(people.head, Door.WEB),
        at=NOW,
        **why,
    )


def last_entry(session, experiment):
    about = HistoryEntry.subject == f"experiment:{experiment.code}"
    newest = select(HistoryEntry).where(about).order_by(HistoryEntry.id.desc()).limit(1)
    return session.scalars(newest).one()


def edit_metric(session, experiment, metric, people, *, why=None, **changed):
    return metrics.edit(
        session,
        experiment,
        metric,
        replace(metrics.facts_of(metric), **changed),
        **(why or {}),
        seen_version=metric.version,
        by=Actor(people.head, Door.WEB),
        today=NOW.date(),
        at=NOW,
    )
