"""The pages of a registration: what will be frozen, what is missing, what changed since."""

import hashlib
import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from app.database import unit_of_work
from app.queries.experiments import experiment_by_code
from app.queries.scope import EVERYTHING
from app.services import registration
from app.services.actor import Actor
from models import PlannedWave, Registration
from models.vocabulary import ComparisonDesign, Door, MetricRole
from tests.cast import Cast
from tests.factories import a_hypothesis, a_measurement, a_metric, an_experiment
from tests.pages import document_of, text_of


def write(engine, cast, fill):
    with unit_of_work(engine) as session:
        people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
        return fill(session, people)


def an_unregistered(session, people, **given):
    values = {"comparison_design": ComparisonDesign.TWO_GROUPS, "sample_planned": 200}
    made = an_experiment(
        session, people.peru, people.markets, owner_id=people.staff.id, **(values | given)
    )
    hypothesis = a_hypothesis(session, made)
    metric = a_metric(
        session,
        made,
        hypothesis_id=hypothesis.id,
        minimum_meaningful_effect=Decimal("0.05"),
    )
    return made.code, hypothesis.id, metric.id


@pytest.fixture
def plan(engine, cast):
    """Code, hypothesis and metric of an experiment that can be registered."""
    return write(engine, cast, an_unregistered)


@pytest.fixture
def registered(engine, cast, plan):
    """The same, registered on 1 June."""

    def freeze(session, people):
        experiment = experiment_by_code(session, plan[0], scope=EVERYTHING)
        registration.register(
            session,
            experiment,
            by=Actor(people.staff, Door.WEB),
            at=datetime(2026, 6, 1, 15, tzinfo=UTC),
        )

    write(engine, cast, freeze)
    return plan


@pytest.fixture
def whole(engine):
    def read(code):
        with unit_of_work(engine, writes=False) as session:
            return experiment_by_code(session, code, scope=EVERYTHING)

    return read


def error_beside(response, name):
    for each in document_of(response).iter("p"):
        if each.get("id") == f"{name}-error":
            return text_of(each)
    return ""


def value_of(response, name):
    for each in document_of(response).iter():
        if each.get("name") == name:
            return "".join(each.itertext()).strip() if each.tag == "textarea" else each.get("value")
    raise AssertionError(f"no field {name}")


def test_the_plan_is_shown_and_registered_as_it_was_seen(client_of, cast, plan, whole):
    code, staff = plan[0], client_of(cast.staff)
    page = staff.get(f"/experiments/{code}/registration/new")
    assert "Newcombe" in page.text
    assert "5 points" in page.text
    shown = value_of(page, "sha256")
    page = staff.submit(f"/experiments/{code}/registration/new", {"sha256": shown})
    assert page.status_code == 200
    made = whole(code).registration
    assert made.sha256 == shown == hashlib.sha256(made.document.encode()).hexdigest()
    assert made.sha256 in page.text
    assert "before any measurement" in staff.get(f"/experiments/{code}").text


def test_a_planned_wave_that_is_past_is_warned_of_before_registering(client_of, cast, engine, plan):
    code, staff = plan[0], client_of(cast.staff)
    address = f"/experiments/{code}/registration/new"
    assert "past already" not in staff.get(address).text
    with unit_of_work(engine) as session:
        metric = experiment_by_code(session, code, scope=EVERYTHING).metrics[0]
        metric.planned_waves = [
            PlannedWave(name="week 1", due_on=date(2020, 1, 6)),
            PlannedWave(name="week 9", due_on=date(2999, 1, 6)),
        ]
    assert "Planned waves are past already: week 1." in staff.get(address).text


def test_a_plan_changed_meanwhile_is_shown_again_before_it_is_frozen(client_of, cast, plan, whole):
    code, staff = plan[0], client_of(cast.staff)
    address = f"/experiments/{code}/registration/new"
    page = staff.submit(address, {"sha256": "0" * 64})
    assert page.status_code == 409
    assert "has changed since you saw it" in page.text
    assert whole(code).registration is None


