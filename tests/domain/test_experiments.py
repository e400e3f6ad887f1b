"""What an experiment's core and blocks may say."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.decisions import Ruling
from app.domain.decisions import problems_of as problems_of_ruling
from app.domain.experiments import (
    Blocks,
    Core,
    cost_in_usd,
    duration_days,
    problems_of_blocks,
    problems_of_core,
)
from models.vocabulary import DecisionKind

CORE = Core(title="Market messages", learning_intent="Whether …", lead_programme_id=1, owner_id=2)
TODAY = date(2026, 10, 5)
PERSEVERE = Ruling(
    kind=DecisionKind.PERSEVERE, decided_on=TODAY, people="The head", reason="The share rises."
)


def faults(**blocks):
    return [problem.field for problem in problems_of_blocks(Blocks(**blocks))]


def test_a_short_core_is_enough():
    assert problems_of_core(CORE) == []
    assert faults() == []


def test_all_that_the_core_lacks_is_told_at_once():
    empty = Core(title="", learning_intent="", lead_programme_id=None, owner_id=None)
    assert [problem.field for problem in problems_of_core(empty)] == [
        "title",
        "learning_intent",
        "lead_programme_id",
        "owner_id",
    ]


def test_a_title_fits_its_column():
    assert problems_of_core(replace(CORE, title="x" * 300)) == []
    assert [p.field for p in problems_of_core(replace(CORE, title="x" * 301))] == ["title"]


def test_twenty_partners_are_named_at_most_and_more_stay_where_they_are():
    names = tuple(f"Partner {number}" for number in range(21))
    assert faults(partners=names) == ["partners"]
    assert faults(partners=(*names[:20], "PARTNER 3")) == []
    assert problems_of_blocks(Blocks(partners=names), standing_partners=21) == []


def test_it_cannot_end_before_it_starts():
    start = date(2026, 4, 1)
    assert faults(starts_on=start, ends_on=date(2026, 3, 31)) == ["ends_on"]
    assert faults(starts_on=start, ends_on=start) == []
    assert duration_days(start, start) == 1
    assert duration_days(start, None) is None


@pytest.mark.parametrize("name", ["budget_planned_usd", "cost_actual_usd"])
def test_an_amount_cannot_be_negative(name):
    assert faults(**{name: Decimal("-0.01")}) == [name]
    assert faults(**{name: Decimal(0)}) == []


def test_a_local_amount_names_its_currency_and_rate():
    assert faults(cost_actual_local=Decimal(100)) == ["local_currency", "rate_to_usd"]
    assert faults(rate_to_usd=Decimal("3.75")) == ["cost_actual_local"]


def test_a_currency_is_one_that_exists():
    assert faults(local_currency="PEN") == []
    assert faults(local_currency="XXY") == ["local_currency"]


def test_dollars_are_computed_from_the_local_amount():
    blocks = Blocks(
        cost_actual_local=Decimal(7500), local_currency="PEN", rate_to_usd=Decimal("3.75")
    )
    assert cost_in_usd(blocks) == Decimal("2000.00")
    assert cost_in_usd(replace(blocks, cost_actual_usd=Decimal(2010))) == Decimal(2010)
    assert cost_in_usd(Blocks()) is None


@pytest.mark.parametrize(("typed", "found"), [("2039", []), ("2041", ["cost_actual_usd"])])
def test_dollars_that_disagree_with_the_local_amount_are_refused(typed, found):
    local = {
        "cost_actual_local": Decimal(7500),
        "local_currency": "PEN",
        "rate_to_usd": Decimal("3.75"),
    }
    assert faults(**local, cost_actual_usd=Decimal(typed)) == found


@pytest.mark.parametrize("rate", ["0", "-3.75"])
def test_a_rate_is_greater_than_zero(rate):
    local = {"cost_actual_local": Decimal(1), "local_currency": "PEN"}
    assert faults(**local, rate_to_usd=Decimal(rate)) == ["rate_to_usd"]


@pytest.mark.parametrize("planned", [0, -3, 3_000_000_000])
def test_a_sample_is_a_number_of_units(planned):
    assert faults(sample_planned=planned) == ["sample_planned"]


def test_goals_and_partners_keep_to_their_limits():
    assert faults(sdgs=(1, 17)) == []
    assert faults(sdgs=(0,)) == ["sdgs"]
    assert faults(sdgs=(18,)) == ["sdgs"]
    assert faults(partners=("x" * 301,)) == ["partners"]


@given(
    local=st.decimals(0, 10**9, places=2),
    rate=st.decimals("0.01", "5000", places=4),
)
def test_computed_dollars_never_disagree_with_their_own_amount(local, rate):
    given_local = Blocks(cost_actual_local=local, local_currency="PEN", rate_to_usd=rate)
    assert problems_of_blocks(replace(given_local, cost_actual_usd=cost_in_usd(given_local))) == []


def test_a_decision_says_what_when_who_and_why():
    assert problems_of_ruling(PERSEVERE, today=TODAY) == []
    bare = Ruling(kind=None, decided_on=None)
    assert [problem.field for problem in problems_of_ruling(bare, today=TODAY)] == [
        "kind",
        "people",
        "reason",
        "decided_on",
    ]


def test_to_grow_takes_resources():
    grow = replace(PERSEVERE, kind=DecisionKind.GROW)
    found = problems_of_ruling(grow, today=TODAY)
    assert [problem.field for problem in found] == ["resources_committed"]
    assert problems_of_ruling(replace(grow, resources_committed="USD 5,000"), today=TODAY) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"decided_on": date(2026, 10, 6)}, "decided_on"),
        ({"decided_on": date(1990, 1, 1)}, "decided_on"),
        ({"review_on": TODAY}, "review_on"),
    ],
)
def test_the_days_of_a_decision_follow_each_other(changes, field):
    found = problems_of_ruling(replace(PERSEVERE, **changes), today=TODAY, began_on=TODAY)
    assert [problem.field for problem in found] == [field]
