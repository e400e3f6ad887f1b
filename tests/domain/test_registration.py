"""The frozen plan: one spelling, its digest, and how it differs from another."""

import json
import subprocess
import sys
from copy import deepcopy
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.registration import (
    DESIGN,
    HYPOTHESIS,
    METRIC,
    canonical_json,
    changes_between,
    days_before,
    digest,
    lines_of,
    missing_from,
    plan_of,
    restored,
)
from app.domain.statistics.groups import Events, Ordered, Recommending, Share, Spread
from app.domain.statistics.menu import MENU, METHODS, Outcome, Question, effect_of
from models.vocabulary import (
    ComparisonDesign,
    Cumulation,
    DesignType,
    Direction,
    LookRule,
    MetricKind,
    MetricRole,
)

SLOTS = {
    "id": 7,
    "position": 1,
    **dict.fromkeys(HYPOTHESIS, ""),
    "change": "a weekly message",
    "audience": "sellers of Ate",
    "direction": Direction.INCREASE,
    "outcome": "the share who take digital payment",
    "threshold": "10 points",
}
SHARE = {
    "id": 3,
    **dict.fromkeys(METRIC),
    "name": "Sellers who take digital payment",
    "unit": "share",
    "kind": MetricKind.PROPORTION,
    "direction": Direction.INCREASE,
    "role": MetricRole.PRIMARY,
    "hypothesis_id": 7,
    "baseline": Decimal("0.20"),
    "target": Decimal("0.35"),
    "minimum_meaningful_effect": Decimal("0.050000"),
    "cumulation": Cumulation.NOT_CUMULATIVE,
    "planned_waves": [{"name": "week 6", "due_on": date(2026, 9, 30)}],
}
PLANNED = {
    **dict.fromkeys(DESIGN),
    "comparison_design": ComparisonDesign.TWO_GROUPS,
    "sample_planned": 200,
    "look_rule": LookRule.POCOCK,
    "looks_planned": 2,
    "cluster_size": Decimal("1E+1"),
    "stops_on": date(2026, 12, 1),
}


def a_plan(*, slots=None, metric=None, **design):
    hypotheses = [SLOTS | (slots or {})]
    return plan_of("PE-2026-001", PLANNED | design, hypotheses, [SHARE | (metric or {})])


def changed(field, **parts):
    found = changes_between(a_plan(), a_plan(**parts))
    assert [change.name for change in found] == [field]
    return found[0]


def test_the_json_has_one_spelling_without_floats_and_blanks():
    text = canonical_json(a_plan())
    assert ": " not in text.replace("week 6", "")
    assert '"minimum_meaningful_effect":"0.05"' in text
    assert '"cluster_size":"10"' in text
    assert '"planned_waves":["2026-09-30 week 6"]' in text
    assert canonical_json(json.loads(text)) == text


def test_the_digest_is_the_same_in_another_process_whatever_its_hashes_are():
    text = canonical_json(a_plan())
    script = (
        "import json, sys; from app.domain.registration import canonical_json, digest; "
        "plan = json.loads(sys.stdin.read()); "
        "turned = dict(reversed(plan.items())); print(digest(canonical_json(turned)))"
    )
    for seed in ("1", "2"):
        env = {"PYTHONHASHSEED": seed, "PYTHONPATH": ":".join(filter(None, sys.path)), "PATH": ""}
        run = subprocess.run(
            [sys.executable, "-c", script],
            input=text,
            env=env,
            capture_output=True,
            text=True,
            check=True,
        )
        assert run.stdout.strip() == digest(text)


@pytest.mark.parametrize("spelled", ["0.05", "0.050", "5E-2", "0.050000"])
def test_a_number_spelled_otherwise_is_the_same_plan(spelled):
    metric = {"minimum_meaningful_effect": Decimal(spelled)}
    assert digest(canonical_json(a_plan(metric=metric))) == digest(canonical_json(a_plan()))


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("direction", {"metric": {"direction": Direction.DECREASE}}),
        ("minimum_meaningful_effect", {"metric": {"minimum_meaningful_effect": Decimal("0.01")}}),
        ("target", {"metric": {"target": Decimal("0.25")}}),
        ("name", {"metric": {"name": "Sellers who were visited"}}),
        ("role", {"metric": {"role": MetricRole.SECONDARY}}),
        ("comparison_design", {"comparison_design": ComparisonDesign.BEFORE_AFTER_SAME}),
        ("sample_planned", {"sample_planned": 40}),
        ("looks_planned", {"looks_planned": 5}),
        ("stops_on", {"stops_on": date(2027, 1, 1)}),
        ("change", {"slots": {"change": "a daily call"}}),
        ("outcome", {"slots": {"outcome": "their income"}}),
        ("threshold", {"slots": {"threshold": "2 points"}}),
    ],
)
def test_what_decides_the_result_is_a_major_change(field, parts):
    assert changed(field, **parts).is_major


