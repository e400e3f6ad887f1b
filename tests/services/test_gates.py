"""Passing a gate: one asks, another decides, and the stage moves with the decision."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from app.database import unit_of_work
from app.domain.gates import Asking, GateFacts, GateRuling
from app.domain.refusals import (
    ChangedMeanwhileError,
    InvalidError,
    NotAllowedError,
    NotReadyError,
    RefusalError,
)
from app.domain.steps import Step
from app.queries.experiments import experiment_by_code
from app.queries.gates import facts_of, journey_of, open_gate, open_gates
from app.queries.history import entries_of
from app.queries.scope import EVERYTHING, Scope
from app.reports.assemble.experiments import section_of
from app.services import experiments, gates
from app.services.actor import OPERATOR, WORKER, Actor
from models import Gate, Membership, Person
from models.vocabulary import (
    ComparisonDesign,
    Door,
    ExperimentState,
    GateItem,
    GateState,
    MetricRole,
    ReviewState,
    Role,
    Stage,
    Verdict,
)
from tests.cast import introduce
from tests.factories import (
    a_gate,
    a_metric,
    a_registration,
    a_review,
    a_stage_entry,
    an_experiment,
)

NOW = datetime(2026, 10, 5, 15, tzinfo=UTC)
TODAY = NOW.date()
ALL_TICKED = Asking(ticked=("partners_agree", "team_ready", "risks_discussed"))
PASSES = GateRuling(reason="It may be tried.")
OVERRIDE = GateRuling(overridden_because="The sowing does not wait.")


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    """An experiment in Explore that lacks nothing but the ticks."""
    made = an_experiment(
        session,
        people.peru,
        people.markets,
        people.inclusion,
        stage=Stage.EXPLORE,
        consent_given=True,
        do_no_harm_checked=True,
    )
    a_metric(session, made)
    a_registration(session, made)
    a_review(session, made, people.markets, state=ReviewState.ACCEPTED)
    return again(session, made)


def again(session, experiment):
    session.flush()
    session.expire_all()
    return experiment_by_code(session, experiment.code, scope=EVERYTHING)


def by(person):
    return Actor(person, Door.WEB)


def ask(session, experiment, person, asking=ALL_TICKED, *, at=NOW):
    return gates.ask(session, experiment, asking, by=by(person), at=at)


def let_through(session, experiment, gate, person, ruling=PASSES, *, at=NOW):
    return gates.let_through(session, experiment, gate, ruling, by=by(person), at=at)


def send_back(session, experiment, gate, person, reason="Name the partners."):
    ruling = GateRuling(reason=reason)
    return gates.send_back(session, experiment, gate, ruling, by=by(person), at=NOW)


def fields_of(refusal):
    return [problem.field for problem in refusal.value.problems]


def events_of(session, experiment):
    return [entry.event for entry in entries_of(session, f"experiment:{experiment.code}")]


# Asking


def test_the_lab_asks_and_vouches_for_what_it_ticked(session, people, experiment):
    asking = Asking(ticked=("risks_discussed", "partners_agree"), note="The hall is ready.")
    gate = ask(session, experiment, people.staff, asking)
    assert (gate.from_stage, gate.to_stage, gate.state) == (
        Stage.EXPLORE,
        Stage.TEST,
        GateState.ASKED,
    )
    assert (gate.asked_by, gate.asked_at, gate.note) == (people.staff, NOW, "The hall is ready.")
    assert gate.ticked == ["partners_agree", "risks_discussed"]
    assert open_gate(again(session, experiment)).id == gate.id


def test_asking_moves_nothing(session, people, experiment):
    ask(session, experiment, people.staff)
    kept = again(session, experiment)
    assert (kept.stage, len(kept.stages)) == (Stage.EXPLORE, 1)


def test_it_may_be_asked_for_with_everything_missing(session, people):
    bare = an_experiment(session, people.peru, people.markets, stage=Stage.TEST)
    gate = ask(session, again(session, bare), people.staff, Asking())
    assert gate.state is GateState.ASKED


@pytest.mark.parametrize("stage", [Stage.SENSE, Stage.GROW])
def test_no_gate_leads_on_from_the_first_stage_and_the_last(session, people, stage):
    made = again(session, an_experiment(session, people.peru, people.markets, stage=stage))
    with pytest.raises(NotReadyError):
        ask(session, made, people.staff)
    assert made.gates == []


def test_what_this_gate_does_not_ask_for_cannot_be_ticked(session, people, experiment):
    with pytest.raises(InvalidError) as refusal:
        ask(session, experiment, people.staff, Asking(ticked=("champion_named",)))
    assert fields_of(refusal) == ["ticked"]


def test_one_asking_is_open_at_a_time(session, people, experiment):
    ask(session, experiment, people.staff)
    with pytest.raises(NotReadyError):
        ask(session, experiment, people.head)
    assert len(again(session, experiment).gates) == 1


def test_the_same_asking_sent_twice_is_one(session, people, experiment):
    first = ask(session, experiment, people.staff)
    second = ask(session, again(session, experiment), people.staff, at=NOW + timedelta(minutes=1))
    assert (second.id, second.asked_at) == (first.id, NOW)
    assert events_of(session, experiment).count("gate.asked") == 1


@pytest.mark.parametrize("part", ["officer", "other_officer", "admin", "reader", "stranger"])
def test_nobody_but_the_staff_and_the_head_of_the_office_asks(session, people, experiment, part):
    with pytest.raises(NotAllowedError):
        ask(session, experiment, getattr(people, part))


@pytest.mark.parametrize("nobody", [OPERATOR, WORKER])
def test_a_gate_is_for_people_with_a_name(session, people, experiment, nobody):
    with pytest.raises(NotAllowedError):
        gates.ask(session, experiment, ALL_TICKED, by=nobody, at=NOW)
    gate = ask(session, experiment, people.staff)
    with pytest.raises(NotAllowedError):
        gates.let_through(session, experiment, gate, PASSES, by=nobody, at=NOW)


# Letting through


def test_letting_through_moves_the_stage_and_says_who_when_and_why(session, people, experiment):
    gate = let_through(session, experiment, ask(session, experiment, people.staff), people.head)
    assert (gate.state, gate.decided_by, gate.decided_at) == (
        GateState.LET_THROUGH,
        people.head,
        NOW,
    )
    assert (gate.reason, gate.missing, gate.overridden_because) == ("It may be tried.", [], "")
    kept = again(session, experiment)
    assert (kept.stage, kept.state) == (Stage.TEST, ExperimentState.RUNNING)
    assert [(entry.stage, entry.left_at) for entry in kept.stages] == [
        (Stage.EXPLORE, NOW),
        (Stage.TEST, None),
    ]
    assert (kept.stages[-1].reason, kept.stages[-1].by_id) == ("It may be tried.", people.head.id)


def test_the_history_tells_the_asking_the_decision_and_the_move(session, people, experiment):
    let_through(session, experiment, ask(session, experiment, people.staff), people.head)
    moved, decided, asked = entries_of(session, f"experiment:{experiment.code}")
    assert [entry.event for entry in (asked, decided, moved)] == [
        "gate.asked",
        "gate.let_through",
        "experiment.moved",
    ]
    assert (asked.by_id, decided.by_id, moved.by_id) == (
        people.staff.id,
        people.head.id,
        people.head.id,
    )
    assert moved.changes["stage"] == ["explore", "test"]
    assert decided.reason == "It may be tried."
    assert asked.changes["ticked"][1] == list(ALL_TICKED.ticked)


def test_who_asked_never_decides(session, people, experiment):
    gate = ask(session, experiment, people.head)
    for decide in (let_through, send_back):
        with pytest.raises(NotAllowedError):
            decide(session, experiment, gate, people.head)
    assert again(session, experiment).stage is Stage.EXPLORE


def test_another_head_of_the_office_decides_on_what_the_head_asked(session, people, experiment):
    second = Person(email="second@example.org", name="Second Head", password_hash="")
    second.memberships = [Membership(role=Role.HEAD, office=people.peru)]
    session.add(second)
    gate = ask(session, experiment, people.head)
    assert let_through(session, experiment, gate, second).decided_by is second


@pytest.mark.parametrize(
    "part", ["staff", "officer", "other_officer", "admin", "reader", "stranger"]
)
def test_nobody_but_the_head_decides(session, people, experiment, part):
    gate = ask(session, experiment, people.staff)
    for decide in (let_through, send_back):
        with pytest.raises(NotAllowedError):
            decide(session, experiment, gate, getattr(people, part))
    assert again(session, experiment).gates[0].state is GateState.ASKED


def test_the_head_of_another_office_decides_nothing_here(session, people, experiment):
    other = Person(email="other@example.org", name="Other Head", password_hash="")
    other.memberships = [Membership(role=Role.HEAD, office=people.ecuador)]
    session.add(other)
    gate = ask(session, experiment, people.staff)
    with pytest.raises(NotAllowedError):
        let_through(session, experiment, gate, other)


def test_with_something_missing_it_passes_only_with_a_reason(session, people, experiment):
    gate = ask(session, experiment, people.staff, Asking(ticked=("team_ready",)))
    with pytest.raises(InvalidError) as refusal:
        let_through(session, experiment, gate, people.head)
    assert fields_of(refusal) == ["overridden_because"]
    let_through(session, experiment, gate, people.head, OVERRIDE)
    kept = again(session, experiment).gates[0]
    assert kept.missing == ["partners_agree", "risks_discussed"]
    assert kept.overridden_because == "The sowing does not wait."
    decided = next(
        entry
        for entry in entries_of(session, f"experiment:{experiment.code}")
        if entry.event == "gate.let_through"
    )
    assert decided.changes["overridden_because"] == [None, "The sowing does not wait."]
    assert decided.changes["missing"] == [None, ["partners_agree", "risks_discussed"]]


def test_what_is_missing_is_seen_at_the_decision_and_not_at_the_asking(session, people, experiment):
    gate = ask(session, experiment, people.staff)
    again(session, experiment).do_no_harm_checked = None
    with pytest.raises(InvalidError) as refusal:
        let_through(session, again(session, experiment), gate, people.head)
    assert fields_of(refusal) == ["overridden_because"]


def test_an_override_of_nothing_is_refused(session, people, experiment):
    gate = ask(session, experiment, people.staff)
    with pytest.raises(InvalidError) as refusal:
        let_through(session, experiment, gate, people.head, OVERRIDE)
    assert fields_of(refusal) == ["overridden_because"]


def test_to_grow_it_takes_resources(session, people):
    made = again(session, an_experiment(session, people.peru, people.markets))
    gate = ask(session, made, people.staff, Asking())
    with pytest.raises(InvalidError) as refusal:
        let_through(session, made, gate, people.head, OVERRIDE)
    assert fields_of(refusal) == ["resources_committed"]
    ruling = GateRuling(
        overridden_because="The budget closes.", resources_committed="USD 15,000 of the programme."
    )
    let_through(session, made, gate, people.head, ruling)
    kept = again(session, made)
    assert kept.stage is Stage.GROW
    assert kept.gates[0].resources_committed == "USD 15,000 of the programme."


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ExperimentState.COMPLETED, ExperimentState.DESIGN),
        (ExperimentState.UNDER_REVIEW, ExperimentState.DESIGN),
        (ExperimentState.IDEA, ExperimentState.DESIGN),
        (ExperimentState.RUNNING, ExperimentState.RUNNING),
    ],
)
def test_what_runs_goes_on_and_what_ended_is_designed_anew(
    session, people, experiment, before, after
):
    experiment.state = before
    gate = ask(session, again(session, experiment), people.staff)
    let_through(session, again(session, experiment), gate, people.head)
    assert again(session, experiment).state is after


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (ExperimentState.PAUSED, "It is paused"),
        (ExperimentState.STOPPED_EARLY, "It was stopped early"),
        (ExperimentState.ARCHIVED, "It is archived"),
    ],
)
def test_what_does_not_go_on_passes_no_gate_until_it_does(session, people, experiment, state, why):
    gate = ask(session, experiment, people.staff)
    experiment.state = state
    experiment = again(session, experiment)
    with pytest.raises(NotReadyError, match=why):
        let_through(session, experiment, gate, people.head)
    assert again(session, experiment).stage is Stage.EXPLORE
    send_back(session, again(session, experiment), gate, people.head)
    with pytest.raises(NotReadyError, match=why):
        ask(session, again(session, experiment), people.staff)
    assert open_gate(again(session, experiment)) is None


# Sending back, withdrawing, asking again


def test_it_is_sent_back_with_a_reason_and_asked_for_again(session, people, experiment):
    first = ask(session, experiment, people.staff)
    with pytest.raises(InvalidError) as refusal:
        send_back(session, experiment, first, people.head, reason="")
    assert fields_of(refusal) == ["reason"]
    send_back(session, experiment, first, people.head)
    second = ask(session, again(session, experiment), people.staff)
    kept = again(session, experiment)
    assert [gate.state for gate in kept.gates] == [GateState.SENT_BACK, GateState.ASKED]
    assert (kept.gates[0].reason, kept.stage) == ("Name the partners.", Stage.EXPLORE)
    let_through(session, kept, session.get(Gate, second.id), people.head)
    assert again(session, experiment).stage is Stage.TEST


def test_an_asking_is_withdrawn_before_it_is_decided(session, people, experiment):
    gate = ask(session, experiment, people.staff)
    gates.withdraw(session, experiment, gate, by=by(people.staff), at=NOW)
    assert (gate.state, gate.decided_by) == (GateState.WITHDRAWN, people.staff)
    with pytest.raises(ChangedMeanwhileError):
        let_through(session, experiment, gate, people.head)
    assert "gate.withdrawn" in events_of(session, experiment)
    assert ask(session, experiment, people.staff).state is GateState.ASKED


@pytest.mark.parametrize("part", ["head", "officer", "admin", "stranger"])
def test_nobody_but_who_asked_withdraws(session, people, experiment, part):
    gate = ask(session, experiment, people.staff)
    with pytest.raises(NotAllowedError):
        gates.withdraw(session, experiment, gate, by=by(getattr(people, part)), at=NOW)


def test_what_is_decided_is_not_decided_again_nor_withdrawn(session, people, experiment):
    gate = ask(session, experiment, people.staff)
    let_through(session, experiment, gate, people.head)
    with pytest.raises(ChangedMeanwhileError):
        send_back(session, experiment, gate, people.head)
    with pytest.raises(ChangedMeanwhileError):
        gates.withdraw(session, experiment, gate, by=by(people.staff), at=NOW)
    assert again(session, experiment).stage is Stage.TEST


def test_the_same_decision_sent_twice_is_one(session, people, experiment):
    gate = ask(session, experiment, people.staff)
    for minutes in (0, 1):
        at = NOW + timedelta(minutes=minutes)
        let_through(session, again(session, experiment), gate, people.head, at=at)
    kept = again(session, experiment)
    assert (kept.gates[0].decided_at, len(kept.stages)) == (NOW, 2)
    assert events_of(session, experiment).count("gate.let_through") == 1


def test_an_asking_that_the_experiment_has_left_behind_is_only_sent_back(session, people):
    made = again(session, an_experiment(session, people.peru, people.markets))
    gate = ask(session, made, people.staff, Asking())
    experiments.move(
        session,
        made,
        Step(stage=Stage.EXPLORE, state=made.state, reason="The question was another one."),
        seen_version=made.version,
        by=by(people.staff),
        at=NOW,
    )
    ruling = GateRuling(overridden_because="It is good.", resources_committed="Two people.")
    with pytest.raises(NotReadyError):
        let_through(session, made, gate, people.head, ruling)
    assert send_back(session, made, gate, people.head).state is GateState.SENT_BACK


# The step that is no way around


@pytest.mark.parametrize(
    ("stage", "to"),
    [
        (Stage.EXPLORE, Stage.TEST),
        (Stage.TEST, Stage.GROW),
        (Stage.SENSE, Stage.TEST),
        (Stage.SENSE, Stage.GROW),
        (Stage.EXPLORE, Stage.GROW),
    ],
)
@pytest.mark.parametrize("door", Door)
def test_no_step_crosses_a_gate_through_any_door(session, people, stage, to, door):
    made = again(session, an_experiment(session, people.peru, people.markets, stage=stage))
    with pytest.raises(InvalidError) as refusal:
        experiments.move(
            session,
            made,
            Step(stage=to, state=made.state),
            seen_version=made.version,
            by=Actor(people.head, door),
            at=NOW,
        )
    assert fields_of(refusal) == ["stage"]
    assert again(session, made).stage is stage


def test_back_it_goes_by_a_step_and_forward_again_through_the_gate(session, people, experiment):
    let_through(session, experiment, ask(session, experiment, people.staff), people.head)
    moved = again(session, experiment)
    back = Step(stage=Stage.EXPLORE, state=moved.state, reason="The question was another one.")
    later = NOW + timedelta(days=1)
    experiments.move(
        session, moved, back, seen_version=moved.version, by=by(people.staff), at=later
    )
    stops = journey_of(again(session, experiment))
    assert [(stop.entry.stage, stop.went_back) for stop in stops] == [
        (Stage.EXPLORE, False),
        (Stage.TEST, False),
        (Stage.EXPLORE, True),
    ]
    with pytest.raises(InvalidError):
        experiments.move(
            session,
            again(session, experiment),
            Step(stage=Stage.TEST, state=moved.state),
            seen_version=again(session, experiment).version,
            by=by(people.staff),
            at=later,
        )
    again_asked = ask(session, again(session, experiment), people.staff, at=later)
    let_through(session, again(session, experiment), again_asked, people.head, at=later)
    assert again(session, experiment).stage is Stage.TEST


# The journey


def test_the_journey_tells_which_gate_led_where_and_what_entered_without_one(session, people):
    made = an_experiment(session, people.peru, people.markets)
    asked = ask(session, again(session, made), people.staff, Asking())
    ruling = GateRuling(overridden_because="It is good.", resources_committed="Two people.")
    let_through(session, again(session, made), asked, people.head, ruling)
    began, grew = journey_of(again(session, made))
    assert (began.gate, began.has_passed_none) == (None, True)
    assert (grew.gate.id, grew.has_passed_none) == (asked.id, False)


def test_a_change_of_state_within_a_stage_needs_no_gate(session, people):
    made = an_experiment(session, people.peru, people.markets, stage=Stage.EXPLORE)
    a_stage_entry(session, made, state=ExperimentState.COMPLETED)
    assert not any(stop.has_passed_none for stop in journey_of(again(session, made)))


# What the gate sees


def test_it_sees_what_is_stored(session, people):
    made = an_experiment(
        session,
        people.peru,
        people.markets,
        consent_given=True,
        cost_actual_usd=Decimal(0),
        verdict=Verdict.PROMISING,
        evidence_level=3,
        comparison_design=ComparisonDesign.TWO_GROUPS,
    )
    facts = facts_of(session, made, today=TODAY)
    assert facts == GateFacts(
        primaries=[],
        has_consent=True,
        verdict=Verdict.PROMISING,
        level=3,
        is_compared=True,
        has_cost=True,
    )


@pytest.mark.parametrize(
    ("design", "is_compared"),
    [
        (ComparisonDesign.TWO_GROUPS, True),
        (ComparisonDesign.SITES, True),
        (ComparisonDesign.TWO_GROUPS_BEFORE_AFTER, True),
        (ComparisonDesign.BEFORE_AFTER_SAME, False),
        (ComparisonDesign.ONE_GROUP_TARGET, False),
        (None, False),
    ],
)
def test_a_comparison_is_planned_where_the_design_has_two_groups(
    session, people, design, is_compared
):
    made = an_experiment(session, people.peru, people.markets, comparison_design=design)
    assert facts_of(session, made, today=TODAY).is_compared is is_compared


def test_it_looks_at_primary_metrics_that_stand(session, people):
    made = an_experiment(session, people.peru, people.markets)
    a_metric(session, made, name="Sales", baseline=None)
    a_metric(session, made, role=MetricRole.SECONDARY, baseline=None)
    a_metric(session, made, name="Removed", baseline=None, removed_at=NOW)
    primaries = facts_of(session, made, today=TODAY).primaries
    assert [(metric.name, metric.has_baseline) for metric in primaries] == [("Sales", False)]


@pytest.mark.parametrize(
    ("programme", "quarter", "state", "counts"),
    [
        ("markets", "2026-Q4", ReviewState.ACCEPTED, True),
        ("markets", "2026-Q3", ReviewState.ACCEPTED, True),
        ("markets", "2026-Q2", ReviewState.ACCEPTED, False),
        ("inclusion", "2026-Q3", ReviewState.ACCEPTED, False),
        *(
            ("markets", "2026-Q3", state, False)
            for state in ReviewState
            if state is not ReviewState.ACCEPTED
        ),
    ],
)
def test_the_review_counts_accepted_by_the_lead_programme_this_quarter_or_the_last(
    session, people, programme, quarter, state, counts
):
    made = an_experiment(session, people.peru, people.markets, people.inclusion)
    a_review(session, made, getattr(people, programme), quarter=quarter, state=state)
    assert facts_of(session, made, today=TODAY).has_accepted_review is counts


# What waits for the head


def test_the_open_gates_of_a_scope_are_listed_the_oldest_first(session, people, statements):
    newer = an_experiment(session, people.peru, people.markets)
    older = an_experiment(session, people.peru, people.markets)
    abroad = an_experiment(session, people.ecuador, people.galapagos)
    a_gate(session, newer, asked_by_id=people.staff.id, asked_at=NOW)
    a_gate(session, older, asked_by_id=people.staff.id, asked_at=NOW - timedelta(days=3))
    a_gate(session, older, state=GateState.SENT_BACK)
    a_gate(session, abroad)
    session.expire_all()
    here = Scope(office_ids=frozenset({people.peru.id}))
    statements.clear()
    waiting = open_gates(session, here)
    assert len(statements) == 1
    told = [(one.experiment.code, one.gate.asked_by.name) for one in waiting]
    assert told == [(older.code, "Rosa Quispe"), (newer.code, "Rosa Quispe")]
    assert len(open_gates(session, EVERYTHING)) == 3


# What the report tells


def test_the_report_tells_the_gates_let_through_by_the_end_of_its_quarter(session, people):
    made = an_experiment(session, people.peru, people.markets)
    told = {"decided_by_id": people.head.id, "missing": ["cost_recorded"]}
    told |= {"overridden_because": "The sowing does not wait.", "resources_committed": "Two."}
    through = {"state": GateState.LET_THROUGH}
    in_time, late = datetime(2026, 9, 30, 20, tzinfo=UTC), datetime(2026, 10, 1, 20, tzinfo=UTC)
    a_gate(session, made, decided_at=in_time, **through, **told)
    a_gate(session, made, decided_at=late, **through, **told)
    a_gate(session, made, decided_at=in_time, state=GateState.SENT_BACK, **told)
    a_gate(session, made, asked_by_id=people.staff.id)
    section = section_of(
        again(session, made), [], until=date(2026, 9, 30), programmes=[], findings={}
    )
    (gate,) = section.gates
    assert (gate.to_stage, gate.decided_on, gate.decided_by) == (
        Stage.GROW,
        "2026-09-30",
        "Hilda Torres",
    )
    assert gate.missing == (GateItem.COST_RECORDED,)
    assert (gate.overridden_because, gate.resources_committed) == (
        "The sowing does not wait.",
        "Two.",
    )


# Two people at once


def test_of_many_decisions_at_once_exactly_one_stands(engine, cast):
    with unit_of_work(engine) as session:
        peru, markets = session.merge(cast.peru), session.merge(cast.markets)
        second = Person(email="second@example.org", name="Second Head", password_hash="")
        second.memberships = [Membership(role=Role.HEAD, office=peru)]
        session.add(second)
        made = an_experiment(session, peru, markets)
        code, gate_id = made.code, a_gate(session, made, asked_by_id=cast.staff.id).id
        heads = [session.merge(cast.head).id, second.id]
    ruling = GateRuling(
        reason="Said.", overridden_because="It is good.", resources_committed="Two people."
    )

    def decide(turn):
        try:
            with unit_of_work(engine) as session:
                experiment = experiment_by_code(session, code, scope=EVERYTHING)
                gate, person = session.get(Gate, gate_id), session.get(Person, heads[turn % 2])
                verb = (gates.let_through, gates.send_back)[turn // 2 % 2]
                verb(session, experiment, gate, ruling, by=by(person), at=NOW)
        except RefusalError as refusal:
            return type(refusal)
        return "decided"

    with ThreadPoolExecutor(max_workers=4) as crowd:
        answers = list(crowd.map(decide, range(4)))
    assert sorted(map(str, answers)) == sorted(["decided", *[str(ChangedMeanwhileError)] * 3])
    with unit_of_work(engine) as session:
        experiment = experiment_by_code(session, code, scope=EVERYTHING)
        (gate,) = experiment.gates
        has_passed = gate.state is GateState.LET_THROUGH
        assert experiment.stage is (Stage.GROW if has_passed else Stage.TEST)
        assert len(experiment.stages) == 1 + has_passed


def test_of_many_askings_at_once_exactly_one_is_open(engine, cast):
    with unit_of_work(engine) as session:
        made = an_experiment(session, session.merge(cast.peru), session.merge(cast.markets))
        code = made.code

    def ask_for(turn):
        try:
            with unit_of_work(engine) as session:
                experiment = experiment_by_code(session, code, scope=EVERYTHING)
                actor = by(session.merge(cast.staff))
                asking = Asking(note=f"Turn {turn}")
                gates.ask(session, experiment, asking, by=actor, at=NOW)
        except NotReadyError:
            return "told"
        return "asked"

    with ThreadPoolExecutor(max_workers=4) as crowd:
        assert sorted(crowd.map(ask_for, range(4))) == ["asked", "told", "told", "told"]
    with unit_of_work(engine) as session:
        states = session.scalars(select(Gate.state)).all()
        assert states == [GateState.ASKED]
