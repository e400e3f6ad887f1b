"""Findings: computed when data or plan change, kept with their inputs, and never edited."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.domain.found import limits_in
from app.domain.hypotheses import Slots
from app.domain.measurements import Circumstances, Numbers
from app.domain.metrics import MetricFacts
from app.domain.refusals import InvalidError
from app.domain.verdicts import FUNCTION_VERSION
from app.exchange.evidence_requests import AnalysisRequest
from app.queries.experiments import experiment_by_code
from app.queries.findings import findings_of
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING
from app.queries.undertakings import flags_in
from app.reports.assemble.experiments import section_of
from app.reports.findings import finding_limits
from app.services import findings, hypotheses, measurements, metrics, registration
from app.services.actor import Actor
from app.services.evidence_levels import lower
from models import Finding
from models.vocabulary import (
    Arm,
    ChangeReason,
    ComparisonDesign,
    Direction,
    Door,
    LookRule,
    MetricKind,
    MetricRole,
    Verdict,
)
from tests.cast import introduce
from tests.factories import an_experiment

TODAY, DAY = date(2026, 10, 5), date(2026, 9, 1)
EARLY = datetime(2026, 3, 1, 15, tzinfo=UTC)
SLOTS = Slots(change="a weekly message", outcome="the share of sellers", because="they asked")
SHARE = MetricFacts(
    name="Sellers who take digital payment",
    kind=MetricKind.PROPORTION,
    direction=Direction.INCREASE,
    role=MetricRole.PRIMARY,
    baseline=Decimal("0.2"),
    target=Decimal("0.35"),
    minimum_meaningful_effect=Decimal("0.1"),
)


@pytest.fixture
def staff(session):
    return Actor(introduce(session).staff, Door.WEB)


@pytest.fixture
def experiment(session, staff):
    """Two groups of 100 planned, with a reason and one primary share."""
    office = staff.person.memberships[0].office
    made = an_experiment(
        session,
        office,
        comparison_design=ComparisonDesign.TWO_GROUPS,
        sample_planned=200,
        starts_on=date(2026, 4, 1),
    )
    whole = again(session, made)
    hypotheses.add(session, whole, SLOTS, by=staff)
    return again(session, made)


@pytest.fixture
def metric(session, experiment, staff):
    return metrics.add(session, experiment, SHARE, by=staff, today=TODAY)


@pytest.fixture
def log(session, experiment, staff):
    """Record successes of both groups of 100, or of one."""

    def recorded(metric, ours=None, theirs=None, on=DAY, n=100):
        made = [
            measurements.record(
                session,
                experiment,
                metric,
                Numbers(successes=successes, n=n),
                Circumstances(measured_on=on, arm=arm),
                by=staff,
                today=TODAY,
            )
            for arm, successes in ((Arm.TREATMENT, ours), (Arm.COMPARISON, theirs))
            if successes is not None
        ]
        return made[0]

    return recorded


def again(session, experiment):
    session.flush()
    session.expire_all()
    return experiment_by_code(session, experiment.code, scope=EVERYTHING)


def current(session, metric=None):
    found = session.scalars(
        select(Finding).where(Finding.is_current).order_by(Finding.metric_id)
    ).all()
    return next(one for one in found if one.metric_id == metric.id) if metric else found


def kept(session):
    return session.scalar(select(func.count()).select_from(Finding))


@pytest.mark.parametrize(
    ("ours", "theirs", "verdict"),
    [
        (60, 20, Verdict.SUPPORTED),
        (40, 22, Verdict.PROMISING),
        (25, 24, Verdict.INCONCLUSIVE),
        (10, 30, Verdict.HARM_SIGNAL),
    ],
)
def test_readings_of_both_groups_give_a_verdict_at_once(
    session, experiment, metric, log, ours, theirs, verdict
):
    log(metric, ours, theirs)
    assert current(session, metric).verdict is verdict
    shown = again(session, experiment)
    assert shown.verdict is verdict


def test_a_finding_keeps_the_analysis_it_came_from(session, metric, log):
    log(metric, 40, 22)
    found = current(session, metric)
    assert found.method == "newcombe_hybrid_score"
    assert found.estimate == pytest.approx(0.18)
    assert found.low < found.estimate < found.high
    assert found.function_version == FUNCTION_VERSION
    asked = AnalysisRequest.model_validate(found.inputs["analysis"]).question()
    assert (asked.treatment.successes, asked.comparison.n) == (40, 100)
    assert found.inputs["as_of"] == DAY.isoformat()


def test_nothing_is_computed_of_a_metric_without_a_reading(session, experiment, metric):
    assert kept(session) == 0
    assert again(session, experiment).verdict is Verdict.NOT_ASSESSABLE
    metrics.remove(session, again(session, experiment), metric, by=Actor(None, Door.CLI))


def test_one_group_alone_says_what_is_missing(session, metric, log):
    log(metric, 40)
    assert current(session, metric).verdict is Verdict.NOT_ASSESSABLE
    assert "comparison" in current(session, metric).missing


def test_a_correction_makes_another_finding_and_keeps_the_old(
    session, experiment, metric, log, staff
):
    wrong = log(metric, 60, 20)
    before = current(session, metric)
    measurements.correct(
        session,
        experiment,
        metric,
        wrong,
        Numbers(successes=21, n=100),
        Circumstances(measured_on=DAY),
        reason_code=ChangeReason.COUNTED_TWICE,
        reason="Counted twice",
        by=staff,
        today=TODAY,
    )
    assert before.is_current is False
    assert before.verdict is Verdict.SUPPORTED
    assert current(session, metric).verdict is Verdict.INCONCLUSIVE
    assert len(current(session)) == 1


def test_computing_the_same_again_keeps_the_finding(session, experiment, metric, log):
    log(metric, 60, 20)
    count, before = kept(session), current(session, metric).id
    findings.recompute(session, experiment, today=TODAY)
    assert (kept(session), current(session, metric).id) == (count, before)


def test_another_definition_is_another_finding(session, experiment, metric, log, staff):
    log(metric, 40, 22)
    before = current(session, metric)
    metrics.edit(
        session,
        again(session, experiment),
        metric,
        replace(metrics.facts_of(metric), minimum_meaningful_effect=Decimal("0.04")),
        seen_version=metric.version,
        by=staff,
        today=TODAY,
    )
    assert before.is_current is False
    assert current(session, metric).verdict is Verdict.SUPPORTED


def test_computing_raises_no_version_and_no_day_of_change(session, experiment, metric, log):
    version, changed_at = again(session, experiment).version, experiment.changed_at
    log(metric, 60, 20)
    shown = again(session, experiment)
    assert (shown.version, shown.changed_at) == (version, changed_at)


def test_fewer_than_planned_cannot_be_assessed(session, metric, log):
    log(metric, 30, 10, n=50)
    assert current(session, metric).missing == ["planned_n"]


def test_different_readings_of_one_day_are_not_assessable_until_one_is_corrected(
    session, experiment, metric, log
):
    log(metric, ours=60, theirs=20)
    log(metric, ours=40)
    whole = again(session, experiment)
    assert whole.verdict is Verdict.NOT_ASSESSABLE
    assert current(session, metric).missing == ["conflict"]
    assert "40 of 100" in str(flags_in(whole, today=TODAY)[0].message)


def test_two_primary_metrics_share_the_confidence(session, experiment, metric, log, staff):
    other = metrics.add(
        session, experiment, replace(SHARE, name="Sellers who stay"), by=staff, today=TODAY
    )
    log(metric, 60, 20)
    log(other, 38, 24)
    confidences = [one.inputs["analysis"]["confidence"] for one in current(session)]
    assert confidences == [pytest.approx(0.975), pytest.approx(0.95)]


def test_the_worst_primary_metric_speaks_for_the_experiment(
    session, experiment, metric, log, staff
):
    other = metrics.add(
        session, experiment, replace(SHARE, name="Sellers who stay"), by=staff, today=TODAY
    )
    secondary = replace(SHARE, name="Sellers who smile", role=MetricRole.SECONDARY)
    third = metrics.add(session, experiment, secondary, by=staff, today=TODAY)
    log(metric, 60, 20)
    assert again(session, experiment).verdict is Verdict.NOT_ASSESSABLE
    log(other, 38, 22)
    log(third, 5, 40)
    assert again(session, experiment).verdict is Verdict.PROMISING


def test_a_guardrail_beyond_its_margin_is_a_harm_signal(session, experiment, metric, log, staff):
    facts = replace(
        SHARE,
        name="Sellers who still keep accounts",
        role=MetricRole.GUARDRAIL,
        minimum_meaningful_effect=None,
        guardrail_margin=Decimal("0.05"),
    )
    guard = metrics.add(session, experiment, facts, by=staff, today=TODAY)
    log(metric, 60, 20)
    log(guard, 50, 52)
    assert again(session, experiment).verdict is Verdict.SUPPORTED
    log(guard, 20, 60, on=date(2026, 9, 30))
    assert again(session, experiment).verdict is Verdict.HARM_SIGNAL
    assert current(session, metric).inputs["guardrails"][0]["name"] == facts.name


def test_an_early_look_that_was_planned_needs_a_wider_interval(session, experiment, metric, log):
    experiment.looks_planned, experiment.look_rule = 2, LookRule.OBRIEN_FLEMING
    log(metric, 40, 22, on=date(2026, 6, 1))
    assert current(session, metric).inputs["analysis"]["confidence"] == pytest.approx(
        0.9948, abs=1e-3
    )
    log(metric, 40, 22)
    assert current(session, metric).inputs["analysis"]["confidence"] == pytest.approx(
        0.952, abs=1e-3
    )
    assert current(session, metric).inputs["looks"] == 2


def test_a_plan_registered_before_the_data_reaches_level_three(
    session, experiment, metric, log, staff
):
    assert again(session, experiment).evidence_level == 1
    registration.register(session, again(session, experiment), by=staff, at=EARLY)
    log(metric, 60, 20)
    assert again(session, experiment).evidence_level == 3


def test_a_late_registration_stays_at_two(session, experiment, metric, log, staff):
    log(metric, 60, 20)
    late = datetime(2026, 9, 20, tzinfo=UTC)
    registration.register(session, again(session, experiment), by=staff, at=late)
    assert again(session, experiment).evidence_level == 2


def test_correcting_the_day_of_a_reading_makes_no_late_registration_timely(
    session, experiment, metric, log, staff
):
    wrong = log(metric, 60, 20, on=date(2026, 5, 1))
    other = next(row for row in again(session, experiment).metrics[0].measurements if row != wrong)
    at = datetime(2026, 8, 1, 15, tzinfo=UTC)
    registration.register(session, again(session, experiment), by=staff, at=at)
    for row in (wrong, other):
        measurements.correct(
            session,
            again(session, experiment),
            metric,
            row,
            Numbers(successes=row.successes, n=row.n),
            Circumstances(measured_on=DAY, arm=row.arm),
            reason_code=ChangeReason.TYPING_ERROR,
            reason="It was in September.",
            by=staff,
            today=TODAY,
        )
    assert current(session, metric).inputs["as_of"] == DAY.isoformat()
    assert again(session, experiment).evidence_level == 2


def test_a_major_amendment_after_data_lowers_the_level_to_two(
    session, experiment, metric, log, staff
):
    registration.register(session, again(session, experiment), by=staff, at=EARLY)
    log(metric, 60, 20)
    metrics.edit(
        session,
        again(session, experiment),
        metric,
        replace(metrics.facts_of(metric), minimum_meaningful_effect=Decimal("0.04")),
        seen_version=metric.version,
        by=staff,
        today=TODAY,
        amendment_reason="The ministry asks for less",
    )
    assert again(session, experiment).evidence_level == 2


def amend(session, experiment, metric, staff, reason="The ministry asks for less", **changes):
    """Change a registered metric, saying why."""
    metrics.edit(
        session,
        again(session, experiment),
        metric,
        replace(metrics.facts_of(metric), **changes),
        seen_version=metric.version,
        by=staff,
        today=TODAY,
        amendment_reason=reason,
    )
    return again(session, experiment)


def limits_told(experiment):
    (found,) = findings_of(experiment)
    return [str(limit) for limit in limits_in(found.found)]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        (
            {"minimum_meaningful_effect": Decimal("0.01")},
            "Smallest effect that matters: 10 percentage points, now 1 percentage point)",
        ),
        (
            {"direction": Direction.DECREASE, "target": Decimal("0.1")},
            "Direction: increase, now decrease)",
        ),
        ({"role": MetricRole.SECONDARY}, "Role: primary, now secondary)"),
    ],
)
def test_a_verdict_keeps_to_the_plan_of_before_the_data_and_says_so(
    session, experiment, metric, log, staff, changes, said
):
    registration.register(session, again(session, experiment), by=staff, at=EARLY)
    log(metric, 40, 22)
    assert again(session, experiment).verdict is Verdict.PROMISING
    amended = amend(session, experiment, metric, staff, **changes)
    assert amended.verdict is current(session, metric).verdict is Verdict.PROMISING
    assert said in limits_told(amended)[0]
    section = section_of(
        *(amended, []), until=TODAY, programmes=[], findings={metric.id: current(session, metric)}
    )
    assert section.verdict is Verdict.PROMISING
    assert said in str(finding_limits(section)[0])


def test_a_sample_made_smaller_after_the_data_makes_nothing_assessable(
    session, experiment, metric, log, staff
):
    registration.register(session, again(session, experiment), by=staff, at=EARLY)
    log(metric, 20, 5, n=40)
    assert again(session, experiment).verdict is Verdict.NOT_ASSESSABLE
    whole = again(session, experiment)
    whole.sample_planned = 80
    registration.hold_to_plan(session, whole, reason="Fewer came.", by=staff)
    findings.recompute(session, whole)
    whole = again(session, experiment)
    assert whole.verdict is Verdict.NOT_ASSESSABLE
    assert "Sample planned: 200, now 80)" in limits_told(whole)[0]
    (flag,) = flags_in(whole, today=DAY)
    assert str(flag.message) == "80 were measured and 200 were planned."


def test_an_amendment_before_the_data_is_what_the_verdict_keeps_to(
    session, experiment, metric, log, staff
):
    registration.register(session, again(session, experiment), by=staff, at=EARLY)
    amend(session, experiment, metric, staff, minimum_meaningful_effect=Decimal("0.01"))
    log(metric, 40, 22)
    whole = again(session, experiment)
    assert whole.verdict is Verdict.SUPPORTED
    assert not [limit for limit in limits_told(whole) if "changed after the data" in limit]


def test_a_level_is_lowered_with_a_reason_and_stays_so(session, experiment, metric, log, staff):
    log(metric, 60, 20)
    lower(session, again(session, experiment), 1, because="Only friends were asked", by=staff)
    log(metric, 61, 20, on=date(2026, 9, 20))
    shown = again(session, experiment)
    assert (shown.evidence_level, shown.level_lowered_because) == (1, "Only friends were asked")
    entry = next(
        one
        for one in entries_of(session, f"experiment:{experiment.code}")
        if one.event == "level.lowered"
    )
    assert (entry.changes, entry.reason) == ({"evidence_level": [2, 1]}, "Only friends were asked")


@pytest.mark.parametrize(
    ("to", "because", "field"),
    [(2, "So", "to"), (3, "So", "to"), (-1, "So", "to"), (1, "", "because")],
)
def test_a_level_is_never_raised_nor_lowered_without_a_reason(
    session, experiment, metric, log, staff, to, because, field
):
    log(metric, 60, 20)
    with pytest.raises(InvalidError) as refusal:
        lower(session, again(session, experiment), to, because=because, by=staff)
    assert [problem.field for problem in refusal.value.problems] == [field]


def test_computing_costs_the_same_number_of_statements_however_much_was_measured(
    session, experiment, metric, log, staff, statements
):
    def counted():
        statements.clear()
        findings.recompute(session, experiment, today=TODAY)
        return len(statements)

    log(metric, 60, 20)
    few = counted()
    for day in range(2, 8):
        log(metric, 60 + day, 20, on=date(2026, 9, day))
    assert counted() == few


def test_every_experiment_is_judged_anew_and_nothing_is_written_twice(session, metric, log):
    log(metric, 60, 20)
    count = kept(session)
    assert findings.recompute_all(session) == 1
    assert kept(session) == count
