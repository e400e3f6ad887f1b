"""Importing on the web: look first, correct, save; nothing is stored before."""

import io
import re
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from werkzeug.test import TestResponse

from app.database import unit_of_work
from app.exchange.form_prompts import Form
from app.services import plans
from models import Base, Experiment, ImportedPage, Plan, Reflection
from models.vocabulary import ChallengeType, Sector
from tests.cast import Cast
from tests.exchange import real_inputs
from tests.exchange.forms import page, partner_text, plan_text, question_text, quoted
from tests.exchange.real_inputs import FILES, SEED, needs_inputs
from tests.pages import PageClient, SignedInClient, _as_shown, document_of
from tests.web.pages import text_of

TEXT = plan_text(
    title="Mercados",
    statement="Our challenge is that markets have no internet.",
    partners=partner_text("Agros", "Banking", "Advice"),
    questions=question_text("How do sellers learn? Who teaches them?", "Explore, Test"),
)


@pytest.fixture
def staff(client_of: SignedInClient, cast: Cast) -> PageClient:
    return client_of(cast.staff)


def words(page: TestResponse) -> str:
    return text_of(document_of(page))


def review(client: PageClient, text: str = TEXT, **fields: Any) -> TestResponse:
    return client.submit("/plans/import", {"text": text, "year": "2022", **fields})


def upload(client: PageClient, content: bytes, name: str = "plan.txt") -> TestResponse:
    answer = client.submit("/plans/import", {"file": [(io.BytesIO(content), name)]})
    answer.request.environ["wsgi.input"].close()  # the client spools large bodies to a file
    return answer


def save(client: PageClient, shown: TestResponse, **corrections: Any) -> TestResponse:
    """Send the review page's form as it stands, with corrections."""
    form = next(
        each for each in document_of(shown).iter("form") if "save" in each.get("action", "")
    )
    sent = _as_shown(form)
    for name, value in corrections.items():
        sent.setlist(name.replace("__", "-"), [value])
    return client.post("/plans/import/save", data=sent, follow_redirects=True)


def rows(engine: Engine) -> dict[str, int | None]:
    with unit_of_work(engine, writes=False) as session:
        return {
            table.name: session.scalar(select(func.count()).select_from(table))
            for table in Base.metadata.sorted_tables
        }


def the_plan(engine: Engine) -> Plan:
    with unit_of_work(engine, writes=False) as session:
        return plans.whole_plan(session, session.scalars(select(Plan.id)).one())


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_page_and_its_review_can_be_read_in_both_languages(
    staff: PageClient, language: str
) -> None:
    assert f'lang="{language}"' in staff.get(f"/plans/import?lang={language}").text
    assert review(staff).status_code == 200


def test_looking_stores_nothing(engine: Engine, staff: PageClient) -> None:
    before = rows(engine)
    shown = review(staff)
    assert shown.status_code == 200
    assert rows(engine) == before


def test_the_review_shows_what_was_understood_and_what_was_not(staff: PageClient) -> None:
    said = words(review(staff, TEXT + "\nWhat colour is it?\nBlue"))
    for text in ("Mercados", "markets have no internet", "Agros", "How do sellers learn?"):
        assert text in said
    assert "It is new and will be added" in said
    assert "Not understood" in said
    assert "“Banking” is not among the answers" in said


def test_the_review_says_what_will_happen_and_not_what_has_happened(staff: PageClient) -> None:
    said = words(review(staff))
    assert "Will be added" in said
    assert not re.search(r"\bAdded\b", said)
    save(staff, review(staff))
    assert "No changes" in words(review(staff))


def test_the_review_names_every_field_as_people_do(staff: PageClient) -> None:
    text = TEXT.replace("Banking", "NGO")
    said = words(review(staff, text))
    assert "Sector of partner 1: NGO" in said
    assert "partner 1 sector" not in said


def test_the_review_can_be_saved_from_anywhere_on_it(staff: PageClient) -> None:
    assert 'class="bar stay"' in review(staff).text


def test_saving_after_the_review_adds_the_plan(engine: Engine, staff: PageClient) -> None:
    answer = save(staff, review(staff))
    assert answer.request.path == "/plans/PE-2022-P01"
    plan = the_plan(engine)
    assert (plan.title, plan.year) == ("Mercados", 2022)
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(ImportedPage.text)).one() == TEXT