def test_what_is_missing_links_to_the_page_that_mends_it(client_of, cast, engine):
    told = {"sample_planned": None, "comparison_design": None}
    code, _hypothesis, metric = write(
        engine, cast, lambda session, people: an_unregistered(session, people, **told)
    )
    with unit_of_work(engine) as session:
        experiment = experiment_by_code(session, code, scope=EVERYTHING)
        experiment.metrics[0].minimum_meaningful_effect = None
    page = client_of(cast.staff).get(f"/experiments/{code}/registration/new")
    links = {each.get("href") for each in document_of(page).iter("a")}
    assert f"/experiments/{code}/metrics/{metric}/edit" in links
    assert f"/experiments/{code}/edit?open=design#section-design" in links
    assert "Register this plan" not in page.text


@pytest.mark.parametrize(
    ("on", "words", "is_late"),
    [
        (date(2026, 7, 1), "30 days before the first measurement", False),
        (date(2026, 6, 1), "the day of the first measurement", False),
        (date(2026, 5, 31), "1 day after the first measurement", True),
        (date(2026, 5, 1), "31 days after the first measurement", True),
    ],
)
def test_the_page_says_how_timely_the_registration_was(
    client_of, cast, engine, registered, on, words, is_late
):
    write(
        engine,
        cast,
        lambda session, _people: a_measurement(
            session,
            experiment_by_code(session, registered[0], scope=EVERYTHING).metrics[0],
            measured_on=on,
            recorded_at=datetime(on.year, on.month, on.day, 17, tzinfo=UTC),
        ),
    )
    page = client_of(cast.officer).get(f"/experiments/{registered[0]}")
    assert f"Registered on Jun 1, 2026, {words}." in page.text.replace("\n", " ")
    assert ("chosen with the data in view" in page.text) is is_late


def test_a_metric_of_a_registered_plan_changes_only_with_a_reason(
    client_of, cast, registered, whole
):
    code, _hypothesis, metric = registered
    address, staff = f"/experiments/{code}/metrics/{metric}/edit", client_of(cast.staff)
    page = staff.submit(f"{address}?lang=es", {"target": "30", "denominator": "de Ate"})
    assert page.status_code == 422
    assert "amendment_reason-error" in page.text
    assert error_beside(page, "amendment_reason")
    assert (value_of(page, "target"), value_of(page, "denominator")) == ("30", "de Ate")
    assert whole(code).metrics[0].target == Decimal("0.35")
    reason = "The market closes <earlier>."
    page = staff.submit(f"{address}?lang=en", {"target": "30", "amendment_reason": reason})
    assert page.status_code == 200
    page = staff.get(f"/experiments/{code}/registration")
    assert "The market closes &lt;earlier&gt;." in page.text
    told = re.sub(r"\s+", " ", text_of(document_of(page)))
    assert "“Sellers who take digital payment”: Target" in told
    assert "35%" in told
    assert "30%" in told
    assert "Major" in told
    assert "Before the data" in told


def test_a_hypothesis_and_the_design_ask_for_the_reason_beside_its_field(
    client_of, cast, registered, whole
):
    code, hypothesis, _metric = registered
    staff = client_of(cast.staff)
    for address, typed in (
        (f"/experiments/{code}/hypotheses/{hypothesis}/edit", {"threshold": "2 points"}),
        (f"/experiments/{code}/hypotheses/new", {"change": "a call", "outcome": "visits"}),
        (f"/experiments/{code}/metrics/new", {"name": "Visits"}),
        (f"/experiments/{code}/edit", {"sample_planned": "90", "attrition_limit": "12,5"}),
    ):
        page = staff.submit(address, typed)
        assert (page.status_code, address) == (422, address)
        assert "say why it changes" in error_beside(page, "amendment_reason")
        assert {name: value_of(page, name) for name in typed} == typed
    assert whole(code).registration.amendments == []


