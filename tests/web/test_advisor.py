"""The design advisor's page: asked by its address, answered in sentences and a curve."""

from decimal import Decimal
from urllib.parse import urlencode

import pytest

from app.database import unit_of_work
from models.vocabulary import ComparisonDesign, MetricKind
from tests.factories import a_metric, an_experiment

SHARES = {"design": "two_groups", "kind": "proportion", "direction": "increase"}


def asked(client, **said):
    return client.get(f"/advisor?{urlencode(SHARES | said)}")


@pytest.fixture
def staff(client_of, cast):
    return client_of(cast.staff)


def test_it_asks_first(staff):
    page = staff.get("/advisor")
    assert page.status_code == 200
    assert "What it can show" not in page.text


def test_it_answers_with_the_smallest_effect_the_method_and_the_curve(staff):
    page = asked(staff, n="30", baseline="40")
    assert "With 30 people in a group, an effect of 34.9 points or more" in page.text
    assert "Newcombe" in page.text
    assert "you are here: 30 people in each group" in page.text


def test_it_warns_where_even_a_perfect_result_shows_nothing(staff):
    assert "even a perfect result gives p = 0.1" in asked(staff, n="3").text


def test_it_says_what_villages_cost(staff):
    page = asked(staff, kind="mean", n="60", cluster_size="20", icc="0.1")
    assert "60 of them count as 20 independent people (design effect 2.9)" in page.text


def test_it_says_how_many_are_needed_for_what_matters(staff):
    page = asked(staff, kind="mean", n="30", sd="10", least="5")
    assert "64 people in a group are needed" in page.text
    assert "48 times out of 100" in page.text


@pytest.mark.parametrize("design", list(ComparisonDesign))
def test_every_design_and_kind_is_answered_or_said_to_have_no_method(staff, design):
    for kind in MetricKind:
        page = asked(staff, design=design.value, kind=kind.value, n="40")
        assert page.status_code == 200
        assert "What it can show" in page.text


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"n": ""}, "Say how many people you can get."),
        ({"n": "many"}, "is not a whole number"),
        ({"n": "0"}, "Between 1 and"),
        ({"n": "30", "icc": "2"}, "The correlation lies between 0 and 1."),
        ({"n": "30", "cluster_size": "0"}, "A cluster holds at least 1."),
        ({"n": "30", "baseline": "140"}, "A share lies between 0 and 100 %."),
        ({"n": "30", "kind": "nonsense"}, "Choose one from the list."),
        ({"n": "30", "sd": "NaN"}, "is not a number"),
        ({"n": "30", "least": "1e400"}, "is not a number"),
    ],
)
def test_what_cannot_be_read_is_said_and_stays_typed(staff, said, sentence):
    page = asked(staff, **said)
    assert page.status_code == 422
    assert sentence in page.text
    assert "What it can show" not in page.text


def test_everything_that_is_wrong_is_said_at_once(staff):
    page = asked(staff, kind="mean", n="many", sd="-1", icc="2")
    assert page.status_code == 422
    for said in ("is not a whole number", "The correlation lies between 0 and 1."):
        assert said in page.text
    page = asked(staff, kind="mean", n="", sd="-1")
    for said in ("Say how many people you can get.", "This must be more than zero."):
        assert said in page.text


def test_ordered_answers_are_told_in_pairs(staff):
    page = asked(staff, kind="ordinal", n="40")
    assert "an effect of 68% of pairs in its favour or more" in page.text


def test_numbers_are_read_as_people_write_them(staff):
    page = staff.get(f"/advisor?{urlencode(SHARES | {'n': '1 200', 'baseline': '12,5'})}&lang=es")
    assert "1 200" in page.text.replace("\u00a0", " ")


def test_it_starts_from_what_an_experiment_says(staff, engine, cast):
    with unit_of_work(engine) as session:
        experiment = an_experiment(
            session,
            cast.peru,
            cast.markets,
            comparison_design=ComparisonDesign.TWO_GROUPS,
            sample_planned=80,
        )
        a_metric(session, experiment, minimum_meaningful_effect=Decimal("0.15"))
    page = staff.get(f"/advisor?experiment={experiment.code}")
    assert "With 40 people in a group" in page.text
    assert 'value="15"' in page.text


def test_somebody_elses_experiment_is_not_there(client_of, cast, engine):
    with unit_of_work(engine) as session:
        experiment = an_experiment(session, cast.peru, cast.markets)
    page = client_of(cast.stranger).get(f"/advisor?experiment={experiment.code}")
    assert page.status_code == 404
