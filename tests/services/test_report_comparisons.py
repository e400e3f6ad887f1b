"""What a report tells of the quarter before, of the edition before, and of the plans."""

from datetime import UTC, date, datetime

import pytest

from app.domain.quarters import Quarter
from app.reports.assemble.quarterly import assemble
from app.reports.restricting import restricted
from app.reports.snapshot import (
    ChangeKind,
    QuarterlySnapshot,
    canonical_json,
    read_json,
)
from app.services import reporting
from app.services.actor import OPERATOR
from app.services.reporting import Scope
from models import ExperimentPlace, Partnership, ReportIssue
from models.vocabulary import ExperimentState, Language, Sector
from tests.cast import introduce
from tests.factories import (
    a_measurement,
    a_metric,
    a_partnership,
    a_place,
    a_plan,
    a_question,
    a_stage_entry,
    an_experiment,
)
from tests.reports import samples

SECOND, THIRD = Quarter(2026, 2), Quarter(2026, 3)
TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 15, tzinfo=UTC)
JUNE, AUGUST = datetime(2026, 6, 1, 15, tzinfo=UTC), datetime(2026, 8, 1, 15, tzinfo=UTC)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    return an_experiment(session, people.peru, people.markets, created_at=JUNE)


def asked(session, people, *, quarter=THIRD, programme=None, language=Language.ES):
    scope = Scope(people.peru, programme, quarter)
    session.expire_all()
    return reporting.begin(session, scope, language=language, introduction="", by=OPERATOR)


def facts(session, people, **about) -> QuarterlySnapshot:
    return assemble(session, asked(session, people, **about), today=TODAY)


def make(session, people, **about):
    issue = asked(session, people, **about)
    frozen = reporting.freeze(session, issue, assemble(session, issue, today=TODAY))
    reporting.issue_edition(session, issue, file_name="0.pdf", by=OPERATOR, at=NOW)
    return issue, frozen


# --- The quarter before ----------------------------------------------------------------------


def test_what_changed_since_the_quarter_before_is_a_fact_of_the_snapshot(
    session, people, experiment
):
    make(session, people, quarter=SECOND)
    a_stage_entry(session, experiment, state=ExperimentState.COMPLETED, entered_at=AUGUST)
    since = facts(session, people).since_quarter
    assert (since.quarter, since.edition) == ("2026-Q2", 1)
    assert [(line.kind, line.before, line.now) for line in since.changes] == [
        (ChangeKind.STATE, "running", "completed")
    ]


def test_a_quarter_that_was_asked_for_and_never_issued_is_not_compared_with(
    session, people, experiment
):
    issue = asked(session, people, quarter=SECOND)
    reporting.freeze(session, issue, assemble(session, issue, today=TODAY))
    assert facts(session, people).since_quarter is None


def test_the_newest_edition_of_the_quarter_before_is_compared_with(session, people, experiment):
    make(session, people, quarter=SECOND)
    a_measurement(session, a_metric(session, experiment), measured_on=date(2026, 6, 20))
    make(session, people, quarter=SECOND)
    since = facts(session, people).since_quarter
    assert since.edition == 2
    assert since.changes == ()


def test_a_programme_is_compared_with_its_own_report(session, people, experiment):
    make(session, people, quarter=SECOND)
    assert facts(session, people, programme=people.markets).since_quarter is None
    make(session, people, quarter=SECOND, programme=people.markets)
    assert facts(session, people, programme=people.markets).since_quarter.edition == 1


def test_facts_unchanged_since_the_quarter_before_stay_one_edition(session, people, experiment):
    make(session, people, quarter=SECOND)
    first, _ = make(session, people)
    again, _ = make(session, people)
    assert (first.edition, again.edition) == (1, 1)


# --- The edition before ----------------------------------------------------------------------


def test_an_edition_is_laid_out_beside_the_one_before_and_stays_the_same_edition(
    session, people, experiment
):
    _, first = make(session, people)
    assert first.before is None
    a_measurement(session, a_metric(session, experiment), measured_on=date(2026, 9, 1))
    issue, second = make(session, people)
    assert second.before == first.snapshot
    again, third = make(session, people, language=Language.EN)
    assert (issue.edition, again.edition) == (2, 2)
    assert third.before == first.snapshot