def test_corrections_are_saved(engine: Engine, cast: Cast, staff: PageClient) -> None:
    save(
        staff,
        review(staff),
        year="2021",
        readings__0__challenge_type="exploratory",
        readings__0__sectors__0="academia",
        readings__0__split="1",
    )
    plan = the_plan(engine)
    assert plan.code == "PE-2021-P01"
    assert plan.challenge_type is ChallengeType.EXPLORATORY
    assert plan.partnerships[0].sector is Sector.ACADEMIA
    assert [row.text for row in plan.learning_questions] == [
        "How do sellers learn?",
        "Who teaches them?",
    ]
    assert plan.created_by_id == cast.staff.id


def test_looking_again_keeps_the_corrections_and_stores_nothing(
    engine: Engine, staff: PageClient
) -> None:
    before = rows(engine)
    again = save(staff, review(staff), year="2019", readings__0__sectors__0="academia", again="1")
    assert again.status_code == 200
    assert rows(engine) == before
    form = document_of(again)
    chosen = [each.get("value") for each in form.iter("option") if each.get("selected") is not None]
    assert "academia" in chosen
    assert 'value="2019"' in again.text


def test_a_year_that_is_none_is_refused_beside_its_field(staff: PageClient) -> None:
    assert review(staff, year="two").status_code == 422
    answer = save(staff, review(staff), year="20")
    assert answer.status_code == 422
    assert "Write the year with four digits" in words(answer)


def test_the_same_text_again_is_announced_as_unchanged(engine: Engine, staff: PageClient) -> None:
    save(staff, review(staff))
    before = rows(engine)
    shown = review(staff)
    assert "It is here already (PE-2022-P01) and nothing will change." in words(shown)
    assert save(staff, shown).request.path == "/plans/PE-2022-P01"
    assert rows(engine) == before


def test_a_changed_text_is_announced_as_an_update(engine: Engine, staff: PageClient) -> None:
    save(staff, review(staff))
    shown = review(staff, TEXT.replace("no internet", "slow internet"))
    assert "what differs will be replaced" in words(shown)
    save(staff, shown)
    assert "slow internet" in the_plan(engine).statement


def test_a_plan_edited_here_cannot_be_overwritten_by_a_file(
    engine: Engine, staff: PageClient
) -> None:
    save(staff, review(staff))
    staff.submit("/plans/PE-2022-P01/edit", {"statement": "Mine"})
    shown = review(staff, TEXT.replace("no internet", "slow internet"))
    assert "was changed here after its file was imported" in words(shown)
    assert "Save it" not in words(shown)
    answer = save(staff, shown)
    assert answer.status_code == 409
    assert the_plan(engine).statement == "Mine"


def test_a_file_is_read_like_a_pasted_text(engine: Engine, staff: PageClient) -> None:
    answer = save(staff, upload(staff, TEXT.encode("utf-16")), year="2022")
    assert answer.request.path == "/plans/PE-2022-P01"
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(ImportedPage.file_name)).one() == "plan.txt"
    assert "nothing will change" in words(review(staff))


def test_windows_line_ends_of_a_browser_make_no_other_content(
    engine: Engine, staff: PageClient
) -> None:
    save(staff, review(staff))
    assert "nothing will change" in words(review(staff, TEXT.replace("\n", "\r\n") + "\r\n"))


BAD_FILES = {
    "no form": (b"Dear all, see you on Monday.", "no es el texto de un formulario"),
    "empty": (b"", "elija"),
    "blank": (b" \n\n", "vac"),
    "20 MB": (b"x" * 20_000_000, "2 MB"),
    "binary": (bytes(range(256)) * 4, "no es un archivo de texto"),
    "wrong encoding": ("Título ¿qué? 中文".encode("utf-16-le"), "texto"),
    "a PDF": (b"%PDF-1.7", "PDF"),
}


