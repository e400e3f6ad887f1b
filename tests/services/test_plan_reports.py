"""Reports of plans: what they are made from, their editions, and who asks for them."""

from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from app.language.speaker import Speaker
from app.reports.assemble.plan import assemble
from app.reports.render import Rendering
from app.services import reporting
from app.services.actor import OPERATOR
from app.services.reporting import PlanScope
from models import Job, LearningQuestion, Plan, Reflection, ReportIssue
from models.vocabulary import JobKind, Language
from tests.cast import introduce
from tests.factories import a_measurement, a_metric, a_plan, an_experiment

TODAY, NOW = date(2026, 11, 24), datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def plan(session, people):
    made = a_plan(session, people.peru, statement="Three in four homes.")
    session.refresh(made)
    return made


def make(session, plan, *, language=Language.ES, today=TODAY):
    session.expire_all()
    issue = reporting.begin(session, PlanScope(plan), language=language, by=OPERATOR)
    frozen = reporting.freeze(session, issue, assemble(session, issue, today=today))
    name = frozen.file_name or f"{issue.id:064}.pdf"
    reporting.issue_edition(session, issue, file_name=name, by=OPERATOR, at=NOW)
    return frozen


def answering(session, people, plan, **given):
    made = an_experiment(session, people.peru, people.markets, **given)
    asked = select(LearningQuestion.id).where(LearningQuestion.plan_id == plan.id)
    made.learning_question_id = session.scalars(asked).one()
    session.flush()
    return made


def test_it_tells_the_form_the_experiments_and_the_closing(session, people, plan):
    one = answering(session, people, plan)
    form = Reflection(office_id=people.peru.id, plan_id=plan.id, title="Learned", time_test=100)
    session.add(form)
    session.flush()
    snapshot = make(session, plan).snapshot
    assert (snapshot.code, snapshot.statement) == (plan.code, "Three in four homes.")
    (question,) = snapshot.questions
    assert [line.code for line in question.experiments] == [one.code]
    assert [closing.time.test for closing in snapshot.reflections] == [100]
    assert snapshot.compared is not None


def test_an_experiment_with_invented_readings_is_marked(session, people, plan):
    one = answering(session, people, plan)
    a_measurement(session, a_metric(session, one), is_demonstration=True)
    snapshot = make(session, plan).snapshot
    assert snapshot.questions[0].experiments[0].is_demonstration
    assert snapshot.has_demonstration


def test_unchanged_facts_give_the_stored_edition_in_either_language_on_any_day(session, plan):
    first = make(session, plan)
    again = make(session, plan, language=Language.EN, today=date(2027, 1, 1))
    assert (first.edition, again.edition) == (1, 1)


def test_a_changed_plan_gives_the_next_edition_and_leaves_the_first(session, plan):
    first = make(session, plan)
    plan.background = "Since 2020."
    session.flush()
    second = make(session, plan)
    assert second.edition == 2
    assert first.snapshot.background == ""
    assert second.snapshot.background == "Since 2020."


def test_it_asks_as_many_statements_for_many_experiments_as_for_one(
    session, people, plan, statements
):
    counts = []
    for _ in range(2):
        answering(session, people, plan)
        issue = reporting.begin(session, PlanScope(plan), language=Language.ES, by=OPERATOR)
        session.expire_all()
        statements.clear()
        assemble(session, issue, today=TODAY)
        counts.append(len(statements))
        for _more in range(4):
            answering(session, people, plan)
    assert counts[1] <= counts[0] < 40


@pytest.mark.parametrize("language", list(Language))
def test_it_is_printed_in_both_languages(session, plan, language):
    frozen = make(session, plan, language=language)
    html = Rendering(frozen.snapshot, Speaker(language)).whole()
    assert plan.title in html
    assert Speaker(language).say("The plan is not closed yet.") in html


# The doors


@pytest.fixture
def code(engine, cast):
    with unit_of_work(engine) as session:
        return a_plan(session, session.merge(cast.peru)).code


def asked(engine):
    with unit_of_work(engine, writes=False) as session:
        return session.execute(
            select(Plan.code, Job.kind)
            .join(ReportIssue, ReportIssue.plan_id == Plan.id)
            .join(Job, Job.id == ReportIssue.job_id)
        ).all()


@pytest.mark.parametrize("part", ["staff", "head"])
def test_who_works_in_the_office_asks_from_the_plans_page_and_sees_it_made(
    engine, client_of, cast, code, part
):
    client = client_of(cast.everybody()[part])
    assert f"/plans/{code}/report" in client.get(f"/plans/{code}").text
    answer = client.submit(f"/plans/{code}/report", {"language": "en"})
    assert answer.status_code == 200
    assert asked(engine) == [(code, JobKind.PLAN_REPORT)]
    assert code in client.get("/reports").text


def test_an_unknown_language_is_refused_and_asks_for_nothing(engine, client_of, cast, code):
    answer = client_of(cast.staff).submit(f"/plans/{code}/report", {"language": "qu"})
    assert answer.status_code == 422
    assert asked(engine) == []


def test_the_command_line_writes_the_same_bytes_for_the_same_facts(app, code, tmp_path):
    def run(*options):
        return app.test_cli_runner().invoke(args=["reports", "plan", code, *options])

    for name in ("one.pdf", "two.pdf"):
        done = run("--locale", "en", "-o", str(tmp_path / name))
        assert done.exit_code == 0, done.output
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "two.pdf").read_bytes()
    assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF-")


def test_the_command_line_refuses_a_plan_that_is_not_there(app, code, tmp_path):
    options = ["reports", "plan", "PE-1999-P99", "-o", str(tmp_path / "x.pdf")]
    refused = app.test_cli_runner().invoke(args=options)
    assert refused.exit_code == 1
    assert not (tmp_path / "x.pdf").exists()
