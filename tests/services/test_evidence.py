"""Hypotheses, metrics, readings and decisions of an experiment, through whichever door."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import NamedTuple
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.database import unit_of_work
from app.domain.decisions import Ruling
from app.domain.hypotheses import Slots
from app.domain.measurements import Circumstances, Numbers
from app.domain.metrics import MetricFacts
from app.domain.refusals import ChangedMeanwhileError, InvalidError, NotReadyError
from app.queries.evidence import evidence_of
from app.queries.experiments import experiment_by_code, removed_parts
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING
from app.services import decisions, hypotheses, measurements, metrics
from app.services.actor import Actor
from app.services.places import load_departments
from models import Decision, Experiment, Finding, Hypothesis, Measurement, Metric
from models.vocabulary import (
    Arm,
    ChangeReason,
    DecisionKind,
    Direction,
    Door,
    MetricKind,
    MetricRole,
    Verdict,
)
from tests.cast import introduce
from tests.factories import a_hypothesis, a_measurement, a_metric, an_experiment

TODAY = date(2026, 10, 5)
SLOTS = Slots(change="a weekly message", outcome="the share of sellers", because="they asked")
SHARE = MetricFacts(
    name="Sellers who take digital payment",
    kind=MetricKind.PROPORTION,
    direction=Direction.INCREASE,
    role=MetricRole.PRIMARY,
    baseline=Decimal("0.2"),
    target=Decimal("0.35"),
)
NUMBERS = Numbers(successes=58, n=200)
JUNE = Circumstances(measured_on=date(2026, 6, 30))
PERSEVERE = Ruling(
    kind=DecisionKind.PERSEVERE,
    decided_on=TODAY,
    people="Head of experimentation",
    reason="The share rises.",
)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def staff(people):
    return Actor(people.staff, Door.WEB)


@pytest.fixture
def experiment(session, people):
    code = an_experiment(session, people.peru, people.markets, owner_id=people.staff.id).code
    return again(session, code)


@pytest.fixture
def metric(session, experiment, staff):
    return metrics.add(session, experiment, SHARE, by=staff, today=TODAY)


@pytest.fixture
def log(session, experiment, metric, staff):
    """Record a reading of the metric."""

    def recorded(numbers=NUMBERS, around=JUNE, **told):
        return measurements.record(
            session, experiment, metric, numbers, around, by=staff, today=TODAY, **told
        )

    return recorded


def again(session, code):
    session.flush()
    session.expire_all()
    return experiment_by_code(session, code, scope=EVERYTHING)


def count(session, kept):
    return session.scalar(select(func.count()).select_from(kept))


def last_entry(session, experiment):
    return entries_of(session, f"experiment:{experiment.code}")[0]


def fields_of(refusal):
    return {problem.field for problem in refusal.value.problems}


# Hypotheses


def test_several_hypotheses_stand_in_the_order_they_were_written(session, experiment, staff):
    hypotheses.add(session, experiment, SLOTS, by=staff)
    hypotheses.add(session, experiment, replace(SLOTS, change="a daily message"), by=staff)
    kept = again(session, experiment.code).hypotheses
    assert [(row.position, row.change) for row in kept] == [
        (1, "a weekly message"),
        (2, "a daily message"),
    ]


def test_saving_the_same_hypothesis_twice_keeps_one(session, experiment, staff):
    first = hypotheses.add(session, experiment, SLOTS, by=staff)
    assert hypotheses.add(session, experiment, SLOTS, by=staff) is first
    assert count(session, Hypothesis) == 1


def test_a_hypothesis_is_changed_slot_by_slot(session, experiment, staff):
    hypothesis = hypotheses.add(session, experiment, SLOTS, by=staff)
    later = replace(SLOTS, threshold="10 points", because="")
    hypotheses.edit(session, experiment, hypothesis, later, seen_version=1, by=staff)
    entry = last_entry(session, experiment)
    assert entry.event == "hypothesis.edited"
    assert entry.changes == {"threshold": ["", "10 points"], "because": ["they asked", ""]}


def test_a_hypothesis_changed_meanwhile_is_not_overwritten(session, experiment, staff):
    hypothesis = hypotheses.add(session, experiment, SLOTS, by=staff)
    later = replace(SLOTS, within="12 weeks")
    hypotheses.edit(session, experiment, hypothesis, later, seen_version=1, by=staff)
    with pytest.raises(ChangedMeanwhileError):
        hypotheses.edit(session, experiment, hypothesis, SLOTS, seen_version=1, by=staff)
    assert hypothesis.within == "12 weeks"


def test_a_hypothesis_that_a_metric_measures_stays(session, experiment, staff):
    hypothesis = a_hypothesis(session, experiment)
    a_metric(session, experiment, hypothesis_id=hypothesis.id)
    experiment = again(session, experiment.code)
    with pytest.raises(NotReadyError, match="Sellers who take digital payment"):
        hypotheses.remove(session, experiment, experiment.hypotheses[0], by=staff)


def test_a_removed_hypothesis_stays_on_record_and_in_the_history(session, experiment, staff):
    hypothesis = hypotheses.add(session, experiment, SLOTS, by=staff)
    hypotheses.remove(session, experiment, hypothesis, by=staff)
    assert experiment.hypotheses == []
    assert removed_parts(session, experiment) == [hypothesis]
    entry = last_entry(session, experiment)
    assert entry.event == "hypothesis.removed"
    assert entry.changes["change"] == ["a weekly message", None]


def test_a_removed_hypothesis_comes_back_in_its_own_place(session, experiment, staff):
    first = hypotheses.add(session, experiment, SLOTS, by=staff)
    hypotheses.remove(session, experiment, first, by=staff)
    other = hypotheses.add(session, experiment, replace(SLOTS, change="a visit"), by=staff)
    hypotheses.restore(session, experiment, first, by=staff)
    assert again(session, experiment.code).hypotheses == [first, other]
    assert [row.position for row in (first, other)] == [1, 2]
    entry = last_entry(session, experiment)
    assert entry.event == "hypothesis.restored"
    assert entry.changes["change"] == [None, "a weekly message"]


def test_a_hypothesis_that_was_written_anew_meanwhile_is_not_brought_back(
    session, experiment, staff
):
    first = hypotheses.add(session, experiment, SLOTS, by=staff)
    hypotheses.remove(session, experiment, first, by=staff)
    assert hypotheses.add(session, experiment, SLOTS, by=staff) is not first
    with pytest.raises(NotReadyError, match="says the same"):
        hypotheses.restore(session, experiment, first, by=staff)
    assert first.removed_at


# Metrics


def test_a_target_without_a_baseline_is_refused_and_nothing_is_kept(session, experiment, staff):
    with pytest.raises(InvalidError) as refusal:
        metrics.add(session, experiment, replace(SHARE, baseline=None), by=staff, today=TODAY)
    assert fields_of(refusal) == {"target"}
    assert count(session, Metric) == 0


def test_adding_the_same_metric_twice_keeps_one(session, experiment, metric, staff):
    assert metrics.add(session, experiment, SHARE, by=staff, today=TODAY) is metric
    assert count(session, Metric) == 1


def test_two_metrics_do_not_share_a_name(session, experiment, metric, staff):
    twin = replace(SHARE, name="SELLERS who take digital  payment", role=MetricRole.SECONDARY)
    with pytest.raises(InvalidError) as refusal:
        metrics.add(session, experiment, twin, by=staff, today=TODAY)
    assert fields_of(refusal) == {"name"}


def test_a_third_primary_metric_is_refused_on_every_way(session, experiment, metric, staff):
    for name in ("Second", "Third"):
        told = replace(SHARE, name=name, role=MetricRole.SECONDARY)
        last = metrics.add(session, experiment, told, by=staff, today=TODAY)
    second = experiment.metrics[1]
    primary = replace(metrics.facts_of(second), role=MetricRole.PRIMARY)
    metrics.edit(session, experiment, second, primary, seen_version=1, by=staff, today=TODAY)
    told = replace(metrics.facts_of(last), role=MetricRole.PRIMARY)
    with pytest.raises(InvalidError) as refusal:
        metrics.edit(session, experiment, last, told, seen_version=1, by=staff, today=TODAY)
    assert fields_of(refusal) == {"role"}


def test_a_metric_is_linked_to_a_hypothesis_of_its_own_experiment(session, experiment, people):
    other = an_experiment(session, people.peru, people.markets)
    foreign = a_hypothesis(session, other)
    with pytest.raises(InvalidError) as refusal:
        metrics.add(
            session,
            experiment,
            replace(SHARE, hypothesis_id=foreign.id),
            by=Actor(people.staff, Door.WEB),
            today=TODAY,
        )
    assert fields_of(refusal) == {"hypothesis_id"}


def test_the_kind_stays_once_there_are_readings(session, experiment, metric, staff, log):
    log()
    experiment = again(session, experiment.code)
    counted = replace(SHARE, kind=MetricKind.COUNT)
    with pytest.raises(InvalidError) as refusal:
        metrics.edit(
            session,
            experiment,
            experiment.metrics[0],
            counted,
            seen_version=1,
            by=staff,
            today=TODAY,
        )
    assert fields_of(refusal) == {"kind"}


def test_a_removed_metric_counts_nowhere_and_comes_back_with_its_readings(
    session, experiment, metric, staff, log
):
    reading = log()
    stood = experiment_facts(session, experiment)
    assert stood.current_findings == 1
    why = {"reason_code": ChangeReason.OTHER, "amendment_reason": "It measures something else."}
    metrics.remove(session, experiment, metric, by=staff, **why)
    assert experiment.metrics == []
    gone = experiment_facts(session, experiment)
    assert gone == (Verdict.NOT_ASSESSABLE, gone.level, 0)
    assert told_why(session, experiment) == ("metric.removed", *why.values())
    metrics.restore(session, experiment, metric, by=staff, today=TODAY, **why)
    assert experiment_facts(session, experiment) == stood
    assert again(session, experiment.code).metrics[0].measurements == [reading]
    assert told_why(session, experiment) == ("metric.restored", *why.values())


def told_why(session, experiment):
    entry = last_entry(session, experiment)
    return entry.event, entry.reason_code, entry.reason


NO_REASON = pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({}, {"reason_code", "amendment_reason"}),
        ({"reason_code": ChangeReason.OTHER}, {"amendment_reason"}),
        ({"amendment_reason": "It measures something else."}, {"reason_code"}),
    ],
)


@NO_REASON
def test_a_metric_with_readings_goes_and_comes_back_only_with_a_coded_reason(
    session, experiment, metric, staff, log, told, missing
):
    log()
    with pytest.raises(InvalidError) as refusal:
        metrics.remove(session, experiment, metric, by=staff, **told)
    assert fields_of(refusal) == missing
    assert experiment.metrics == [metric]
    why = {"reason_code": ChangeReason.OTHER, "amendment_reason": "It measures something else."}
    metrics.remove(session, experiment, metric, by=staff, **why)
    with pytest.raises(InvalidError) as refusal:
        metrics.restore(session, experiment, metric, by=staff, today=TODAY, **told)
    assert fields_of(refusal) == missing
    assert experiment.metrics == []


@NO_REASON
@pytest.mark.parametrize("is_linked", [True, False])
def test_a_hypothesis_that_readings_spoke_of_goes_and_comes_back_only_with_a_coded_reason(
    session, experiment, metric, staff, log, told, missing, is_linked
):
    log()
    hypothesis = hypotheses.add(session, experiment, SLOTS, by=staff)
    why = {"reason_code": ChangeReason.OTHER, "amendment_reason": "It measures something else."}
    if is_linked:
        metric.hypothesis_id = hypothesis.id
        metrics.remove(session, experiment, metric, by=staff, **why)
    with pytest.raises(InvalidError) as refusal:
        hypotheses.remove(session, experiment, hypothesis, by=staff, **told)
    assert fields_of(refusal) == missing
    hypotheses.remove(session, experiment, hypothesis, by=staff, **why)
    assert told_why(session, experiment) == ("hypothesis.removed", *why.values())
    with pytest.raises(InvalidError) as refusal:
        hypotheses.restore(session, experiment, hypothesis, by=staff, **told)
    assert fields_of(refusal) == missing
    hypotheses.restore(session, experiment, hypothesis, by=staff, **why)
    assert told_why(session, experiment) == ("hypothesis.restored", *why.values())


class Standing(NamedTuple):
    verdict: Verdict
    level: int
    current_findings: int


def experiment_facts(session, experiment):
    kept = select(Experiment.verdict, Experiment.evidence_level).where(
        Experiment.id == experiment.id
    )
    current = select(func.count()).where(Finding.experiment_id == experiment.id, Finding.is_current)
    return Standing(*session.execute(kept).one(), session.scalar(current))


def test_a_metric_is_not_brought_back_beside_another_of_its_name(
    session, experiment, metric, staff
):
    metrics.remove(session, experiment, metric, by=staff)
    metrics.add(session, experiment, SHARE, by=staff, today=TODAY)
    with pytest.raises(NotReadyError, match="of this name already"):
        metrics.restore(session, experiment, metric, by=staff, today=TODAY)


def test_a_metric_comes_back_only_after_the_hypothesis_it_measures(
    session, experiment, metric, staff
):
    hypothesis = hypotheses.add(session, experiment, SLOTS, by=staff)
    linked = replace(SHARE, hypothesis_id=hypothesis.id)
    told = {"by": staff, "today": TODAY}
    metrics.edit(session, experiment, metric, linked, seen_version=metric.version, **told)
    metrics.remove(session, experiment, metric, by=staff)
    hypotheses.remove(session, experiment, hypothesis, by=staff)
    with pytest.raises(NotReadyError, match="hypothesis that was removed"):
        metrics.restore(session, experiment, metric, **told)
    hypotheses.restore(session, experiment, hypothesis, by=staff)
    assert metrics.restore(session, experiment, metric, **told).removed_at is None


def test_no_one_place_is_the_latest_of_several(session, experiment, metric):
    """The newest of each place together: 30 of 50 in Lima and 20 of 50 in Piura make 50 %."""
    load_departments(session)
    for day, place, successes in ((1, "15", 25), (10, "15", 30), (17, "20", 20)):
        a_measurement(
            session, metric, measured_on=date(2026, 8, day), ubigeo=place, successes=successes, n=50
        )
    latest = evidence_of(again(session, experiment.code).metrics[0]).latest
    assert (latest.value, latest.size, latest.on) == (Decimal("0.5"), 100, date(2026, 8, 17))


def test_a_reading_without_a_place_is_no_place_beside_another(session, experiment, metric):
    load_departments(session)
    a_measurement(session, metric, measured_on=date(2026, 8, 1), successes=10, n=50)
    newest = a_measurement(
        session, metric, measured_on=date(2026, 8, 10), ubigeo="15", successes=30, n=50
    )
    latest = evidence_of(again(session, experiment.code).metrics[0]).latest
    assert (latest.measurement.id, latest.value) == (newest.id, Decimal("0.6"))


def test_a_change_of_a_metric_names_it_and_its_kind(session, experiment, metric, staff):
    told = replace(SHARE, target=Decimal("0.4"))
    metrics.edit(session, experiment, metric, told, seen_version=1, by=staff, today=TODAY)
    assert last_entry(session, experiment).changes == {
        "metric": [SHARE.name, SHARE.name],
        "metric_kind": ["proportion", "proportion"],
        "target": ["0.35", "0.4"],
    }


# Readings

READINGS = {
    MetricKind.PROPORTION: Numbers(successes=58, n=200),
    MetricKind.MEAN: Numbers(mean=Decimal("1234.5"), sd=Decimal("80.25"), n=30),
    MetricKind.SCORE: Numbers(mean=Decimal("3.5"), n=30),
    MetricKind.MONEY: Numbers(mean=Decimal("61.4"), sd=Decimal(12), n=48),
    MetricKind.COUNT: Numbers(count=Decimal(2250)),
    MetricKind.RATE: Numbers(count=Decimal(7), exposure=Decimal("3.5")),
    MetricKind.NPS: Numbers(promoters=20, passives=7, detractors=3),
    MetricKind.ORDINAL: Numbers(answers=(1, 0, 2, 3, 4)),
}


@pytest.mark.parametrize(("kind", "numbers"), READINGS.items(), ids=list(READINGS))
def test_a_reading_of_every_kind_is_kept_and_read_again(session, experiment, staff, kind, numbers):
    facts = replace(SHARE, kind=kind, baseline=None, target=None)
    metric = metrics.add(session, experiment, facts, by=staff, today=TODAY)
    measurements.record(session, experiment, metric, numbers, JUNE, by=staff, today=TODAY)
    kept = again(session, experiment.code).metrics[0]
    latest = evidence_of(kept).latest
    answers = tuple(latest.measurement.answers) if numbers.answers else None
    told = {name: getattr(latest.measurement, name) for name in Numbers.__dataclass_fields__}
    assert Numbers(**told | {"answers": answers}) == numbers
    assert latest.measurement.recorded_by.name == "Rosa Quispe"


def test_all_circumstances_are_kept(session, experiment, log):
    load_departments(session)
    around = Circumstances(
        measured_on=date(2026, 6, 30),
        arm=Arm.COMPARISON,
        wave="week 6",
        ubigeo="15",
        source="Sheet 4",
        note="Rain",
    )
    log(around=around)
    kept = again(session, experiment.code).metrics[0].measurements[0]
    told = {name: getattr(kept, name) for name in Circumstances.__dataclass_fields__}
    assert Circumstances(**told) == around
    assert last_entry(session, experiment).changes["place"] == [None, "Lima"]


@pytest.mark.parametrize(
    ("numbers", "around", "field"),
    [
        (Numbers(successes=201, n=200), JUNE, "successes"),
        (NUMBERS, Circumstances(measured_on=date(2026, 10, 6)), "measured_on"),
        (NUMBERS, Circumstances(measured_on=None), "measured_on"),
        (NUMBERS, replace(JUNE, ubigeo="99"), "ubigeo"),
        (NUMBERS, replace(JUNE, wave="x" * 301), "wave"),
        (Numbers(count=Decimal(4)), JUNE, "successes"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_not_kept(session, log, numbers, around, field):
    with pytest.raises(InvalidError) as refusal:
        log(numbers, around)
    assert field in fields_of(refusal)
    assert count(session, Measurement) == 0


def test_sending_a_reading_twice_records_it_once(session, log):
    key = str(uuid4())
    assert log(device_key=key) is log(device_key=key)
    assert count(session, Measurement) == 1


def test_other_numbers_under_the_same_key_are_refused_not_dropped(session, log):
    key = str(uuid4())
    log(device_key=key)
    with pytest.raises(InvalidError, match="other numbers"):
        log(Numbers(successes=60, n=200), device_key=key)


def test_a_reading_sent_many_times_at_once_is_recorded_once(engine, cast):
    with unit_of_work(engine) as session:
        experiment = an_experiment(session, cast.peru, cast.markets)
        a_metric(session, experiment)
        code = experiment.code
    key = str(uuid4())

    def send(_turn):
        with unit_of_work(engine) as session:
            experiment = experiment_by_code(session, code, scope=EVERYTHING)
            by = Actor(session.merge(cast.staff), Door.WEB)
            told = {"by": by, "today": TODAY, "device_key": key}
            metric = experiment.metrics[0]
            return measurements.record(session, experiment, metric, NUMBERS, JUNE, **told).id

    with ThreadPoolExecutor(max_workers=6) as crowd:
        assert len(set(crowd.map(send, range(6)))) == 1


def correct(session, experiment, metric, wrong, staff, *, numbers=None, **told):
    return measurements.correct(
        session,
        experiment,
        metric,
        wrong,
        numbers or Numbers(successes=56, n=200),
        JUNE,
        **(
            {
                "reason_code": ChangeReason.COUNTED_TWICE,
                "reason": "Two sellers were counted twice.",
                "by": staff,
                "today": TODAY,
            }
            | told
        ),
    )


def test_a_correction_supersedes_and_the_wrong_reading_stays(
    session, experiment, metric, staff, log
):
    wrong = log()
    right = correct(session, experiment, metric, wrong, staff)
    kept = again(session, experiment.code).metrics[0]
    assert [row.successes for row in kept.measurements] == [58, 56]
    assert kept.measurements[0].superseded_by_id == right.id
    assert kept.measurements[0].correction_code is ChangeReason.COUNTED_TWICE
    assert kept.measurements[0].correction_reason == "Two sellers were counted twice."
    assert [reading.measurement.id for reading in evidence_of(kept).readings] == [right.id]
    entry = last_entry(session, experiment)
    assert (entry.event, entry.reason_code, entry.reason) == (
        "measurement.corrected",
        ChangeReason.COUNTED_TWICE,
        "Two sellers were counted twice.",
    )
    assert entry.changes == {"metric": [SHARE.name, SHARE.name], "successes": [58, 56]}


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({"reason": ""}, {"reason"}),
        ({"reason_code": None}, {"reason_code"}),
        ({"reason": "", "reason_code": None}, {"reason", "reason_code"}),
    ],
)
def test_a_correction_needs_a_word_of_the_list_and_words_of_its_own(
    session, experiment, metric, staff, log, told, missing
):
    wrong = log()
    with pytest.raises(InvalidError) as refusal:
        correct(session, experiment, metric, wrong, staff, **told)
    assert fields_of(refusal) == missing
    assert wrong.is_current


def test_a_reading_is_corrected_once(session, experiment, metric, staff, log):
    wrong = log()
    right = correct(session, experiment, metric, wrong, staff)
    with pytest.raises(ChangedMeanwhileError):
        correct(session, experiment, metric, wrong, staff, numbers=Numbers(successes=1, n=2))
    better = correct(session, experiment, metric, right, staff, numbers=Numbers(successes=1, n=2))
    assert better.is_current


def test_a_correction_that_corrects_nothing_is_refused(session, experiment, metric, staff, log):
    with pytest.raises(InvalidError, match="Nothing differs"):
        correct(session, experiment, metric, log(), staff, numbers=NUMBERS)


def test_sending_a_correction_twice_corrects_once(session, experiment, metric, staff, log):
    wrong, key = log(), str(uuid4())
    first = correct(session, experiment, metric, wrong, staff, device_key=key)
    assert correct(session, experiment, metric, wrong, staff, device_key=key) is first
    assert count(session, Measurement) == 2


def test_of_two_corrections_at_once_one_stands(engine, cast):
    with unit_of_work(engine) as session:
        experiment = an_experiment(session, cast.peru, cast.markets)
        a_measurement(session, a_metric(session, experiment))
        code = experiment.code

    def send(turn):
        try:
            with unit_of_work(engine) as session:
                experiment = experiment_by_code(session, code, scope=EVERYTHING)
                metric = experiment.metrics[0]
                by = Actor(session.merge(cast.staff), Door.WEB)
                numbers = Numbers(successes=turn, n=200)
                correct(session, experiment, metric, metric.measurements[0], by, numbers=numbers)
        except ChangedMeanwhileError:
            return "told"
        return "corrected"

    with ThreadPoolExecutor(max_workers=4) as crowd:
        assert sorted(crowd.map(send, range(4))) == ["corrected", "told", "told", "told"]


def test_the_correction_of_an_invented_reading_stays_marked(
    session, experiment, metric, staff, log
):
    wrong = log(is_demonstration=True)
    assert correct(session, experiment, metric, wrong, staff).is_demonstration


# Decisions


def test_a_decision_is_recorded_with_who_and_why(session, experiment, people):
    by = Actor(people.head, Door.WEB)
    decisions.record(session, experiment, PERSEVERE, by=by, today=TODAY)
    kept = again(session, experiment.code).decisions
    assert [(row.kind, row.reason, row.by.name) for row in kept] == [
        (DecisionKind.PERSEVERE, "The share rises.", "Hilda Torres")
    ]
    assert last_entry(session, experiment).event == "decision.recorded"


def test_the_same_decision_sent_twice_is_recorded_once(session, experiment, staff):
    for _twice in range(2):
        decisions.record(session, experiment, PERSEVERE, by=staff, today=TODAY)
    assert count(session, Decision) == 1


def test_a_decision_before_the_experiment_began_is_refused(session, experiment, staff):
    early = replace(PERSEVERE, decided_on=date(1990, 1, 1))
    with pytest.raises(InvalidError) as refused:
        decisions.record(session, experiment, early, by=staff, today=TODAY)
    assert [problem.field for problem in refused.value.problems] == ["decided_on"]


def test_a_later_decision_follows_and_the_earlier_one_stays(session, experiment, staff):
    decisions.record(session, experiment, PERSEVERE, by=staff, today=TODAY)
    stop = replace(PERSEVERE, kind=DecisionKind.STOP, reason="The season is over.")
    decisions.record(session, experiment, stop, by=staff, today=TODAY)
    kept = again(session, experiment.code).decisions
    assert [row.kind for row in kept] == [DecisionKind.PERSEVERE, DecisionKind.STOP]


def test_a_decision_to_grow_without_resources_is_refused(session, experiment, staff):
    grow = replace(PERSEVERE, kind=DecisionKind.GROW)
    with pytest.raises(InvalidError) as refusal:
        decisions.record(session, experiment, grow, by=staff, today=TODAY)
    assert fields_of(refusal) == {"resources_committed"}
    assert count(session, Decision) == 0


def test_readings_keep_the_moment_they_were_recorded(log):
    assert abs(datetime.now(UTC) - log().recorded_at).total_seconds() < 60
