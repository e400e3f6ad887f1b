"""The officer's answer, whichever door it comes through."""

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
from app.domain.reviews import Answer
from app.queries.reviews import queue_line, review_queue, written_by
from app.queries.scope import EVERYTHING, Scope
from app.services import history, reviews
from app.services.actor import OPERATOR, Actor
from models import HistoryEntry
from models.vocabulary import Door, ExperimentState, Impact, ReviewState
from tests.cast import introduce
from tests.factories import a_measurement, a_metric, an_experiment

THIRD = Quarter(2026, 3)
NOW = datetime(2026, 10, 2, 15, tzinfo=UTC)
ACCEPT = Answer(ReviewState.ACCEPTED, Impact.EMERGING, "Sellers of two halls pay by phone now.")
RETURN = Answer(ReviewState.RETURNED, None, "Say who measured it.")


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    return an_experiment(
        session, people.peru, people.markets, people.inclusion, owner_id=people.staff.id
    )


def line_of(session, experiment, programme):
    return queue_line(
        session,
        experiment_code=experiment.code,
        programme_code=programme.code,
        quarter=THIRD,
        scope=EVERYTHING,
    )


def answer(session, line, said, person, *, at=NOW, seen_version=None):
    return reviews.answer(
        session, line, said=said, by=Actor(person, Door.WEB), at=at, seen_version=seen_version
    )


def change(session, experiment, *, at):
    entry = history.record(
        session, subject=f"experiment:{experiment.code}", event="experiment.edited", by=OPERATOR
    )
    entry.at = at
    session.flush()


def test_an_officer_accepts_for_their_programme_and_is_recorded(session, people, experiment):
    review = answer(session, line_of(session, experiment, people.markets), ACCEPT, people.officer)
    assert (review.state, review.impact) == (ReviewState.ACCEPTED, Impact.EMERGING)
    assert (review.reviewed_by_id, review.reviewed_at) == (people.officer.id, NOW)


def test_one_programmes_answer_leaves_the_others_open(session, people, experiment):
    answer(session, line_of(session, experiment, people.markets), ACCEPT, people.officer)
    assert line_of(session, experiment, people.inclusion).state is ReviewState.SUBMITTED


@pytest.mark.parametrize("part", ["staff", "head", "admin", "reader", "other_officer", "stranger"])
def test_nobody_but_an_officer_of_the_programme_answers(session, people, experiment, part):
    line = line_of(session, experiment, people.markets)
    with pytest.raises(NotAllowedError, match="Only an officer of PE-MERCADOS"):
        answer(session, line, ACCEPT, getattr(people, part))


def test_the_operator_answers_for_nobody(session, people, experiment):
    line = line_of(session, experiment, people.markets)
    with pytest.raises(NotAllowedError):
        reviews.answer(session, line, said=ACCEPT, by=OPERATOR, at=NOW)


def test_an_officer_who_owns_it_does_not_accept_it(session, people):
    own = an_experiment(session, people.peru, people.markets, owner_id=people.officer.id)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, own, people.markets), ACCEPT, people.officer)


def test_an_officer_who_recorded_a_reading_does_not_accept_it(session, people, experiment):
    metric = a_metric(session, experiment)
    a_measurement(session, metric, recorded_by_id=people.officer.id)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, experiment, people.markets), ACCEPT, people.officer)


WRITTEN = ("hypothesis.added", "metric.edited", "experiment.moved", "experiment.edited")


@pytest.mark.parametrize("event", WRITTEN)
def test_an_officer_who_wrote_any_part_does_not_accept_it(session, people, experiment, event):
    subject, officer = f"experiment:{experiment.code}", Actor(people.officer, Door.WEB)
    history.record(session, subject=subject, event=event, by=officer)
    with pytest.raises(NotAllowedError, match="another officer"):
        answer(session, line_of(session, experiment, people.markets), ACCEPT, people.officer)


def test_an_earlier_answer_makes_nobody_an_author(session, people, experiment):
    review = answer(session, line_of(session, experiment, people.markets), RETURN, people.officer)
    line = line_of(session, experiment, people.markets)
    answer(session, line, ACCEPT, people.officer, seen_version=review.version)
    assert line_of(session, experiment, people.markets).state is ReviewState.ACCEPTED


def test_who_wrote_what_is_asked_in_one_statement(session, people, experiment, statements):
    own = an_experiment(session, people.peru, people.markets, created_by_id=people.officer.id)
    statements.clear()
    assert written_by(session, people.officer.id, [experiment.id, own.id]) == {own.id}
    assert len(statements) == 1


@pytest.mark.parametrize("said", [ACCEPT, RETURN])
def test_an_answer_sent_twice_is_one_answer(session, people, experiment, said):
    first = answer(session, line_of(session, experiment, people.markets), said, people.officer)
    line = line_of(session, experiment, people.markets)
    assert answer(session, line, said, people.officer, at=NOW + timedelta(seconds=1)) is first
    assert (first.version, first.reviewed_at) == (1, NOW)


def test_asking_for_changes_without_words_is_refused_beside_the_comment(
    session, people, experiment
):
    line = line_of(session, experiment, people.markets)
    with pytest.raises(InvalidError) as refused:
        answer(session, line, Answer(ReviewState.RETURNED), people.officer)
    assert [problem.field for problem in refused.value.problems] == ["comment"]


def test_a_change_after_the_answer_makes_it_wait_again(session, people, experiment):
    answer(session, line_of(session, experiment, people.markets), RETURN, people.officer)
    change(session, experiment, at=NOW - timedelta(minutes=1))
    assert line_of(session, experiment, people.markets).state is ReviewState.RETURNED
    change(session, experiment, at=NOW + timedelta(minutes=1))
    line = line_of(session, experiment, people.markets)
    assert line.state is ReviewState.SUBMITTED
    assert line.has_changed_since


def test_what_is_accepted_and_unchanged_is_not_answered_again(session, people, experiment):
    review = answer(session, line_of(session, experiment, people.markets), ACCEPT, people.officer)
    line = line_of(session, experiment, people.markets)
    with pytest.raises(NotReadyError, match="nothing has changed"):
        answer(session, line, RETURN, people.officer, seen_version=review.version)


def test_an_answer_somebody_gave_meanwhile_is_not_overwritten(session, people, experiment):
    answer(session, line_of(session, experiment, people.markets), RETURN, people.officer)
    line = line_of(session, experiment, people.markets)
    with pytest.raises(ChangedMeanwhileError):
        answer(session, line, ACCEPT, people.officer, seen_version=None)
    assert line.review.state is ReviewState.RETURNED


def test_the_answer_is_in_the_history_of_the_experiment(session, people, experiment):
    answer(session, line_of(session, experiment, people.markets), RETURN, people.officer)
    entries = session.scalars(
        select(HistoryEntry).where(HistoryEntry.event == "review.returned")
    ).all()
    assert entries[0].subject == f"experiment:{experiment.code}"
    assert entries[0].reason == RETURN.comment


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
