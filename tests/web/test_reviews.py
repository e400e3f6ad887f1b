"""The lab's submission, the officer's queue and the officer's answer, as pages."""

from datetime import timedelta

import pytest

from app.clock import now, today
from app.database import unit_of_work
from app.domain.quarters import quarter_of
from app.domain.reviews import Answer, Submission
from app.queries.experiments import experiment_by_code
from app.queries.reviews import queue_line
from app.queries.scope import EVERYTHING
from app.services import history, reviews
from app.services.actor import Actor
from models import Membership, Person
from models.vocabulary import Door, Impact, Language, ReviewState, Role
from tests.accounts import here
from tests.cast import PASSWORD_HASH
from tests.factories import (
    a_closing,
    a_hypothesis,
    a_measurement,
    a_metric,
    a_quarter_exception,
    an_experiment,
)
from tests.pages import document_of

QUARTER = quarter_of(today())
SUBMIT = f"/reviews/submit?quarter={QUARTER}"
ACCEPTED = Answer(ReviewState.ACCEPTED, Impact.EMERGING, "It shows.")
RETURNED = Answer(ReviewState.RETURNED, None, "Say who measured it.")


def logged(session, cast, *programmes):
    made = an_experiment(
        session,
        here(session, cast.peru),
        *(here(session, programme) for programme in programmes),
        owner_id=cast.staff.id,
    )
    a_hypothesis(session, made)
    a_metric(session, made)
    return made


@pytest.fixture
def experiment(engine, cast):
    with unit_of_work(engine) as session:
        return logged(session, cast, cast.markets, cast.inclusion)


@pytest.fixture
def submitted(engine, cast, experiment):
    """Rosa has submitted its review by the markets programme."""
    submit(engine, cast, experiment)
    return experiment


def submit(engine, cast, experiment, programme="PE-MERCADOS", note="Look at the second hall."):
    with unit_of_work(engine) as session:
        line = line_in(session, experiment, programme)
        rosa = Actor(here(session, cast.staff), Door.WEB)
        version = line.review.version if line.review else None
        reviews.submit(session, line, Submission(note), by=rosa, at=now(), seen_version=version)


def answered(engine, cast, experiment, said=ACCEPTED):
    with unit_of_work(engine) as session:
        line = line_in(session, experiment)
        otto = Actor(here(session, cast.officer), Door.WEB)
        seen = line.review.version
        reviews.answer(session, line, said=said, by=otto, at=now(), seen_version=seen)


def line_in(session, experiment, programme="PE-MERCADOS"):
    return queue_line(
        session,
        experiment_code=experiment.code,
        programme_code=programme,
        quarter=QUARTER,
        scope=EVERYTHING,
    )


def line_of(engine, experiment, programme="PE-MERCADOS"):
    with unit_of_work(engine, writes=False) as session:
        return line_in(session, experiment, programme)


def page_of(experiment):
    return f"/reviews/{QUARTER}/PE-MERCADOS/{experiment.code}"


@pytest.fixture
def page(experiment):
    return page_of(experiment)


def fields_of(page, name):
    return [
        each.get("value") for each in document_of(page).iter("input") if each.get("name") == name
    ]


def token_in(page):
    return fields_of(page, "csrf_token")[0]


# The lab submits


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_lab_submits_an_experiment_to_all_its_programmes_with_a_note(
    client_of, cast, engine, experiment, language
):
    staff = client_of(cast.staff)
    shown = staff.get(f"/experiments/{experiment.code}?lang={language}")
    assert f"/reviews/submit?experiment={experiment.code}" in shown.text
    path = f"{SUBMIT}&experiment={experiment.code}"
    sent = staff.submit(path, {"note": "Look at the second hall."})
    assert sent.status_code == 200
    for programme in ("PE-MERCADOS", "PE-INCLUSION"):
        line = line_of(engine, experiment, programme)
        assert (line.state, line.review.note) == (ReviewState.SUBMITTED, "Look at the second hall.")
        assert line.review.submitted_by_id == cast.staff.id
    assert "Look at the second hall." in staff.get(f"/experiments/{experiment.code}").text


