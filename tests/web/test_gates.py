"""The page of a gate: asking, deciding, what is missing, and what the experiment's page tells."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.clock import today
from app.database import unit_of_work
from app.queries.experiments import experiment_by_code
from app.queries.scope import EVERYTHING
from models import Experiment
from models.vocabulary import ExperimentState, GateState, PauseReason, Stage
from tests.cast import Cast
from tests.factories import (
    a_gate,
    a_metric,
    a_stage_entry,
    an_experiment,
)
from tests.pages import document_of, text_of


@pytest.fixture
def kept(engine, cast):
    def write(fill):
        with unit_of_work(engine) as session:
            people = Cast(**{name: session.merge(row) for name, row in vars(cast).items()})
            return fill(session, people)

    return write


@pytest.fixture
def testing(kept):
    """The code of an experiment in Test that lacks almost everything."""

    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets)
        a_metric(session, made)
        return made.code

    return kept(fill)


@pytest.fixture
def waiting(kept, cast, testing):
    """The same with an open gate that the staff asked for: (code, gate's number)."""

    def fill(session, _people):
        made = experiment_by_code(session, testing, scope=EVERYTHING)
        gate = a_gate(session, made, asked_by_id=cast.staff.id, note="Three markets want it.")
        return testing, gate.id

    return kept(fill)


@pytest.fixture
def whole(engine):
    def loaded(code):
        with unit_of_work(engine) as session:
            return experiment_by_code(session, code, scope=EVERYTHING)

    return loaded


DECISION = {
    "answer": "let_through",
    "overridden_because": "The market fair does not wait.",
    "resources_committed": "USD 15,000 of the markets programme.",
}


def decide_path(code, gate_id):
    return f"/experiments/{code}/gate/{gate_id}"


def decide(client, waiting, **fields):
    code, gate_id = waiting
    where = {"action": decide_path(code, gate_id)}
    return client.submit(f"/experiments/{code}/gate", DECISION | fields, **where)


def error_beside(response, name):
    for each in document_of(response).iter("p"):
        if each.get("id") == f"{name}-error":
            return text_of(each)
    return ""


def typed_in(response):
    """Every text that stands in a text area."""
    return {
        "".join(each.itertext()).strip()
        for each in document_of(response).iter("textarea")
        if "".join(each.itertext()).strip()
    }


def part_of(response, ident):
    for each in document_of(response).iter():
        if each.get("id") == ident:
            return text_of(each)
    return ""


def links_of(response):
    return [each.get("href") for each in document_of(response).iter("a")]


# Asking


def test_the_page_says_what_is_missing_and_links_to_where_it_is_mended(client_of, cast, testing):
    page = client_of(cast.staff).get(f"/experiments/{testing}/gate")
    said = part_of(page, "checklist")
    assert "Missing: No verdict can be reached yet" in said
    assert "Missing: The actual cost is not recorded" in said
    assert "The evidence level is 0; it takes at least 2" in said
    assert f"/experiments/{testing}/edit?open=money#section-money" in links_of(page)


def test_a_missing_baseline_links_to_its_own_metric(client_of, cast, kept):
    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets, stage=Stage.EXPLORE)
        return made.code, a_metric(session, made, name="Sales", baseline=None).id

    code, metric_id = kept(fill)
    page = client_of(cast.staff).get(f"/experiments/{code}/gate")
    assert "No baseline for “Sales”" in part_of(page, "checklist")
    assert f"/experiments/{code}/metrics/{metric_id}/edit" in links_of(page)
    assert f"/experiments/{code}/registration/new" in links_of(page)


def test_every_place_that_mends_answers(client_of, cast, kept, testing):
    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets, stage=Stage.EXPLORE)
        a_metric(session, made, baseline=None)
        return made.code

    client = client_of(cast.staff)
    for code in (kept(fill), testing):
        page = client.get(f"/experiments/{code}/gate")
        links = [
            each.get("href")
            for part in document_of(page).iter("section")
            if part.get("id") == "checklist"
            for each in part.iter("a")
        ]
        assert links
        assert {client.get(link).status_code for link in links} == {200}


