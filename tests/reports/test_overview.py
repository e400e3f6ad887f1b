"""What page one, the portfolio and the programmes add up."""

from datetime import date
from decimal import Decimal

import pytest

from app.domain.answers import Answer
from app.reports import figures, overview
from app.reports.overview import DueKind, Sum
from app.reports.snapshot import (
    ChangeKind,
    ChangeLine,
    ExperimentSection,
    Gap,
    GapKind,
    MeasurementPoint,
    PartnerLine,
    PlanLine,
    QuarterlySnapshot,
    SinceQuarter,
)
from models.vocabulary import Arm, ExperimentState, ReviewState, Sector, Verdict
from tests.reports import samples


def of(*sections: ExperimentSection, **changes: object) -> QuarterlySnapshot:
    return samples.quarter(experiments=sections, **changes)


def second(**changes: object) -> ExperimentSection:
    return samples.experiment("PE-2026-002", **changes)


# --- Page one --------------------------------------------------------------------------------


def test_people_are_counted_in_the_largest_wave_with_the_intervention() -> None:
    points = (
        MeasurementPoint(on="2026-07-01", value="0.2", n=40),
        MeasurementPoint(on="2026-08-01", value="0.3", n=55),
        MeasurementPoint(on="2026-08-01", value="0.2", n=90, arm=Arm.COMPARISON),
    )
    first = samples.experiment(metrics=(samples.selling(points=points),))
    uncounted = second(metrics=(samples.waiting(points=()),))
    assert overview.people(of(first, uncounted)) == Sum("55", 1)


def test_an_experiment_of_two_programmes_costs_once_and_unknown_money_is_not_zero() -> None:
    unknown = second(budget_planned_usd=None, cost_actual_usd=None)
    planned, spent = overview.money(of(samples.experiment(), unknown))
    assert (planned, spent) == (Sum("9500", 1), Sum("4120.5", 1))
    assert overview.money(of(unknown)) == (Sum("0", 0), Sum("0", 0))


def test_decisions_of_the_quarter_are_told_in_time_and_those_against_the_verdict_known() -> None:
    against = samples.decision(decided_on="2026-07-02", against_because="Llovió semanas.")
    old = samples.decision(decided_on="2026-06-30", against_because="Antes.")
    snapshot = of(samples.experiment(), second(decisions=(old, against)))
    assert [(one.section.code, one.is_against) for one in overview.decided(snapshot)] == [
        ("PE-2026-002", True),
        ("PE-2026-001", False),
    ]


# --- The portfolio ---------------------------------------------------------------------------

PLAN = PlanLine(code="PE-2026-P01", title="Brecha", question="¿Qué funciona?")


def test_a_question_is_answered_by_all_experiments_that_name_it() -> None:
    other = PLAN.model_copy(update={"question": "¿Para quién?"})
    snapshot = of(
        samples.experiment(plan=PLAN, verdict=Verdict.NO_MEANINGFUL_EFFECT),
        second(plan=PLAN, verdict=Verdict.INCONCLUSIVE),
        questions=(PLAN, other),
    )
    asked = {one.plan.question: one for one in overview.questions(snapshot)}
    assert asked[PLAN.question].answer is Answer.PARTLY
    assert asked[PLAN.question].verdicts == {
        Verdict.INCONCLUSIVE: ["PE-2026-002"],
        Verdict.NO_MEANINGFUL_EFFECT: ["PE-2026-001"],
    }
    assert asked["¿Para quién?"].answer is Answer.OPEN
    assert len(asked) == 2, "a question of a plan and of its experiments is one"


def test_a_question_of_an_older_plan_is_known_by_its_experiment() -> None:
    (one,) = overview.questions(of(samples.experiment(plan=PLAN)))
    assert one.plan == PLAN


def test_a_partner_counts_once_with_whatever_any_experiment_says_of_it() -> None:
    def with_agros(code: str, **said: object) -> ExperimentSection:
        return samples.experiment(code, partnerships=(PartnerLine(name="Agros", **said),))

    snapshot = of(
        with_agros("PE-2026-001"),
        with_agros("PE-2026-002", sector=Sector.ACADEMIA, new_and_unusual=False),
        with_agros("PE-2026-003", new_and_unusual=True),
    )
    (partner,) = overview.partners(snapshot)
    assert (partner.sector, partner.new_and_unusual) == (Sector.ACADEMIA, False)
    assert len(partner.codes) == 3


def test_the_partners_of_a_snapshot_of_before_are_known_by_their_names() -> None:
    section = samples.experiment(partners=("Agros",), partnerships=())
    (partner,) = overview.partners(of(section))
    assert (partner.name, partner.sector, partner.new_and_unusual) == ("Agros", None, None)


