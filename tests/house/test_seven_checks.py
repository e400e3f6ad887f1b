"""The seven checks of the review rules, each through the services and through the pages.

A manager writes into a closed quarter; a member of staff writes into a closed quarter; staff submit
something already "accepted"; two people change one reading; accepting many has the effects of
accepting one; who accepted is recorded; the author stays the author.
"""

import pytest
from sqlalchemy import select

from app.clock import now, today
from app.database import unit_of_work
from app.domain.measurements import Circumstances, Numbers
from app.domain.quarters import quarter_of
from app.domain.refusals import ChangedMeanwhileError, NotReadyError
from app.domain.reviews import Answer, Submission
from app.queries.experiments import experiment_by_code
from app.queries.reviews import queue_line
from app.queries.scope import EVERYTHING
from app.services import measurements, quarters, reviews
from app.services.review_batches import Chosen, answer_all
from models import HistoryEntry, ImpactReview, Measurement
from models.vocabulary import ChangeReason, Impact, ReviewState
from tests.accounts import by, here
from tests.factories import a_measurement, a_metric, an_experiment
from tests.pages import as_shown, document_of, theirs_of
from tests.web.pages import text_of

NOW = quarter_of(today())
LAST = NOW.previous
ACCEPT = Answer(ReviewState.ACCEPTED, Impact.EMERGING, "It shows.")


@pytest.fixture
def codes(engine, cast):
    """Two experiments of Rosa's that ran since the quarter before, with a reading of today."""
    with unit_of_work(engine) as session:
        return [_logged(session, cast) for _n in range(2)]


@pytest.fixture
def code(codes):
    return codes[0]


@pytest.fixture
def submitted(engine, cast, codes):
    """Rosa has submitted the review of both."""
    with unit_of_work(engine) as session:
        for code in codes:
            line, rosa = _line(session, code), by(session, cast.staff)
            reviews.submit(session, line, Submission("Two halls."), by=rosa, at=now())
    return codes


@pytest.fixture
def closed(engine, cast, codes):
    """The head has closed the quarter before."""
    with unit_of_work(engine) as session:
        peru, hilda = here(session, cast.peru), by(session, cast.head)
        quarters.start_closing(session, peru, LAST, by=hilda)
        quarters.close(session, peru, LAST, by=hilda, at=now())


def _logged(session, cast):
    made = an_experiment(
        session,
        here(session, cast.peru),
        here(session, cast.markets),
        owner_id=cast.staff.id,
        starts_on=LAST.starts_on,
    )
    a_measurement(session, a_metric(session, made), measured_on=today())
    return made.code


def _whole(session, code):
    return experiment_by_code(session, code, scope=EVERYTHING)


def _line(session, code):
    return queue_line(
        session, experiment_code=code, programme_code="PE-MERCADOS", quarter=NOW, scope=EVERYTHING
    )


def _page(code):
    return f"/reviews/{NOW}/PE-MERCADOS/{code}"


def _readings(engine):
    """(successes, whether it was corrected), the oldest first."""
    with unit_of_work(engine, writes=False) as session:
        rows = session.scalars(select(Measurement).order_by(Measurement.id))
        return [(row.successes, row.superseded_by_id is not None) for row in rows]


def _fields(page, name):
    return [
        each.get("value") for each in document_of(page).iter("input") if each.get("name") == name
    ]


# One and two: nobody writes into a closed quarter, neither the manager nor staff

CLOSED_TO = pytest.mark.parametrize("part", ["head", "staff"])


@CLOSED_TO
@pytest.mark.usefixtures("closed")
def test_1_and_2_neither_manager_nor_staff_write_into_a_closed_quarter(engine, cast, code, part):
    before = _readings(engine)
    with unit_of_work(engine) as session, pytest.raises(NotReadyError, match=f"{LAST} is closed"):
        measurements.record(
            session,
            (experiment := _whole(session, code)),
            experiment.metrics[0],
            Numbers(successes=60, n=200),
            Circumstances(measured_on=LAST.ends_on),
            by=by(session, getattr(cast, part)),
            today=today(),
        )
    assert _readings(engine) == before


