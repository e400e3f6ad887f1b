"""Asking for a report, watching it, fetching it."""

import hashlib
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from app.jobs import TASKS
from app.jobs.worker import work_once
from models import Job, ReportIssue
from models.vocabulary import JobKind, JobState, Language, ReportKind, Stage
from tests.factories import a_measurement, a_metric, an_experiment
from tests.pages import document_of

LANGUAGES = ("es", "en")
ISSUED = hashlib.sha256(b"%PDF-").hexdigest() + ".pdf"


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


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_is_read_in_the_page_section_by_section(
    client_of, cast, engine, app, portfolio, language
):
    head = client_of(cast.head)
    ask(head, language=language)
    work_once(engine, app.config["SETTINGS"], TASKS)
    shown = head.get(f"/reports/{issues(engine)[0].id}")
    assert f'href="/reports/{issues(engine)[0].id}/read"' in shown.text
    addresses, following = [], f"/reports/{issues(engine)[0].id}/read"
    while following:
        page = head.get(following)
        assert page.status_code == 200
        assert 'href="#' not in page.text
        addresses.append(following)
        links = [each for each in document_of(page).iter("a") if each.get("rel") == "next"]
        following = links[0].get("href") if links else None
    assert len(addresses) == len(set(addresses)) > 8
    assert any(portfolio.code in address for address in addresses)
    with head.get("/reports/print.css") as style:
        assert style.mimetype == "text/css"


def test_what_is_not_frozen_yet_and_what_is_no_section_cannot_be_read(
    client_of, cast, engine, app, portfolio
):
    head = client_of(cast.head)
    ask(head)
    issue = issues(engine)[0]
    assert head.get(f"/reports/{issue.id}/read").status_code == 404
    work_once(engine, app.config["SETTINGS"], TASKS)
    assert head.get(f"/reports/{issue.id}/read/PE-1999-001").status_code == 404


def test_a_report_under_way_names_nothing_that_it_cannot_have_yet(client_of, cast, portfolio):
    watching = ask(client_of(cast.head), language="en")
    assert "not recorded" not in watching.text


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


def issue_one(head, engine, app):
    ask(head)
    work_once(engine, app.config["SETTINGS"], TASKS)
    issue = issues(engine)[0]
    return issue, app.config["SETTINGS"].reports_folder / issue.file_name


@pytest.mark.parametrize("harm", [lambda path: path.unlink(), lambda path: path.write_bytes(b"x")])
def test_a_stored_file_lost_or_altered_is_said_and_laid_out_again(
    client_of, cast, engine, app, portfolio, harm
):
    head = client_of(cast.head)
    issue, path = issue_one(head, engine, app)
    page = f"/reports/{issue.id}?lang=en"
    assert "Edition 1 is ready." in head.get(page).text
    content = path.read_bytes()
    harm(path)
    shown = head.get(page).text
    assert "is missing or was altered" in shown
    assert "Edition 1 is ready." not in shown
    assert fetched(head, issue) == content
    assert "Edition 1 is ready." in head.get(page).text


def test_a_damaged_file_that_cannot_be_made_again_is_not_served(
    client_of, cast, engine, app, portfolio, monkeypatch
):
    head = client_of(cast.head)
    issue, path = issue_one(head, engine, app)
    path.write_bytes(b"%PDF-altered")
    monkeypatch.setattr("app.reports.layout.Layout.pdf", lambda *_args, **_options: b"another")
    answer = head.get(f"/reports/{issue.id}/file")
    assert answer.status_code == 500
    assert path.name in answer.text
    ask(head)
    work_once(engine, app.config["SETTINGS"], TASKS)
    assert not issues(engine)[1].is_issued
    assert path.name in head.get(f"/reports/{issues(engine)[1].id}").text


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
    work_once(engine, app.config["SETTINGS"], TASKS)
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


def an_issue(engine, cast, *, programme=None, state=None, **columns):
    """A report of Peru: issued, or with a job in ``state``."""
    with unit_of_work(engine) as session:
        issued = {} if state else {"issued_at": datetime(2026, 10, 1, tzinfo=UTC), "edition": 1}
        usual = {
            "kind": ReportKind.QUARTERLY,
            "quarter": "2026-Q3",
            "language": Language.ES,
            "file_name": ISSUED,
        }
        issue = ReportIssue(
            office_id=cast.peru.id,
            programme_id=programme.id if programme else None,
            **usual | issued | columns,
        )
        session.add(issue)
        if state:
            job = Job(kind=JobKind.QUARTERLY_REPORT, state=state, arguments={}, all_steps=1)
            session.add(job)
            session.flush()
            issue.job_id = job.id
        session.flush()
        return issue.id