def test_whoever_may_not_mend_gets_no_links(client_of, cast, testing):
    page = client_of(cast.officer).get(f"/experiments/{testing}/gate")
    assert "The actual cost is not recorded" in part_of(page, "checklist")
    assert not [link for link in links_of(page) if link.startswith(f"/experiments/{testing}/edit")]
    assert not part_of(page, "ask")


def test_the_lab_asks_with_ticks_and_a_note(client_of, cast, testing, whole):
    told = {"ticked": ["champion_named"], "note": "The cooperative takes it on."}
    page = client_of(cast.staff).submit(f"/experiments/{testing}/gate", told)
    assert page.status_code == 200
    (gate,) = whole(testing).gates
    assert (gate.state, gate.ticked, gate.note) == (
        GateState.ASKED,
        ["champion_named"],
        "The cooperative takes it on.",
    )
    assert "There: Somebody is named who carries it on" in part_of(page, "checklist")
    assert "Missing: The handover is agreed" in part_of(page, "checklist")


def test_a_forged_tick_is_refused_and_the_note_stays(client_of, cast, testing, whole):
    told = {"ticked": ["team_ready"], "note": "The cooperative takes it on."}
    page = client_of(cast.staff).submit(f"/experiments/{testing}/gate", told)
    assert page.status_code == 422
    assert error_beside(page, "ticked")
    assert "The cooperative takes it on." in typed_in(page)
    assert whole(testing).gates == []


def test_a_second_asking_is_refused_and_what_was_typed_stays_to_be_copied(
    client_of, cast, testing, whole, kept
):
    client = client_of(cast.staff)
    path = f"/experiments/{testing}/gate"
    token = client.get(path)
    assert token.status_code == 200

    def fill(session, people):
        made = experiment_by_code(session, testing, scope=EVERYTHING)
        a_gate(session, made, asked_by_id=people.head.id)

    form = document_of(token)
    csrf = next(
        each.get("value") for each in form.iter("input") if each.get("name") == "csrf_token"
    )
    kept(fill)
    page = client.post(path, data={"csrf_token": csrf, "note": "Mine."})
    assert page.status_code == 409
    assert "asked for already" in page.text
    assert "Mine." in typed_in(page)
    assert len(whole(testing).gates) == 1


@pytest.mark.parametrize("stage", [Stage.SENSE, Stage.GROW])
def test_where_no_gate_leads_on_the_page_says_so(client_of, cast, kept, stage):
    code = kept(lambda s, p: an_experiment(s, p.peru, p.markets, stage=stage).code)
    page = client_of(cast.staff).get(f"/experiments/{code}/gate")
    assert "No gate leads on from here" in page.text
    assert not part_of(page, "ask")


# Deciding


def test_the_head_lets_through_by_override_and_the_page_shows_it(client_of, cast, waiting, whole):
    page = decide(client_of(cast.head), waiting)
    assert page.request.path == f"/experiments/{waiting[0]}"
    kept = whole(waiting[0])
    assert (kept.stage, kept.gates[0].state) == (Stage.GROW, GateState.LET_THROUGH)
    said = part_of(page, "gates")
    for words in (
        "Test → Grow",
        "Let through",
        "Override",
        "asked for by Rosa Quispe",
        "Three markets want it.",
        "decided by Hilda Torres",
        "The market fair does not wait.",
        "USD 15,000 of the markets programme.",
        "The actual cost is recorded",
    ):
        assert words in said
    assert "Through the gate, by override" in part_of(page, "stages")
    assert "Entered without a gate" in part_of(page, "stages")
    history = part_of(page, "history")
    assert "Let through the gate" in history
    assert "Not met at the gate" in history