@CLOSED_TO
@pytest.mark.usefixtures("closed")
def test_1_and_2_neither_manager_nor_staff_get_a_reading_past_the_form(
    engine, cast, client_of, code, part
):
    before = _readings(engine)
    typed = {"successes": "61", "n": "200", "measured_on": LAST.ends_on.isoformat()}
    path = f"/experiments/{code}/readings/new"
    refused = client_of(getattr(cast, part)).submit(path, typed)
    assert refused.status_code == 409
    assert f"{LAST} is closed since" in refused.text
    assert _fields(refused, "successes") == ["61"]
    assert _readings(engine) == before


# Three: what staff submit as "accepted" is stored as submitted


def test_3_a_review_that_comes_marked_accepted_is_stored_as_submitted(engine, cast, code):
    with unit_of_work(engine) as session:
        line, rosa = _line(session, code), by(session, cast.staff)
        with pytest.raises(TypeError, match="state"):
            Submission(note="Done.", state=ReviewState.ACCEPTED)
        review = reviews.submit(session, line, Submission("Done."), by=rosa, at=now())
        assert (review.state, review.reviewed_by_id) == (ReviewState.SUBMITTED, None)


def test_3_a_form_that_says_accepted_is_stored_as_submitted(engine, cast, client_of, code):
    staff, path = client_of(cast.staff), f"/reviews/submit?quarter={NOW}&experiment={code}"
    form = staff.get(path)
    claimed = {"state": "accepted", "impact": "clear", "reviewed_by_id": str(cast.officer.id)}
    shown = {name: _fields(form, name) for name in ("csrf_token", "lines")}
    assert staff.post(path, data=shown | claimed).status_code == 200
    with unit_of_work(engine, writes=False) as session:
        review = _line(session, code).review
        assert review.state is ReviewState.SUBMITTED
        assert (review.impact, review.reviewed_by_id, review.accepted_at) == (None, None, None)


# Four: two people change one reading


def _correct(session, code, successes, person, place=0):
    """Correct the reading of that place, by when it was recorded."""
    experiment = _whole(session, code)
    metric = experiment.metrics[0]
    return measurements.correct(
        session,
        experiment,
        metric,
        sorted(metric.measurements, key=lambda one: one.id)[place],
        Numbers(successes=successes, n=200),
        Circumstances(measured_on=today()),
        reason_code=ChangeReason.COUNTED_TWICE,
        reason="Two sellers were counted twice.",
        by=by(session, person),
        today=today(),
    )


def test_4_the_second_correction_of_one_reading_is_told_and_then_corrects_the_first(
    engine, cast, code
):
    with unit_of_work(engine) as session:
        _correct(session, code, 56, cast.staff)
    with unit_of_work(engine) as session, pytest.raises(ChangedMeanwhileError):
        _correct(session, code, 57, cast.head)
    assert _readings(engine) == [(58, True), (58, False), (56, False)]
    with unit_of_work(engine) as session:
        _correct(session, code, 57, cast.head, place=1)
    assert _readings(engine) == [(58, True), (58, False), (56, True), (57, False)]


def test_4_two_forms_of_one_reading_lose_neither_what_was_saved_nor_what_was_typed(
    engine, cast, client_of, code
):
    with unit_of_work(engine, writes=False) as session:
        wrong = _whole(session, code).metrics[0].measurements[0].id
    path = f"/experiments/{code}/readings/{wrong}/correct"
    typed = {"reason_code": "counted_twice", "reason": "Two sellers were counted twice."}
    staff, head = client_of(cast.staff), client_of(cast.head)
    late = as_shown(head.get(path), path)
    saved = typed | {"successes": "56", "source": "The guild's list."}
    assert staff.submit(path, saved).status_code == 200
    hers = {"successes": "57", "note": "Without minors.", "reason": "I counted once more."}
    stale = head.post(path, data=late | typed | hers)
    assert stale.status_code == 409
    assert _readings(engine) == [(58, True), (58, False), (56, False)]
    # Both wrote the number; the source is taken over from Rosa, the note only Hilda's.
    (panel,) = (one for one in document_of(stale).iter("section") if one.get("id") == "differences")
    chosen, told = ([text_of(each) for each in panel.iter(tag)] for tag in ("legend", "dt"))
    assert (chosen, told) == (["How many did it, or said yes"], ["Source", "Note"])
    assert _fields(stale, "successes") == ["57"]
    with unit_of_work(engine, writes=False) as session:
        stands = max(one.id for one in _whole(session, code).metrics[0].measurements)
    beside = f"/experiments/{code}/readings/{stands}/correct"
    assert head.post(beside, data=as_shown(stale, beside)).status_code == 303
    assert _readings(engine) == [(58, True), (58, False), (56, True), (57, False)]
    with unit_of_work(engine, writes=False) as session:
        first, second, third = (
            session.get(Measurement, key) for key in (wrong, stands, stands + 1)
        )
        assert first.correction_reason == "Two sellers were counted twice."
        assert second.correction_reason == "I counted once more."
        assert (third.source, third.note) == ("The guild's list.", "Without minors.")


