"""Asking for a report, watching it, fetching it."""

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from app.jobs import TASKS
from app.jobs.worker import work_once
from models import Job, ReportIssue
from models.vocabulary import JobState
from tests.factories import a_measurement, a_metric, an_experiment

LANGUAGES = ("es", "en")


@pytest.fixture
def portfolio(engine, cast):
    with unit_of_work(engine) as session:
        peru, markets = session.merge(cast.peru), session.merge(cast.markets)
        experiment = an_experiment(session, peru, markets)
        a_measurement(session, a_metric(session, experiment))
        return experiment


def ask(client, **fields):
    return client.submit("/reports", {"quarter": "2026-Q3", "scope": "office:PE", **fields})


def fetched(client, issue):
    with client.get(f"/reports/{issue.id}/file") as response:
        return response.data


def issues(engine):
    with unit_of_work(engine, writes=False) as session:
        return session.scalars(select(ReportIssue).order_by(ReportIssue.id)).all()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_head_asks_watches_and_fetches_the_pdf(
    client_of, cast, engine, app, portfolio, language
):
    head = client_of(cast.head)
    watching = ask(head, language=language)
    assert "<progress" in watching.text
    assert work_once(engine, app.config["SETTINGS"], TASKS)
    issue = issues(engine)[0]
    ready = head.get(f"/reports/{issue.id}?lang={language}")
    assert issue.snapshot_sha256 in ready.text
    with head.get(f"/reports/{issue.id}/file") as file:
        assert file.mimetype == "application/pdf"
        assert file.data.startswith(b"%PDF-")
        assert f"chaski-PE-2026-Q3-{language}-1.pdf" in file.headers["Content-Disposition"]


def test_a_second_export_of_unchanged_facts_gives_the_same_bytes(
    client_of, cast, engine, app, portfolio
):
    head = client_of(cast.head)
    for _time in range(2):
        ask(head)
        assert work_once(engine, app.config["SETTINGS"], TASKS)
    first, second = issues(engine)
    assert first.id != second.id
    assert fetched(head, first) == fetched(head, second)


def test_an_edition_whose_file_was_lost_is_laid_out_again(client_of, cast, engine, app, portfolio):
    head = client_of(cast.head)
    ask(head)
    work_once(engine, app.config["SETTINGS"], TASKS)
    first = fetched(head, issues(engine)[0])
    for path in app.config["SETTINGS"].reports_folder.iterdir():
        path.unlink()
    ask(head)
    work_once(engine, app.config["SETTINGS"], TASKS)
    assert fetched(head, issues(engine)[1]) == first


@pytest.mark.parametrize(
    ("quarter", "language", "said"),
    [
        ("2027-Q1", "es", "todavía no ha empezado"),
        ("2027-Q1", "en", "has not begun"),
        ("third", "en", "is no quarter"),
        ("2026-Q5", "es", "2026-Q3"),
    ],
)
def test_a_quarter_that_cannot_be_reported_is_refused_beside_its_field(
    client_of, cast, engine, portfolio, quarter, language, said
):
    head = client_of(cast.head)
    head.get(f"/reports?lang={language}")
    refused = ask(head, quarter=quarter, introduction="Three sentences.")
    assert refused.status_code in (409, 422)
    assert said in refused.text
    assert "Three sentences." in refused.text
    assert quarter in refused.text
    assert issues(engine) == []


def test_a_scope_of_another_office_is_refused(client_of, cast, engine, portfolio):
    refused = ask(client_of(cast.head), scope="office:EC")
    assert refused.status_code == 422
    assert issues(engine) == []


def test_the_head_cancels_and_asks_again(client_of, cast, engine, app, portfolio):
    head = client_of(cast.head)
    ask(head)
    issue = issues(engine)[0]
    cancelled = head.submit(f"/reports/{issue.id}", {}, action=f"/reports/{issue.id}/cancel")
    assert cancelled.status_code == 200
    with unit_of_work(engine, writes=False) as session:
        assert session.get_one(Job, issue.job_id).state is JobState.CANCELLED
    assert not work_once(engine, app.config["SETTINGS"], TASKS)
    assert head.get(f"/reports/{issue.id}/file").status_code == 404


def test_a_failed_report_says_so_in_the_readers_language(client_of, cast, engine, app, portfolio):
    head = client_of(cast.head)
    ask(head)
    with unit_of_work(engine) as session:
        session.get_one(Job, issues(engine)[0].job_id).attempts = 2
    broken = {kind: lambda _work: 1 / 0 for kind in TASKS}
    work_once(engine, app.config["SETTINGS"], broken)
    page = head.get(f"/reports/{issues(engine)[0].id}?lang=es")
    assert "No se pudo hacer el informe" in page.text


@pytest.mark.parametrize("part", ["staff", "officer", "admin", "reader"])
def test_only_the_head_makes_reports(client_of, cast, part, portfolio):
    client = client_of(getattr(cast, part))
    page = client.get("/reports")
    assert 'name="quarter"' not in page.text
    assert client.post("/reports", data={"quarter": "2026-Q3"}).status_code == 403


def test_a_report_of_another_office_does_not_exist(client_of, cast, engine, app, portfolio):
    ask(client_of(cast.head))
    issue = issues(engine)[0]
    stranger = client_of(cast.stranger)
    assert stranger.get(f"/reports/{issue.id}").status_code == 404
    assert stranger.get(f"/reports/{issue.id}/file").status_code == 404
    assert client_of(cast.reader).get(f"/reports/{issue.id}").status_code == 200


def test_the_list_costs_the_same_number_of_statements_however_long_it_is(
    client_of, cast, statements, portfolio
):
    head = client_of(cast.head)
    ask(head)
    head.get("/reports")
    statements.clear()
    head.get("/reports")
    one = len(statements)
    for number in (1, 2):
        ask(head, quarter=f"2026-Q{number}")
    statements.clear()
    head.get("/reports")
    assert len(statements) == one
