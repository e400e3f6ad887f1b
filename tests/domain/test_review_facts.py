"""What was accepted, and what is other than that by now."""

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.review_facts import (
    AmendmentSeen,
    Change,
    DecisionSeen,
    MetricSeen,
    Seen,
    changes_between,
    facts_of,
)
from models.vocabulary import DecisionKind, ExperimentState, MetricKind, Stage, Verdict

METRIC = MetricSeen(
    id=7,
    name="Sellers who take digital payment",
    kind=MetricKind.PROPORTION,
    value=Decimal("0.29"),
    on=date(2026, 6, 30),
    readings=2,
    corrected=0,
)
SEEN = Seen(
    stage=Stage.TEST,
    state=ExperimentState.RUNNING,
    verdict=None,
    level=1,
    registered_on=date(2026, 4, 1),
    metrics=(METRIC,),
)
PAUSE = DecisionSeen(3, DecisionKind.PAUSE, date(2026, 7, 15))
AMENDMENT = AmendmentSeen(5, date(2026, 7, 1), is_major=True, reason="Another margin.")


def changes(later):
    return changes_between(facts_of(SEEN), facts_of(later))


def test_nothing_differs_from_itself():
    assert changes(SEEN) == []


@pytest.mark.parametrize(
    ("field", "later", "before", "now"),
    [
        ("stage", {"stage": Stage.GROW}, "test", "grow"),
        ("state", {"state": ExperimentState.PAUSED}, "running", "paused"),
        ("verdict", {"verdict": Verdict.SUPPORTED}, None, "supported"),
        ("level", {"level": 3}, 1, 3),
        ("registered_on", {"registered_on": None}, "2026-04-01", None),
    ],
)
def test_each_of_these_is_told_with_before_and_now(field, later, before, now):
    assert changes(replace(SEEN, **later)) == [Change(field, before, now)]


@pytest.mark.parametrize(
    "read",
    [
        {"value": Decimal("0.33"), "on": date(2026, 9, 30), "readings": 3},
        {"corrected": 1},
        {"value": None, "on": None, "readings": 0},
    ],
)
def test_a_metric_that_was_read_or_corrected_is_told(read):
    (one,) = changes(replace(SEEN, metrics=(replace(METRIC, **read),)))
    assert (one.field, one.before["value"], one.now["name"]) == ("metric", "0.29", METRIC.name)
    assert one.before != one.now


def test_a_metric_that_is_gone_is_told_and_one_that_is_new_too():
    (gone,) = changes(replace(SEEN, metrics=()))
    assert (gone.before["name"], gone.now) == (METRIC.name, None)
    (_old, new) = changes_between({}, facts_of(SEEN))[-2:]
    assert (new.before, new.now["name"]) == (None, METRIC.name)


def test_a_decision_and_an_amendment_are_told_when_they_come():
    later = replace(SEEN, decisions=(PAUSE,), amendments=(AMENDMENT,))
    assert [(one.field, one.before) for one in changes(later)] == [
        ("decision", None),
        ("amendment", None),
    ]


def test_the_same_number_written_in_another_way_is_no_change():
    written = replace(METRIC, value=Decimal("0.2900"))
    assert changes(replace(SEEN, metrics=(written,))) == []


facts = st.dictionaries(
    st.sampled_from(["stage", "state", "verdict", "metric:1", "metric:2", "decision:1"]),
    st.one_of(st.none(), st.text(max_size=3), st.dictionaries(st.just("value"), st.text())),
)


@given(before=facts, now=facts)
def test_the_changes_lead_from_what_was_to_what_is(before, now):
    told = {(one.field, repr(one.before), repr(one.now)) for one in changes_between(before, now)}
    differing = {
        (key.partition(":")[0], repr(before.get(key)), repr(now.get(key)))
        for key in {*before, *now}
        if before.get(key) != now.get(key)
    }
    assert told == differing


def test_what_is_kept_is_plain_json():
    kept = facts_of(replace(SEEN, decisions=(PAUSE,), amendments=(AMENDMENT,)))
    assert json.loads(json.dumps(kept)) == kept
