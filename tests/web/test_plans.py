"""The pages of plans, as staff, officer and stranger meet them."""

import json
import re

import pytest
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from app.database import unit_of_work
from app.services import plans
from app.services.actor import OPERATOR
from app.services.import_reports import Choices
from app.services.imports import take_in_file
from models import Office, Plan
from tests import factories
from tests.cast import Cast
from tests.conftest import Statements
from tests.exchange import real_inputs
from tests.exchange.real_inputs import SEED, needs_inputs
from tests.pages import PageClient, SignedInClient, as_shown, document_of, theirs_of
from tests.web.pages import text_of

NEW = {
    "title": "Digitalization",
    "year": "2026",
    "challenge_type": "big_bet",
    "statement": "Our challenge is that homes have no internet.",
    "tweet": "Join in!",
    "partners-0-name": "Agros",
    "partners-0-new_and_unusual": "yes",
    "learning_questions-0-text": "How can homes be connected?",
    "learning_questions-0-stages": ["explore", "test"],
    "learning_questions-0-methods": "Pilots\nPilots\n Ethnography ",
}


@pytest.fixture
def staff(client_of: SignedInClient, cast: Cast) -> PageClient:
    return client_of(cast.staff)


@pytest.fixture
def plan(engine: Engine, cast: Cast) -> str:
    """The code of a plan of Peru with one question."""
    with unit_of_work(engine) as session:
        return factories.a_plan(session, session.get_one(Office, cast.peru.id)).code


def stored(engine: Engine, code: str) -> Plan:
    with unit_of_work(engine, writes=False) as session:
        key = session.scalars(select(Plan.id).where(Plan.code == code)).one()
        return plans.whole_plan(session, key)


