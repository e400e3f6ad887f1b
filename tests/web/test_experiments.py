"""The pages of experiments: who sees and changes what, and that nothing typed is lost."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select

from app.clock import now, today
from app.database import unit_of_work
from app.queries.experiments import PAGE_SIZE, experiment_by_code
from app.queries.scope import EVERYTHING
from app.services.places import load_departments
from models import (
    Decision,
    Experiment,
    HistoryEntry,
    Hypothesis,
    ImportedPage,
    Measurement,
    Metric,
    Partner,
)
from models.vocabulary import (
    ExperimentState,
    MetricKind,
    MetricRole,
    PageKind,
    PauseReason,
    ProgrammeRole,
    ReviewState,
    Stage,
)
from tests.cast import Cast
from tests.factories import (
    a_decision,
    a_hypothesis,
    a_measurement,
    a_metric,
    a_partnership,
    a_plan,
    a_question,
    a_registration,
    a_review,
    a_stage_entry,
    an_experiment,
)
from tests.pages import as_shown, document_of, text_of, theirs_of

CORE = {
    "title": "Messages for market sellers",
    "learning_intent": "Whether messages bring sellers online.",
}


@pytest.fixture
def kept(engine):
    """Write rows that pages can see: ``kept(lambda session, people: …)``."""

    def write(fill, cast):
        with unit_of_work(engine) as session:
            people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
            return fill(session, people)

    return write


@pytest.fixture
def experiment(kept, cast):
    """An experiment with something in every corner; its records by name."""

    def fill(session, people):
        load_departments(session)
        question = a_question(session, a_plan(session, people.peru))
        made = an_experiment(
            session,
            people.peru,
            people.markets,
            owner_id=people.staff.id,
            learning_question_id=question.id,
            title="Messages that bring sellers online",
            actions="One message a week.",
            sample_planned=200,
            budget_planned_usd=Decimal(12000),
            what_happened="Sellers answered.",
            sdgs=[1, 9],
            quality_checks=["low_risk"],
            scaling_outcomes=["partnerships"],
        )
        a_stage_entry(session, made, stage=Stage.GROW)
        a_stage_entry(session, made, stage=Stage.TEST, reason="Too early to grow.")
        hypothesis = a_hypothesis(session, made)
        metric = a_metric(session, made, hypothesis_id=hypothesis.id)
        wrong = a_measurement(session, metric, successes=90, recorded_by_id=people.staff.id)
        reading = a_measurement(session, metric, recorded_by_id=people.staff.id, ubigeo="15")
        wrong.superseded_by_id, wrong.correction_reason = reading.id, "Counted twice."
        a_decision(session, made, by_id=people.head.id)
        a_review(
            session,
            made,
            people.markets,
            state=ReviewState.RETURNED,
            comment="Say who measured it.",
            reviewed_by_id=people.officer.id,
        )
        a_partnership(session, made, name="Agros")
        session.add(
            ImportedPage(
                kind=PageKind.EXPERIMENT,
                file_name="sellers.md",
                content_sha256="0" * 64,
                text="…",
                fields={"follow_up": "A second market asks for it."},
                unmapped=["A line nobody understood"],
                record_version=1,
                experiment_id=made.id,
            )
        )
        return {
            "code": made.code,
            "hypothesis": hypothesis.id,
            "metric": metric.id,
            "reading": reading.id,
            "wrong": wrong.id,
        }

    return kept(fill, cast)


@pytest.fixture
def whole(engine):
    """An experiment as it is stored now."""

    def read(code):
        with unit_of_work(engine, writes=False) as session:
            return experiment_by_code(session, code, scope=EVERYTHING)

    return read


@pytest.fixture
def count(engine):
    """How many rows of a kind are stored."""

    def rows(kind):
        with unit_of_work(engine, writes=False) as session:
            return session.scalar(select(func.count()).select_from(kind))

    return rows


def value_of(response, name):
    """What a field of the shown form holds."""
    for each in document_of(response).iter():
        if each.get("name") == name and each.tag in ("input", "textarea", "select"):
            if each.tag == "textarea":
                return "".join(each.itertext()).removeprefix("\n")
            if each.tag == "select":
                chosen = [one for one in each.iter("option") if one.get("selected") is not None]
                return chosen[0].get("value") if chosen else ""
            return each.get("value")
    raise AssertionError(f"no field {name}")


def error_beside(response, name):
    """The sentence beside a field, "" when there is none."""
    for each in document_of(response).iter("p"):
        if each.get("id") == f"{name}-error":
            return text_of(each)
    return ""


def paths(experiment):
    """Every page of an experiment, and who may open it besides readers of the portfolio."""
    begins = f"/experiments/{experiment['code']}"
    return {
        "read": [begins, f"{begins}/metrics/{experiment['metric']}"],
        "write": [
            f"{begins}/edit",
            f"{begins}/step",
            f"{begins}/hypotheses/new",
            f"{begins}/hypotheses/{experiment['hypothesis']}/edit",
            f"{begins}/metrics/new",
            f"{begins}/metrics/{experiment['metric']}/edit",
            f"{begins}/readings/new",
            f"{begins}/readings/{experiment['reading']}/correct",
        ],
        "decide": [f"{begins}/decisions/new"],
    }


# Who sees and does what


@pytest.mark.parametrize(
    ("part", "read", "write", "decide"),
    [
        ("staff", 200, 200, 403),
        ("head", 200, 200, 200),
        ("officer", 200, 403, 403),
        ("other_officer", 404, 403, 403),
        ("admin", 200, 403, 403),
        ("reader", 403, 403, 403),
        ("stranger", 404, 404, 403),
    ],
)
def test_each_page_opens_to_those_whose_role_allows_it(
    client_of, cast, experiment, part, read, write, decide
):
    client, groups = client_of(getattr(cast, part)), paths(experiment)
    for group, status in (("read", read), ("write", write), ("decide", decide)):
        for path in groups[group]:
            assert client.get(path).status_code == status, path


def test_nobody_sees_an_experiment_without_signing_in(client, experiment):
    for path in ["/experiments", *paths(experiment)["read"]]:
        assert client.get(path).status_code == 303


@pytest.mark.parametrize("part", ["officer", "admin", "reader", "stranger"])
def test_what_is_not_theirs_to_write_is_not_written(client_of, cast, experiment, whole, part):
    client = client_of(getattr(cast, part))
    for group in ("write", "decide"):
        for path in paths(experiment)[group]:
            answer = client.post(path, data={"title": "Mine now"})
            assert answer.status_code in (400, 403, 404), path
    assert whole(experiment["code"]).title == "Messages that bring sellers online"


def test_an_officer_is_shown_no_button_that_would_be_refused(client_of, cast, experiment):
    page = client_of(cast.officer).get(f"/experiments/{experiment['code']}")
    for words in ("/edit", "/step", "/readings/new", "/decisions/new", "/metrics/new"):
        assert words not in page.text


def test_a_list_holds_what_the_reader_may_see(client_of, cast, kept):
    def fill(session, people):
        an_experiment(session, people.peru, people.inclusion, title="Only for inclusion")
        an_experiment(session, people.peru, people.markets, title="Only for markets")

    kept(fill, cast)
    seen = client_of(cast.officer).get("/experiments").text
    assert "Only for markets" in seen
    assert "Only for inclusion" not in seen


def test_a_record_of_another_experiment_is_not_found_under_this_one(
    client_of, cast, experiment, kept
):
    other = kept(
        lambda session, people: an_experiment(session, people.peru, people.markets).code, cast
    )
    client = client_of(cast.staff)
    for path in (
        f"/experiments/{other}/metrics/{experiment['metric']}",
        f"/experiments/{other}/hypotheses/{experiment['hypothesis']}/edit",
        f"/experiments/{other}/readings/{experiment['reading']}/correct",
        f"/experiments/{other}/readings/new?metric={experiment['metric']}",
        "/experiments/PE-1999-001",
        f"/experiments/{other}/metrics/99999999999999999999",
    ):
        assert client.get(path).status_code == 404, path


# Pages


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_reads_well_in_both_languages(client_of, cast, experiment, language):
    client = client_of(cast.head)
    pages = [path for group in paths(experiment).values() for path in group]
    for path in ["/experiments", "/experiments/new", *pages]:
        page = client.get(f"{path}?lang={language}")
        assert page.status_code == 200, path
        assert document_of(page).get("lang") == language


def test_the_page_of_an_experiment_shows_all_of_it(client_of, cast, experiment):
    page = text_of(document_of(client_of(cast.head).get(f"/experiments/{experiment['code']}")))
    for words in (
        "Messages that bring sellers online",
        "Markets and livelihoods",
        "Rosa Quispe",
        "We believe that a weekly message with one payment tip for market sellers",
        "IF we introduce a weekly message",
        "Sellers who take digital payment",
        "29%",
        "Target",
        "One message a week.",
        "Sellers answered.",
        "Led to partnerships",
        "Persevere",
        "Recorded by Hilda Torres",
        "Say who measured it.",
        "Moved back",
        "Too early to grow.",
        "Agros",
        "1. No poverty",
        "USD 12,000",
        "A second market asks for it.",
        "A line nobody understood",
        "The consent of those taking part is not recorded",
    ):
        assert words in page, words


def test_what_is_missing_links_to_the_page_that_mends_it(client_of, cast, kept):
    code = kept(
        lambda session, people: an_experiment(session, people.peru, people.markets).code, cast
    )
    client = client_of(cast.staff)
    page = client.get(f"/experiments/{code}")
    links = [each.get("href") for each in document_of(page).iter("a")]
    for path in (
        f"/experiments/{code}/hypotheses/new",
        f"/experiments/{code}/metrics/new",
        f"/experiments/{code}/edit?open=core#section-core",
        f"/experiments/{code}/edit?open=care#section-care",
    ):
        assert path in links, path
    assert client.get(f"/experiments/{code}/edit?open=care").text.count("<details") == 5


def test_a_corrected_reading_stays_readable_and_is_struck(client_of, cast, experiment):
    path = f"/experiments/{experiment['code']}/metrics/{experiment['metric']}"
    page = client_of(cast.officer).get(path)
    struck = [text_of(each) for each in document_of(page).iter("del")]
    assert "45%" in struck
    assert "Counted twice." in page.text
    assert "Lima" in page.text


def test_an_empty_portfolio_says_what_to_do_next(client_of, cast):
    assert "/experiments/new" in client_of(cast.staff).get("/experiments").text
    assert "/experiments/new" not in client_of(cast.officer).get("/experiments").text


def test_users_words_are_escaped_everywhere(client_of, cast, kept):
    evil = "<script>alert(1)</script>"

    def fill(session, people):
        made = an_experiment(
            session, people.peru, people.markets, title=evil, learning_intent=evil, actions=evil
        )
        a_hypothesis(session, made, change=evil, because=evil)
        metric = a_metric(session, made, name=evil, unit=evil)
        a_measurement(session, metric, note=evil, source=evil)
        a_decision(session, made, reason=evil)
        return made.code, metric.id

    code, metric = kept(fill, cast)
    client = client_of(cast.head)
    for path in (
        "/experiments",
        f"/experiments/{code}",
        f"/experiments/{code}/metrics/{metric}",
        f"/experiments/{code}/hypotheses/new",
        f"/experiments/{code}/decisions/new",
        f"/experiments/{code}/readings/new",
    ):
        assert "<script>alert" not in client.get(path).text, path


# The list's address


def test_filters_in_the_address_narrow_the_list_and_can_be_taken_off(client_of, cast, kept):
    def fill(session, people):
        an_experiment(session, people.peru, people.markets, title="Running one")
        an_experiment(
            session,
            people.peru,
            people.markets,
            title="Paused one",
            state=ExperimentState.PAUSED,
            pause_reason=PauseReason.SEASON,
        )

    kept(fill, cast)
    page = client_of(cast.staff).get("/experiments?state=paused&stage=test&programme=PE-MERCADOS")
    assert "Paused one" in page.text
    assert "Running one" not in page.text
    links = [each.get("href") for each in document_of(page).iter("a")]
    assert "/experiments?stage=test&programme=PE-MERCADOS" in links


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("stage=nonsense", "nonsense"),
        ("state=%3Cb%3E", "not in the list"),
        ("quarter=2026-Q9", "no quarter"),
        ("quarter=2099-Q1", "has not begun"),
    ],
)
def test_a_filter_nobody_understands_is_said_and_left_out(
    client_of, cast, experiment, query, words
):
    page = client_of(cast.staff).get(f"/experiments?{query}")
    assert page.status_code == 200
    assert words in page.text
    assert "Messages that bring sellers online" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=-3",
        "page=abc",
        "page=99999999999999",
        "owner=x",
        "sort=drop",
        "q=%25_%5C",
        "programme=%27",
    ],
)
def test_a_strange_address_still_gives_a_page(client_of, cast, experiment, query):
    assert client_of(cast.staff).get(f"/experiments?{query}").status_code == 200


def test_a_long_list_has_pages_that_keep_the_filters(client_of, cast, kept):
    def fill(session, people):
        for number in range(PAGE_SIZE + 1):
            an_experiment(session, people.peru, people.markets, title=f"Number {number}")

    kept(fill, cast)
    client = client_of(cast.staff)
    page = client.get("/experiments?stage=test&sort=title")
    links = [each.get("href") for each in document_of(page).iter("a")]
    assert "/experiments?stage=test&sort=title&page=2" in links
    assert "26 to 26 of 26" in client.get("/experiments?stage=test&sort=title&page=2").text


def test_the_list_takes_no_more_statements_for_many_than_for_one(client_of, cast, kept, statements):
    def fill(session, people):
        for _one in range(12):
            made = an_experiment(session, people.peru, people.markets, people.inclusion)
            made.owner_id = people.staff.id
            a_measurement(session, a_metric(session, made))

    client = client_of(cast.staff)

    def shown():
        statements.clear()
        assert client.get("/experiments").status_code == 200
        return len(statements)

    kept(fill, cast)
    before = shown()
    kept(fill, cast)
    assert shown() == before <= 14


def test_a_page_takes_no_more_statements_for_many_readings_than_for_few(
    client_of, cast, kept, experiment, statements, engine
):
    client = client_of(cast.staff)

    def shown():
        statements.clear()
        assert client.get(f"/experiments/{experiment['code']}").status_code == 200
        return len(statements)

    before = shown()

    def fill(session, people):
        one = experiment_by_code(session, experiment["code"], scope=EVERYTHING)
        for day in range(1, 29):
            told = {"measured_on": date(2026, 7, day), "recorded_by_id": people.staff.id}
            a_measurement(session, one.metrics[0], **told)
        a_metric(session, one, name="Another", role=MetricRole.SECONDARY, position=2)

    kept(fill, cast)
    assert shown() == before <= 21


# Logging and changing


def test_five_answers_log_an_experiment(client_of, cast, whole):
    page = client_of(cast.staff).submit(
        "/experiments/new", {**CORE, "lead_programme_id": str(cast.markets.id), "stage": "test"}
    )
    assert page.status_code == 200
    assert page.request.path == f"/experiments/PE-{today().year}-001"
    made = whole(f"PE-{today().year}-001")
    assert made.title == CORE["title"]
    assert made.owner.name == "Rosa Quispe"
    assert made.stage is Stage.TEST
    assert [link.role for link in made.programmes] == [ProgrammeRole.LEAD]


def test_a_form_sent_twice_logs_one_experiment_and_leads_to_it(client_of, cast, count):
    client = client_of(cast.staff)
    sent = {
        **CORE,
        "lead_programme_id": str(cast.markets.id),
        "owner_id": str(cast.staff.id),
        "submission_key": str(uuid4()),
    }
    ends = {client.submit("/experiments/new", sent).request.path for _twice in range(2)}
    assert ends == {f"/experiments/PE-{today().year}-001"}
    assert count(Experiment) == 1


def test_a_form_without_its_key_is_shown_again_with_a_new_one(client_of, cast, count):
    client, sent = client_of(cast.staff), {**CORE, "lead_programme_id": str(cast.markets.id)}
    page = client.submit("/experiments/new", {**sent, "submission_key": ""})
    assert page.status_code == 422
    assert "without its key" in page.text
    assert value_of(page, "title") == CORE["title"]
    assert UUID(value_of(page, "submission_key"))
    assert count(Experiment) == 0


def test_what_the_core_lacks_is_said_beside_each_field_and_the_rest_is_kept(client_of, cast, count):
    page = client_of(cast.staff).submit(
        "/experiments/new", {"title": "", "owner_id": ""} | {"learning_intent": "Whether it works."}
    )
    assert page.status_code == 422
    assert "title" in error_beside(page, "title")
    assert "leads" in error_beside(page, "lead_programme_id")
    assert "looks after" in error_beside(page, "owner_id")
    assert value_of(page, "learning_intent") == "Whether it works."
    assert count(Experiment) == 0


def test_a_refused_form_keeps_its_key_so_that_mending_it_logs_one(client_of, cast):
    page = client_of(cast.staff).submit("/experiments/new", {"title": ""})
    key = value_of(page, "submission_key")
    again = client_of(cast.staff).submit("/experiments/new", {"title": "", "submission_key": key})
    assert value_of(again, "submission_key") == key


def test_a_programme_of_another_office_cannot_be_chosen(client_of, cast, count):
    sent = {**CORE, "lead_programme_id": str(cast.galapagos.id)}
    page = client_of(cast.staff).submit("/experiments/new", sent)
    assert page.status_code == 422
    assert error_beside(page, "lead_programme_id")
    assert count(Experiment) == 0


def test_a_plans_page_can_say_which_question_it_answers(client_of, cast, kept, whole):
    question = kept(
        lambda session, people: a_question(session, a_plan(session, people.peru)).id, cast
    )
    client = client_of(cast.staff)
    page = client.submit(
        f"/experiments/new?question={question}",
        {**CORE, "lead_programme_id": str(cast.markets.id)},
    )
    assert whole(page.request.path.rsplit("/", 1)[1]).learning_question_id == question


def test_every_block_can_be_filled_in(client_of, cast, experiment, whole):
    code = experiment["code"]
    page = client_of(cast.staff).submit(
        f"/experiments/{code}/edit?lang=es",
        {
            "contributing_programme_ids": [str(cast.inclusion.id)],
            "partners": "Agros\n- Internet para Todos\n\n",
            "ubigeos": ["15", "06"],
            "sdgs": ["5"],
            "starts_on": "01/04/2026",
            "ends_on": "30/09/2026",
            "budget_planned_usd": "1 234,5",
            "cost_actual_local": "7.500,00",
            "local_currency": "pen",
            "rate_to_usd": "3,75",
            "consent_given": "yes",
            "do_no_harm_checked": "no",
            "quality_checks": ["low_risk", "collaboration"],
            "obstacles": "Sin señal.",
        },
    )
    assert page.status_code == 200
    made = whole(code)
    assert {link.programme.code for link in made.programmes} == {"PE-MERCADOS", "PE-INCLUSION"}
    assert [row.partner.name for row in made.partnerships] == ["Agros", "Internet para Todos"]
    assert [place.ubigeo for place in made.places] == ["06", "15"]
    assert made.budget_planned_usd == Decimal("1234.5")
    assert made.cost_actual_usd == 2000
    assert made.local_currency == "PEN"
    assert (made.consent_given, made.do_no_harm_checked) == (True, False)
    assert made.ends_on == date(2026, 9, 30)


def test_opening_and_saving_the_form_changes_nothing(client_of, cast, experiment, whole):
    code = experiment["code"]
    before = whole(code)
    client_of(cast.staff).submit(f"/experiments/{code}/edit", {"title": before.title})
    after = whole(code)
    assert after.version == before.version
    assert after.sdgs == [1, 9]
    assert after.budget_planned_usd == 12000


@pytest.mark.parametrize(
    ("language", "typed", "field", "words"),
    [
        ("es", {"starts_on": "31/02/2026"}, "starts_on", "no existe"),
        ("en", {"starts_on": "31/02/2026"}, "starts_on", "does not exist"),
        ("es", {"budget_planned_usd": "-5"}, "budget_planned_usd", "negativo"),
        ("es", {"budget_planned_usd": "mil"}, "budget_planned_usd", "no es un número"),
        ("es", {"budget_planned_usd": "1.234"}, "budget_planned_usd", "dos maneras"),
        ("en", {"local_currency": "XXY"}, "local_currency", "no currency code"),
        ("en", {"sample_planned": "2.5"}, "sample_planned", "whole number"),
        ("en", {"sample_planned": "99999999999"}, "sample_planned", "whole number"),
        ("en", {"ends_on": "2026-03-01"}, "ends_on", "cannot end before"),
        ("en", {"owner_id": "999999"}, "owner_id", "one from the list"),
        ("en", {"ubigeos": ["99"]}, "ubigeos", ""),
        ("en", {"title": "x" * 301}, "title", "300"),
    ],
)
def test_bad_input_is_refused_beside_its_field_and_everything_typed_stays(
    client_of, cast, experiment, whole, language, typed, field, words
):
    code = experiment["code"]
    page = client_of(cast.staff).submit(
        f"/experiments/{code}/edit?lang={language}", {"obstacles": "Rain.\nMud.", **typed}
    )
    assert page.status_code == 422
    assert error_beside(page, field)
    assert words in error_beside(page, field)
    assert value_of(page, "obstacles") == "Rain.\nMud."
    if isinstance(typed[field], str) and field != "owner_id":
        assert value_of(page, field) == typed[field]
    assert whole(code).obstacles == ""


def test_a_form_that_is_stale_shows_both_versions_and_can_be_saved_again(
    client_of, cast, experiment, whole
):
    code = experiment["code"]
    path = f"/experiments/{code}/edit"
    seen = value_of(client_of(cast.head).get(path), "version")
    client_of(cast.staff).submit(path, {"title": "Title of Rosa", "ubigeos": ["16", "02"]})
    told = {"title": "Title of Hilda", "ubigeos": ["02", "16"], "starts_on": "2026-05-04"}
    stale = client_of(cast.head).submit(path, {**told, "version": seen})
    assert stale.status_code == 409
    differences = [
        text_of(each)
        for panel in document_of(stale).iter("section")
        if panel.get("id") == "differences"
        for each in panel.iter("dt")
    ]
    assert differences == ["Title", "Starts on"]
    assert "Title of Rosa" in stale.text
    assert value_of(stale, "title") == "Title of Hilda"
    assert whole(code).title == "Title of Rosa"
    chosen = {"title": "Title of Hilda", "version": value_of(stale, "version")}
    assert client_of(cast.head).submit(path, chosen).status_code == 200
    assert whole(code).title == "Title of Hilda"


def listed(page):
    """The fields in the comparison: (those to choose, those told)."""
    panel = next(each for each in document_of(page).iter("section") if each.get("id"))
    assert panel.get("id") == "differences"
    return [[text_of(each) for each in panel.iter(tag)] for tag in ("legend", "dt")]


@pytest.fixture
def two_editors(client_of, cast, experiment):
    """What Hilda is answered who opened the form before Rosa saved, and how she sends it on."""
    path, hilda = f"/experiments/{experiment['code']}/edit", client_of(cast.head)

    def edit(rosa, hilda_typed, **forged):
        seen = as_shown(hilda.get(path), path)
        client_of(cast.staff).submit(path, rosa)
        sent = seen | hilda_typed | forged
        return hilda.post(path, data={key: text for key, text in sent.items() if text is not None})

    def again(page, typed=None):
        return hilda.post(path, data=as_shown(page, path) | (typed or {}))

    return edit, again


ROSA = {"title": "Title of Rosa", "learning_intent": "Intent of Rosa.", "partners": "Yape"}
HILDA = {"title": "Title of Hilda", "surprises": "Rain."}


def test_a_second_save_undoes_nothing_the_second_person_never_touched(
    two_editors, experiment, whole
):
    edit, again = two_editors
    page = edit(ROSA | {"sample_planned": "250", "ubigeos": ["02", "16"]}, HILDA)
    assert page.status_code == 409
    chosen, told = listed(page)
    assert chosen == ["Title"]
    assert set(told[:-1]) == {
        *("What do we want to learn?", "Partners", "Sample planned", "Departments"),
    }
    assert told[-1] == "What surprised us"
    assert value_of(page, "learning_intent") == "Intent of Rosa."
    assert again(page).status_code == 303
    made = whole(experiment["code"])
    assert (made.title, made.surprises) == ("Title of Hilda", "Rain.")
    assert (made.learning_intent, made.sample_planned) == ("Intent of Rosa.", 250)
    assert [row.partner.name for row in made.partnerships] == ["Yape"]
    assert [place.ubigeo for place in made.places] == ["02", "16"]


def test_of_a_field_both_wrote_in_what_was_saved_can_be_chosen(two_editors, experiment, whole):
    edit, again = two_editors
    page = edit(ROSA, HILDA | {"learning_intent": "Intent of Hilda."})
    assert listed(page)[0] == ["Title", "What do we want to learn?"]
    assert again(page, {"title-choice": theirs_of(page, "title")}).status_code == 303
    made = whole(experiment["code"])
    assert (made.title, made.learning_intent) == ("Title of Rosa", "Intent of Hilda.")
    assert made.surprises == "Rain."


def test_what_is_written_after_choosing_counts(two_editors, experiment, whole):
    edit, again = two_editors
    page = edit(ROSA, HILDA)
    again(page, {"title-choice": theirs_of(page, "title"), "title": "A title of both"})
    assert whole(experiment["code"]).title == "A title of both"


def test_a_choice_survives_a_mistake_in_another_field(two_editors, experiment, whole):
    edit, again = two_editors
    page = edit(ROSA, HILDA)
    page = again(page, {"title-choice": theirs_of(page, "title"), "sample_planned": "many"})
    assert page.status_code == 422
    assert again(page, {"sample_planned": "300"}).status_code == 303
    assert whole(experiment["code"]).title == "Title of Rosa"


def test_a_third_person_who_saves_before_the_second_save_is_shown_as_well(
    two_editors, client_of, cast, experiment, whole
):
    edit, again = two_editors
    page = edit(ROSA, HILDA)
    path = f"/experiments/{experiment['code']}/edit"
    client_of(cast.staff).submit(path, {"obstacles": "Mud.", "learning_intent": "Intent anew."})
    page = again(page)
    assert page.status_code == 409
    # The title was chosen with Rosa's in view: nobody has touched it since.
    assert listed(page)[0] == []
    assert again(page).status_code == 303
    made = whole(experiment["code"])
    assert (made.title, made.surprises) == ("Title of Hilda", "Rain.")
    assert (made.obstacles, made.learning_intent) == ("Mud.", "Intent anew.")


@pytest.mark.parametrize("opened", [None, "", "nonsense", "title=0", "=" * 9000, "title"])
def test_a_form_that_does_not_say_what_was_opened_loses_nothing(
    two_editors, experiment, whole, opened
):
    edit, _again = two_editors
    page = edit(ROSA, HILDA, opened=opened)
    assert page.status_code == 409
    chosen, told = listed(page)
    assert set(chosen) == {"Title", "What do we want to learn?", "Partners", "What surprised us"}
    assert told == []
    assert value_of(page, "title") == "Title of Hilda"
    assert whole(experiment["code"]).title == "Title of Rosa"


def test_a_mistake_does_not_make_what_was_typed_what_was_opened(two_editors, experiment):
    edit, again = two_editors
    page = edit(ROSA, HILDA | {"sample_planned": "many"}, opened=None)
    assert page.status_code == 422
    page = again(page, {"sample_planned": "300"})
    assert page.status_code == 409
    assert value_of(page, "title") == "Title of Hilda"
    assert "Title" in listed(page)[0]


def test_the_reason_of_another_step_is_never_taken_over(client_of, cast, experiment):
    path, hilda = f"/experiments/{experiment['code']}/step", client_of(cast.head)
    seen = as_shown(hilda.get(path), path)
    client_of(cast.staff).submit(path, {"stage": "explore", "reason": "Too early."})
    page = hilda.post(path, data=seen | {"state": "completed"})
    assert page.status_code == 409
    assert (value_of(page, "stage"), value_of(page, "state")) == ("explore", "completed")
    assert value_of(page, "reason") == ""
    assert "Reason" in listed(page)[0]


def test_an_edit_sent_twice_is_saved_once(client_of, cast, experiment, whole, count):
    code, client = experiment["code"], client_of(cast.staff)
    path = f"/experiments/{code}/edit"
    seen, before = value_of(client.get(path), "version"), count(HistoryEntry)
    told = {"title": "Messages\u200b", "budget_planned_usd": "13000", "ubigeos": ["16", "02"]}
    ends = {client.submit(path, {**told, "version": seen}).request.path for _twice in range(2)}
    assert ends == {f"/experiments/{code}"}
    assert whole(code).title == "Messages"
    assert count(HistoryEntry) == before + 1


@pytest.mark.parametrize("part", ["hypotheses/{hypothesis}/edit", "metrics/{metric}/edit"])
def test_a_part_sent_twice_is_saved_once(client_of, cast, experiment, part):
    path = f"/experiments/{experiment['code']}/{part.format(**experiment)}"
    told = {"outcome": "sales"} if "hypotheses" in part else {"name": "Sales"}
    client = client_of(cast.staff)
    seen = value_of(client.get(path), "version")
    ends = [client.submit(path, {**told, "version": seen}) for _twice in range(2)]
    assert [page.status_code for page in ends] == [200, 200]
    assert ends[1].request.path == ends[0].request.path != path


def test_more_partners_than_fit_are_refused_beside_their_field(client_of, cast, experiment, count):
    path = f"/experiments/{experiment['code']}/edit"
    names = "\n".join(f"Partner {number}" for number in range(3000))
    page = client_of(cast.staff).submit(path, {"partners": names})
    assert page.status_code == 422
    assert "at most 20" in error_beside(page, "partners")
    assert count(Partner) == 1


@pytest.mark.parametrize("version", ["", "abc", "99999999999999999999"])
def test_a_form_without_its_version_saves_nothing(client_of, cast, experiment, whole, version):
    path = f"/experiments/{experiment['code']}/edit"
    page = client_of(cast.staff).submit(path, {"title": "New", "version": version})
    assert page.status_code == 409
    assert whole(experiment["code"]).title == "Messages that bring sellers online"


def test_a_zero_byte_is_left_out_and_the_rest_is_kept(client_of, cast, experiment, whole):
    path = f"/experiments/{experiment['code']}/edit"
    page = client_of(cast.staff).submit(path, {"title": "Mess\x00ages", "obstacles": "Ra\x00in"})
    assert page.status_code == 200
    made = whole(experiment["code"])
    assert (made.title, made.obstacles) == ("Messages", "Rain")


def test_what_cannot_be_read_and_what_breaks_a_rule_are_said_at_once(client_of, cast, experiment):
    path = f"/experiments/{experiment['code']}/edit"
    wrong = {"budget_planned_usd": "much", "title": "", "local_currency": "XYZ"}
    page = client_of(cast.staff).submit(path, wrong)
    assert page.status_code == 422
    for said in ("is not a number", "Give the experiment a title.", "is no currency code"):
        assert said in page.text


def test_nothing_is_concluded_from_a_number_that_could_not_be_read(client_of, cast, experiment):
    path = f"/experiments/{experiment['code']}/metrics/new"
    typed = {"name": "Fees", "kind": "money", "baseline": "some", "target": "9"}
    page = client_of(cast.staff).submit(path, typed)
    assert page.status_code == 422
    assert "is not a number" in page.text
    assert "needs a baseline" not in page.text


@pytest.mark.parametrize("answer", ["maybe", "True"])
def test_a_garbled_yes_or_no_is_refused_and_the_stored_answer_stays(
    client_of, cast, experiment, whole, answer
):
    path, staff = f"/experiments/{experiment['code']}/edit", client_of(cast.staff)
    staff.submit(path, {"consent_given": "yes"})
    page = staff.submit(path, {"consent_given": answer})
    assert page.status_code == 422
    assert "Choose one from the list." in page.text
    assert whole(experiment["code"]).consent_given is True


# Steps


def test_a_step_is_taken_and_shown(client_of, cast, experiment, whole):
    code = experiment["code"]
    told = {"state": "paused", "pause_reason": "season"}
    page = client_of(cast.staff).submit(f"/experiments/{code}/step", told)
    assert page.status_code == 200
    assert whole(code).state is ExperimentState.PAUSED
    assert "Paused" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"state": "paused"}, "pause_reason"),
        ({"state": "stopped_early"}, "reason"),
        ({"stage": "explore"}, "reason"),
        ({"stage": "grow", "on": "31/02/2026"}, "on"),
        ({"stage": "grow", "on": "2099-01-01"}, "on"),
        ({"stage": "nonsense"}, "stage"),
        ({"stage": "grow"}, "stage"),
        ({}, "state"),
    ],
)
def test_a_step_that_owes_something_is_refused(client_of, cast, experiment, whole, typed, field):
    code = experiment["code"]
    page = client_of(cast.staff).submit(f"/experiments/{code}/step", {"reason": "", **typed})
    assert page.status_code == 422
    assert error_beside(page, field)
    assert (whole(code).stage, whole(code).state) == (Stage.TEST, ExperimentState.RUNNING)


def test_a_stale_step_is_refused(client_of, cast, experiment, whole):
    path = f"/experiments/{experiment['code']}/step"
    seen = value_of(client_of(cast.head).get(path), "version")
    client_of(cast.staff).submit(path, {"state": "archived"})
    page = client_of(cast.head).submit(path, {"state": "completed", "version": seen})
    assert page.status_code == 409
    assert value_of(page, "state") == "completed"
    assert whole(experiment["code"]).state is ExperimentState.ARCHIVED


@pytest.mark.parametrize("on", ["", today().isoformat()])
def test_a_step_sent_twice_is_taken_once(client_of, cast, experiment, whole, on):
    code, client = experiment["code"], client_of(cast.staff)
    path = f"/experiments/{code}/step"
    seen = value_of(client.get(path), "version")
    told = {"stage": "explore", "reason": "Too early.", "on": on, "version": seen}
    ends = {client.submit(path, told).request.path for _twice in range(2)}
    assert ends == {f"/experiments/{code}"}
    assert [entry.reason for entry in whole(code).stages].count("Too early.") == 1


# Hypotheses


def test_a_hypothesis_is_previewed_without_being_saved_and_then_saved(
    client_of, cast, experiment, count
):
    path = f"/experiments/{experiment['code']}/hypotheses/new"
    told = {"change": "a course", "outcome": "the share of sales", "direction": "increase"}
    client = client_of(cast.staff)
    page = client.submit(path, {**told, "preview": "1"})
    assert page.status_code == 200
    assert "We believe that a course will raise the share of sales." in page.text
    assert "IF we introduce a course, THEN the share of sales will rise." in page.text
    assert value_of(page, "change") == "a course"
    assert count(Hypothesis) == 1
    saved = client.submit(path, told)
    assert "We believe that a course will raise the share of sales." in saved.text
    assert count(Hypothesis) == 2


def test_a_hypothesis_without_its_cores_is_refused(client_of, cast, experiment, count):
    path = f"/experiments/{experiment['code']}/hypotheses/new"
    page = client_of(cast.staff).submit(path, {"because": "they asked"})
    assert page.status_code == 422
    assert error_beside(page, "change")
    assert error_beside(page, "outcome")
    assert value_of(page, "because") == "they asked"
    assert count(Hypothesis) == 1


def test_an_imported_hypothesis_is_shown_as_it_came_and_kept_when_slots_are_written(
    client_of, cast, kept, whole
):
    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets)
        blank = dict.fromkeys(
            ("change", "audience", "outcome", "threshold", "within", "because"), ""
        )
        text = "If women are trained, then solutions appear."
        hypothesis = a_hypothesis(session, made, free_text=text, direction=None, **blank)
        return made.code, hypothesis.id

    code, hypothesis = kept(fill, cast)
    client = client_of(cast.staff)
    assert "If women are trained" in client.get(f"/experiments/{code}").text
    client.submit(
        f"/experiments/{code}/hypotheses/{hypothesis}/edit",
        {"change": "training", "outcome": "solutions found"},
    )
    stored = whole(code).hypotheses[0]
    assert stored.free_text == "If women are trained, then solutions appear."
    assert stored.change == "training"


def test_a_hypothesis_that_is_measured_cannot_be_removed(client_of, cast, experiment, count):
    path = f"/experiments/{experiment['code']}/hypotheses/{experiment['hypothesis']}"
    page = client_of(cast.staff).submit(f"{path}/edit", {}, action=f"{path}/remove")
    assert page.status_code == 409
    assert count(Hypothesis) == 1


# Metrics


def test_a_metric_is_written_in_per_cent_and_kept_as_a_share(client_of, cast, experiment, whole):
    code = experiment["code"]
    page = client_of(cast.staff).submit(
        f"/experiments/{code}/metrics/new?lang=es",
        {
            "name": "Vendedoras que repiten",
            "kind": "proportion",
            "direction": "increase",
            "role": "secondary",
            "baseline": "12,5",
            "baseline_n": "200",
            "baseline_on": "20/03/2026",
            "target": "35",
            "minimum_meaningful_effect": "5",
        },
    )
    assert page.status_code == 200
    metric = whole(code).metrics[1]
    assert (metric.baseline, metric.target) == (Decimal("0.125"), Decimal("0.35"))
    assert metric.minimum_meaningful_effect == Decimal("0.05")
    form = client_of(cast.staff).get(f"/experiments/{code}/metrics/{metric.id}/edit?lang=es")
    assert value_of(form, "baseline") == "12,5"


@pytest.mark.parametrize(
    ("language", "words"), [("en", "needs a baseline"), ("es", "necesita una línea de base")]
)
def test_a_target_without_a_baseline_is_refused_beside_it(
    client_of, cast, experiment, count, language, words
):
    page = client_of(cast.staff).submit(
        f"/experiments/{experiment['code']}/metrics/new?lang={language}",
        {"name": "Ventas", "kind": "count", "target": "1 234", "source": "Boletas"},
    )
    assert page.status_code == 422
    assert words in error_beside(page, "target")
    assert value_of(page, "target") == "1 234"
    assert value_of(page, "source") == "Boletas"
    assert count(Metric) == 1


def test_a_stale_metric_is_not_overwritten(client_of, cast, experiment, whole):
    path = f"/experiments/{experiment['code']}/metrics/{experiment['metric']}/edit"
    seen = value_of(client_of(cast.head).get(path), "version")
    client_of(cast.staff).submit(path, {"target": "40"})
    page = client_of(cast.head).submit(path, {"target": "50", "version": seen})
    assert page.status_code == 409
    assert value_of(page, "target") == "50"
    assert whole(experiment["code"]).metrics[0].target == Decimal("0.4")


def test_what_was_reported_asks_for_a_coded_reason_beside_it_and_what_was_not_does_not(
    client_of, cast, experiment, kept, whole
):
    code, staff = experiment["code"], client_of(cast.staff)
    asked = {
        f"/experiments/{code}/metrics/{experiment['metric']}/edit": {"baseline_n": "180"},
        f"/experiments/{code}/edit": {"cost_actual_usd": "7100"},
    }
    staff.submit(f"/experiments/{code}/edit", {"cost_actual_usd": "7000"})
    for path in asked:
        assert 'name="reason_code"' not in staff.get(path).text

    def accept(session, people):
        at = now()
        row = session.scalars(select(Experiment).where(Experiment.code == code)).one()
        told = {"state": ReviewState.ACCEPTED, "accepted_at": at, "reviewed_at": at}
        a_review(session, row, people.markets, quarter="2026-Q4", **told)

    kept(accept, cast)
    for path, typed in asked.items():
        refused = staff.submit(path, typed)
        assert refused.status_code == 422
        assert "choose why" in error_beside(refused, "reason_code")
        assert "say why" in error_beside(refused, "amendment_reason")
        why = {"reason_code": "better_source", "amendment_reason": "The register says so."}
        page = staff.submit(path, typed | why)
        assert page.status_code == 200
    assert whole(code).metrics[0].baseline_n == 180
    assert whole(code).cost_actual_usd == 7100
    told = text_of(document_of(staff.get(f"/experiments/{code}")))
    assert told.count("A better source · The register says so.") == 2


def test_a_removed_metric_is_listed_for_who_may_write_and_brought_back(
    client_of, cast, experiment, whole
):
    begins, staff = f"/experiments/{experiment['code']}", client_of(cast.staff)
    path = f"{begins}/metrics/{experiment['metric']}"
    refused = staff.submit(f"{path}/edit", {}, action=f"{path}/remove")
    assert refused.status_code == 422
    assert "choose why" in error_beside(refused, "removal_code")
    assert "say why" in error_beside(refused, "removal_reason")
    why = {"removal_code": "other", "removal_reason": "It measures something else."}
    staff.submit(f"{path}/edit", why, action=f"{path}/remove")
    assert whole(experiment["code"]).metrics == []
    removed = f"{begins}/removed/metrics/{experiment['metric']}"
    assert removed in staff.get(begins).text
    assert removed not in client_of(cast.officer).get(begins).text
    assert error_beside(staff.submit(removed, {}, action=removed), "reason_code")
    why = {"reason_code": "other", "amendment_reason": "It was right."}
    page = staff.submit(removed, why, action=removed)
    assert page.status_code == 200
    assert "Another reason · It was right." in text_of(document_of(page))
    assert removed not in page.text
    assert [row.id for row in whole(experiment["code"]).metrics] == [experiment["metric"]]
    assert staff.get(removed).status_code == 404


def test_a_removed_hypothesis_comes_back_to_a_registered_plan_with_a_reason(
    client_of, cast, experiment, kept, whole
):
    def fill(session, people):
        one = experiment_by_code(session, experiment["code"], scope=EVERYTHING)
        mistaken = a_hypothesis(
            session, one, position=2, change="a visit", removed_at=datetime(2026, 5, 1, tzinfo=UTC)
        )
        a_registration(session, one)
        return mistaken.id

    path = f"/experiments/{experiment['code']}/removed/hypotheses/{kept(fill, cast)}"
    staff = client_of(cast.staff)
    refused = staff.submit(path, {}, action=path)
    assert refused.status_code == 422
    assert "say why it changes" in error_beside(refused, "amendment_reason")
    assert staff.submit(path, {"amendment_reason": "It was right."}).status_code == 200
    stored = whole(experiment["code"])
    assert [row.change for row in stored.hypotheses][1:] == ["a visit"]
    assert [one.reason for one in stored.registration.amendments] == ["It was right."]


# Readings

TYPED = {
    MetricKind.PROPORTION: ({"successes": "60", "n": "200"}, "30%"),
    MetricKind.MEAN: ({"mean": "1,234.5", "sd": "80", "n": "30"}, "1,234.5"),
    MetricKind.SCORE: ({"mean": "3.5", "n": "30"}, "3.5"),
    MetricKind.MONEY: ({"mean": "61.4", "n": "48"}, "61"),
    MetricKind.COUNT: ({"count": "2250"}, "2,250"),
    MetricKind.RATE: ({"count": "7", "exposure": "3.5"}, "2"),
    MetricKind.NPS: ({"promoters": "20", "passives": "7", "detractors": "3"}, "56.67"),
    MetricKind.ORDINAL: (
        {"answers-0": "1", "answers-1": "", "answers-2": "2", "answers-3": "3", "answers-4": "4"},
        "3.9",
    ),
}


@pytest.mark.parametrize(("kind", "typed"), TYPED.items(), ids=list(TYPED))
def test_a_reading_of_every_kind_is_logged_on_one_screen(client_of, cast, kept, whole, kind, typed):
    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets)
        a_metric(session, made, kind=kind, baseline=None, target=None)
        return made.code

    code = kept(fill, cast)
    numbers, shown = typed
    client = client_of(cast.staff)
    form = client.get(f"/experiments/{code}/readings/new")
    names = {each.get("name") for each in document_of(form).iter("input")}
    assert names >= numbers.keys()
    others = {name for fields, _shown in TYPED.values() for name in fields} - {*numbers, "sd"}
    assert not names & others
    page = client.submit(f"/experiments/{code}/readings/new", numbers)
    assert page.status_code == 200
    assert shown in text_of(document_of(page))
    assert whole(code).metrics[0].measurements[0].measured_on == today()


def test_spanish_numbers_are_understood(client_of, cast, kept, whole):
    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets)
        a_metric(session, made, kind=MetricKind.MONEY, baseline=None, target=None)
        return made.code

    code = kept(fill, cast)
    client_of(cast.staff).submit(
        f"/experiments/{code}/readings/new?lang=es", {"mean": "1 234,5", "n": "1 000"}
    )
    reading = whole(code).metrics[0].measurements[0]
    assert (reading.mean, reading.n) == (Decimal("1234.5"), 1000)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"successes": "5", "n": "4"}, "successes"),
        ({"successes": "", "n": "4"}, "successes"),
        ({"successes": "-1", "n": "4"}, "successes"),
        ({"successes": "1,5", "n": "4"}, "successes"),
        ({"successes": "1", "n": "4", "measured_on": "31/02/2026"}, "measured_on"),
        ({"successes": "1", "n": "4", "measured_on": "2099-01-01"}, "measured_on"),
        ({"successes": "1", "n": "4", "measured_on": ""}, "measured_on"),
        ({"successes": "1", "n": "4", "ubigeo": "99"}, "ubigeo"),
        ({"successes": "1", "n": "4", "arm": "nonsense"}, "arm"),
        ({"successes": "1", "n": "99999999999"}, "n"),
    ],
)
def test_a_reading_that_cannot_be_is_refused_and_stays_in_the_form(
    client_of, cast, experiment, count, typed, field
):
    path = f"/experiments/{experiment['code']}/readings/new?lang=es"
    page = client_of(cast.staff).submit(path, {"note": "Hacía frío.", **typed})
    assert page.status_code == 422
    assert error_beside(page, field)
    assert value_of(page, "note") == "Hacía frío."
    if field not in ("ubigeo", "arm"):
        assert value_of(page, field) == typed[field]
    assert count(Measurement) == 2


def test_a_reading_sent_twice_is_recorded_once(client_of, cast, experiment, count):
    path = f"/experiments/{experiment['code']}/readings/new"
    sent = {"successes": "60", "n": "200", "device_key": str(uuid4())}
    for _twice in range(2):
        assert client_of(cast.staff).submit(path, sent).status_code == 200
    assert count(Measurement) == 3


def test_other_numbers_under_the_same_key_are_not_dropped_silently(
    client_of, cast, experiment, count
):
    path = f"/experiments/{experiment['code']}/readings/new"
    key = str(uuid4())
    client = client_of(cast.staff)
    client.submit(path, {"successes": "60", "n": "200", "device_key": key})
    page = client.submit(path, {"successes": "61", "n": "200", "device_key": key})
    assert page.status_code == 422
    assert value_of(page, "successes") == "61"
    assert count(Measurement) == 3


def test_without_a_metric_the_way_leads_to_defining_one(client_of, cast, kept):
    code = kept(
        lambda session, people: an_experiment(session, people.peru, people.markets).code, cast
    )
    answer = client_of(cast.staff).get(f"/experiments/{code}/readings/new")
    assert answer.status_code == 303
    assert answer.location == f"/experiments/{code}/metrics/new"


def test_a_correction_is_made_with_a_reason_from_the_list_and_in_words(
    client_of, cast, experiment, whole
):
    path = f"/experiments/{experiment['code']}/readings/{experiment['reading']}/correct"
    client = client_of(cast.staff)
    refused = client.submit(path, {"successes": "55"})
    assert refused.status_code == 422
    assert error_beside(refused, "reason")
    assert error_beside(refused, "reason_code")
    assert value_of(refused, "successes") == "55"
    told = {"reason_code": "missed_data", "reason": "Three left."}
    page = client.submit(path, {"successes": "55", **told})
    assert page.status_code == 200
    for shown in (page, client.get(f"/experiments/{experiment['code']}")):
        assert "Data had been missed · Three left." in text_of(document_of(shown))
    standing = [row for row in whole(experiment["code"]).metrics[0].measurements if row.is_current]
    assert [(row.successes, row.ubigeo) for row in standing] == [(55, "15")]


# Decisions


def test_the_head_records_a_decision_with_the_evidence_beside_it(
    client_of, cast, experiment, count
):
    path = f"/experiments/{experiment['code']}/decisions/new"
    client = client_of(cast.head)
    assert "Sellers who take digital payment" in client.get(path).text
    told = {"kind": "stop", "people": "The head", "reason": "The season is over."}
    page = client.submit(path, told)
    assert page.status_code == 200
    assert "The season is over." in page.text
    assert count(Decision) == 2


def test_a_decision_to_grow_owes_resources_and_keeps_what_was_typed(
    client_of, cast, experiment, count
):
    told = {"kind": "grow", "people": "The head", "reason": "It works.", "review_on": "31/02/2027"}
    path = f"/experiments/{experiment['code']}/decisions/new"
    page = client_of(cast.head).submit(path, told)
    assert page.status_code == 422
    assert value_of(page, "review_on") == "31/02/2027"
    page = client_of(cast.head).submit(path, told | {"review_on": ""})
    assert error_beside(page, "resources_committed")
    assert value_of(page, "reason") == "It works."
    assert count(Decision) == 1


def test_no_address_edits_or_removes_a_decision(app):
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("decisions.")]
    assert {rule.endpoint for rule in rules} == {"decisions.new", "decisions.create"}


# History


def test_the_history_tells_each_change_in_the_readers_language(client_of, cast, experiment):
    code = experiment["code"]
    client = client_of(cast.head)
    client.submit(f"/experiments/{code}/edit", {"title": "New title", "consent_given": "yes"})
    client.submit(f"/experiments/{code}/step", {"state": "completed"})
    client.submit(f"/experiments/{code}/readings/new", {"successes": "60", "n": "200"})
    client.submit(f"/experiments/{code}/metrics/{experiment['metric']}/edit", {"target": "40"})
    page = text_of(document_of(client.get(f"/experiments/{code}?lang=es")))
    for words in (
        "Experimento modificado",
        "New title",
        "Consentimiento de quienes participan",
        "Cambió la etapa o el estado",
        "Métrica modificada · Sellers who take digital payment",
        "35 %",
        "40 %",
        "Hilda Torres",
        "Medición registrada · Sellers who take digital payment",
    ):
        assert words in page, words
    for spelling in ("experiment.edited", "consent_given", "metric_kind"):
        assert spelling not in page


@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_a_direction_of_no_list_is_refused_beside_its_field_and_the_slots_stay(
    client_of, cast, experiment, button
):
    staff, path = client_of(cast.staff), f"/experiments/{experiment['code']}/hypotheses/new"
    slots = {"change": "Messages", "outcome": "sales", "direction": "sideways"}
    token = document_of(staff.get(path)).find(".//input[@name='csrf_token']")
    page = staff.post(path, data=slots | button | {"csrf_token": token.get("value")})
    assert page.status_code == 422
    assert "Messages" in page.text
    assert "Choose one from the list." in page.text
