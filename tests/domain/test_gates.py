"""Gates: what is asked for before the next stage, and what a decision owes."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.gates import (
    AUTOMATIC,
    LACKING,
    MANUAL,
    NEXT,
    Asking,
    GateFacts,
    GateRuling,
    Mend,
    Primary,
    checklist,
    gate_before,
    gate_problems,
    missing_for,
    problems_of_asking,
    problems_of_passing,
    problems_of_return,
    state_after,
)
from app.domain.steps import ORDER
from app.domain.texts import MOST_TEXT
from models.vocabulary import ExperimentState, GateItem, Stage, Verdict

MEASURED = Primary(1, "Sellers who take digital payment", has_baseline=True)
UNMEASURED = replace(MEASURED, id=2, name="Sales by phone", has_baseline=False)
READY = GateFacts(
    is_registered=True,
    primaries=[MEASURED],
    has_consent=True,
    has_harm_check=True,
    has_accepted_review=True,
    verdict=Verdict.SUPPORTED,
    level=3,
    is_compared=True,
    has_cost=True,
)
ALL_TICKED = {to: [item.value for item in items] for to, items in MANUAL.items()}

destinations = st.sampled_from(list(NEXT.values()))
stages = st.sampled_from(Stage)
texts = st.sampled_from(["", "The campaign does not wait."])
rulings = st.builds(GateRuling, reason=texts, overridden_because=texts, resources_committed=texts)
primaries = st.lists(st.sampled_from([MEASURED, UNMEASURED]), max_size=2)
every_fact = st.builds(
    GateFacts,
    is_registered=st.booleans(),
    primaries=primaries,
    has_consent=st.booleans(),
    has_harm_check=st.booleans(),
    has_accepted_review=st.booleans(),
    verdict=st.none() | st.sampled_from(Verdict),
    level=st.integers(0, 5),
    is_compared=st.booleans(),
    has_cost=st.booleans(),
)
ticks = st.lists(st.sampled_from([item.value for item in GateItem]), unique=True)


def fields_of(problems):
    return [problem.field for problem in problems]


def mends(to, **changes):
    lines = checklist(to, replace(READY, **changes), ALL_TICKED[to])
    return [lack.mend for line in lines for lack in line.lacks]


# Where the gates stand


@pytest.mark.parametrize(
    ("before", "after", "gate"),
    [
        (Stage.SENSE, Stage.EXPLORE, None),
        (Stage.EXPLORE, Stage.TEST, (Stage.EXPLORE, Stage.TEST)),
        (Stage.TEST, Stage.GROW, (Stage.TEST, Stage.GROW)),
        (Stage.SENSE, Stage.GROW, (Stage.EXPLORE, Stage.TEST)),
        (Stage.EXPLORE, Stage.GROW, (Stage.EXPLORE, Stage.TEST)),
        (Stage.GROW, Stage.EXPLORE, None),
    ],
)
def test_the_first_gate_on_the_way_is_named(before, after, gate):
    assert gate_before(before, after) == gate


@given(stages, stages)
def test_a_step_is_refused_exactly_where_it_would_go_forward_into_test_or_grow(before, after):
    crosses = after in (Stage.TEST, Stage.GROW) and ORDER.index(after) > ORDER.index(before)
    assert fields_of(gate_problems(before, after)) == (["stage"] if crosses else [])


@given(stages, stages)
def test_staying_and_going_back_lead_through_no_gate(one, other):
    before, after = sorted((one, other), key=ORDER.index, reverse=True)
    assert gate_before(before, after) is None


def test_the_refusal_names_both_stages():
    (problem,) = gate_problems(Stage.EXPLORE, Stage.TEST)
    assert problem.message.values == {"before": Stage.EXPLORE, "after": Stage.TEST}


def test_a_stage_that_could_not_be_read_is_not_judged():
    assert gate_problems(Stage.EXPLORE, None) == []


# What a gate asks for


def test_every_item_is_asked_for_by_some_gate_and_none_twice_by_one():
    asked = [[*AUTOMATIC[to], *MANUAL[to]] for to in NEXT.values()]
    assert {item for items in asked for item in items} == set(GateItem)
    assert all(len(items) == len(set(items)) for items in asked)


def test_what_the_tracker_sees_itself_is_never_left_to_a_tick():
    seen = {item for items in AUTOMATIC.values() for item in items}
    assert seen == set(LACKING)
    assert seen.isdisjoint(item for items in MANUAL.values() for item in items)


@pytest.mark.parametrize("to", NEXT.values())
def test_nothing_is_missing_where_all_is_there(to):
    assert missing_for(to, READY, ALL_TICKED[to]) == []


@pytest.mark.parametrize(
    ("to", "changes", "mend"),
    [
        (Stage.TEST, {"is_registered": False}, Mend.REGISTRATION),
        (Stage.TEST, {"primaries": []}, Mend.PRIMARY_METRIC),
        (Stage.TEST, {"primaries": [MEASURED, UNMEASURED]}, Mend.BASELINE),
        (Stage.TEST, {"has_consent": False}, Mend.CONSENT),
        (Stage.TEST, {"has_harm_check": False}, Mend.HARM_CHECK),
        (Stage.TEST, {"has_accepted_review": False}, Mend.REVIEW),
        (Stage.GROW, {"verdict": None}, Mend.VERDICT),
        (Stage.GROW, {"verdict": Verdict.NOT_ASSESSABLE}, Mend.VERDICT),
        (Stage.GROW, {"level": 2}, Mend.EVIDENCE_LEVEL),
        (Stage.GROW, {"level": 1, "is_compared": False}, Mend.EVIDENCE_LEVEL),
        (Stage.GROW, {"has_cost": False}, Mend.COST),
        (Stage.GROW, {"has_accepted_review": False}, Mend.REVIEW),
    ],
)
def test_each_missing_thing_is_said_with_the_place_that_mends_it(to, changes, mend):
    assert mends(to, **changes) == [mend]


def test_every_place_that_mends_is_named_by_some_gate():
    nothing = GateFacts()
    partly = GateFacts(primaries=[UNMEASURED])
    found = {
        lack.mend
        for to in NEXT.values()
        for facts in (nothing, partly)
        for line in checklist(to, facts)
        for lack in line.lacks
    }
    assert found == set(Mend)


def test_each_primary_metric_without_a_baseline_is_named():
    other = replace(UNMEASURED, id=3, name="Queues")
    (line,) = [
        line
        for line in checklist(Stage.TEST, replace(READY, primaries=[UNMEASURED, MEASURED, other]))
        if line.item is GateItem.BASELINE_RECORDED
    ]
    assert [(lack.metric_id, lack.said.values["about"]) for lack in line.lacks] == [
        (2, "Sales by phone"),
        (3, "Queues"),
    ]


def test_level_two_is_enough_where_no_comparison_was_planned():
    assert mends(Stage.GROW, level=2, is_compared=False) == []


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - {Verdict.NOT_ASSESSABLE}))
def test_a_verdict_against_the_hypothesis_is_a_verdict_all_the_same(verdict):
    assert mends(Stage.GROW, verdict=verdict) == []


@given(destinations, every_fact, ticks)
def test_an_item_is_missing_exactly_where_something_lacks_or_nobody_vouches(to, facts, ticked):
    missing = missing_for(to, facts, ticked)
    for line in checklist(to, facts, ticked):
        assert line.is_met == (line.item not in missing)
        if line.item in MANUAL[to]:
            assert line.is_met == (line.item.value in ticked)
            assert not line.lacks
        else:
            assert line.is_met == (not line.lacks)


@given(destinations, every_fact, ticks)
def test_no_tick_stands_for_what_the_tracker_sees(to, facts, ticked):
    seen = set(AUTOMATIC[to])
    unticked = seen & set(missing_for(to, facts, []))
    assert seen & set(missing_for(to, facts, ticked)) == unticked


# Asking


@given(destinations, ticks)
def test_only_what_the_gate_leaves_to_people_can_be_vouched_for(to, ticked):
    is_theirs = set(ticked) <= set(MANUAL[to])
    found = fields_of(problems_of_asking(Asking(ticked=ticked), to=to))
    assert found == ([] if is_theirs else ["ticked"])


def test_a_word_of_no_list_cannot_be_vouched_for():
    assert fields_of(problems_of_asking(Asking(ticked=["nonsense"]), to=Stage.TEST)) == ["ticked"]


def test_a_note_has_its_limit():
    long = Asking(note="x" * (MOST_TEXT + 1))
    assert fields_of(problems_of_asking(long, to=Stage.TEST)) == ["note"]


# Deciding


@given(destinations, every_fact, ticks, rulings)
def test_it_is_let_through_iff_nothing_is_missing_or_it_is_overridden_and_grow_has_resources(
    to, facts, ticked, ruling
):
    missing = missing_for(to, facts, ticked)
    is_whole_or_overridden = bool(missing) == bool(ruling.overridden_because)
    has_resources = to is not Stage.GROW or bool(ruling.resources_committed)
    problems = problems_of_passing(ruling, to=to, missing=missing)
    assert (not problems) == (is_whole_or_overridden and has_resources)


@given(destinations, rulings)
def test_each_refusal_stands_beside_the_field_that_answers_it(to, ruling):
    problems = problems_of_passing(ruling, to=to, missing=[GateItem.COST_RECORDED])
    answered = replace(ruling, **dict.fromkeys(fields_of(problems), "Said."))
    assert problems_of_passing(answered, to=to, missing=[GateItem.COST_RECORDED]) == []


@given(rulings)
def test_it_is_sent_back_iff_a_reason_is_given(ruling):
    assert fields_of(problems_of_return(ruling)) == ([] if ruling.reason else ["reason"])


@pytest.mark.parametrize("field", GateRuling.__dataclass_fields__)
def test_every_text_of_a_decision_has_its_limit(field):
    ruling = GateRuling(reason="Said.", resources_committed="Two people.")
    long = replace(ruling, **{field: "x" * (MOST_TEXT + 1)})
    missing = [GateItem.COST_RECORDED] if field == "overridden_because" else []
    assert fields_of(problems_of_passing(long, to=Stage.GROW, missing=missing)) == [field]
    assert fields_of(problems_of_return(long)) == [field]


# Entering the next stage


@pytest.mark.parametrize("state", ExperimentState)
def test_what_runs_or_pauses_goes_on_and_anything_else_is_designed_anew(state):
    goes_on = state is ExperimentState.RUNNING
    assert state_after(state) is (state if goes_on else ExperimentState.DESIGN)