def test_a_note_is_kept_for_later_and_no_officer_reads_it(
    client_of, cast, engine, experiment, page
):
    client_of(cast.staff).submit(
        f"{SUBMIT}&experiment={experiment.code}", {"note": "Half a thought.", "keep": "1"}
    )
    line = line_of(engine, experiment)
    assert (line.state, line.review.note) == (ReviewState.DRAFT, "Half a thought.")
    officer = client_of(cast.officer)
    assert "Half a thought." not in officer.get(page).text
    assert "Half a thought." not in officer.get(f"/experiments/{experiment.code}").text
    assert "Half a thought." in client_of(cast.staff).get(f"/experiments/{experiment.code}").text


def test_what_claims_to_be_accepted_already_is_stored_as_submitted(
    client_of, cast, engine, experiment
):
    staff = client_of(cast.staff)
    path = f"{SUBMIT}&experiment={experiment.code}"
    form = staff.get(path)
    sent = staff.post(
        path,
        data={
            "csrf_token": token_in(form),
            "lines": fields_of(form, "lines"),
            "note": "",
            "state": "accepted",
            "impact": "clear",
            "reviewed_by_id": str(cast.officer.id),
            "accepted_at": "2026-01-01T00:00:00+00:00",
        },
    )
    assert sent.status_code == 200
    review = line_of(engine, experiment).review
    assert review.state is ReviewState.SUBMITTED
    assert (review.impact, review.reviewed_by_id, review.accepted_at) == (None, None, None)


def test_all_of_ones_own_experiments_are_submitted_at_once_and_nobody_elses(
    client_of, cast, engine, experiment
):
    with unit_of_work(engine) as session:
        other = logged(session, cast, cast.markets)
        heads = logged(session, cast, cast.markets)
        heads.owner_id = cast.head.id
    staff = client_of(cast.staff)
    desk = staff.get("/").text
    assert "Reviews to submit" in desk
    assert desk.count("/reviews/submit?experiment=") == 2
    sent = staff.submit(SUBMIT, {"note": ""})
    assert "3 reviews." in sent.text
    assert line_of(engine, other).state is ReviewState.SUBMITTED
    assert line_of(engine, experiment, "PE-INCLUSION").state is ReviewState.SUBMITTED
    assert line_of(engine, heads).review is None
    assert "Everything is submitted for this quarter." in sent.text
    assert "/reviews/submit?experiment=" not in staff.get("/").text


def test_a_line_that_is_not_ones_own_cannot_be_smuggled_in(client_of, cast, engine, experiment):
    stranger = client_of(cast.stranger)
    form = stranger.get("/people/1")
    assert form.status_code == 403
    token = token_in(stranger.get("/account"))
    key = f"PE-MERCADOS/{experiment.code}/"
    refused = stranger.post(SUBMIT, data={"csrf_token": token, "lines": key, "note": "Mine."})
    assert refused.status_code == 422
    assert line_of(engine, experiment).review is None
    assert experiment.title not in refused.text


def test_in_a_closed_quarter_neither_side_finds_a_form_and_both_read_why(
    client_of, cast, engine, submitted, page
):
    with unit_of_work(engine) as session:
        other = logged(session, cast, cast.markets)
        given = a_closing(session, here(session, cast.peru), QUARTER).office_quarter_id
    path = f"{SUBMIT}&experiment={other.code}"
    for shown in (client_of(cast.staff).get(path), client_of(cast.officer).get(page)):
        assert f"{QUARTER} is closed since" in shown.text
        assert fields_of(shown, "lines") == fields_of(shown, "impact") == []
        assert 'name="note"' not in shown.text
        assert 'name="comment"' not in shown.text
    with unit_of_work(engine) as session:
        one = experiment_by_code(session, other.code, scope=EVERYTHING)
        a_quarter_exception(session, given, one, until=now() + timedelta(days=1))
    shown = client_of(cast.staff).get(path)
    assert fields_of(shown, "lines")
    assert f"{QUARTER} is closed since" not in shown.text