@pytest.mark.parametrize(
    ("field", "parts"),
    [
        ("audience", {"slots": {"audience": "women who sell in Ate"}}),
        ("because", {"slots": {"because": "they asked for it"}}),
        ("unit", {"metric": {"unit": "per cent of sellers"}}),
        ("source", {"metric": {"source": "field notes"}}),
        ("measured_by", {"metric": {"measured_by": "the lab"}}),
        ("name", {"metric": {"name": "SELLERS who  take digital payment"}}),
        ("outcome", {"slots": {"outcome": "The share who take digital payment"}}),
    ],
)
def test_wording_is_a_minor_change(field, parts):
    assert not changed(field, **parts).is_major


def test_a_secondary_metric_may_change_its_target_as_a_minor_change_but_not_its_direction():
    before = a_plan(metric={"role": MetricRole.SECONDARY})
    told = {"role": MetricRole.SECONDARY, "target": Decimal("0.5")}
    assert [each.is_major for each in changes_between(before, a_plan(metric=told))] == [False]
    told = {"role": MetricRole.SECONDARY, "direction": Direction.DECREASE}
    assert [each.is_major for each in changes_between(before, a_plan(metric=told))] == [True]


def test_a_guardrails_margin_is_major():
    before = a_plan(metric={"role": MetricRole.GUARDRAIL, "guardrail_margin": Decimal("0.02")})
    after = a_plan(metric={"role": MetricRole.GUARDRAIL, "guardrail_margin": Decimal("0.2")})
    (change,) = changes_between(before, after)
    assert (change.name, change.before, change.after) == ("guardrail_margin", "0.02", "0.2")
    assert change.is_major


def test_a_metric_that_comes_or_goes_counts_once_and_as_what_it_decides():
    second = SHARE | {"id": 4, "name": "Complaints", "role": MetricRole.SECONDARY}
    one = a_plan()
    two = plan_of("PE-2026-001", PLANNED, [SLOTS], [SHARE, second])
    (came,) = changes_between(one, two)
    assert (came.before, came.after, came.is_major) == (None, "Complaints", False)
    assert str(came.label) == "Metric added"
    none = plan_of("PE-2026-001", PLANNED, [SLOTS], [])
    (went,) = changes_between(one, none)
    assert (went.before, went.is_major) == ("Sellers who take digital payment", True)
    assert str(went.label) == "Metric removed"


def test_the_method_follows_from_the_design_and_is_no_change_of_its_own():
    plan = a_plan()
    assert plan["metrics"][0]["method"] == "newcombe_hybrid_score"
    older = deepcopy(plan)
    older["metrics"][0]["method"] = "as it was called before"
    assert changes_between(older, plan) == []


def test_a_field_that_plans_did_not_hold_before_is_no_change_while_it_is_empty():
    older = a_plan()
    del older["design"]["icc"], older["metrics"][0]["guardrail_margin"]
    assert changes_between(older, a_plan()) == []


def test_a_document_from_before_a_field_was_frozen_holds_only_its_own_fields():
    old = a_plan()
    del old["design"]["design_type"]
    assert changes_between(old, a_plan(design_type=DesignType.EXPERIMENTAL)) == []
    change = changed("design_type", design_type=DesignType.EXPERIMENTAL)
    assert (change.after, change.is_major) == ("experimental", True)


def test_every_pair_on_the_menu_has_a_method_with_a_name_and_nothing_else_has():
    assert METHODS.keys() == MENU.keys()


GROUPS = {
    Outcome.PROPORTION: (Share(12, 40), Share(5, 40)),
    Outcome.MEAN: (Spread(10.0, 2.0, 20), Spread(8.0, 2.0, 20)),
    Outcome.RATE: (Events(12, 100.0), Events(5, 100.0)),
    Outcome.ORDINAL: (Ordered((1, 2, 3, 4, 5)), Ordered((1, 1, 2, 2, 3))),
    Outcome.NPS: (Recommending(20, 5, 5), Recommending(10, 10, 10)),
}


