"""The officer's queue and answer, as pages."""

import pytest

from app.clock import today
from app.database import unit_of_work
from app.domain.quarters import quarter_of
from app.queries.reviews import queue_line
from app.queries.scope import EVERYTHING
from app.services import history
from app.services.actor import Actor
from models.vocabulary import Door, ReviewState
from tests.factories import a_hypothesis, a_metric, an_experiment
from tests.pages import document_of

QUARTER = quarter_of(today())


@pytest.fixture
def experiment(engine, cast):
    with unit_of_work(engine) as session:
        made = an_experiment(
            session,
            session.merge(cast.peru),
            session.merge(cast.markets),
            session.merge(cast.inclusion),
            owner_id=cast.staff.id,
        )
        a_hypothesis(session, made)
        a_metric(session, made)
        return made


@pytest.fixture
def page(experiment):
    return f"/reviews/{QUARTER}/PE-MERCADOS/{experiment.code}"


def line_of(engine, experiment):
    with unit_of_work(engine, writes=False) as session:
        return queue_line(
            session,
            experiment_code=experiment.code,
            programme_code="PE-MERCADOS",
            quarter=QUARTER,
            scope=EVERYTHING,
        )


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_queue_holds_what_waits_and_the_page_what_to_judge_by(
    client_of, cast, experiment, page, language
):
    officer = client_of(cast.officer)
    assert experiment.title in officer.get(f"/reviews?lang={language}").text
    shown = officer.get(page).text
    assert "a weekly message with one payment tip" in shown
    assert "Sellers who take digital payment" in shown


def test_an_officer_accepts(client_of, cast, engine, experiment, page):
    officer = client_of(cast.officer)
    answer = {"impact": "emerging", "state": "accepted", "comment": "It shows."}
    assert experiment.code in officer.submit(page, answer).text
    line = line_of(engine, experiment)
    assert (line.state, line.review.comment) == (ReviewState.ACCEPTED, "It shows.")
    assert 'name="state"' not in officer.get(page).text


def test_asking_for_changes_reaches_the_labs_desk(client_of, cast, engine, experiment, page):
    answer = {"state": "returned", "comment": "Say who measured it."}
    client_of(cast.officer).submit(page, answer)
    assert line_of(engine, experiment).state is ReviewState.RETURNED
    assert "Say who measured it." in client_of(cast.staff).get("/").text


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Califique el impacto"), ("en", "Rate the impact")]
)
def test_an_acceptance_without_a_rating_keeps_what_was_typed(
    client_of, cast, engine, experiment, page, language, said
):
    officer = client_of(cast.officer)
    officer.get(f"/?lang={language}")
    refused = officer.submit(page, {"state": "accepted", "comment": "Typed with care."})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Typed with care." in refused.text
    assert line_of(engine, experiment).review is None


def test_an_answer_given_meanwhile_is_shown_and_not_overwritten(
    client_of, cast, engine, experiment, page
):
    one, other = client_of(cast.officer), client_of(cast.officer)
    form = other.get(page)
    assert form.status_code == 200
    one.submit(page, {"state": "returned", "comment": "First."})
    token = form.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    refused = other.post(
        page,
        data={
            "csrf_token": token,
            "state": "accepted",
            "impact": "clear",
            "comment": "Second.",
            "version": "",
        },
    )
    assert refused.status_code == 409
    assert "First." in refused.text
    assert "Second." in refused.text
    assert line_of(engine, experiment).review.comment == "First."


def test_what_a_second_tab_sends_after_an_acceptance_can_be_copied(
    client_of, cast, engine, experiment, page
):
    officer = client_of(cast.officer)
    form = officer.get(page)
    token = form.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    officer.submit(page, {"state": "accepted", "impact": "emerging", "comment": "First."})
    second = {"csrf_token": token, "version": "", "state": "returned", "comment": "Long thought."}
    refused = officer.post(page, data=second)
    assert refused.status_code == 409
    assert "answered meanwhile" in refused.text
    copied = ["".join(each.itertext()) for each in document_of(refused).iter("textarea")]
    assert [text.strip() for text in copied] == ["Long thought.", "Ask for changes"]
    assert line_of(engine, experiment).state is ReviewState.ACCEPTED


def test_a_refused_answer_can_be_sent_again_over_the_one_given_meanwhile(
    client_of, cast, engine, experiment, page
):
    officer = client_of(cast.officer)
    form = officer.get(page)
    token = form.text.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    officer.submit(page, {"state": "returned", "comment": "First."})
    mine = {"csrf_token": token, "state": "accepted", "impact": "clear", "comment": "Mine."}
    refused = officer.post(page, data={**mine, "version": ""})
    versions = [
        each.get("value")
        for each in document_of(refused).iter("input")
        if each.get("name") == "version"
    ]
    assert officer.post(page, data={**mine, "version": versions[0]}).status_code == 303
    assert line_of(engine, experiment).review.comment == "Mine."


@pytest.fixture
def own_entry(engine, cast, experiment):
    """The officer has written a hypothesis of it."""
    with unit_of_work(engine) as session:
        officer = Actor(session.merge(cast.officer), Door.WEB)
        subject = f"experiment:{experiment.code}"
        history.record(session, subject=subject, event="hypothesis.added", by=officer)


@pytest.mark.usefixtures("own_entry")
def test_what_an_officer_wrote_is_shown_without_a_form_and_waits_for_another(
    client_of, cast, experiment, page
):
    officer = client_of(cast.officer)
    shown = officer.get(page).text
    assert "You wrote part of this yourself" in shown
    assert 'name="state"' not in shown
    queue = officer.get("/reviews").text
    assert "another officer answers" in queue
    assert "0 reviews wait for you" in queue
    assert experiment.title not in officer.get("/").text
    sent = {"state": "accepted", "impact": "clear", "comment": "My own."}
    token = queue.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
    refused = officer.post(page, data={"csrf_token": token, **sent})
    assert refused.status_code == 403
    assert "My own." in refused.text


@pytest.mark.parametrize("part", ["staff", "head", "admin", "reader"])
def test_only_officers_have_a_queue(client_of, cast, part, page):
    client = client_of(getattr(cast, part))
    assert client.get("/reviews").status_code == 403
    assert client.post(page, data={"state": "accepted"}).status_code == 403


def test_another_programmes_review_does_not_exist_for_an_officer(client_of, cast, page):
    other = client_of(cast.other_officer)
    assert other.get(page).status_code == 404
    assert other.post(page, data={"state": "accepted"}).status_code in (400, 404)


@pytest.mark.parametrize("quarter", ["2030-Q1", "soon"])
def test_a_quarter_that_has_not_begun_is_refused_with_a_sentence(client_of, cast, quarter):
    refused = client_of(cast.officer).get(f"/reviews?quarter={quarter}")
    assert refused.status_code in (409, 422)
    assert quarter in refused.text