def test_nothing_ticked_is_refused_and_the_note_is_kept(client_of, cast, engine, experiment):
    staff = client_of(cast.staff)
    refused = staff.submit(SUBMIT, {"lines": None, "note": "Typed with care."})
    assert refused.status_code == 422
    assert "Tick at least one line." in refused.text
    assert "Typed with care." in refused.text
    assert line_of(engine, experiment).review is None


def test_what_was_returned_is_told_to_the_lab_and_submitted_again(
    client_of, cast, engine, submitted
):
    answered(engine, cast, submitted, RETURNED)
    staff = client_of(cast.staff)
    desk = staff.get("/").text
    assert "Say who measured it." in desk
    path = f"{SUBMIT}&experiment={submitted.code}"
    assert "Say who measured it." in staff.get(path).text
    staff.submit(path, {"note": "Rosa did."})
    line = line_of(engine, submitted)
    assert (line.state, line.review.note) == (ReviewState.SUBMITTED, "Rosa did.")
    assert "Say who measured it." not in staff.get("/").text


# The officer answers


@pytest.mark.parametrize("language", ["es", "en"])
def test_the_queue_holds_what_waits_and_the_page_what_to_judge_by(
    client_of, cast, submitted, page, language
):
    officer = client_of(cast.officer)
    assert submitted.title in officer.get(f"/reviews?lang={language}").text
    shown = officer.get(page).text
    assert "a weekly message with one payment tip" in shown
    assert "Sellers who take digital payment" in shown
    assert "Look at the second hall." in shown
    assert "Rosa Quispe" in shown
    assert shown.index('id="changes"') < shown.index('id="hypotheses"') < shown.index('id="answer"')


def test_what_is_not_submitted_is_shown_without_a_form(client_of, cast, engine, experiment, page):
    officer = client_of(cast.officer)
    shown = officer.get(page)
    assert "The lab has not submitted this yet" in shown.text
    assert 'name="state"' not in shown.text
    queue = officer.get("/reviews").text
    assert "No review waits for you." in queue
    assert "Not submitted yet" in queue
    token = token_in(officer.get("/account"))
    forced = {"csrf_token": token, "state": "accepted", "impact": "clear", "comment": "Fine."}
    refused = officer.post(page, data=forced)
    assert refused.status_code == 409
    assert "Fine." in refused.text
    assert line_of(engine, experiment).review is None


def test_an_officer_accepts_is_recorded_and_the_author_stays(
    client_of, cast, engine, submitted, page
):
    officer = client_of(cast.officer)
    answer = {"impact": "emerging", "state": "accepted", "comment": "It shows."}
    assert submitted.code in officer.submit(page, answer).text
    line = line_of(engine, submitted)
    assert (line.state, line.review.comment) == (ReviewState.ACCEPTED, "It shows.")
    assert line.review.reviewed_by_id == cast.officer.id
    assert line.review.submitted_by_id == cast.staff.id
    shown = client_of(cast.staff).get(f"/experiments/{submitted.code}").text
    assert "Submitted by Rosa Quispe" in shown
    assert "Answered by Otto Salas" in shown
    assert 'value="accepted"' not in officer.get(page).text


def test_the_answer_leads_to_the_next_that_waits_and_from_the_last_to_the_queue(
    client_of, cast, engine, submitted
):
    with unit_of_work(engine) as session:
        second, unsent = (logged(session, cast, cast.markets) for _n in range(2))
    submit(engine, cast, second)
    officer = client_of(cast.officer)
    first = page_of(submitted)
    shown = officer.get(first).text
    assert "Accept and go on to the next" in shown
    assert page_of(second) in shown
    answer = {"impact": "emerging", "state": "accepted"}
    gone_on = officer.submit(first, answer, follow_redirects=False)
    assert gone_on.location.endswith(page_of(second))
    assert "Accept and go on to the next" not in officer.get(page_of(second)).text
    gone_back = officer.submit(page_of(second), answer, follow_redirects=False)
    assert gone_back.location.endswith(f"/reviews?quarter={QUARTER}")
    assert line_of(engine, unsent).review is None