def test_a_lost_file_is_laid_out_again_beside_the_same_edition_whatever_came_after(
    session, people, experiment, tmp_path
):
    _, first = make(session, people)
    metric = a_metric(session, experiment)
    issue, second = make(session, people)
    a_measurement(session, metric, measured_on=date(2026, 9, 1))
    make(session, people)
    given = []

    def lay_out(frozen):
        given.append(frozen)
        return b"%PDF"

    issue.file_name = reporting.keep_file(tmp_path, b"%PDF")
    (tmp_path / issue.file_name).unlink()
    reporting.document_of(issue, folder=tmp_path, lay_out=lay_out)
    assert [(one.edition, one.snapshot, one.before) for one in given] == [
        (2, second.snapshot, first.snapshot)
    ]


def test_another_reports_editions_are_not_the_ones_before(session, people, experiment):
    make(session, people)
    _, frozen = make(session, people, programme=people.markets)
    assert frozen.before is None


# --- The plans -------------------------------------------------------------------------------


def test_questions_of_the_years_submitted_plans_are_told_though_nothing_answers_them(
    session, people, experiment
):
    plan = a_plan(session, people.peru, submitted_at=JUNE)
    a_question(session, plan, position=2, text="And for whom?")
    a_plan(session, people.peru)
    a_plan(session, people.peru, year=2025, submitted_at=JUNE)
    a_plan(session, people.peru, submitted_at=datetime(2026, 10, 1, 15, tzinfo=UTC))
    a_plan(session, people.ecuador, submitted_at=JUNE)
    told = facts(session, people).questions
    assert [line.code for line in told] == [plan.code] * 2
    assert told[1].question == "And for whom?"
    assert facts(session, people, programme=people.markets).questions == ()


def test_a_partner_is_new_as_the_experiment_says_else_as_a_plan_does(session, people, experiment):
    plan = a_plan(session, people.peru)
    said = a_partnership(session, plan, name="Agros", new_and_unusual=True)
    a_partnership(session, experiment, name="INEI", new_and_unusual=False)
    session.add(
        Partnership(
            experiment_id=experiment.id, partner_id=said.partner_id, rank=2, new_and_unusual=None
        )
    )
    session.flush()
    (section,) = facts(session, people).experiments
    assert {line.name: line.new_and_unusual for line in section.partnerships} == {
        "INEI": False,
        "Agros": True,
    }
    assert {line.sector for line in section.partnerships} == {Sector.CIVIL_SOCIETY}


def test_the_departments_of_an_experiment_are_those_of_its_places(session, people, experiment):
    for ubigeo in ("150142", "150101", "06"):
        a_place(session, ubigeo)
        session.add(ExperimentPlace(experiment_id=experiment.id, ubigeo=ubigeo))
    session.flush()
    (section,) = facts(session, people).experiments
    assert section.departments == ("06", "15")


# --- What was kept before these fields -------------------------------------------------------


def test_a_programmes_part_of_facts_kept_before_spells_as_it_did() -> None:
    kept = read_json(canonical_json(samples.one_experiment()))
    part = restricted(kept, samples.PROGRAMMES[0])
    assert b"since_quarter" not in canonical_json(part)
    assert b"questions" not in canonical_json(part)


def test_a_programmes_part_tells_the_changes_of_its_experiments_alone(session, people, experiment):
    other = an_experiment(session, people.peru, people.inclusion, created_at=JUNE)
    make(session, people, quarter=SECOND)
    for one in (experiment, other):
        a_stage_entry(session, one, state=ExperimentState.PAUSED, entered_at=AUGUST)
    whole = facts(session, people)
    line = next(one for one in whole.programmes if one.code == people.markets.code)
    changes = restricted(whole, line).since_quarter.changes
    assert {one.experiment for one in changes} == {experiment.code}
    assert {one.experiment for one in whole.since_quarter.changes} == {
        experiment.code,
        other.code,
    }


def test_nothing_is_compared_where_no_edition_is_kept(session, people, experiment):
    issue, _ = make(session, people)
    assert session.get_one(ReportIssue, issue.id).edition == 1
    assert facts(session, people).since_quarter is None