def listed(client):
    """The reports a reader's list leads to, in its order."""
    return [
        int(part.split('"')[0]) for part in client.get("/reports").text.split('href="/reports/')[1:]
    ]


def opens(client, issue_id):
    return client.get(f"/reports/{issue_id}").status_code == 200


def test_an_issued_report_of_the_office_is_open_to_its_programmes_on_every_door(
    client_of, cast, engine, app
):
    issue = an_issue(engine, cast)
    folder = app.config["SETTINGS"].reports_folder
    folder.mkdir(parents=True)
    (folder / ISSUED).write_bytes(b"%PDF-")
    for person in (cast.officer, cast.other_officer, cast.reader, cast.staff):
        client = client_of(person)
        assert listed(client) == [issue]
        assert opens(client, issue)
        with client.get(f"/reports/{issue}/file") as file:
            assert file.data == b"%PDF-"
        assert f"/reports/{issue}" in client.get("/").text
    assert listed(client_of(cast.stranger)) == []
    assert not opens(client_of(cast.stranger), issue)


def test_a_programmes_own_report_stays_closed_to_the_other_programmes(client_of, cast, engine):
    issue = an_issue(engine, cast, programme=cast.markets)
    assert opens(client_of(cast.officer), issue)
    assert opens(client_of(cast.reader), issue)
    assert not opens(client_of(cast.other_officer), issue)
    assert listed(client_of(cast.other_officer)) == []


@pytest.mark.parametrize("state", [JobState.WAITING, JobState.FAILED, JobState.CANCELLED])
def test_what_is_not_issued_is_open_to_those_who_make_reports_alone(client_of, cast, engine, state):
    issue = an_issue(engine, cast, state=state)
    assert listed(client_of(cast.head)) == [issue]
    assert opens(client_of(cast.head), issue)
    for person in (cast.staff, cast.officer, cast.admin, cast.reader):
        assert listed(client_of(person)) == []
        assert not opens(client_of(person), issue)


def test_an_edition_asked_for_again_is_one_row_and_leads_to_the_first(client_of, cast, engine):
    later = {"issued_at": datetime(2026, 10, 9, tzinfo=UTC)}
    first, again = an_issue(engine, cast), an_issue(engine, cast, **later)
    other = [
        an_issue(engine, cast, language=Language.EN, **later),
        an_issue(engine, cast, edition=2, **later),
        an_issue(engine, cast, programme=cast.markets, **later),
        an_issue(engine, cast, quarter="2026-Q2", **later),
    ]
    head = client_of(cast.head)
    assert listed(head) == [*reversed(other), first]
    answer = head.get(f"/reports/{again}")
    assert answer.location == f"/reports/{first}"
    assert "Nothing had changed" in head.get(answer.location + "?lang=en").text


SUPERSEDED, SUPERSEDES = "This edition is superseded", "It supersedes edition"


@pytest.mark.parametrize("kind", ["office", "programme", "stage"])
def test_a_superseded_edition_leads_to_the_one_that_stands_and_back(
    client_of, cast, engine, portfolio, kind
):
    about = {
        "office": {},
        "programme": {"programme": cast.markets},
        "stage": {
            "kind": ReportKind.STAGE,
            "experiment_id": portfolio.id,
            "stage": Stage.TEST,
            "quarter": "",
        },
    }[kind]

    def edition(number, day, language=Language.ES, **more):
        told = about | {"edition": number, "language": language} | more
        return an_issue(engine, cast, issued_at=datetime(2026, 10, day, tzinfo=UTC), **told)

    first, first_en = edition(1, 1), edition(1, 1, Language.EN)
    edition(9, 2, **({"quarter": "2026-Q2"} if kind != "stage" else {"stage": Stage.GROW}))
    head = client_of(cast.head)
    page = head.get(f"/reports/{first}?lang=en").text
    assert SUPERSEDED not in page
    assert SUPERSEDES not in page
    second = edition(2, 3)
    an_issue(engine, cast, state=JobState.WAITING, **about, edition=3)
    for old in (first, first_en):
        page = head.get(f"/reports/{old}?lang=en").text
        assert SUPERSEDED in page
        assert f'href="/reports/{second}"' in page
        assert "Edition 2, issued on" in page
    page = head.get(f"/reports/{second}?lang=en").text
    assert SUPERSEDED not in page
    assert f'href="/reports/{first}">It supersedes edition 1' in page