def test_what_changed_since_the_last_acceptance_is_told_with_before_and_now(
    client_of, cast, engine, submitted, page
):
    with unit_of_work(engine) as session:
        metric = a_metric(session, submitted, name="Sales by phone", baseline=None)
        a_measurement(session, metric, measured_on=today(), successes=58, n=200)
    answered(engine, cast, submitted)
    officer = client_of(cast.officer)
    assert "No reading, verdict, stage, decision or amendment is other" in officer.get(page).text
    with unit_of_work(engine) as session:
        a_measurement(session, metric, measured_on=today(), successes=90, n=200)
        subject, rosa = f"experiment:{submitted.code}", Actor(here(session, cast.staff), Door.WEB)
        history.record(session, subject=subject, event="measurement.recorded", by=rosa)
    submit(engine, cast, submitted)
    (told,) = [
        " ".join("".join(each.itertext()).split())
        for section in document_of(officer.get(page)).iter("section")
        if section.get("id") == "changes"
        for each in section.iter("dl")
    ][:1]
    assert "Sales by phone" in told
    assert "29" in told
    assert "45" in told
    assert "1 reading" in told
    assert "2 readings" in told


def test_the_first_review_says_that_all_is_new(client_of, cast, submitted, page):
    assert "all of it is new" in client_of(cast.officer).get(page).text


def test_an_accepted_review_is_opened_again_with_a_comment(
    client_of, cast, engine, submitted, page
):
    answered(engine, cast, submitted)
    officer = client_of(cast.officer)
    refused = officer.submit(page, {"comment": "", "state": "returned"})
    assert refused.status_code == 422
    officer.submit(page, {"comment": "The second hall is missing.", "state": "returned"})
    line = line_of(engine, submitted)
    assert (line.state, line.review.impact) == (ReviewState.RETURNED, None)
    assert line.review.submitted_by_id == cast.staff.id
    assert "The second hall is missing." in client_of(cast.staff).get("/").text


def test_asking_for_changes_reaches_the_labs_desk(client_of, cast, engine, submitted, page):
    answer = {"state": "returned", "comment": "Say who measured it."}
    client_of(cast.officer).submit(page, answer)
    assert line_of(engine, submitted).state is ReviewState.RETURNED
    assert "Say who measured it." in client_of(cast.staff).get("/").text


@pytest.mark.parametrize(
    ("language", "said"), [("es", "Califique el impacto"), ("en", "Rate the impact")]
)
def test_an_acceptance_without_a_rating_keeps_what_was_typed(
    client_of, cast, engine, submitted, page, language, said
):
    officer = client_of(cast.officer)
    officer.get(f"/?lang={language}")
    refused = officer.submit(page, {"state": "accepted", "comment": "Typed with care."})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Typed with care." in refused.text
    assert line_of(engine, submitted).state is ReviewState.SUBMITTED


def sent_late(client, page, form, **typed):
    versions = fields_of(form, "version")
    data = {"csrf_token": token_in(form), "version": versions[0], **typed}
    return client.post(page, data=data)


@pytest.fixture
def second_officer(engine, cast):
    """Somebody else who answers for the markets programme."""
    with unit_of_work(engine) as session:
        omar = Person(
            email="omar@example.org",
            name="Omar Vega",
            password_hash=PASSWORD_HASH,
            language=Language.EN,
            memberships=[Membership(role=Role.OFFICER, programme=here(session, cast.markets))],
        )
        session.add(omar)
    return omar


def side_by_side(page):
    """Field → (as it was typed, as it was saved) of what stands beside one another."""
    panel = document_of(page).find(".//section[@id='differences']")
    texts = [" ".join("".join(each.itertext()).split()) for each in panel.iter("p")][1:]
    labels = ["".join(each.itertext()) for each in panel.iter("h4")]
    return dict(zip(labels, zip(texts[::2], texts[1::2], strict=True), strict=True))


