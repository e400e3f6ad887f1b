"""The closing form on the web: written, refused beside its fields, changed by two people."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from app.database import unit_of_work
from app.domain.plan_content import PartnerEntry
from app.domain.reflections import ReflectionContent
from app.queries.plans import reflection_by_id
from app.queries.scope import EVERYTHING
from app.services import plans, reflections
from app.services.actor import OPERATOR
from app.services.import_reports import Choices
from app.services.imports import take_in
from app.services.plan_rows import lay_partners
from models import Office, Plan, Programme, Reflection
from models.vocabulary import Sector
from tests import factories
from tests.cast import Cast
from tests.conftest import Statements
from tests.pages import PageClient, SignedInClient, as_shown, document_of
from tests.services.test_imports import CLOSING
from tests.web.pages import text_of
from tests.web.test_plans import token_of, words

NEW = {
    "insights-0": "Phones are shared.",
    "links-0": "https://example.org/a",
    "barriers": "The counterpart changed.",
    "time_sense": "10",
    "time_explore": "20",
    "time_test": "60",
    "time_grow": "10",
    "methods": ["Pilots"],
    "other_methods": "Ethnography\npilots",
    "other_data_sources": "Receipts",
    "partners-0-name": "AGROS",
    "partners-0-sector": "private_sector",
    "handover_outcomes": ["government_adopted", "other"],
}
TOLD = ReflectionContent(insights=("Phones are shared.",), barriers="Time.")


@pytest.fixture
def staff(client_of: SignedInClient, cast: Cast) -> PageClient:
    return client_of(cast.staff)


@pytest.fixture
def plan(engine: Engine, cast: Cast) -> str:
    """A plan that meant to use pilots and surveys, and to work with Agros and Yape."""
    with unit_of_work(engine) as session:
        row = factories.a_plan(
            session,
            session.get_one(Office, cast.peru.id),
            title="Mercados",
            methods=["Pilots", "Maps"],
            data_sources=["Surveys"],
        )
        whole = plans.whole_plan(session, row.id)
        named = [PartnerEntry("Agros", new_and_unusual=True), PartnerEntry("Yape")]
        lay_partners(session, whole.partnerships, named)
        whole.learning_questions[0].methods = ["Foresight"]
        return row.code


@pytest.fixture
def written(engine: Engine, cast: Cast, plan: str) -> int:
    with unit_of_work(engine) as session:
        row = plan_of(session, plan)
        return reflections.write(session, row, TOLD, by=OPERATOR).id


def plan_of(session: Session, code: str) -> Plan:
    return plans.whole_plan(
        session, session.scalars(select(Plan.id).where(Plan.code == code)).one()
    )


def stored(engine: Engine) -> Reflection:
    with unit_of_work(engine, writes=False) as session:
        key = session.scalars(select(Reflection.id)).one()
        return reflection_by_id(session, key, scope=EVERYTHING)


def count(engine: Engine) -> int:
    with unit_of_work(engine, writes=False) as session:
        return session.scalar(select(func.count()).select_from(Reflection)) or 0


def part(page_text: str, begins: str, ends: str) -> str:
    return page_text.partition(begins)[2].partition(ends)[0]


def test_staff_write_a_closing_form(engine: Engine, staff: PageClient, plan: str) -> None:
    page = staff.submit(f"/plans/{plan}/reflection/new", NEW)
    row = stored(engine)
    assert page.request.path == f"/plans/reflections/{row.id}"
    assert "The closing form is saved." in words(page)
    assert (row.time_test, row.methods, row.data_sources) == (
        60,
        ["Pilots", "Ethnography"],
        ["Receipts"],
    )
    assert row.handover_outcomes == ["government_adopted", "other"]
    assert "Sense 10 %, Explore 20 %, Test 60 %, Grow 10 %" in words(page)
    assert "Closing form written" in words(page)


def test_planned_and_actual_stand_on_both_pages_with_their_counts(
    staff: PageClient, plan: str
) -> None:
    page = staff.submit(f"/plans/{plan}/reflection/new", NEW)
    for shown in (page, staff.get(f"/plans/{plan}")):
        text = part(words(shown), "Planned and actual", "Partners worked with are those")
        methods, _h, rest = text.partition("Data sources")
        data, _h, partners = rest.partition("Partners")
        assert "As planned (1)Pilots" in methods
        assert "Planned and not used (2)MapsForesight" in methods
        assert "Used without being planned (1)Ethnography" in methods
        assert "Planned and not used (1)Surveys" in data
        assert "Used without being planned (1)Receipts" in data
        assert "As planned (1)Agros Private sector New and unusual for UNDP: Yes" in partners
        assert "Planned and not worked with (1)Yape" in partners
        assert "Worked with without being planned (0)Nobody" in partners


def with_experiment(engine: Engine, cast: Cast, plan: str, partner: str) -> None:
    with unit_of_work(engine) as session:
        row = plan_of(session, plan)
        office = session.get_one(Office, cast.peru.id)
        markets = session.get_one(Programme, cast.markets.id)
        question = row.learning_questions[0]
        experiment = factories.an_experiment(
            session, office, markets, learning_question_id=question.id, partnerships=[]
        )
        lay_partners(session, experiment.partnerships, [PartnerEntry(partner, Sector.ACADEMIA)])


def test_partners_of_the_experiments_under_the_questions_count_as_worked_with(
    engine: Engine, cast: Cast, staff: PageClient, plan: str, written: int
) -> None:
    with_experiment(engine, cast, plan, "yape")
    with_experiment(engine, cast, plan, "PUCP")
    text = words(staff.get(f"/plans/reflections/{written}"))
    assert "As planned (1)Yape Academia" in text
    assert "Planned and not worked with (1)Agros" in text
    assert "Worked with without being planned (1)PUCP Academia" in text


def test_an_officer_learns_that_experiments_of_other_programmes_are_left_out(
    engine: Engine, cast: Cast, client_of: SignedInClient, plan: str, written: int
) -> None:
    with_experiment(engine, cast, plan, "PUCP")
    page = words(client_of(cast.other_officer).get(f"/plans/{plan}"))
    assert "PUCP" not in page
    assert "Experiments of other programmes left out: 1" in page
    assert "PUCP" in words(client_of(cast.officer).get(f"/plans/{plan}"))


def test_nothing_is_compared_before_the_plan_is_closed(staff: PageClient, plan: str) -> None:
    page = words(staff.get(f"/plans/{plan}"))
    assert "Planned and not used" not in page
    assert "Write the closing form" in page


def test_everything_wrong_is_said_at_once_beside_its_field_and_typed_text_stays(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    typed = {
        **NEW,
        "time_test": "59",
        "links-0": "see <the> annex",
        "partners-0-name": "",
        "partners-0-collaboration": "Training",
    }
    page = staff.submit(f"/plans/{plan}/reflection/new", typed)
    assert page.status_code == 422
    assert "The shares of time add up to 99 and not to 100." in words(page)
    for field in ("time_sense", "links-0", "partners-0-name"):
        assert f'href="#{field}"' in page.text
    assert "see &lt;the&gt; annex" in page.text
    assert "Training" in page.text
    assert count(engine) == 0


@pytest.mark.parametrize("typed", ["12.5", "many", "-5", "140"])
def test_a_share_that_is_no_share_is_refused_and_stays_as_typed(
    staff: PageClient, plan: str, typed: str
) -> None:
    page = staff.submit(f"/plans/{plan}/reflection/new", {**NEW, "time_grow": typed})
    assert page.status_code == 422
    assert 'href="#time_grow"' in page.text
    assert f'value="{typed}"' in page.text
    assert "add up to" not in words(page)


def test_a_blank_row_does_not_move_an_error_to_another_row(staff: PageClient, plan: str) -> None:
    address = f"/plans/{plan}/reflection/new"
    shown = staff.get(address)
    sent = {**NEW, "links-0": "", "links-1": "https://example.org", "links-2": "no address"}
    answer = staff.post(
        address, data={**sent, "csrf_token": token_of(shown), "submission_key": key_of(shown)}
    )
    assert answer.status_code == 422
    assert 'href="#links-2"' in answer.text
    assert 'href="#links-1"' not in answer.text


def key_of(page: TestResponse) -> str:
    return next(
        each.get("value") or ""
        for each in document_of(page).iter("input")
        if each.get("name") == "submission_key"
    )


def test_a_sixth_insight_is_refused_and_kept(staff: PageClient, plan: str) -> None:
    address = f"/plans/{plan}/reflection/new"
    shown = staff.get(address)
    many = {f"insights-{n}": f"Insight {n}" for n in range(6)}
    sent = {**NEW, **many, "csrf_token": token_of(shown), "submission_key": key_of(shown)}
    answer = staff.post(address, data=sent)
    assert answer.status_code == 422
    assert "There are 6 key insights; at most 5 fit." in words(answer)
    assert "Insight 5" in answer.text


def test_rows_are_added_without_javascript_and_nothing_is_saved(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    address = f"/plans/{plan}/reflection/new"
    shown = staff.get(address)
    sent = {**NEW, "csrf_token": token_of(shown), "submission_key": key_of(shown)}
    answer = staff.post(address, data={**sent, "add_row": "insights"})
    assert 'name="insights-1"' in answer.text
    assert "Phones are shared." in answer.text
    answer = staff.post(address, data={**sent, "add_row": "partners"})
    assert 'name="partners-1-name"' in answer.text
    assert count(engine) == 0


def test_a_form_sent_twice_is_written_once(engine: Engine, staff: PageClient, plan: str) -> None:
    address = f"/plans/{plan}/reflection/new"
    shown = staff.get(address)
    sent = {**NEW, "csrf_token": token_of(shown), "submission_key": key_of(shown)}
    first, again = staff.post(address, data=sent), staff.post(address, data=sent)
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.location == again.location
    assert count(engine) == 1


def test_who_comes_second_with_a_new_one_loses_nothing(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    address = f"/plans/{plan}/reflection/new"
    shown = staff.get(address)
    with unit_of_work(engine) as session:
        made = reflections.write(session, plan_of(session, plan), TOLD, by=OPERATOR).id
    sent = {**NEW, "csrf_token": token_of(shown), "submission_key": key_of(shown)}
    answer = staff.post(address, data=sent)
    assert answer.status_code == 409
    assert "This plan has its closing form already." in words(answer)
    assert f'href="/plans/reflections/{made}"' in answer.text
    assert "The counterpart changed." in answer.text
    assert staff.get(address).location == f"/plans/reflections/{made}/edit"


def test_two_editors_see_both_versions_side_by_side(
    engine: Engine, staff: PageClient, plan: str, written: int
) -> None:
    address = f"/plans/reflections/{written}/edit"
    shown = staff.get(address)
    with unit_of_work(engine) as session:
        row = reflection_by_id(session, written, scope=EVERYTHING)
        theirs = replace(
            TOLD,
            barriers="Money.",
            insights=("Cash stays.",),
            methods=("Foresight",),
            partners=(PartnerEntry("Yape"),),
        )
        reflections.edit(session, row, theirs, seen_version=row.version, by=OPERATOR)
    mine = {**NEW, "csrf_token": token_of(shown), "version": "1"}
    answer = staff.post(address, data=mine)
    assert answer.status_code == 409
    beside = text_of(
        next(each for each in document_of(answer).iter() if each.get("id") == "differences")
    )
    for text in ("Money.", "The counterpart changed.", "Cash stays.", "Phones are shared."):
        assert text in beside
    for text in ("Foresight", "Pilots", "Name of the partner: Yape", "Name of the partner: AGROS"):
        assert text in beside
    assert stored(engine).barriers == "Money."
    version = next(
        each.get("value") or ""
        for each in document_of(answer).iter("input")
        if each.get("name") == "version"
    )
    assert staff.post(address, data={**mine, "version": version}).status_code == 303
    assert stored(engine).barriers == "The counterpart changed."


def test_what_the_second_editor_left_alone_is_taken_from_the_first(
    engine: Engine, staff: PageClient, written: int
) -> None:
    address = f"/plans/reflections/{written}/edit"
    seen = as_shown(staff.get(address), address)
    theirs = {
        "barriers": "Money.",
        "methods": ["Maps", "Pilots"],
        "other_methods": "Ethnography",
        "insights-0": "Cash stays.",
        "partners-0-name": "Yape",
    }
    staff.submit(address, theirs)
    mine = seen | {"barriers": "Rain.", "links-0": "https://example.org/b"}
    answer = staff.post(address, data=mine)
    assert answer.status_code == 409
    assert staff.post(address, data=as_shown(answer, address)).status_code == 303
    after = stored(engine)
    assert (after.barriers, after.links) == ("Rain.", "https://example.org/b")
    assert (after.methods, after.insights) == (["Maps", "Pilots", "Ethnography"], "Cash stays.")
    assert [row.partner.name for row in after.partnerships] == ["Yape"]


def test_editing_shows_what_stands_and_saves_what_changed(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    staff.submit(f"/plans/{plan}/reflection/new", NEW)
    before = stored(engine)
    page = staff.submit(f"/plans/reflections/{before.id}/edit", {"bonus": "Together."})
    after = stored(engine)
    assert after.bonus == "Together."
    kept = ("insights", "links", "barriers", "time_test", "methods", "data_sources")
    for name in (*kept, "handover_outcomes"):
        assert getattr(after, name) == getattr(before, name)
    assert [row.partner.name for row in after.partnerships] == ["Agros"]
    assert "Closing form changed" in words(page)


def test_an_imported_one_keeps_its_source_and_says_it_was_edited(
    engine: Engine, cast: Cast, staff: PageClient
) -> None:
    said = "This closing form was edited here after it was imported."
    with unit_of_work(engine) as session:
        choices = Choices(office_code="PE", this_year=2026)
        take_in(session, CLOSING, name="closing.md", choices=choices, by=OPERATOR)
    key = stored(engine).id
    assert said not in words(staff.get(f"/plans/reflections/{key}"))
    page = staff.submit(f"/plans/reflections/{key}/edit", {"barriers": "Time."})
    assert said in words(page)
    assert "closing.md" in words(page)
    assert "The counterpart changed." in words(page)
    assert stored(engine).barriers == "Time."


def test_a_forged_outcome_is_refused_with_the_sentence_of_lists(
    engine: Engine, staff: PageClient, plan: str
) -> None:
    address = f"/plans/{plan}/reflection/new"
    shown = staff.get(address)
    sent = {**NEW, "csrf_token": token_of(shown), "submission_key": key_of(shown)}
    answer = staff.post(address, data={**sent, "handover_outcomes": "nonsense"})
    assert answer.status_code == 422
    assert "Choose one from the list." in words(answer)
    assert count(engine) == 0


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize(
    "path", ["/plans/PLAN", "/plans/reflections/KEY", "/plans/reflections/KEY/edit"]
)
def test_every_page_can_be_read_in_both_languages(
    staff: PageClient, plan: str, written: int, path: str, language: str
) -> None:
    address = path.replace("PLAN", plan).replace("KEY", str(written))
    page = staff.get(f"{address}?lang={language}")
    assert page.status_code == 200
    assert f'lang="{language}"' in page.text


def test_more_partners_cost_no_more_statements(
    engine: Engine, cast: Cast, staff: PageClient, plan: str, written: int, statements: Statements
) -> None:
    with_experiment(engine, cast, plan, "PUCP")
    address = f"/plans/reflections/{written}"
    staff.get(address)
    statements.clear()
    staff.get(address)
    few = len(statements)
    for name in ("Uno", "Dos", "Tres"):
        with_experiment(engine, cast, plan, name)
    statements.clear()
    staff.get(address)
    assert len(statements) == few