def test_4_what_the_first_person_saved_can_be_chosen_and_corrects_nothing_twice(
    engine, cast, client_of, code
):
    with unit_of_work(engine, writes=False) as session:
        wrong = _whole(session, code).metrics[0].measurements[0].id
    path, beside = (f"/experiments/{code}/readings/{key}/correct" for key in (wrong, wrong + 2))
    typed = {"reason_code": "counted_twice", "reason": "Two sellers were counted twice."}
    staff, head = client_of(cast.staff), client_of(cast.head)
    late = as_shown(head.get(path), path)
    staff.submit(path, typed | {"successes": "56"})
    stale = head.post(path, data=late | typed | {"successes": "57"})
    choice = {"successes-choice": theirs_of(stale, "successes")}
    answer = head.post(beside, data=as_shown(stale, beside) | choice)
    assert answer.status_code == 422
    assert "Nothing differs from the reading that stands." in answer.text
    again = head.post(path, data=late | typed | {"successes": "56"}, follow_redirects=True)
    assert "Somebody else made the same correction meanwhile" in again.text
    assert _readings(engine) == [(58, True), (58, False), (56, False)]


def test_4_the_page_of_a_reading_that_was_corrected_leads_to_the_one_that_stands(
    engine, cast, client_of, code
):
    with unit_of_work(engine) as session:
        wrong = _whole(session, code).metrics[0].measurements[0].id
        _correct(session, code, 56, cast.staff)
    with unit_of_work(engine) as session:
        stands = _correct(session, code, 55, cast.staff, place=1).id
    answer = client_of(cast.head).get(f"/experiments/{code}/readings/{wrong}/correct")
    assert answer.location == f"/experiments/{code}/readings/{stands}/correct"


# Five: accepting many has every effect of accepting one


def _effects(engine, code):
    """What is stored and told of the review, but for moments and keys."""
    with unit_of_work(engine, writes=False) as session:
        review = _line(session, code).review
        skipped = {"id", "experiment_id", "created_at", "changed_at", "facts"}
        kept = {
            column.key: getattr(review, column.key)
            for column in ImpactReview.__table__.columns
            if column.key not in skipped and not column.key.endswith("_at")
        }
        stamped = (review.reviewed_at is not None, review.accepted_at == review.reviewed_at)
        facts = {key.partition(":")[0]: said for key, said in review.facts.items()}
        about = HistoryEntry.subject == f"experiment:{code}"
        told = session.scalars(select(HistoryEntry).where(about).order_by(HistoryEntry.id))
        entries = [
            (row.event, row.by_id, row.door, row.reason, sorted(row.changes)) for row in told
        ]
        return kept, stamped, facts, entries


def test_5_accepting_many_has_every_effect_of_accepting_one(engine, cast, submitted):
    alone, many = submitted
    with unit_of_work(engine) as session:
        otto, line, other = by(session, cast.officer), _line(session, alone), _line(session, many)
        seen = line.review.version
        reviews.answer(session, line, said=ACCEPT, by=otto, at=now(), seen_version=seen)
        ticked = [Chosen(other, other.review.version)]
        (outcome,) = answer_all(session, ticked, said=ACCEPT, by=otto, at=now())
        assert outcome.refusal is None
    assert _effects(engine, alone) == _effects(engine, many)
    assert _effects(engine, many)[0]["state"] is ReviewState.ACCEPTED