def test_an_answer_given_meanwhile_is_shown_field_by_field_and_not_overwritten(
    client_of, cast, engine, submitted, page, second_officer
):
    one, other = client_of(cast.officer), client_of(second_officer)
    form = other.get(page)
    one.submit(page, {"state": "returned", "comment": "First."})
    refused = sent_late(other, page, form, state="accepted", impact="clear", comment="Second.")
    assert refused.status_code == 409
    assert side_by_side(refused) == {
        "Your answer": ("Accept", "Ask for changes"),
        "Impact on the programme so far": ("Clear impact", "–"),
        "Comment": ("Second.", "First."),
    }
    review = line_of(engine, submitted).review
    assert (review.comment, review.reviewed_by_id) == ("First.", cast.officer.id)


def test_of_two_acceptances_at_once_the_first_stands_and_the_second_is_beside_it(
    client_of, cast, engine, submitted, page, second_officer
):
    one, other = client_of(cast.officer), client_of(second_officer)
    form = other.get(page)
    one.submit(page, {"state": "accepted", "impact": "emerging", "comment": ""})
    refused = sent_late(other, page, form, state="accepted", impact="clear", comment="")
    assert side_by_side(refused) == {
        "Impact on the programme so far": ("Clear impact", "Emerging impact")
    }
    assert line_of(engine, submitted).review.impact is Impact.EMERGING


def test_a_late_answer_stays_in_its_form_when_the_lab_has_submitted_again(
    client_of, cast, engine, submitted, page, second_officer
):
    other = client_of(second_officer)
    form = other.get(page)
    answered(engine, cast, submitted, RETURNED)
    submit(engine, cast, submitted, note="Rosa did.")
    refused = sent_late(other, page, form, state="accepted", impact="clear", comment="Second.")
    assert refused.status_code == 409
    assert side_by_side(refused)["Comment"] == ("Second.", RETURNED.comment)
    assert "Rosa did." in refused.text
    assert "Changes asked for" in refused.text
    ticked = [
        each.get("value")
        for each in document_of(refused).iter("input")
        if each.get("name") == "impact" and each.get("checked") is not None
    ]
    written = ["".join(each.itertext()) for each in document_of(refused).iter("textarea")]
    assert (ticked, [text.strip() for text in written]) == (["clear"], ["Second."])
    again = sent_late(other, page, refused, state="accepted", impact="clear", comment="Second.")
    assert again.status_code == 303
    review = line_of(engine, submitted).review
    assert (review.state, review.impact, review.comment) == (
        ReviewState.ACCEPTED,
        Impact.CLEAR,
        "Second.",
    )


def test_what_a_second_tab_sends_after_an_acceptance_is_shown_to_be_sent_again(
    client_of, cast, engine, submitted, page
):
    officer = client_of(cast.officer)
    form = officer.get(page)
    officer.submit(page, {"state": "accepted", "impact": "emerging", "comment": "First."})
    refused = sent_late(officer, page, form, state="returned", comment="Long thought.")
    assert refused.status_code == 409
    assert "meanwhile" in refused.text
    assert "Long thought." in refused.text
    assert line_of(engine, submitted).state is ReviewState.ACCEPTED
    again = sent_late(officer, page, refused, state="returned", comment="Long thought.")
    assert again.status_code == 303
    assert line_of(engine, submitted).review.comment == "Long thought."


@pytest.fixture
def own_entry(engine, cast, submitted):
    """The officer has written a hypothesis of it."""
    with unit_of_work(engine) as session:
        officer = Actor(session.merge(cast.officer), Door.WEB)
        subject = f"experiment:{submitted.code}"
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
    assert 'name="lines"' not in queue
    assert "No review waits for you." in queue
    assert experiment.title not in officer.get("/").text
    sent = {"state": "accepted", "impact": "clear", "comment": "My own."}
    refused = officer.post(page, data={"csrf_token": token_in(officer.get("/account")), **sent})
    assert refused.status_code == 403
    assert "My own." in refused.text


# The rounds before