def test_the_head_sends_back_with_a_reason(client_of, cast, waiting, whole):
    page = decide(client_of(cast.head), waiting, answer="sent_back", reason="Record the cost.")
    kept = whole(waiting[0])
    assert (kept.stage, kept.gates[0].state) == (Stage.TEST, GateState.SENT_BACK)
    assert "Record the cost." in part_of(page, "gates")
    assert "Sent back" in part_of(page, "gates")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"overridden_because": ""}, "overridden_because"),
        ({"resources_committed": ""}, "resources_committed"),
        ({"answer": "sent_back"}, "reason"),
        ({"answer": "nonsense"}, "answer"),
    ],
)
def test_a_decision_that_owes_something_is_refused_beside_its_field(
    client_of, cast, waiting, whole, typed, field
):
    page = decide(client_of(cast.head), waiting, **typed)
    assert page.status_code == 422
    assert error_beside(page, field)
    assert whole(waiting[0]).gates[0].state is GateState.ASKED
    kept = {text for name, text in (DECISION | typed).items() if name != "answer" and text}
    assert kept <= typed_in(page)


def test_a_decision_without_an_answer_is_no_decision(client_of, cast, waiting, whole):
    page = client_of(cast.head).submit(
        f"/experiments/{waiting[0]}/gate", {"reason": "Hm."}, action=decide_path(*waiting)
    )
    assert page.status_code == 422
    assert error_beside(page, "answer")
    assert whole(waiting[0]).gates[0].state is GateState.ASKED


def test_who_asked_finds_no_form_and_cannot_forge_one(client_of, cast, kept, testing, whole):
    client = client_of(cast.head)
    client.submit(f"/experiments/{testing}/gate", {"note": "I think so."})
    page = client.get(f"/experiments/{testing}/gate")
    assert "another head of the office must decide" in part_of(page, "decide")
    gate = whole(testing).gates[0]
    csrf = next(
        each.get("value")
        for each in document_of(page).iter("input")
        if each.get("name") == "csrf_token"
    )
    answer = client.post(decide_path(testing, gate.id), data=DECISION | {"csrf_token": csrf})
    assert answer.status_code == 403
    assert whole(testing).stage is Stage.TEST


def test_a_decision_that_came_too_late_keeps_what_was_typed(client_of, cast, waiting, whole, kept):
    code, gate_id = waiting
    client = client_of(cast.head)
    page = client.get(f"/experiments/{code}/gate")
    csrf = next(
        each.get("value")
        for each in document_of(page).iter("input")
        if each.get("name") == "csrf_token"
    )
    client_of(cast.staff).submit(
        f"/experiments/{code}/gate", {}, action=f"/experiments/{code}/gate/{gate_id}/withdraw"
    )
    answer = client.post(decide_path(code, gate_id), data=DECISION | {"csrf_token": csrf})
    assert answer.status_code == 409
    assert "decided meanwhile" in answer.text
    assert DECISION["overridden_because"] in typed_in(answer)
    assert whole(code).stage is Stage.TEST


def test_the_lab_withdraws(client_of, cast, waiting, whole):
    code, gate_id = waiting
    where = {"action": f"/experiments/{code}/gate/{gate_id}/withdraw"}
    page = client_of(cast.staff).submit(f"/experiments/{code}/gate", {}, **where)
    assert whole(code).gates[0].state is GateState.WITHDRAWN
    assert "withdrawn by Rosa Quispe" in part_of(page, "earlier")
    assert part_of(page, "ask")


def test_the_head_finds_no_button_that_withdraws_what_others_asked(client_of, cast, waiting):
    code, gate_id = waiting
    action = f"/experiments/{code}/gate/{gate_id}/withdraw"
    assert action in client_of(cast.staff).get(f"/experiments/{code}/gate").text
    assert action not in client_of(cast.head).get(f"/experiments/{code}/gate").text


@pytest.mark.parametrize(
    ("state", "why"),
    [
        (ExperimentState.PAUSED, "It is paused"),
        (ExperimentState.STOPPED_EARLY, "It was stopped early"),
    ],
)
def test_what_does_not_go_on_offers_no_form_to_ask_and_says_why(
    client_of, cast, kept, testing, state, why
):
    def pause(session, _people):
        made = experiment_by_code(session, testing, scope=EVERYTHING)
        made.state = state

    kept(pause)
    page = client_of(cast.staff).get(f"/experiments/{testing}/gate")
    assert why in page.text
    assert 'name="ticked"' not in page.text


