"""The forms of evidence: parts of a group, sending twice, methods before registering."""

from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from app.clock import today
from app.database import unit_of_work
from app.queries.experiments import experiment_by_code
from app.queries.scope import EVERYTHING
from models import Experiment, Hypothesis, Metric
from models.vocabulary import ComparisonDesign, ExperimentState, MetricKind, Stage
from tests.cast import Cast
from tests.factories import a_hypothesis, a_metric, an_experiment
from tests.pages import document_of, text_of

SLOTS = {"change": "a weekly message", "outcome": "the share of sellers"}


@pytest.fixture
def plan(engine, cast):
    """Code and metric of an experiment of two groups whose metric is parted by sex."""
    with unit_of_work(engine) as session:
        people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
        made = an_experiment(
            session,
            people.peru,
            people.markets,
            owner_id=people.staff.id,
            comparison_design=ComparisonDesign.TWO_GROUPS,
            sample_planned=200,
        )
        hypothesis = a_hypothesis(session, made)
        metric = a_metric(
            session,
            made,
            hypothesis_id=hypothesis.id,
            minimum_meaningful_effect=Decimal("0.05"),
            disaggregations="sex: women, men",
        )
        return made.code, metric.id


@pytest.fixture
def whole(engine):
    def read(code):
        with unit_of_work(engine, writes=False) as session:
            return experiment_by_code(session, code, scope=EVERYTHING)

    return read


@pytest.fixture
def count(engine):
    def counted(kind):
        with unit_of_work(engine, writes=False) as session:
            return session.scalar(select(func.count()).select_from(kind))

    return counted


def shown_errors(response):
    return {each.get("id") for each in document_of(response).iter("p") if each.get("id")}


def log(client, code, metric, n, successes, cell="", **told):
    sent = {"successes": str(successes), "n": str(n), "measured_on": "2026-06-30"}
    path = f"/experiments/{code}/readings/new?metric={metric}"
    return client.submit(path, sent | {"disaggregation": cell} | told)


def test_a_part_of_the_group_is_logged_shown_flagged_and_not_counted(client_of, cast, plan, whole):
    (code, metric), staff = plan, client_of(cast.staff)
    log(staff, code, metric, 200, 58)
    log(staff, code, metric, 120, 40, "sex: women")
    page = log(staff, code, metric, 70, 18, "sex: men")
    assert page.status_code == 200
    assert "“sex”, Jun 30, 2026, With the intervention: the parts do not add up" in page.text
    assert [row.disaggregation for row in whole(code).metrics[0].measurements] == [
        "",
        "sex: women",
        "sex: men",
    ]
    assert whole(code).findings[0].inputs["n"] == 200
    assert "sex: women" in staff.get(f"/experiments/{code}/metrics/{metric}").text
    assert "Reading recorded · Sellers who take digital payment · sex: men" in page.text


def test_a_part_that_the_metric_does_not_name_is_refused_beside_its_field(client_of, cast, plan):
    page = log(client_of(cast.staff), *plan, 200, 58, "age: young")
    assert page.status_code == 422
    assert "disaggregation-error" in shown_errors(page)


def test_correcting_a_part_keeps_it_or_moves_it(client_of, cast, plan, whole):
    (code, metric), staff = plan, client_of(cast.staff)
    log(staff, code, metric, 120, 40, "sex: women")
    staff.submit(f"/experiments/{code}/metrics/{metric}/edit", {"disaggregations": ""})
    path = f"/experiments/{code}/readings/{whole(code).metrics[0].measurements[0].id}/correct"
    staff.submit(path, {"n": "121", "reason": "One more.", "reason_code": "missed_data"})
    kept = whole(code).metrics[0].measurements
    assert [(row.n, row.disaggregation) for row in kept] == [
        (120, "sex: women"),
        (121, "sex: women"),
    ]
    path = f"/experiments/{code}/readings/{kept[1].id}/correct"
    said = {"reason": "It was everybody.", "reason_code": "typing_error"}
    page = staff.submit(path, {"disaggregation": ""} | said)
    assert whole(code).metrics[0].measurements[2].disaggregation == ""
    assert "It was everybody." in page.text
    assert "Part of the group" in staff.get(f"/experiments/{code}").text