def told_earlier(page):
    """The steps of each folded list of earlier rounds, as their words."""
    return [
        [" ".join(" ".join(one.itertext()).split()) for one in folded.iter("li")]
        for folded in document_of(page).iter("details")
        if "Earlier rounds" in "".join(folded.find("summary").itertext())
    ]


def test_the_rounds_before_are_told_on_the_page_of_the_review_and_of_the_experiment(
    client_of, cast, engine, experiment, page
):
    submit(engine, cast, experiment, note="The first note.")
    officer, staff = client_of(cast.officer), client_of(cast.staff)
    shown = f"/experiments/{experiment.code}"
    assert told_earlier(officer.get(page)) == told_earlier(staff.get(shown)) == []
    answered(engine, cast, experiment, RETURNED)
    submit(engine, cast, experiment, note="The second note.")
    answered(engine, cast, experiment, ACCEPTED)
    answered(engine, cast, experiment, Answer(ReviewState.RETURNED, None, "Not so after all."))
    submit(engine, cast, experiment, programme="PE-INCLUSION", note="For the others.")
    submit(engine, cast, experiment, note="The third note.")
    (steps,) = told_earlier(officer.get(page))
    assert told_earlier(staff.get(shown)) == [steps]
    accepted, second, returned, first = steps
    assert second.endswith(" The second note.")
    assert accepted.startswith("Accepted Emerging impact Answered by Otto Salas ")
    assert accepted.endswith(" It shows.")
    assert returned.startswith("Changes asked for Answered by Otto Salas ")
    assert returned.endswith(" Say who measured it.")
    assert first.startswith("Submitted by Rosa Quispe ")
    assert first.endswith(" The first note.")


def test_the_page_costs_no_more_statements_for_many_rounds(
    client_of, cast, engine, submitted, page, statements
):
    officer, shown = client_of(cast.officer), f"/experiments/{submitted.code}"

    def costs(path):
        officer.get(path)
        statements.clear()
        assert officer.get(path).status_code == 200
        return len(statements)

    few = costs(page), costs(shown)
    for _round in range(3):
        answered(engine, cast, submitted, RETURNED)
        submit(engine, cast, submitted)
    assert (costs(page), costs(shown)) == few


# Many at once


def test_in_a_closed_quarter_the_queue_offers_only_what_an_exception_opens_and_says_why(
    client_of, cast, engine, submitted
):
    with unit_of_work(engine) as session:
        others = [logged(session, cast, cast.markets) for _n in range(2)]
    for one in others:
        submit(engine, cast, one)
    officer = client_of(cast.officer)
    form = officer.get("/reviews")
    assert len(fields_of(form, "lines")) == 3
    with unit_of_work(engine) as session:
        given = a_closing(session, here(session, cast.peru), QUARTER).office_quarter_id
    queue = officer.get("/reviews")
    assert queue.text.count(f"{QUARTER} is closed since") == 1
    for one in (submitted, *others):
        assert f"{one.code}," in queue.text or f"{one.code} that is dated in it" in queue.text
    assert fields_of(queue, "lines") == fields_of(queue, "impact") == []
    assert "Accept what is chosen" not in queue.text
    assert "No review waits for you." in queue.text
    sent = {"lines": fields_of(form, "lines"), "impact": "clear", "comment": "Typed with care."}
    late = officer.post("/reviews/accept", data={"csrf_token": token_in(form), **sent})
    assert "3 reviews stay as they were:" in late.text
    assert "Typed with care." in late.text
    assert line_of(engine, submitted).state is ReviewState.SUBMITTED
    with unit_of_work(engine) as session:
        one = experiment_by_code(session, submitted.code, scope=EVERYTHING)
        a_quarter_exception(session, given, one, until=now() + timedelta(days=1))
    (key,) = fields_of(officer.get("/reviews"), "lines")
    assert submitted.code in key