def test_an_edition_whose_facts_came_back_stands_again(client_of, cast, engine):
    first, second = (an_issue(engine, cast, edition=number) for number in (1, 2))
    an_issue(engine, cast, edition=1, issued_at=datetime(2026, 10, 9, tzinfo=UTC))
    head = client_of(cast.head)
    page = head.get(f"/reports/{first}?lang=en").text
    assert f'href="/reports/{second}">It supersedes edition 2' in page
    page = head.get(f"/reports/{second}?lang=en").text
    assert SUPERSEDED in page
    assert f'href="/reports/{first}"' in page


def test_a_report_tells_who_asked_for_it_and_when_it_was_issued(
    client_of, cast, engine, app, portfolio
):
    head = client_of(cast.head)
    ask(head)
    work_once(engine, app.config["SETTINGS"], TASKS)
    page = head.get(f"/reports/{issues(engine)[0].id}?lang=en").text
    history = page.split('id="history"')[1]
    assert history.index("Report issued") < history.index("Report asked for")
    assert cast.head.name in history
    assert (
        'id="history"' not in head.get(f"/reports/{an_issue(engine, cast, quarter='2026-Q2')}").text
    )


def test_what_is_under_way_stands_first_and_an_ask_broken_off_nowhere(client_of, cast, engine):
    waiting = an_issue(engine, cast, state=JobState.WAITING)
    issued = an_issue(engine, cast)
    an_issue(engine, cast, issued_at=None, file_name=None)
    failed = an_issue(engine, cast, state=JobState.FAILED)
    assert listed(client_of(cast.head)) == [waiting, failed, issued]


def test_a_report_without_any_experiment_says_so(client_of, cast, engine, app, portfolio):
    head = client_of(cast.head)
    ask(head, quarter="1990-Q1")
    work_once(engine, app.config["SETTINGS"], TASKS)
    page = head.get(f"/reports/{issues(engine)[0].id}?lang=en")
    assert "Nothing is recorded for this quarter" in page.text


def test_an_introduction_longer_than_its_room_is_refused_beside_its_field(
    client_of, cast, engine, portfolio
):
    head = client_of(cast.head)
    assert 'data-counter="2000"' in head.get("/reports?lang=en").text
    refused = ask(head, introduction="x" * 2001)
    assert refused.status_code == 422
    assert "have 2,001 characters; at most 2,000 fit." in refused.text
    assert "x" * 2001 in refused.text
    assert issues(engine) == []
    ask(head, introduction="x" * 2000)
    assert len(issues(engine)) == 1


OTHERS = {
    "word": (".docx", "wordprocessingml.document", b"word/document.xml"),
    "spreadsheet": (".xlsx", "spreadsheetml.sheet", b"xl/workbook.xml"),
}


@pytest.mark.parametrize(("door", "kind"), OTHERS.items())
def test_an_issued_edition_is_fetched_to_be_worked_on(
    client_of, cast, engine, app, portfolio, door, kind
):
    ending, mimetype, part = kind
    head = client_of(cast.head)
    issue, _stored = issue_one(head, engine, app)
    path = f"/reports/{issue.id}/{door}"
    assert path in head.get(f"/reports/{issue.id}").text
    contents = []
    for _time in range(2):
        with head.get(path) as file:
            contents.append(file.data)
            assert file.mimetype.endswith(mimetype)
            name = f"chaski-PE-2026-Q3-{issue.language.value}-1{ending}"
            assert name in file.headers["Content-Disposition"]
    assert contents[0] == contents[1]
    assert contents[0].startswith(b"PK")
    assert part in contents[0]


@pytest.mark.parametrize("door", OTHERS)
def test_nothing_is_fetched_of_a_report_that_is_not_issued(client_of, cast, engine, door):
    waiting = an_issue(engine, cast, state=JobState.WAITING, file_name=None)
    answer = client_of(cast.head).get(f"/reports/{waiting}/{door}")
    assert answer.status_code == 404


@pytest.mark.parametrize("door", OTHERS)
def test_a_lost_pdf_takes_nothing_from_the_other_files(
    client_of, cast, engine, app, portfolio, door
):
    head = client_of(cast.head)
    issue, stored = issue_one(head, engine, app)
    stored.unlink()
    with head.get(f"/reports/{issue.id}/{door}") as file:
        assert file.status_code == 200
    assert not stored.exists()