@pytest.mark.parametrize(("content", "said"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_explained_in_spanish_and_nothing_is_stored(
    engine: Engine, staff: PageClient, content: bytes, said: str
) -> None:
    staff.get("/plans/import?lang=es")
    before = rows(engine)
    answer = upload(staff, content)
    assert answer.status_code == 422
    assert said in words(answer)
    assert 'href="#file"' in answer.text or 'href="#text"' in answer.text
    assert rows(engine) == before


def test_a_pasted_text_that_is_no_form_is_explained_beside_it_and_kept(
    staff: PageClient,
) -> None:
    answer = review(staff, "Dear all, see you on Monday.", year="2022")
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text
    assert "Dear all, see you on Monday." in answer.text
    assert 'value="2022"' in answer.text


def test_a_text_and_a_file_together_are_refused_kindly(staff: PageClient) -> None:
    both = {"text": TEXT, "file": [(io.BytesIO(TEXT.encode()), "plan.txt")]}
    answer = staff.submit("/plans/import", both)
    assert answer.status_code == 422
    assert "not both" in words(answer)
    assert "Mercados" in answer.text


def test_nothing_at_all_is_refused_kindly(staff: PageClient) -> None:
    answer = staff.submit("/plans/import", {"text": ""})
    assert answer.status_code == 422
    assert "Paste the text of a form, or choose its file." in words(answer)


def test_a_form_is_imported_for_ones_own_office_only(engine: Engine, staff: PageClient) -> None:
    before = rows(engine)
    answer = save(staff, review(staff), office="EC")
    assert answer.status_code == 422
    assert rows(engine) == before


def test_a_page_of_another_country_is_flagged(staff: PageClient) -> None:
    said = words(review(staff, "[[country:Ecuador]]\n" + TEXT))
    assert "The page is from Ecuador; it was taken in for office PE as asked." in said


def test_a_text_cannot_smuggle_markup_into_the_review(staff: PageClient) -> None:
    attack = '<script>alert(1)</script>"><img src=x>'
    shown = review(staff, TEXT.replace("Agros", attack).replace("Mercados", attack))
    assert "<script>alert" not in shown.text
    assert "<img src=x" not in shown.text


CLOSING = page(
    quoted("insights", "Phones are shared.", Form.CLOSING),
    tags=("type:learningplan", "country:Peru", "year:2023"),
    heading="Mercados",
)
EXPERIMENT = page(
    quoted("learning_intent", "Whether messages teach.", Form.EXPERIMENT),
    quoted("hypothesis", "IF we write THEN sellers learn.", Form.EXPERIMENT),
    tags=("type:experiment", "country:Peru", "year:2023"),
    heading="Messages",
)


def test_a_closing_form_without_a_plan_is_shown_and_can_be_attached(
    engine: Engine, staff: PageClient
) -> None:
    answer = save(staff, review(staff, CLOSING, year=""))
    assert answer.request.path.startswith("/plans/reflections/")
    assert "Phones are shared." in words(answer)
    assert "Mercados" in words(staff.get("/plans"))
    save(staff, review(staff, TEXT.replace("Mercados", "Ferias")))
    attached = staff.submit(answer.request.path, {"plan": "PE-2022-P01"})
    assert attached.request.path == "/plans/PE-2022-P01"
    assert "Phones are shared." in words(attached)
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(Reflection.plan_id)).one() is not None


def test_a_closing_form_of_another_office_does_not_exist(
    client_of: SignedInClient, cast: Cast, staff: PageClient
) -> None:
    path = save(staff, review(staff, CLOSING, year="")).request.path
    assert client_of(cast.stranger).get(path).status_code == 404
    assert client_of(cast.officer).get(path).status_code == 200


def test_an_experiments_form_leads_to_the_experiment(engine: Engine, staff: PageClient) -> None:
    answer = save(staff, review(staff, EXPERIMENT, year=""))
    assert answer.request.path == "/experiments/PE-2023-001"
    with unit_of_work(engine, writes=False) as session:
        assert session.scalars(select(Experiment.title)).one() == "Messages"


ONE_OF_EACH_KIND = [name for name in FILES if name == SEED or "guarnibot" in name or "femi" in name]


@needs_inputs
@pytest.mark.parametrize(
    "engine", ["sqlite"], indirect=True
)  # tests/services takes them in on both
@pytest.mark.parametrize(
    ("name", "language"),
    [*((name, "es") for name in FILES), *((name, "en") for name in ONE_OF_EACH_KIND)],
)
def test_every_real_form_is_reviewed_and_saved(staff: PageClient, name: str, language: str) -> None:
    staff.get(f"/plans/import?lang={language}")
    shown = upload(staff, real_inputs.content_of(name), name)
    assert shown.status_code == 200
    saved = save(staff, shown)
    assert saved.status_code == 200
    assert saved.request.path not in ("/plans/import", "/plans/import/save")


@needs_inputs
def test_the_seed_is_understood_on_the_web_as_on_the_command_line(
    engine: Engine, staff: PageClient
) -> None:
    save(staff, upload(staff, real_inputs.content_of(SEED), SEED), year="2022")
    plan = the_plan(engine)
    assert plan.challenge_type is ChallengeType.BIG_BET
    assert [row.partner.name for row in plan.partnerships] == [
        "Internet para Todos",
        "Prime Minister's Office",
        "Agros",
        "UNDP Chief Digital Office",
        "Pecha Kucha",
    ]