def test_no_answer_leads_to_what_a_closed_quarter_locks(client_of, cast, engine, submitted, page):
    with unit_of_work(engine) as session:
        second = logged(session, cast, cast.markets)
    submit(engine, cast, second)
    officer = client_of(cast.officer)
    assert page_of(second) in officer.get(page).text
    with unit_of_work(engine) as session:
        given = a_closing(session, here(session, cast.peru), QUARTER).office_quarter_id
        one = experiment_by_code(session, submitted.code, scope=EVERYTHING)
        a_quarter_exception(session, given, one, until=now() + timedelta(days=1))
    assert page_of(second) not in officer.get(page).text


def test_many_are_accepted_together_and_each_is_told(client_of, cast, engine, submitted):
    with unit_of_work(engine) as session:
        second, third, unticked = (logged(session, cast, cast.markets) for _n in range(3))
    for one in (second, third, unticked):
        submit(engine, cast, one)
    officer = client_of(cast.officer)
    form = officer.get("/reviews")
    keys = [key for key in fields_of(form, "lines") if unticked.code not in key]
    assert len(keys) == 3
    answered(engine, cast, third, RETURNED)
    sent = officer.post(
        f"/reviews/accept?quarter={QUARTER}",
        data={
            "csrf_token": token_in(form),
            "lines": keys,
            "impact": "emerging",
            "comment": "It shows.",
        },
    )
    assert sent.status_code == 200
    assert "2 reviews." in sent.text
    assert "1 review stays as it was:" in sent.text
    for one in (submitted, second):
        review = line_of(engine, one).review
        assert (review.state, review.impact) == (ReviewState.ACCEPTED, Impact.EMERGING)
        assert (review.comment, review.reviewed_by_id) == ("It shows.", cast.officer.id)
        assert review.submitted_by_id == cast.staff.id
        assert review.facts
    assert line_of(engine, third).state is ReviewState.RETURNED
    assert line_of(engine, unticked).state is ReviewState.SUBMITTED


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"impact": "", "comment": "Typed."}, "Rate the impact"),
        ({"impact": "superb", "comment": "Typed."}, "Rate the impact"),
        ({"impact": "clear", "comment": "Typed.", "lines": []}, "Tick at least one line."),
        ({"impact": "clear", "comment": "Typed.", "lines": ["x"]}, "Choose one from the list."),
    ],
)
def test_accepting_many_without_a_rating_or_a_line_is_refused_and_keeps_what_was_typed(
    client_of, cast, engine, submitted, typed, said
):
    officer = client_of(cast.officer)
    form = officer.get("/reviews")
    data = {"csrf_token": token_in(form), "lines": fields_of(form, "lines"), **typed}
    refused = officer.post("/reviews/accept", data=data)
    assert refused.status_code == 422
    assert said in refused.text
    assert "Typed." in refused.text
    assert line_of(engine, submitted).state is ReviewState.SUBMITTED


def test_another_programmes_line_cannot_be_accepted_with_ones_own(
    client_of, cast, engine, submitted
):
    olga = client_of(cast.other_officer)
    version = line_of(engine, submitted).review.version
    data = {
        "csrf_token": token_in(olga.get("/account")),
        "lines": f"PE-MERCADOS/{submitted.code}/{version}",
        "impact": "clear",
    }
    refused = olga.post(f"/reviews/accept?quarter={QUARTER}", data=data)
    assert "Only an officer of PE-MERCADOS reviews this." in refused.text
    assert line_of(engine, submitted).state is ReviewState.SUBMITTED


def test_the_pages_cost_the_same_number_of_statements_however_long_the_queue_is(
    client_of, cast, engine, submitted, page, statements
):
    officer, staff = client_of(cast.officer), client_of(cast.staff)

    def costs():
        found = []
        for client, path in ((officer, "/reviews"), (officer, page), (staff, SUBMIT)):
            client.get(path)
            statements.clear()
            assert client.get(path).status_code == 200
            found.append(len(statements))
        return found

    few = costs()
    with unit_of_work(engine) as session:
        more = [logged(session, cast, cast.markets) for _n in range(5)]
    for one in more:
        submit(engine, cast, one)
    assert costs() == few


# Who has no part in it


