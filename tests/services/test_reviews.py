"""The impact review, step by step, whichever door it comes through."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.quarters import Quarter
from app.domain.refusals import (
    ChangedMeanwhileError,
    InvalidError,
    NotAllowedError,
    NotReadyError,
    UnknownError,
)
from app.domain.reviews import Answer, Submission
from app.queries.reviews import (
    accepted_last,
    changes_after,
    next_waiting,
    queue_line,
    review_queue,
    written_by,
)
from app.queries.scope import EVERYTHING, Scope
from app.services import history, reviews
from app.services.actor import OPERATOR, Actor
from models import HistoryEntry, ImpactReview
from models.vocabulary import Door, ExperimentState, Impact, ReviewState
from tests.cast import introduce
from tests.factories import a_measurement, a_metric, a_review, an_experiment

THIRD = Quarter(2026, 3)
NOW = datetime(2026, 10, 2, 15, tzinfo=UTC)
ACCEPT = Answer(ReviewState.ACCEPTED, Impact.EMERGING, "Sellers of two halls pay by phone now.")
DAY = timedelta(days=1)
RETURN = Answer(ReviewState.RETURNED, None, "Say who measured it.")
NOTE = Submission("Look at the second hall.")


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    return an_experiment(
        session, people.peru, people.markets, people.inclusion, owner_id=people.staff.id
    )


@pytest.fixture
def submitted(session, people, experiment):
    """The experiment, its review by the markets programme submitted by Rosa."""
    submit(session, line_of(session, experiment, people.markets), people.staff)
    return experiment


def line_of(session, experiment, programme, *, quarter=THIRD):
    return queue_line(
        session,
        experiment_code=experiment.code,
        programme_code=programme.code,
        quarter=quarter,
        scope=EVERYTHING,
    )


def version_of(line):
    return line.review.version if line.review else None


def submit(session, line, person, submission=NOTE, *, at=NOW, step=reviews.submit):
    by = Actor(person, Door.WEB)
    return step(session, line, submission, by=by, at=at, seen_version=version_of(line))


def answer(session, line, said, person, *, at=NOW):
    by = Actor(person, Door.WEB)
    return reviews.answer(session, line, said=said, by=by, at=at, seen_version=version_of(line))


def change(session, experiment, *, at, event="experiment.edited"):
    entry = history.record(
        session, subject=f"experiment:{experiment.code}", event=event, by=OPERATOR
    )
    entry.at = at
    session.flush()


def events_of(session, experiment):
    return list(
        session.scalars(
            select(HistoryEntry.event)
            .where(HistoryEntry.subject == f"experiment:{experiment.code}")
            .order_by(HistoryEntry.id)
        )
    )


# The lab


@pytest.mark.parametrize("part", ["staff", "head"])
def test_the_lab_submits_and_is_recorded_as_its_author(session, people, experiment, part):
    person = getattr(people, part)
    review = submit(session, line_of(session, experiment, people.markets), person)
    assert (review.state, review.note) == (ReviewState.SUBMITTED, NOTE.note)
    assert (review.submitted_by_id, review.submitted_at) == (person.id, NOW)
    assert (review.impact, review.reviewed_by_id, review.accepted_at) == (None, None, None)


@pytest.mark.parametrize("part", ["officer", "other_officer", "admin", "reader", "stranger"])
@pytest.mark.parametrize("step", [reviews.submit, reviews.draft])
def test_nobody_but_the_lab_submits(session, people, experiment, part, step):
    line = line_of(session, experiment, people.markets)
    with pytest.raises(NotAllowedError, match="staff or the head"):
        submit(session, line, getattr(people, part), step=step)
    assert session.scalars(select(ImpactReview)).all() == []


def test_the_operator_submits_for_nobody(session, people, experiment):
    line = line_of(session, experiment, people.markets)
    with pytest.raises(NotAllowedError):
        reviews.submit(session, line, NOTE, by=OPERATOR, at=NOW)


def test_a_draft_waits_for_nobody_and_is_submitted_later(session, people, experiment):
    line = line_of(session, experiment, people.markets)
    kept = submit(session, line, people.staff, Submission("Not yet."), step=reviews.draft)
    assert (kept.state, kept.note, kept.submitted_by_id) == (ReviewState.DRAFT, "Not yet.", None)
    line = line_of(session, experiment, people.markets)
    assert not line.is_waiting
    assert submit(session, line, people.staff).state is ReviewState.SUBMITTED


@pytest.mark.parametrize("claimed", list(ReviewState))
def test_what_is_submitted_as_already_accepted_is_stored_as_submitted(
    session, people, experiment, claimed
):
    """The line a door hands over may claim anything: the stored row and the table decide."""
    line = line_of(session, experiment, people.markets)
    forged = ImpactReview(
        state=claimed,
        impact=Impact.CLEAR,
        comment="I find it fine.",
        reviewed_by_id=people.officer.id,
        reviewed_at=NOW,
        accepted_at=NOW,
    )
    object.__setattr__(line, "review", forged)
    review = reviews.submit(session, line, NOTE, by=Actor(people.staff, Door.API), at=NOW)
    session.expire_all()
    stored = session.scalars(select(ImpactReview)).all()
    assert [one.id for one in stored] == [review.id]
    assert stored[0].state is ReviewState.SUBMITTED
    assert (stored[0].impact, stored[0].comment) == (None, "")
    assert (stored[0].reviewed_by_id, stored[0].accepted_at) == (None, None)
    assert stored[0].facts == {}


def test_a_submission_sent_twice_is_one_submission(session, people, submitted):
    line = line_of(session, submitted, people.markets)
    again = submit(session, line, people.staff, at=NOW + timedelta(seconds=1))
    assert (again.version, again.submitted_at) == (1, NOW)
    assert events_of(session, submitted) == ["review.submitted"]


def test_what_is_submitted_is_not_submitted_again_with_other_words(session, people, submitted):
    line = line_of(session, submitted, people.markets)
    with pytest.raises(NotReadyError, match="the officer answers next"):
        submit(session, line, people.staff, Submission("Other words."))


def test_what_was_returned_is_submitted_again_and_its_comment_stays(session, people, submitted):
    answer(session, line_of(session, submitted, people.markets), RETURN, people.officer)
    line = line_of(session, submitted, people.markets)
    assert line.is_owed_by_lab
    review = submit(session, line, people.head, Submission("Rosa did."))
    assert (review.state, review.note) == (ReviewState.SUBMITTED, "Rosa did.")
    assert (review.comment, review.reviewed_by_id) == (RETURN.comment, people.officer.id)


def test_who_submitted_first_stays_the_author_and_who_did_again_is_kept_besides(
    session, people, submitted
):
    answer(session, line_of(session, submitted, people.markets), RETURN, people.officer)
    again = submit(session, line_of(session, submitted, people.markets), people.head, at=NOW + DAY)
    assert (again.submitted_by_id, again.submitted_at) == (people.staff.id, NOW)
    assert (again.submitted_again_by_id, again.submitted_again_at) == (people.head.id, NOW + DAY)
    assert (again.handed_in_by_id, again.handed_in_at) == (people.head.id, NOW + DAY)
    same = submit(session, line_of(session, submitted, people.markets), people.head)
    assert same.version == again.version


def test_what_is_accepted_is_submitted_again_only_once_it_has_changed(session, people, submitted):
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    line = line_of(session, submitted, people.markets)
    assert not line.is_owed_by_lab
    with pytest.raises(NotReadyError, match="nothing has changed"):
        submit(session, line, people.staff, Submission("Look again."))
    change(session, submitted, at=NOW + timedelta(minutes=1))
    line = line_of(session, submitted, people.markets)
    assert line.is_owed_by_lab
    review = submit(session, line, people.staff, Submission("Look again."))
    assert (review.state, review.impact) == (ReviewState.SUBMITTED, None)
    assert review.accepted_at == NOW


@pytest.mark.parametrize("event", ["review.drafted", "comment.written", "gate.asked"])
def test_talk_about_it_makes_no_accepted_review_wait_again(session, people, submitted, event):
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    change(session, submitted, at=NOW + timedelta(minutes=1), event=event)
    assert not line_of(session, submitted, people.markets).has_changed_since


def test_a_submission_somebody_made_meanwhile_is_not_overwritten(session, people, experiment):
    seen = line_of(session, experiment, people.markets)
    submit(session, seen, people.staff)
    with pytest.raises(ChangedMeanwhileError):
        submit(session, seen, people.head, Submission("Mine."))
    assert line_of(session, experiment, people.markets).review.note == NOTE.note


# The officer


@pytest.mark.parametrize("said", [ACCEPT, RETURN])
def test_what_the_lab_has_not_submitted_is_not_answered(session, people, experiment, said):
    line = line_of(session, experiment, people.markets)
    with pytest.raises(NotReadyError, match="has not submitted"):
        answer(session, line, said, people.officer)
    submit(session, line, people.staff, step=reviews.draft)
    with pytest.raises(NotReadyError, match="has not submitted"):
        answer(session, line_of(session, experiment, people.markets), said, people.officer)


def test_who_accepts_is_recorded_and_the_author_stays_the_author(session, people, submitted):
    later = NOW + timedelta(days=1)
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer, at=later)
    session.expire_all()
    review = session.scalars(select(ImpactReview)).one()
    assert (review.state, review.impact) == (ReviewState.ACCEPTED, Impact.EMERGING)
    assert (review.reviewed_by_id, review.reviewed_at) == (people.officer.id, later)
    assert (review.submitted_by_id, review.submitted_at) == (people.staff.id, NOW)
    assert review.note == NOTE.note
    entries = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id)).all()
    assert [(entry.event, entry.by_id) for entry in entries] == [
        ("review.submitted", people.staff.id),
        ("review.accepted", people.officer.id),
    ]


def test_one_programmes_answer_leaves_the_others_open(session, people, submitted):
    submit(session, line_of(session, submitted, people.inclusion), people.staff)
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    assert line_of(session, submitted, people.inclusion).state is ReviewState.SUBMITTED


@pytest.mark.parametrize("part", ["staff", "head", "admin", "reader", "other_officer", "stranger"])
def test_nobody_but_an_officer_of_the_programme_answers(session, people, submitted, part):
    line = line_of(session, submitted, people.markets)
    with pytest.raises(NotAllowedError, match="Only an officer of PE-MERCADOS"):
        answer(session, line, ACCEPT, getattr(people, part))


def test_the_operator_answers_for_nobody(session, people, submitted):
    line = line_of(session, submitted, people.markets)
    with pytest.raises(NotAllowedError):
        reviews.answer(session, line, said=ACCEPT, by=OPERATOR, at=NOW, seen_version=1)


def test_an_officer_who_owns_it_does_not_accept_it(session, people):
    own = an_experiment(session, people.peru, people.markets, owner_id=people.officer.id)
    submit(session, line_of(session, own, people.markets), people.staff)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, own, people.markets), ACCEPT, people.officer)


def test_an_officer_who_recorded_a_reading_does_not_accept_it(session, people, submitted):
    metric = a_metric(session, submitted)
    a_measurement(session, metric, recorded_by_id=people.officer.id)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)


def test_an_officer_who_submitted_it_does_not_accept_it(session, people, experiment):
    a_review(session, experiment, people.markets, submitted_by_id=people.officer.id)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, experiment, people.markets), ACCEPT, people.officer)


WRITTEN = (
    *("hypothesis.added", "metric.edited", "experiment.moved", "experiment.edited"),
    *("review.submitted", "review.drafted"),
)


@pytest.mark.parametrize("event", WRITTEN)
def test_an_officer_who_wrote_any_part_does_not_accept_it(session, people, submitted, event):
    subject, officer = f"experiment:{submitted.code}", Actor(people.officer, Door.WEB)
    history.record(session, subject=subject, event=event, by=officer)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)


@pytest.mark.parametrize("event", ["review.accepted", "review.returned", "comment.written"])
def test_an_earlier_answer_or_a_comment_makes_nobody_an_author(session, people, submitted, event):
    subject, officer = f"experiment:{submitted.code}", Actor(people.officer, Door.WEB)
    history.record(session, subject=subject, event=event, by=officer)
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    assert line_of(session, submitted, people.markets).state is ReviewState.ACCEPTED


def test_who_wrote_what_is_asked_in_one_statement(session, people, experiment, statements):
    own = an_experiment(session, people.peru, people.markets, created_by_id=people.officer.id)
    statements.clear()
    assert written_by(session, people.officer.id, [experiment.id, own.id]) == {own.id}
    assert len(statements) == 1


@pytest.mark.parametrize("said", [ACCEPT, RETURN])
def test_an_answer_sent_twice_is_one_answer(session, people, submitted, said):
    first = answer(session, line_of(session, submitted, people.markets), said, people.officer)
    line = line_of(session, submitted, people.markets)
    assert answer(session, line, said, people.officer, at=NOW + timedelta(seconds=1)) is first
    assert (first.version, first.reviewed_at) == (2, NOW)
    assert events_of(session, submitted) == ["review.submitted", f"review.{said.state.value}"]


def test_asking_for_changes_without_words_is_refused_beside_the_comment(session, people, submitted):
    line = line_of(session, submitted, people.markets)
    with pytest.raises(InvalidError) as refused:
        answer(session, line, Answer(ReviewState.RETURNED), people.officer)
    assert [problem.field for problem in refused.value.problems] == ["comment"]


def test_what_is_accepted_is_opened_again_with_a_comment(session, people, submitted):
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    later = NOW + timedelta(days=1)
    line = line_of(session, submitted, people.markets)
    review = answer(session, line, RETURN, people.officer, at=later)
    assert (review.state, review.impact, review.reviewed_at) == (ReviewState.RETURNED, None, later)
    assert review.submitted_by_id == people.staff.id
    assert review.accepted_at == NOW
    assert review.facts


def test_what_is_accepted_is_not_accepted_once_more_by_another(session, people, submitted):
    answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    change(session, submitted, at=NOW + timedelta(minutes=1))
    line = line_of(session, submitted, people.markets)
    assert (line.state, line.has_changed_since) == (ReviewState.ACCEPTED, True)
    other = Answer(ReviewState.ACCEPTED, Impact.CLEAR, "")
    with pytest.raises(NotReadyError, match="accepted already"):
        answer(session, line, other, people.officer)


def test_an_answer_somebody_gave_meanwhile_is_not_overwritten(session, people, submitted):
    seen = line_of(session, submitted, people.markets)
    version = version_of(seen)
    answer(session, seen, RETURN, people.officer)
    by = Actor(people.officer, Door.WEB)
    with pytest.raises(ChangedMeanwhileError):
        reviews.answer(session, seen, said=ACCEPT, by=by, at=NOW, seen_version=version)
    assert line_of(session, submitted, people.markets).review.state is ReviewState.RETURNED


def test_an_answer_without_a_version_is_no_answer_to_what_nobody_saw(session, people, submitted):
    line = line_of(session, submitted, people.markets)
    with pytest.raises(ChangedMeanwhileError):
        reviews.answer(session, line, said=ACCEPT, by=Actor(people.officer, Door.API), at=NOW)


@pytest.mark.parametrize("said", [ACCEPT, RETURN])
def test_the_answer_is_in_the_history_of_the_experiment(session, people, submitted, said):
    answer(session, line_of(session, submitted, people.markets), said, people.officer)
    entry = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == f"review.{said.state.value}")
    ).one()
    assert entry.subject == f"experiment:{submitted.code}"
    assert entry.reason == said.comment
    assert entry.changes["programme"] == [None, "PE-MERCADOS"]
    assert entry.changes["state"] == ["submitted", said.state.value]


# What was accepted


def test_an_acceptance_keeps_the_facts_and_a_return_none(session, people, submitted):
    metric = a_metric(session, submitted)
    a_measurement(session, metric, measured_on=date(2026, 7, 1), successes=58, n=200)
    review = answer(session, line_of(session, submitted, people.markets), ACCEPT, people.officer)
    assert review.facts["stage"] == "test"
    assert review.facts[f"metric:{metric.id}"]["value"] == "0.29"
    other = line_of(session, submitted, people.inclusion)
    submit(session, other, people.staff)
    other = line_of(session, submitted, people.inclusion)
    assert answer(session, other, RETURN, people.other_officer).facts == {}


def test_the_last_acceptance_is_of_this_programme_and_no_later_quarter(session, people, submitted):
    first, third, fourth = Quarter(2026, 1), THIRD, Quarter(2026, 4)
    line = line_of(session, submitted, people.markets)
    assert accepted_last(session, line) is None
    for programme, quarter, days in (
        (people.markets, first, -90),
        (people.markets, fourth, 9),
        (people.inclusion, third, 5),
    ):
        at = NOW + timedelta(days=days)
        a_review(session, submitted, programme, quarter=str(quarter), accepted_at=at)
    assert accepted_last(session, line).quarter == "2026-Q1"
    answer(session, line, ACCEPT, people.officer)
    assert accepted_last(session, line).quarter == "2026-Q3"


def test_every_change_after_an_acceptance_is_told_but_for_talk(session, people, submitted):
    change(session, submitted, at=NOW - timedelta(minutes=1))
    change(session, submitted, at=NOW + timedelta(minutes=1), event="metric.edited")
    change(session, submitted, at=NOW + timedelta(minutes=2), event="comment.written")
    told = changes_after(session, submitted.code, NOW)
    assert [entry.event for entry in told] == ["metric.edited"]


# The queue


def test_the_next_that_waits_is_found_round_the_queue(session, people):
    mine = [an_experiment(session, people.peru, people.markets) for _n in range(4)]
    for one in (mine[0], mine[2], mine[3]):
        submit(session, line_of(session, one, people.markets), people.staff)
    lines = review_queue(session, quarter=THIRD, scope=EVERYTHING)
    by_code = {line.experiment.code: line for line in lines}
    first, idle, second, own = (by_code[one.code] for one in mine)
    assert next_waiting(lines, first, without={own.experiment.id}) is second
    assert next_waiting(lines, second, without={own.experiment.id}) is first
    assert next_waiting(lines, idle, without={own.experiment.id}) is first
    assert next_waiting([idle, first], first, without=()) is None


def test_what_waits_comes_first_then_what_the_lab_owes(session, people):
    mine = [an_experiment(session, people.peru, people.markets) for _n in range(3)]
    for one in mine[1:]:
        submit(session, line_of(session, one, people.markets), people.staff)
    answer(session, line_of(session, mine[1], people.markets), ACCEPT, people.officer)
    lines = review_queue(session, quarter=THIRD, scope=EVERYTHING)
    assert [line.experiment.code for line in lines] == [mine[2].code, mine[0].code, mine[1].code]


def test_the_queue_holds_each_programmes_experiments_and_no_others(session, people, experiment):
    an_experiment(session, people.ecuador, people.galapagos)
    mine = Scope(programme_ids=frozenset({people.markets.id}))
    assert [
        (line.experiment.code, line.programme.code)
        for line in review_queue(session, quarter=THIRD, scope=mine)
    ] == [(experiment.code, "PE-MERCADOS")]


def test_a_line_outside_the_scope_does_not_exist(session, people, experiment):
    with pytest.raises(UnknownError):
        queue_line(
            session,
            experiment_code=experiment.code,
            programme_code=people.markets.code,
            quarter=THIRD,
            scope=Scope(programme_ids=frozenset({people.inclusion.id})),
        )


def test_the_queue_asks_for_what_was_under_way_in_the_quarter(session, people):
    def listed(**given):
        one = an_experiment(session, people.peru, people.markets, **given)
        lines = review_queue(session, quarter=THIRD, scope=EVERYTHING)
        return one.code in {line.experiment.code for line in lines}

    assert listed(starts_on=date(2026, 9, 30))
    assert listed(starts_on=date(2025, 1, 1), ends_on=date(2026, 7, 1))
    assert not listed(starts_on=date(2026, 10, 1))
    assert not listed(starts_on=date(2025, 1, 1), ends_on=date(2026, 6, 30))
    assert not listed(state=ExperimentState.ARCHIVED)


def test_a_reading_in_the_quarter_brings_an_undated_experiment_into_it(session, people):
    late = an_experiment(
        session,
        people.peru,
        people.markets,
        starts_on=None,
        created_at=datetime(2026, 11, 3, tzinfo=UTC),
    )
    assert review_queue(session, quarter=THIRD, scope=EVERYTHING) == []
    a_measurement(session, a_metric(session, late), measured_on=date(2026, 9, 2))
    lines = review_queue(session, quarter=THIRD, scope=EVERYTHING)
    assert [(line.experiment.code, line.readings) for line in lines] == [(late.code, 1)]


def test_the_queue_costs_the_same_number_of_statements_however_long_it_is(
    session, people, statements
):
    def cost():
        session.flush()
        session.expunge_all()
        statements.clear()
        assert review_queue(session, quarter=THIRD, scope=EVERYTHING)
        return len(statements)

    an_experiment(session, people.peru, people.markets)
    one = cost()
    for _n in range(7):
        peru = session.merge(people.peru)
        an_experiment(session, peru, session.merge(people.markets), session.merge(people.inclusion))
    assert cost() == one