# --- The programmes --------------------------------------------------------------------------


def page_of(snapshot: QuarterlySnapshot, code: str) -> overview.Programme:
    chapters = {one.key: one for one in figures.chapters(snapshot)}
    return overview.programme(snapshot, chapters[f"programme-{code}"])


def test_a_programmes_page_lists_what_it_serves_though_another_leads_it() -> None:
    page = page_of(of(samples.experiment()), "GOV")
    assert [one.code for one in page.sections] == ["PE-2026-001"]
    assert [line.review for line in page.reviews] == [None]
    assert page_of(of(samples.experiment()), "PROS").reviews[0].review is not None


def test_a_programmes_page_tells_the_changes_of_its_experiments_alone() -> None:
    lines = tuple(
        ChangeLine(kind=ChangeKind.STATE, experiment=code, now="running")
        for code in ("PE-2026-001", "PE-2026-900")
    )
    since = SinceQuarter(quarter="2026-Q2", edition=1, changes=lines)
    snapshot = of(samples.experiment(), samples.bare_experiment(), since_quarter=since)
    assert page_of(snapshot, "PROS").changes == lines[:1]
    assert page_of(snapshot, "none").changes == lines[1:]


@pytest.mark.parametrize(
    ("review_on", "is_told", "is_late"),
    [
        ("2026-09-30", True, True),
        ("2026-10-01", True, False),
        ("2026-12-31", True, False),
        ("2027-01-01", False, False),
    ],
)
def test_a_decision_to_look_at_again_is_due_until_the_end_of_the_next_quarter(
    review_on: str, is_told: bool, is_late: bool
) -> None:
    section = samples.experiment(
        decisions=(samples.decision(review_on=review_on),), ends_on="2027-06-30"
    )
    due = page_of(of(section), "PROS").due
    assert [one.kind for one in due] == ([DueKind.LOOK_AGAIN] if is_told else [])
    assert any(one.is_late("2026-09-30") for one in due) is is_late


def test_only_the_newest_decision_is_looked_at_again() -> None:
    decisions = (
        samples.decision(decided_on=date(2026, 5, 1), review_on=date(2026, 6, 1)),
        samples.decision(review_on=None),
    )
    section = samples.experiment(decisions=decisions, ends_on=None)
    assert page_of(of(section), "PROS").due == ()


def test_results_without_a_decision_and_a_near_end_make_one_due() -> None:
    section = samples.experiment(decisions=(), ends_on=date(2026, 11, 30))
    gap = Gap(kind=GapKind.NO_DECISION, experiment=section.code)
    due = page_of(of(section, gaps=(gap,)), "PROS").due
    assert [(one.kind, one.on) for one in due] == [
        (DueKind.ENDS, "2026-11-30"),
        (DueKind.NO_DECISION, None),
    ]
    stopped = section.model_copy(update={"state": ExperimentState.STOPPED_EARLY})
    assert page_of(of(stopped), "PROS").due == ()


# --- The end ---------------------------------------------------------------------------------


def test_the_annex_lists_every_method_with_its_experiments_and_every_amendment_in_time() -> None:
    found = samples.selling(finding=samples.found())
    early = samples.registration().amendments[0].model_copy(update={"on": "2026-07-01"})
    snapshot = of(
        samples.experiment(metrics=(found, found), registration=samples.registration()),
        second(metrics=(found,), registration=samples.registration(amendments=(early,))),
    )
    annexed = overview.annexed(snapshot)
    assert annexed.methods == {"newcombe_hybrid_score": ["PE-2026-001", "PE-2026-002"]}
    assert [(one.section.code, one.amendment.on) for one in annexed.amendments] == [
        ("PE-2026-002", "2026-07-01"),
        ("PE-2026-001", "2026-08-14"),
    ]


def test_who_accepted_reviews_signs_for_the_programme_with_the_last_day() -> None:
    later = samples.review(reviewed_on="2026-09-30")
    returned = samples.review(programme="GOV", state=ReviewState.RETURNED)
    snapshot = of(samples.experiment(), second(reviews=(later, returned)))
    (one,) = overview.signatures(snapshot)
    assert (one.programme.code, one.name, one.reviews, one.on) == (
        "PROS",
        "Carmen Ávila",
        2,
        "2026-09-30",
    )


def test_money_adds_up_to_the_cent() -> None:
    cents = [
        samples.experiment(f"PE-2026-{n:03}", cost_actual_usd=Decimal("0.1")) for n in range(3)
    ]
    assert overview.money(of(*cents))[1].total == "0.3"