@pytest.mark.parametrize("part", ["staff", "head", "admin", "reader"])
def test_only_officers_have_a_queue(client_of, cast, part, page):
    client = client_of(getattr(cast, part))
    assert client.get("/reviews").status_code == 403
    assert client.post(page, data={"state": "accepted"}).status_code == 403
    assert client.post("/reviews/accept", data={"impact": "clear"}).status_code == 403


def test_an_officer_reads_whose_review_it_is_where_the_experiment_serves_them_too(
    client_of, cast, engine, submitted, page
):
    other = client_of(cast.other_officer)
    token = token_in(other.get("/account"))
    sent = other.post(page, data={"csrf_token": token, "state": "accepted", "impact": "clear"})
    for refused in (other.get(page), sent):
        assert refused.status_code == 403
        assert "Only an officer of PE-MERCADOS reviews this." in refused.text
    assert line_of(engine, submitted).state is ReviewState.SUBMITTED
    unknown = f"/reviews/{QUARTER}/PE-NADA/{submitted.code}"
    assert other.get(unknown).status_code == 404


def test_a_review_of_an_experiment_they_may_not_read_does_not_exist_for_an_officer(
    client_of, cast, engine
):
    with unit_of_work(engine) as session:
        foreign = logged(session, cast, cast.markets)
    submit(engine, cast, foreign)
    olga = client_of(cast.other_officer)
    assert olga.get(page_of(foreign)).status_code == 404
    token = token_in(olga.get("/account"))
    data = {"csrf_token": token, "lines": f"PE-MERCADOS/{foreign.code}/1", "impact": "clear"}
    refused = olga.post(f"/reviews/accept?quarter={QUARTER}", data=data)
    assert refused.status_code == 422
    assert "Only an officer" not in refused.text


def test_the_lab_reads_beside_the_field_why_a_programme_stays(
    client_of, cast, engine, submitted, page
):
    answered(engine, cast, submitted, Answer(ReviewState.RETURNED, None, "Say who measured it."))
    edit = f"/experiments/{submitted.code}/edit"
    staff = client_of(cast.staff)
    refused = staff.submit(edit, {"lead_programme_id": str(cast.inclusion.id)})
    assert refused.status_code == 422
    assert f"PE-MERCADOS stays while its review of {QUARTER} is returned" in refused.text
    submit(engine, cast, submitted, note="Rosa did.")
    answered(engine, cast, submitted)
    staff.submit(edit, {"lead_programme_id": str(cast.inclusion.id)})
    officer = client_of(cast.officer)
    assert "It is accepted." in officer.get(page).text
    shown = officer.get(f"/experiments/{submitted.code}")
    assert shown.status_code == 200
    assert f"{QUARTER} · Markets and livelihoods" in shown.text
    assert submitted.title in officer.get("/reviews").text


def test_who_owns_nothing_is_told_so_and_finds_the_experiments_of_the_office(
    client_of, cast, experiment
):
    head = client_of(cast.head)
    told = head.get(SUBMIT)
    assert "You own no experiment" in told.text
    assert f'href="/experiments?quarter={QUARTER}"' in told.text
    assert experiment.title in head.get(f"/experiments?quarter={QUARTER}").text


@pytest.mark.parametrize("quarter", ["2030-Q1", "soon"])
def test_a_quarter_that_has_not_begun_is_refused_with_a_sentence(client_of, cast, quarter):
    refused = client_of(cast.officer).get(f"/reviews?quarter={quarter}")
    assert refused.status_code in (409, 422)
    assert quarter in refused.text


@pytest.mark.parametrize("part", ["officer", "admin", "reader"])
def test_only_the_lab_submits(client_of, cast, experiment, part):
    client = client_of(getattr(cast, part))
    assert client.get(SUBMIT).status_code == 403
    assert client.post(SUBMIT, data={"note": ""}).status_code == 403


def test_another_offices_experiment_does_not_exist_for_the_lab(client_of, cast, experiment):
    stranger = client_of(cast.stranger)
    assert stranger.get(f"{SUBMIT}&experiment={experiment.code}").status_code == 404
    assert experiment.title not in stranger.get(SUBMIT).text