@pytest.mark.parametrize(
    "pair", [pair for pair in METHODS if pair[0] is ComparisonDesign.TWO_GROUPS], ids=str
)
def test_the_method_a_plan_names_is_the_one_that_is_used(pair):
    ours, theirs = GROUPS[pair[1]]
    question = Question(design=pair[0], outcome=pair[1], treatment=ours, comparison=theirs)
    assert effect_of(question).method == METHODS[pair]


def test_what_is_missing_is_said_all_at_once():
    empty = plan_of("PE-2026-001", dict.fromkeys(DESIGN), [], [])
    said = [str(problem.message) for problem in missing_from(empty)]
    assert said == [
        "No hypothesis",
        "No primary metric",
        "It is not said how it is compared",
        "No sample is planned",
    ]


@pytest.mark.parametrize(
    ("parts", "words"),
    [
        ({"metric": {"minimum_meaningful_effect": None}}, "No smallest effect that matters"),
        ({"metric": {"role": MetricRole.SECONDARY}}, "No primary metric"),
        ({"metric": {"role": MetricRole.GUARDRAIL}}, "No margin for the guardrail"),
        (
            {"comparison_design": ComparisonDesign.ONE_GROUP_TARGET, "metric": {"target": None}},
            "No target",
        ),
        ({"slots": {"change": ""}}, "does not say what is changed"),
        ({"sample_planned": None}, "No sample is planned"),
    ],
)
def test_a_plan_that_lacks_something_cannot_be_frozen(parts, words):
    assert any(words in str(problem.message) for problem in missing_from(a_plan(**parts)))


def test_a_whole_plan_lacks_nothing():
    assert missing_from(a_plan()) == []


@pytest.mark.parametrize(
    ("first", "days"), [(date(2026, 5, 1), 30), (date(2026, 4, 1), 0), (date(2026, 3, 1), -31)]
)
def test_days_are_counted_from_registration_to_the_first_measurement(first, days):
    assert days_before(date(2026, 4, 1), first) == days
    assert days_before(date(2026, 4, 1), None) is None


# Whatever a plan holds

texts = st.text(max_size=12)
amounts = st.none() | st.decimals(-1000, 1000, places=6)
slots = st.fixed_dictionaries(
    {name: texts for name in HYPOTHESIS if name != "direction"},
).map(lambda said: SLOTS | said)
metrics = st.fixed_dictionaries(
    {
        "name": st.text(min_size=1, max_size=12),
        "unit": texts,
        "kind": st.sampled_from(MetricKind),
        "direction": st.sampled_from(Direction),
        "role": st.sampled_from(MetricRole),
        "baseline": amounts,
        "target": amounts,
        "minimum_meaningful_effect": amounts,
    }
).map(lambda said: SHARE | said)
designs = st.fixed_dictionaries(
    {
        "comparison_design": st.none() | st.sampled_from(ComparisonDesign),
        "sample_planned": st.none() | st.integers(1, 10**6),
        "icc": amounts,
        "unit_of_analysis": texts,
    }
).map(lambda said: PLANNED | said)


@st.composite
def plans(draw):
    hypotheses = draw(st.lists(slots, max_size=2))
    listed = draw(st.lists(metrics, max_size=3))
    return plan_of(
        "PE-2026-001",
        draw(designs),
        [row | {"id": place, "position": place} for place, row in enumerate(hypotheses, 1)],
        [row | {"id": place} for place, row in enumerate(listed, 1)],
    )


@given(plans())
def test_a_plan_differs_in_nothing_from_itself_however_it_was_kept(plan):
    assert changes_between(plan, json.loads(canonical_json(plan))) == []


@given(plans(), plans())
def test_plans_that_differ_say_in_what_and_the_way_back_is_the_change_turned_round(before, after):
    there, back = changes_between(before, after), changes_between(after, before)
    assert {(c.part, c.id, c.name, c.before, c.after) for c in there} == {
        (c.part, c.id, c.name, c.after, c.before) for c in back
    }
    assert {c.is_major for c in there} == {c.is_major for c in back}
    # Nothing that people can read differs without being told.
    told = {line.key: line.value for line in lines_of(before)}
    assert bool(there) == (told != {line.key: line.value for line in lines_of(after)})


@given(plans(), plans())
def test_a_change_is_kept_as_json_and_read_again(before, after):
    for change in changes_between(before, after):
        assert restored(json.loads(json.dumps(change.kept()))) == change


def test_outcomes_of_the_menu_are_all_of_some_kind():
    assert {Outcome(each) for _design, each in METHODS} == set(Outcome)