def test_5_the_queue_accepts_many_as_the_page_of_each_accepts_one(
    engine, cast, client_of, submitted
):
    alone, many = submitted
    officer = client_of(cast.officer)
    answer = {"impact": "emerging", "comment": "It shows."}
    officer.submit(_page(alone), answer | {"state": "accepted"})
    queue = officer.get("/reviews")
    sent = {name: _fields(queue, name) for name in ("csrf_token", "lines")} | answer
    assert officer.post(f"/reviews/accept?quarter={NOW}", data=sent).status_code == 200
    assert _effects(engine, alone) == _effects(engine, many)
    assert _effects(engine, many)[0]["state"] is ReviewState.ACCEPTED


# Six and seven: who accepted is recorded, and the author stays the author


def _assert_both_are_named(engine, cast, code):
    with unit_of_work(engine, writes=False) as session:
        review = _line(session, code).review
        assert review.state is ReviewState.ACCEPTED
        assert review.reviewed_by_id == cast.officer.id
        assert review.submitted_by_id == cast.staff.id
        told = session.scalars(
            select(HistoryEntry).where(HistoryEntry.subject == f"experiment:{code}")
        )
        acted = {row.event: row.by_id for row in told}
        assert acted["review.submitted"] == cast.staff.id
        assert acted["review.accepted"] == cast.officer.id


def test_6_and_7_who_accepted_is_recorded_and_the_author_stays_the_author(engine, cast, submitted):
    with unit_of_work(engine) as session:
        line, otto = _line(session, submitted[0]), by(session, cast.officer)
        seen = line.review.version
        reviews.answer(session, line, said=ACCEPT, by=otto, at=now(), seen_version=seen)
    _assert_both_are_named(engine, cast, submitted[0])


def _returned_then_submitted_by_the_head(engine, cast, code):
    """Otto returns what Rosa submitted, and Hilda submits it again."""
    back = Answer(ReviewState.RETURNED, None, "Say who measured it.")
    with unit_of_work(engine) as session:
        line, seen = _line(session, code), _line(session, code).review.version
        otto, hilda = by(session, cast.officer), by(session, cast.head)
        reviews.answer(session, line, said=back, by=otto, at=now(), seen_version=seen)
        note, seen = Submission("Rosa measured it."), line.review.version
        reviews.submit(session, line, note, by=hilda, at=now(), seen_version=seen)


def test_7_the_author_stays_the_author_when_somebody_else_submits_again(engine, cast, submitted):
    _returned_then_submitted_by_the_head(engine, cast, submitted[0])
    with unit_of_work(engine) as session:
        line, otto = _line(session, submitted[0]), by(session, cast.officer)
        seen = line.review.version
        review = reviews.answer(session, line, said=ACCEPT, by=otto, at=now(), seen_version=seen)
        assert (review.state, review.submitted_by_id) == (ReviewState.ACCEPTED, cast.staff.id)
        assert (review.submitted_again_by_id, review.reviewed_by_id) == (
            cast.head.id,
            cast.officer.id,
        )


def test_7_the_pages_name_the_author_first_and_who_submitted_again_besides(
    engine, cast, client_of, submitted
):
    _returned_then_submitted_by_the_head(engine, cast, submitted[0])
    shown = client_of(cast.officer).get(_page(submitted[0])).text
    assert "Rosa Quispe submitted this on" in shown
    assert "Hilda Torres submitted it again on" in shown
    told = client_of(cast.head).get(f"/experiments/{submitted[0]}").text
    assert told.index("Submitted by Rosa Quispe") < told.index("again by Hilda Torres on")


def test_6_and_7_the_page_names_who_accepted_and_who_wrote_whatever_the_form_claims(
    engine, cast, client_of, submitted
):
    officer, page = client_of(cast.officer), _page(submitted[0])
    form = officer.get(page)
    answer = {"state": "accepted", "impact": "emerging", "comment": ""}
    claimed = {"reviewed_by_id": str(cast.head.id), "submitted_by_id": str(cast.officer.id)}
    shown = {name: _fields(form, name) for name in ("csrf_token", "version")}
    assert officer.post(page, data=shown | answer | claimed).status_code == 303
    _assert_both_are_named(engine, cast, submitted[0])
    told = client_of(cast.head).get(f"/experiments/{submitted[0]}").text
    assert "Submitted by Rosa Quispe" in told
    assert "Answered by Otto Salas" in told
