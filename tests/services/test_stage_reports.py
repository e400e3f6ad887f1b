"""Reports of one stage of an experiment: who has one, its editions, what it says."""

from datetime import UTC, date, datetime

import pytest

from app.domain.refusals import InvalidError
from app.language.speaker import Speaker
from app.queries.reports import Reach, report_issues
from app.queries.scope import Scope
from app.reports.assemble.stage import assemble
from app.reports.render import Rendering
from app.reports.snapshot import canonical_json
from app.reports.stage_snapshot import read_any
from app.services import reporting
from app.services.actor import OPERATOR
from app.services.reporting import StageScope
from models.vocabulary import ExperimentState, Language, ReviewState, Stage
from tests.cast import introduce
from tests.factories import a_measurement, a_metric, a_review, an_experiment

TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    made = an_experiment(session, people.peru, people.markets)
    session.refresh(made)
    return made


def make(session, experiment, *, stage=Stage.TEST, language=Language.ES, today=TODAY):
    session.expire_all()
    session.refresh(experiment, ["stages"])
    scope = StageScope(experiment, stage)
    issue = reporting.begin(session, scope, language=language, by=OPERATOR)
    frozen = reporting.freeze(session, issue, assemble(session, issue, today=today))
    name = frozen.file_name or f"{issue.id:064}.pdf"
    reporting.issue_edition(session, issue, file_name=name, by=OPERATOR, at=NOW)
    return issue, frozen


def said(frozen, language):
    return Rendering(frozen.snapshot, Speaker(language), edition=frozen.edition).whole()


def test_a_stage_it_never_entered_is_refused(session, experiment):
    session.refresh(experiment, ["stages"])
    with pytest.raises(InvalidError) as refused:
        StageScope(experiment, Stage.GROW)
    assert "never entered" in str(refused.value.problems[0].message)


def test_sense_has_no_report_though_an_experiment_was_in_it(session, people):
    made = an_experiment(session, people.peru, people.markets, stage=Stage.SENSE)
    session.refresh(made, ["stages"])
    assert made.stages[0].stage is Stage.SENSE
    with pytest.raises(InvalidError) as refused:
        StageScope(made, Stage.SENSE)
    assert "no reports of the stage" in str(refused.value.problems[0].message)


def test_it_is_open_to_whom_its_experiment_is_open_to_and_to_nobody_else(session, people):
    shared = an_experiment(session, people.peru, people.markets, people.inclusion)
    own = an_experiment(session, people.peru, people.markets)
    issues = [make(session, each)[0] for each in (shared, own)]

    def read_by(**scope):
        return {each.id for each in report_issues(session, Reach(reads=Scope(**scope)))}

    assert read_by(office_ids=frozenset({people.peru.id})) == {each.id for each in issues}
    assert read_by(programme_ids=frozenset({people.markets.id})) == {each.id for each in issues}
    assert read_by(programme_ids=frozenset({people.inclusion.id})) == {issues[0].id}
    assert read_by(office_ids=frozenset({people.ecuador.id})) == set()


def test_unchanged_facts_give_the_stored_edition_in_either_language_on_any_day(session, experiment):
    first, _ = make(session, experiment)
    again, frozen = make(session, experiment, today=date(2026, 12, 24))
    english, _ = make(session, experiment, language=Language.EN)
    assert frozen.file_name == first.file_name
    assert first.edition == again.edition == english.edition == 1
    assert first.snapshot_sha256 == english.snapshot_sha256


def test_a_new_reading_gives_the_next_edition_and_leaves_the_first(session, experiment):
    metric = a_metric(session, experiment)
    first, _ = make(session, experiment)
    kept = first.snapshot_json
    a_measurement(session, metric)
    second, _ = make(session, experiment)
    assert (first.edition, second.edition) == (1, 2)
    assert first.snapshot_json == kept


def test_its_snapshot_reads_back_as_it_was_written(session, experiment):
    issue, _ = make(session, experiment)
    assert canonical_json(read_any(issue.snapshot_json)).decode() == issue.snapshot_json


@pytest.mark.parametrize("language", list(Language))
def test_what_is_missing_is_said_and_no_part_hidden(session, people, language):
    bare = an_experiment(session, people.peru, state=ExperimentState.ARCHIVED, title="<b>Bare</b>")
    _, frozen = make(session, bare, language=language)
    page = said(frozen, language)
    assert page.count('class="missing"') > 10
    assert "&lt;b&gt;Bare" in page
    assert "<b>Bare" not in page


def test_the_officers_newest_answer_is_told(session, people, experiment):
    for quarter, state, comment in (
        ("2026-Q1", ReviewState.ACCEPTED, "Of summer."),
        ("2026-Q2", ReviewState.RETURNED, "Of autumn."),
        ("2026-Q3", ReviewState.SUBMITTED, ""),
    ):
        said_then = {"quarter": quarter, "state": state, "comment": comment}
        a_review(session, experiment, people.markets, **said_then)
    page = said(make(session, experiment)[1], Language.EN)
    assert "Of autumn." in page
    assert "Of summer." not in page