def test_a_metric_without_disaggregations_asks_for_none(client_of, cast, plan):
    (code, metric), staff = plan, client_of(cast.staff)
    staff.submit(f"/experiments/{code}/metrics/{metric}/edit", {"disaggregations": ""})
    page = staff.get(f"/experiments/{code}/readings/new?metric={metric}")
    assert "Part of the group" not in page.text


def test_disaggregations_that_name_no_parts_are_refused_beside_their_field(client_of, cast, plan):
    code, metric = plan
    address = f"/experiments/{code}/metrics/{metric}/edit"
    page = client_of(cast.staff).submit(address, {"disaggregations": "women and men"})
    assert page.status_code == 422
    assert "disaggregations-error" in shown_errors(page)


def test_a_refused_metric_keeps_its_name_in_the_heading(client_of, cast, plan):
    code, metric = plan
    client = client_of(cast.staff)
    page = client.get(f"/experiments/{code}/registration/new")
    sha256 = next(e.get("value") for e in document_of(page).iter() if e.get("name") == "sha256")
    client.submit(f"/experiments/{code}/registration/new", {"sha256": sha256})
    page = client.submit(f"/experiments/{code}/metrics/{metric}/edit", {"name": "Another one"})
    assert page.status_code == 422
    heading = text_of(next(document_of(page).iter("h1")))
    assert heading == "Edit “Sellers who take digital payment”"


@pytest.mark.parametrize(
    ("part", "kind", "typed", "other"),
    [
        ("hypotheses", Hypothesis, SLOTS, {"because": "they asked"}),
        (
            "metrics",
            Metric,
            {"name": "Sales", "kind": "mean", "direction": "increase", "role": "secondary"},
            {"name": "Visits"},
        ),
    ],
)
def test_a_form_sent_twice_adds_once_and_another_content_under_its_key_is_refused(
    client_of, cast, plan, count, part, kind, typed, other
):
    path, client = f"/experiments/{plan[0]}/{part}/new", client_of(cast.staff)
    sent = typed | {"submission_key": str(uuid4())}
    for _twice in range(2):
        assert client.submit(path, sent).request.path == f"/experiments/{plan[0]}"
    assert count(kind) == 2
    refused = client.submit(path, sent | other)
    assert refused.status_code == 422
    assert "saved already" in refused.text
    assert count(kind) == 2
    assert client.submit(path, sent | {"submission_key": ""}).status_code == 422


def test_the_same_edit_sent_twice_is_saved_however_saving_writes_it(client_of, cast, plan):
    address, client = f"/experiments/{plan[0]}/edit", client_of(cast.staff)
    version = next(
        each.get("value")
        for each in document_of(client.get(address)).iter("input")
        if each.get("name") == "version"
    )
    sent = {
        "version": version,
        "local_currency": "pen",
        "cost_actual_local": "375",
        "rate_to_usd": "3.75",
        "partners": "- Agros\nAGROS",
        "contributing_programme_ids": [str(cast.markets.id), str(cast.inclusion.id)],
    }
    for _twice in range(2):
        page = client.submit(address, sent)
        assert page.status_code == 200, page.text
    assert client.submit(address, sent | {"local_currency": "usd"}).status_code == 409


def test_registering_says_the_method_of_each_primary_metric(client_of, cast, plan):
    page = client_of(cast.staff).get(f"/experiments/{plan[0]}/registration/new")
    methods = next(e for e in document_of(page).iter("section") if e.get("id") == "methods")
    assert "Newcombe" in text_of(methods)
    assert "not assessable" not in text_of(methods)


