"""Where the chain from programme to decision is broken."""

from dataclasses import replace

import pytest

from app.domain.chains import BEGUN, Break, Chain, MetricLink, Missing, missing_in
from models.vocabulary import ExperimentState

SHARE = MetricLink(
    id=7, name="Share", hypothesis_id=1, has_baseline=True, has_target=True, has_reading=True
)
WHOLE = Chain(
    state=ExperimentState.COMPLETED,
    has_programme=True,
    has_owner=True,
    has_question=True,
    hypothesis_ids=[1],
    metrics=[SHARE],
    has_consent=True,
    has_harm_check=True,
    has_result=True,
    has_decision=True,
)


def breaks(**changes):
    return [link.kind for link in missing_in(replace(WHOLE, **changes))]


def test_a_whole_chain_misses_nothing():
    assert missing_in(WHOLE) == []


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({"has_programme": False}, Break.NO_PROGRAMME),
        ({"has_owner": False}, Break.NO_OWNER),
        ({"has_question": False}, Break.NO_LEARNING_QUESTION),
        ({"hypothesis_ids": []}, Break.NO_HYPOTHESIS),
        ({"metrics": []}, Break.NO_METRIC),
        ({"metrics": [replace(SHARE, has_baseline=False, has_target=False)]}, Break.NO_BASELINE),
        ({"metrics": [replace(SHARE, has_target=False)]}, Break.NO_TARGET),
        ({"metrics": [replace(SHARE, has_reading=False)]}, Break.NO_READING),
        ({"has_consent": False}, Break.NO_CONSENT),
        ({"has_harm_check": False}, Break.NO_HARM_CHECK),
        ({"has_result": False}, Break.NO_RESULT),
        ({"has_decision": False}, Break.NO_DECISION),
    ],
)
def test_each_link_that_is_missing_is_named(changes, kind):
    assert breaks(**changes) == [kind]


def test_a_guardrail_needs_no_target_but_a_baseline():
    guard = replace(SHARE, has_target=False, is_guardrail=True)
    assert breaks(metrics=[guard]) == []
    assert breaks(metrics=[replace(guard, has_baseline=False)]) == [Break.NO_BASELINE]


def test_a_hypothesis_no_metric_would_show_is_named_by_its_number():
    found = missing_in(replace(WHOLE, hypothesis_ids=[1, 4]))
    assert found == [Missing(Break.HYPOTHESIS_WITHOUT_METRIC, "2", 4)]


def test_a_metric_without_a_link_serves_the_only_hypothesis():
    assert breaks(metrics=[replace(SHARE, hypothesis_id=None)]) == []


def test_an_idea_owes_no_reading_consent_or_decision_yet():
    unread = [replace(SHARE, has_reading=False)]
    nothing_yet = {
        "metrics": unread,
        "has_consent": False,
        "has_harm_check": False,
        "has_result": False,
        "has_decision": False,
    }
    for state in set(ExperimentState) - BEGUN:
        assert breaks(state=state, **nothing_yet) == []


def test_a_running_experiment_owes_no_decision_until_there_is_a_result():
    running = {"state": ExperimentState.RUNNING, "has_decision": False}
    assert breaks(**running, has_result=False) == []
    assert breaks(**running, has_result=True) == [Break.NO_DECISION]


def test_an_ended_experiment_owes_a_decision_only_where_it_has_a_result():
    silent = {"has_result": False, "has_decision": False}
    assert breaks(**silent) == [Break.NO_RESULT, Break.NO_DECISION]
    assert breaks(**silent, metrics=[]) == [Break.NO_METRIC, Break.NO_RESULT]


def test_each_is_said_with_what_it_is_about():
    assert str(Missing(Break.NO_TARGET, "Share", 7).said()) == "No target for “Share”"
    assert len({str(Missing(kind, "x").said()) for kind in Break}) == len(Break)