def test_a_gate_of_another_experiment_is_not_there(client_of, cast, kept, waiting):
    other = kept(lambda s, p: an_experiment(s, p.peru, p.markets).code)
    client = client_of(cast.head)
    page = client.get(f"/experiments/{waiting[0]}/gate")
    csrf = next(
        each.get("value")
        for each in document_of(page).iter("input")
        if each.get("name") == "csrf_token"
    )
    answer = client.post(decide_path(other, waiting[1]), data=DECISION | {"csrf_token": csrf})
    assert answer.status_code == 404


# The experiment's page, the list, the step


def test_the_step_form_links_to_the_gate_and_refuses_to_go_around_it(
    client_of, cast, testing, whole
):
    path = f"/experiments/{testing}/step"
    client = client_of(cast.staff)
    assert f"/experiments/{testing}/gate" in links_of(client.get(path))
    page = client.submit(path, {"stage": "grow", "reason": "It works."})
    assert page.status_code == 422
    assert "A gate leads from Test to Grow" in error_beside(page, "stage")
    assert "It works." in typed_in(page)
    assert whole(testing).stage is Stage.TEST


def test_an_open_gate_is_a_badge_that_leads_to_it(client_of, cast, waiting):
    page = client_of(cast.officer).get(f"/experiments/{waiting[0]}")
    assert "Asked to pass to Grow" in page.text
    assert f"/experiments/{waiting[0]}/gate" in links_of(page)


def test_time_in_the_stage_stands_on_the_page_and_in_the_list(client_of, cast, kept):
    since = today() - timedelta(days=104)
    at = datetime.combine(since, datetime.min.time(), tzinfo=UTC) + timedelta(hours=17)

    def fill(session, people):
        made = an_experiment(session, people.peru, people.markets, stage=Stage.EXPLORE)
        made.stage = Stage.TEST
        a_stage_entry(session, made, entered_at=at)
        made.state = ExperimentState.COMPLETED
        a_stage_entry(session, made, entered_at=at + timedelta(days=9))
        return made.code

    code, client = kept(fill), client_of(cast.staff)
    page = text_of(document_of(client.get(f"/experiments/{code}?lang=en")))
    assert f"in Test since {_said(since)}, 104 days" in page
    assert f"since {_said(since)}, 104 days" in text_of(document_of(client.get("/experiments")))


def _said(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def test_why_it_is_paused_stands_on_the_page_and_in_the_list(client_of, cast, kept):
    def fill(session, people):
        return an_experiment(
            session,
            people.peru,
            people.markets,
            state=ExperimentState.PAUSED,
            pause_reason=PauseReason.PROCUREMENT,
            state_reason="The tablets are at the customs.",
        ).code

    code, client = kept(fill), client_of(cast.staff)
    page = text_of(document_of(client.get(f"/experiments/{code}")))
    assert "Paused: Procurement" in page
    assert "The tablets are at the customs." in page
    assert "Procurement" in text_of(document_of(client.get("/experiments")))


def test_the_page_asks_no_more_of_the_database_for_many_gates_than_for_one(
    client_of, cast, kept, waiting, statements
):
    code = waiting[0]
    client = client_of(cast.staff)

    def asked():
        statements.clear()
        assert client.get(f"/experiments/{code}/gate").status_code == 200
        return len(statements)

    before = asked()

    def fill(session, people):
        made = session.get(Experiment, experiment_by_code(session, code, scope=EVERYTHING).id)
        for _turn in range(8):
            a_gate(
                session,
                made,
                state=GateState.SENT_BACK,
                asked_by_id=people.staff.id,
                decided_by_id=people.head.id,
                decided_at=datetime(2026, 9, 2, tzinfo=UTC),
                reason="Not yet.",
            )

    kept(fill)
    assert asked() == before