def token_of(page: TestResponse) -> str:
    """The form token of a page, for sending what no browser would."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
    assert found
    return found[1]


def words(page: TestResponse) -> str:
    return text_of(document_of(page))


def test_staff_write_a_plan(engine: Engine, staff: PageClient) -> None:
    page = staff.submit("/plans/new", NEW)
    assert page.request.path == "/plans/PE-2026-P01"
    for text in ("Digitalization", "Agros", "How can homes be connected?", "Pilots, Ethnography"):
        assert text in words(page)
    plan = stored(engine, "PE-2026-P01")
    assert plan.partnerships[0].new_and_unusual is True
    assert plan.learning_questions[0].methods == ["Pilots", "Ethnography"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "path", ["/plans", "/plans/new", "/plans/CODE", "/plans/CODE/edit", "/plans?q=nothing"]
)
def test_every_page_can_be_read_in_both_languages(
    staff: PageClient, plan: str, path: str, language: str
) -> None:
    mark = "&" if "?" in path else "?"
    page = staff.get(f"{path.replace('CODE', plan)}{mark}lang={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_all_problems_are_said_at_once_and_everything_typed_is_kept(
    engine: Engine, staff: PageClient
) -> None:
    typed = {
        **NEW,
        "title": "",
        "tweet": "x" * 281,
        "year": "20.5",
        "partners-0-collaboration": "We will <b>see</b>",
        "evidence-0-text": "5,9 %",
    }
    page = staff.submit("/plans/new", typed)
    assert page.status_code == 422
    assert "x" * 281 in page.text
    assert "20.5" in page.text
    assert "We will &lt;b&gt;see&lt;/b&gt;" in page.text
    assert "5,9 %" in page.text
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_a_summary_over_280_characters_is_refused_beside_its_field(staff: PageClient) -> None:
    page = staff.submit("/plans/new", {**NEW, "tweet": "x" * 281})
    assert page.status_code == 422
    assert "The short summary has 281 characters; at most 280 fit." in words(page)
    assert 'href="#tweet"' in page.text


def test_a_blank_row_does_not_move_an_error_to_another_row(staff: PageClient) -> None:
    page = staff.get("/plans/new")
    token = token_of(page)
    sent = {
        **NEW,
        "partners-0-name": "",
        "partners-0-new_and_unusual": "",
        "partners-1-name": "Agros",
        "partners-2-name": "agros",
        "csrf_token": token,
    }
    answer = staff.post("/plans", data=sent)
    assert answer.status_code == 422
    assert 'href="#partners-2-name"' in answer.text
    assert 'href="#partners-1-name"' not in answer.text
    assert "This partner is named at rank 1." in words(answer)


def test_a_sixth_partner_is_refused(staff: PageClient) -> None:
    page = staff.get("/plans/new")
    token = token_of(page)
    many = {f"partners-{n}-name": f"Partner {n}" for n in range(6)}
    answer = staff.post("/plans", data={**NEW, **many, "csrf_token": token})
    assert answer.status_code == 422
    assert "Partner 5" in answer.text


def test_rows_are_added_removed_and_moved_without_javascript(
    engine: Engine, staff: PageClient
) -> None:
    shown = staff.get("/plans/new")
    token = token_of(shown)
    sent = {**NEW, "partners-1-name": "Yape", "csrf_token": token}
    added = staff.post("/plans", data={**sent, "add_row": "partners"})
    assert added.status_code == 200
    assert 'name="partners-2-name"' in added.text
    moved = staff.post("/plans", data={**sent, "move_up": "partners-1"})
    assert moved.text.index("Yape") < moved.text.index("Agros")
    removed = staff.post("/plans", data={**sent, "remove_row": "partners-0"})
    assert "Agros" not in removed.text
    assert "Yape" in removed.text
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 0


def test_an_edit_changes_what_was_typed_and_nothing_else(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    before = stored(engine, plan)
    page = staff.submit(f"/plans/{plan}/edit", {"background": "Two\r\nlines"})
    assert page.request.path == f"/plans/{plan}"
    after = stored(engine, plan)
    assert after.background == "Two\nlines"
    assert [row.id for row in after.learning_questions] == [
        row.id for row in before.learning_questions
    ]
    assert after.title == before.title


def test_a_stale_form_is_answered_409_with_everything_typed(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    form = staff.get(f"/plans/{plan}/edit")
    staff.submit(f"/plans/{plan}/edit", {"title": "Theirs"})
    token = token_of(form)
    answer = staff.post(
        f"/plans/{plan}",
        data={**NEW, "title": "Mine", "version": "1", "csrf_token": token},
    )
    assert answer.status_code == 409
    assert 'value="Mine"' in answer.text
    assert "Somebody else changed this plan" in words(answer)
    assert stored(engine, plan).title == "Theirs"


def test_of_two_who_edit_a_plan_the_second_undoes_no_row_of_the_first(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    staff.submit(f"/plans/{plan}/edit", NEW)
    action = f"/plans/{plan}"
    seen = as_shown(staff.get(f"{action}/edit"), action)
    staff.submit(
        f"{action}/edit",
        {"partners-0-name": "Yape", "learning_questions-0-text": "Whose homes?", "tweet": "Come!"},
    )
    mine = {"learning_questions-0-text": "Which homes?", "background": "Rain."}
    answer = staff.post(action, data=seen | mine)
    assert answer.status_code == 409
    for text in ("Learning question: Whose homes?", "Learning question: Which homes?"):
        assert text in words(answer)
    sent = as_shown(answer, action)
    assert staff.post(action, data=sent).status_code == 303
    after = stored(engine, plan)
    assert [row.partner.name for row in after.partnerships] == ["Yape"]
    assert [row.text for row in after.learning_questions] == ["Which homes?"]
    assert (after.tweet, after.background) == ("Come!", "Rain.")


@pytest.mark.parametrize("button", [{}, {"add_row": "partners"}])
def test_the_rows_that_were_saved_can_be_chosen_as_a_whole(
    engine: Engine, staff: PageClient, plan: str, button: dict[str, str]
) -> None:
    staff.submit(f"/plans/{plan}/edit", NEW)
    action, rows = f"/plans/{plan}", "learning_questions"
    seen = as_shown(staff.get(f"{action}/edit"), action)
    theirs = {f"{rows}-0-text": "Whose homes?", f"{rows}-1-text": "And whose shops?"}
    staff.submit(f"{action}/edit", theirs | {f"{rows}-1-stages": ["grow"]}, action=action)
    answer = staff.post(action, data=seen | {f"{rows}-0-text": "Which homes?", "tweet": "Mine!"})
    sent = as_shown(answer, action) | {f"{rows}-choice": theirs_of(answer, rows)}
    answer = staff.post(action, data=sent | button)
    if button:
        answer = staff.post(action, data=as_shown(answer, action))
    assert answer.status_code == 303
    after = stored(engine, plan)
    assert [row.text for row in after.learning_questions] == ["Whose homes?", "And whose shops?"]
    assert after.learning_questions[1].stages == ["grow"]
    assert after.tweet == "Mine!"


def test_a_form_sent_twice_makes_one_plan_and_leads_to_it(
    engine: Engine, staff: PageClient
) -> None:
    ends = {staff.submit("/plans/new", NEW).request.path for _twice in range(2)}
    assert ends == {"/plans/PE-2026-P01"}
    with unit_of_work(engine, writes=False) as session:
        assert session.scalar(select(func.count()).select_from(Plan)) == 1


def test_an_edit_sent_twice_is_saved_once(engine: Engine, staff: PageClient, plan: str) -> None:
    twice = {**NEW, "version": "1", "partners-0-name": "Agros"}
    answers = [staff.submit(f"/plans/{plan}/edit", twice) for _twice in range(2)]
    assert [answer.request.path for answer in answers] == [f"/plans/{plan}"] * 2
    assert stored(engine, plan).version == 2


@pytest.mark.parametrize(
    "query",
    ["year=99999999999999999999", "year=abc", "year=-1", "page=0", f"page={'9' * 30}"],
)
def test_a_strange_address_still_gives_a_list(staff: PageClient, plan: str, query: str) -> None:
    assert staff.get(f"/plans?{query}").status_code == 200


@pytest.mark.parametrize("address", ["/plans/reflections/{}", "/reports/{}", "/people/{}"])
@pytest.mark.parametrize("number", ["3000000000", "9" * 30, "9" * 5000])
def test_a_number_that_no_record_has_is_no_page(
    client_of: SignedInClient, cast: Cast, address: str, number: str
) -> None:
    client = client_of(cast.admin if "people" in address else cast.head)
    assert client.get(address.format(number)).status_code == 404


def test_a_forged_kind_of_evidence_is_refused_with_the_sentence_of_lists(staff: PageClient) -> None:
    told = {**NEW, "evidence-0-text": "Figures", "evidence-0-kind": "nonsense"}
    page = staff.submit("/plans/new", told)
    assert page.status_code == 422
    assert "Choose one from the list." in words(page)
    assert "This field is required." not in words(page)


def test_a_title_nobody_sees_is_refused_as_missing(engine: Engine, staff: PageClient) -> None:
    page = staff.submit("/plans/new", {**NEW, "title": "\u200b\u202e"})
    assert page.status_code == 422
    assert 'id="title-error"' in page.text
    assert "A plan needs a title." in words(page)


def test_a_question_with_experiments_comes_back_when_it_was_removed(
    engine: Engine, cast: Cast, staff: PageClient, plan: str
) -> None:
    with unit_of_work(engine) as session:
        question = session.scalars(select(Plan).where(Plan.code == plan)).one()
        row = plans.whole_plan(session, question.id).learning_questions[0]
        office = session.get_one(Office, cast.peru.id)
        factories.an_experiment(session, office, learning_question_id=row.id)
    page = staff.get(f"/plans/{plan}/edit")
    token = token_of(page)
    answer = staff.post(
        f"/plans/{plan}",
        data={
            "title": "Title",
            "year": "2026",
            "version": str(stored(engine, plan).version),
            "csrf_token": token,
        },
    )
    assert answer.status_code == 422
    assert "this question cannot be removed" in words(answer)
    assert row.text in words(answer)
    assert len(stored(engine, plan).learning_questions) == 1


def test_a_question_shows_its_experiments_or_that_it_has_none(
    engine: Engine, cast: Cast, staff: PageClient, plan: str
) -> None:
    assert "No experiment answers this question yet." in words(staff.get(f"/plans/{plan}"))
    with unit_of_work(engine) as session:
        office = session.get_one(Office, cast.peru.id)
        row = stored(engine, plan).learning_questions[0]
        made = factories.an_experiment(session, office, learning_question_id=row.id)
    page = staff.get(f"/plans/{plan}")
    assert made.title in words(page)
    assert f"/experiments/{made.code}" in page.text
    assert "No experiment answers" not in words(page)


def test_a_plan_is_submitted_and_taken_back(engine: Engine, staff: PageClient, plan: str) -> None:
    page = staff.submit(f"/plans/{plan}", {}, action=f"/plans/{plan}/submit")
    assert "The plan is submitted." in words(page)
    assert stored(engine, plan).is_submitted
    staff.submit(f"/plans/{plan}", {}, action=f"/plans/{plan}/take-back")
    assert not stored(engine, plan).is_submitted


def test_a_second_big_bet_is_refused_kindly(
    engine: Engine, cast: Cast, staff: PageClient, plan: str
) -> None:
    staff.submit(f"/plans/{plan}", {}, action=f"/plans/{plan}/submit")
    with unit_of_work(engine) as session:
        second = factories.a_plan(session, session.get_one(Office, cast.peru.id)).code
    page = staff.submit(f"/plans/{second}", {}, action=f"/plans/{second}/submit")
    assert page.status_code == 409
    assert "already has its big bet for 2026" in words(page)
    assert not stored(engine, second).is_submitted


def test_words_a_person_wrote_are_never_markup(staff: PageClient) -> None:
    attack = '<script>alert("x")</script> https://example.org/"><img src=x onerror=alert(1)>'
    page = staff.submit(
        "/plans/new",
        {**NEW, "statement": attack, "partners-0-collaboration": attack, "title": "<i>T</i>"},
    )
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<img src=x" not in page.text
    assert "&lt;i&gt;T&lt;/i&gt;" in page.text


@pytest.mark.parametrize("part", ["officer", "admin"])
def test_who_does_not_write_plans_may_read_them(
    client_of: SignedInClient, cast: Cast, plan: str, part: str
) -> None:
    client = client_of(getattr(cast, part))
    page = client.get(f"/plans/{plan}")
    assert page.status_code == 200
    assert f"/plans/{plan}/edit" not in page.text
    assert client.get(f"/plans/{plan}/edit").status_code == 403
    assert client.get("/plans/new").status_code == 403
    assert client.get("/plans/import").status_code == 403


def test_a_reader_and_a_visitor_see_no_plans(
    client: PageClient, client_of: SignedInClient, cast: Cast, plan: str
) -> None:
    assert client_of(cast.reader).get(f"/plans/{plan}").status_code == 403
    assert client.get(f"/plans/{plan}").status_code == 303


@pytest.mark.parametrize("path", ["/plans/CODE", "/plans/CODE/edit", "/plans/CODE/export/json"])
def test_plans_of_another_office_do_not_exist_for_a_stranger(
    client_of: SignedInClient, cast: Cast, plan: str, path: str
) -> None:
    client = client_of(cast.stranger)
    assert client.get(path.replace("CODE", plan)).status_code == 404
    assert plan not in client.get("/plans").text


def test_a_stranger_changes_nothing(
    engine: Engine, client_of: SignedInClient, cast: Cast, plan: str
) -> None:
    client = client_of(cast.stranger)
    shown = client.get("/plans/new")
    token = token_of(shown)
    for path in ("", "/submit", "/take-back"):
        sent = {**NEW, "version": "1", "csrf_token": token}
        assert client.post(f"/plans/{plan}{path}", data=sent).status_code == 404
    created = client.post("/plans", data={**NEW, "office": "PE", "csrf_token": token})
    assert created.status_code == 422
    assert stored(engine, plan).version == 1


def test_a_plan_can_be_downloaded(staff: PageClient, plan: str) -> None:
    answer = staff.get(f"/plans/{plan}/export/json")
    assert json.loads(answer.text)["code"] == plan
    assert f'filename="{plan}.json"' in answer.headers["Content-Disposition"]
    assert "Please provide a name" in staff.get(f"/plans/{plan}/export/form").text
    assert staff.get(f"/plans/{plan}/export/exe").status_code == 404


def test_the_page_takes_as_many_statements_for_a_large_plan(
    engine: Engine, cast: Cast, staff: PageClient, statements: Statements
) -> None:
    counted = []
    for size in (1, 9):
        with unit_of_work(engine) as session:
            office = session.get_one(Office, cast.peru.id)
            made = factories.a_plan(session, office)
            for position in range(2, size + 1):
                row = factories.a_question(session, made, position=position)
                factories.an_experiment(
                    session, office, session.merge(cast.markets), learning_question_id=row.id
                )
        statements.clear()
        assert staff.get(f"/plans/{made.code}").status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1]


def test_the_list_takes_as_many_statements_for_many_plans(
    engine: Engine, cast: Cast, staff: PageClient, statements: Statements
) -> None:
    counted = []
    for more in (1, 12):
        with unit_of_work(engine) as session:
            for _ in range(more):
                factories.a_plan(session, session.get_one(Office, cast.peru.id))
        statements.clear()
        assert staff.get("/plans").status_code == 200
        counted.append(len(statements))
    assert counted[0] == counted[1]


@needs_inputs
@pytest.mark.parametrize("language", ["en", "es"])
def test_every_word_of_the_seed_stands_on_its_page(
    engine: Engine, staff: PageClient, language: str
) -> None:
    with unit_of_work(engine) as session:
        (report,) = take_in_file(
            session,
            real_inputs.content_of(SEED),
            name=SEED,
            choices=Choices(office_code="PE", year=2022),
            by=OPERATOR,
        )
    page = staff.get(f"/plans/{report.code}?lang={language}")
    document = document_of(page)
    for details in [each for parent in document.iter() for each in parent if each.tag == "details"]:
        for parent in document.iter():
            if details in list(parent):
                parent.remove(details)
    shown = text_of(document)
    said = [value for value in report.fields.values() if isinstance(value, str)]
    said += [text for each in report.partners for text in (each.name, each.collaboration)]
    for each in report.learning_questions:
        said += [each.text, each.method_use, each.data_gaps]
    assert len(said) > 20
    for text in said:
        assert text == "big_bet" or " ".join(text.split()) in shown