@pytest.mark.parametrize(
    ("design", "kind"),
    [
        (ComparisonDesign.TWO_GROUPS_BEFORE_AFTER, MetricKind.NPS),
        (ComparisonDesign.TWO_GROUPS, MetricKind.COUNT),
    ],
)
def test_a_metric_without_a_method_is_warned_of_and_may_be_registered_all_the_same(
    client_of, cast, plan, engine, whole, design, kind
):
    (code, metric), staff = plan, client_of(cast.staff)
    with unit_of_work(engine) as session:
        experiment = experiment_by_code(session, code, scope=EVERYTHING)
        experiment.comparison_design, experiment.metrics[0].kind = design, kind
    page = staff.get(f"/experiments/{code}/registration/new")
    assert "will be “not assessable”, whatever is measured" in page.text
    assert f"/experiments/{code}/metrics/{metric}/edit" in page.text
    sha256 = next(e.get("value") for e in document_of(page).iter() if e.get("name") == "sha256")
    staff.submit(f"/experiments/{code}/registration/new", {"sha256": sha256})
    assert whole(code).registration is not None


BEGUN = {"title": "Messages", "learning_intent": "Whether they help.", "state": "running"}


def test_an_experiment_that_is_under_way_begins_on_its_own_day(client_of, cast, whole):
    sent = BEGUN | {"lead_programme_id": str(cast.markets.id), "stage": "test", "on": "2026-08-03"}
    page = client_of(cast.staff).submit("/experiments/new", sent)
    assert page.status_code == 200
    made = whole(f"PE-{today().year}-001")
    (entry,) = made.stages
    assert (entry.stage, entry.state) == (Stage.TEST, ExperimentState.RUNNING)
    assert entry.entered_at.date() == date(2026, 8, 3)
    assert "since Aug 3, 2026" in page.text
    assert "Its journey begins on an earlier day" in page.text


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"on": "2999-01-01"}, "on"), ({"state": "paused"}, "pause_reason")],
)
def test_how_a_new_experiment_stands_is_refused_beside_its_field(
    client_of, cast, count, typed, field
):
    sent = BEGUN | {"lead_programme_id": str(cast.markets.id)} | typed
    page = client_of(cast.staff).submit("/experiments/new", sent)
    assert page.status_code == 422
    assert f"{field}-error" in shown_errors(page)
    assert count(Experiment) == 0


def test_the_history_writes_an_effect_in_points_and_not_as_a_share(client_of, cast, plan):
    (code, metric), staff = plan, client_of(cast.staff)
    staff.submit(f"/experiments/{code}/metrics/{metric}/edit", {"minimum_meaningful_effect": "4"})
    page = staff.get(f"/experiments/{code}")
    history = next(e for e in document_of(page).iter("section") if e.get("id") == "history")
    assert "4 points" in text_of(history)
    assert "4%" not in text_of(history)


def test_a_level_is_lowered_by_one_unless_somebody_says_more(client_of, cast, plan, engine):
    with unit_of_work(engine) as session:
        experiment_by_code(session, plan[0], scope=EVERYTHING).evidence_level = 3
    page = client_of(cast.head).get(f"/experiments/{plan[0]}/level")
    choices = next(e for e in document_of(page).iter("select") if e.get("name") == "to")
    assert [each.get("value") for each in choices.iter("option")] == ["2", "1", "0"]


def test_an_edit_names_the_experiment_it_repeats_or_says_that_there_is_none(
    client_of, cast, plan, engine
):
    with unit_of_work(engine) as session:
        people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
        other = an_experiment(session, people.ecuador, people.galapagos, title="Islands").code
    address, staff = f"/experiments/{plan[0]}/edit", client_of(cast.staff)
    page = staff.submit(address, {"repeats": "EC-1999-001"})
    assert page.status_code == 422
    assert "repeats-error" in shown_errors(page)
    page = staff.submit(address, {"repeats": other.lower(), "repeated_elsewhere": "IPA, 2027"})
    assert page.status_code == 200
    assert other in page.text
    assert "IPA, 2027" in page.text
    assert f'href="/experiments/{other}"' not in page.text
    assert "Islands" not in page.text