@pytest.mark.parametrize("part", ["metrics", "hypotheses"])
def test_taking_a_part_of_the_plan_away_needs_its_reason(
    client_of, cast, registered, whole, engine, part
):
    code, hypothesis, metric = registered
    with unit_of_work(engine) as session:
        row = experiment_by_code(session, code, scope=EVERYTHING).metrics[0]
        row.hypothesis_id = None
    number = metric if part == "metrics" else hypothesis
    address, staff = f"/experiments/{code}/{part}/{number}/edit", client_of(cast.staff)
    action = f"/experiments/{code}/{part}/{number}/remove"
    code_asked = {"removal_code": "other"} if part == "metrics" else {}
    page = staff.submit(address, {"removal_reason": ""} | code_asked, action=action)
    assert page.status_code == 422
    assert "say why" in error_beside(page, "removal_reason")
    assert len(getattr(whole(code), part)) == 1
    why = {"removal_reason": "It cannot be done."} | code_asked
    page = staff.submit(address, why, action=action)
    assert page.status_code == 200
    assert getattr(whole(code), part) == []
    assert whole(code).registration.amendments[0].reason == "It cannot be done."


def test_an_unregistered_experiment_is_asked_for_no_reason(client_of, cast, plan):
    code, hypothesis, metric = plan
    for address in ("edit", f"metrics/{metric}/edit", f"hypotheses/{hypothesis}/edit"):
        page = client_of(cast.staff).get(f"/experiments/{code}/{address}")
        assert 'name="amendment_reason"' not in page.text


def test_the_frozen_documents_can_be_downloaded_byte_by_byte(client_of, cast, registered, whole):
    code, _hypothesis, metric = registered
    staff = client_of(cast.staff)
    typed = {"target": "30", "amendment_reason": "Why."}
    staff.submit(f"/experiments/{code}/metrics/{metric}/edit", typed)
    made = whole(code).registration
    for number, kept in enumerate([made, *made.amendments]):
        answer = staff.get(f"/experiments/{code}/registration/documents/{number}")
        assert answer.mimetype == "application/json"
        assert hashlib.sha256(answer.data).hexdigest() == kept.sha256
        assert json.loads(answer.data)["experiment"] == code
    assert staff.get(f"/experiments/{code}/registration/documents/2").status_code == 404


def test_an_unregistered_plan_has_no_page(client_of, cast, plan):
    assert client_of(cast.staff).get(f"/experiments/{plan[0]}/registration").status_code == 404


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_page_of_a_registration_reads_well(client_of, cast, registered, language):
    code, _hypothesis, metric = registered
    staff = client_of(cast.staff)
    typed = {
        "target": "30",
        "planned_waves": "semana 6; 30/09/2026\nsemana 12; 30/11/2026",
        "amendment_reason": "Why.",
    }
    staff.submit(f"/experiments/{code}/metrics/{metric}/edit", typed)
    for address in ("", "/registration", "/edit", "/hypotheses/new", f"/metrics/{metric}"):
        assert staff.get(f"/experiments/{code}{address}?lang={language}").status_code == 200


def test_the_history_tells_of_registration_and_amendments(client_of, cast, registered):
    code, _hypothesis, metric = registered
    staff = client_of(cast.staff)
    typed = {"planned_waves": "week 6; 30/09/2026", "amendment_reason": "A date at last."}
    staff.submit(f"/experiments/{code}/metrics/{metric}/edit", typed)
    page = staff.get(f"/experiments/{code}")
    for words in ("Plan registered", "Registered plan amended", "A date at last.", "Planned waves"):
        assert words in page.text


def test_every_new_field_of_a_metric_and_of_the_design_is_kept(client_of, cast, plan, whole):
    code, staff = plan[0], client_of(cast.staff)
    page = staff.submit(
        f"/experiments/{code}/metrics/new?lang=es",
        {
            "name": "Quejas",
            "kind": "proportion",
            "direction": "decrease",
            "role": "guardrail",
            "guardrail_margin": "2,5",
            "cumulation": "sums",
            "planned_waves": "segunda; 30/11/2026\n\nprimera; 2026-09-30",
        },
    )
    assert page.status_code == 200
    made = whole(code).metrics[1]
    assert (made.guardrail_margin, made.role) == (Decimal("0.025"), MetricRole.GUARDRAIL)
    assert [(wave.name, wave.due_on.month) for wave in made.planned_waves] == [
        ("primera", 9),
        ("segunda", 11),
    ]
    address = f"/experiments/{code}/metrics/{made.id}/edit"
    assert value_of(staff.get(address), "planned_waves") == (
        "primera; 30/09/2026\nsegunda; 30/11/2026"
    )
    page = staff.submit(
        f"/experiments/{code}/edit?lang=es",
        {
            "comparison_design": "sites",
            "looks_planned": "3",
            "look_rule": "obrien_fleming",
            "stops_on": "01/12/2026",
            "attrition_limit": "12,5",
            "cluster_size": "8,5",
            "icc": "0,05",
        },
    )
    assert page.status_code == 200
    row = whole(code)
    assert (row.attrition_limit, row.icc) == (Decimal("0.125"), Decimal("0.05"))
    assert value_of(staff.get(f"/experiments/{code}/edit"), "attrition_limit") == "12,5"
    for words in ("O’Brien–Fleming", "12,5", "8,5"):
        assert words in staff.get(f"/experiments/{code}").text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"looks_planned": "11"}, "looks_planned"),
        ({"looks_planned": "3"}, "look_rule"),
        ({"look_rule": "pocock"}, "look_rule"),
        ({"stops_on": "2026-03-01"}, "stops_on"),
        ({"attrition_limit": "101"}, "attrition_limit"),
        ({"cluster_size": "0.5", "icc": "0.1"}, "cluster_size"),
        ({"cluster_size": "10"}, "icc"),
        ({"icc": "0.1"}, "cluster_size"),
        ({"icc": "2", "cluster_size": "3"}, "icc"),
    ],
)
def test_a_design_that_cannot_be_is_refused_beside_its_field(client_of, cast, plan, typed, field):
    page = client_of(cast.staff).submit(f"/experiments/{plan[0]}/edit", typed)
    assert page.status_code == 422
    assert error_beside(page, field)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"guardrail_margin": "5"}, "guardrail_margin"),
        ({"guardrail_margin": "-5", "role": "guardrail"}, "guardrail_margin"),
        ({"guardrail_margin": "101", "role": "guardrail"}, "guardrail_margin"),
        ({"planned_waves": "week 6 30/09/2026"}, "planned_waves"),
        ({"planned_waves": "week 6; 31/09/2026"}, "planned_waves"),
        ({"planned_waves": "; 30/09/2026"}, "planned_waves"),
        ({"planned_waves": "one; 30/09/2026\nONE; 1/10/2026"}, "planned_waves"),
    ],
)
def test_a_metric_that_cannot_be_is_refused_and_what_was_typed_stays(
    client_of, cast, plan, typed, field
):
    address = f"/experiments/{plan[0]}/metrics/{plan[2]}/edit"
    page = client_of(cast.staff).submit(address, typed)
    assert page.status_code == 422
    assert error_beside(page, field)
    assert value_of(page, field) == typed[field]


def test_remarks_stand_under_the_form_and_on_the_page_and_stop_nothing(
    client_of, cast, plan, whole
):
    code, staff = plan[0], client_of(cast.staff)
    typed = {"change": "a message and also a visit", "outcome": "awareness", "preview": "1"}
    page = staff.submit(f"/experiments/{code}/hypotheses/new", typed)
    assert page.status_code == 200
    for words in ("these look like several changes", "cannot be counted", "It does not say for"):
        assert words in page.text
    assert len(whole(code).hypotheses) == 1
    page = staff.submit(f"/experiments/{code}/hypotheses/new", typed | {"preview": None})
    assert len(whole(code).hypotheses) == 2
    assert "remarks on how it is written" in page.text
    assert "No metric is linked to it" in page.text


def test_the_page_takes_no_more_statements_for_many_amendments_than_for_one(
    client_of, cast, registered, statements
):
    code, _hypothesis, metric = registered
    staff = client_of(cast.staff)
    counts = []
    for target in ("30", "31", "32", "33"):
        typed = {"target": target, "amendment_reason": "Why."}
        staff.submit(f"/experiments/{code}/metrics/{metric}/edit", typed)
        statements.clear()
        staff.get(f"/experiments/{code}/registration")
        counts.append(len(statements))
    assert len(set(counts)) == 1


def test_only_who_writes_experiments_registers_one(client_of, cast, plan, engine):
    for person in (cast.officer, cast.admin):
        browser = client_of(person)
        assert browser.get(f"/experiments/{plan[0]}/registration/new").status_code == 403
    with unit_of_work(engine, writes=False) as session:
        assert session.query(Registration).count() == 0
