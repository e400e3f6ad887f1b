"""Comments: written once, answered, resolved, taken back; who is named finds it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.comments import Remark
from app.domain.refusals import InvalidError, NotAllowedError, UnknownError
from app.queries.comments import open_threads, people_around, threads_on, unseen_mentions
from app.queries.experiments import experiment_by_code
from app.queries.reviews import last_changes, written_by
from app.queries.scope import EVERYTHING
from app.services import comments
from app.services.actor import Actor
from models import HistoryEntry
from models.vocabulary import Door
from tests.cast import introduce
from tests.factories import a_hypothesis, an_experiment

NOW = datetime(2026, 10, 2, 15, tzinfo=UTC)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def experiment(session, people):
    made = an_experiment(session, people.peru, people.markets)
    a_hypothesis(session, made)
    return whole(session, made.code)


def whole(session, code):
    session.expire_all()
    return experiment_by_code(session, code, scope=EVERYTHING)


def by(person):
    return Actor(person, Door.WEB)


def say(session, experiment, person, text="Who asked?", key=None, **about):
    return comments.add(session, experiment, Remark(text, **about), by=by(person), key=key)


def test_a_comment_stands_with_its_author_and_its_history(session, people, experiment):
    comment = say(session, experiment, people.officer, "  Who asked the sellers? ")
    assert (comment.text, comment.by_id) == ("Who asked the sellers?", people.officer.id)
    entry = session.scalars(
        select(HistoryEntry).where(HistoryEntry.subject == f"comments:{experiment.code}")
    ).one()
    assert (entry.event, entry.by_id) == ("comment.added", people.officer.id)


def test_talking_about_an_experiment_changes_nothing_of_it(session, people, experiment):
    """Neither is who comments an author, nor is a review outdated by it."""
    before = last_changes(session, [experiment.code])
    say(session, experiment, people.officer)
    assert written_by(session, people.officer.id, [experiment.id]) == set()
    assert last_changes(session, [experiment.code]) == before


def test_who_is_named_or_ticked_finds_it_once_until_it_is_seen(session, people, experiment):
    said = "@Rosa Quispe, please look"
    comment = say(session, experiment, people.officer, said, told=(people.staff.id,))
    (found,) = unseen_mentions(session, people.staff.id, scope=EVERYTHING)
    assert found is comment
    assert found.experiment.code == experiment.code
    comments.mark_seen(session, people.staff.id, at=NOW)
    assert unseen_mentions(session, people.staff.id, scope=EVERYTHING) == []


def test_nobody_is_told_of_their_own_comment_nor_who_cannot_read_it(session, people, experiment):
    outside = (people.stranger.id, people.reader.id, people.other_officer.id, people.officer.id)
    say(session, experiment, people.officer, "@Otto @Stella @Rita @Olga", told=outside)
    for person in (people.officer, people.stranger, people.reader, people.other_officer):
        assert unseen_mentions(session, person.id, scope=EVERYTHING) == []


def test_who_can_read_it_are_the_office_the_programme_and_who_runs_the_installation(
    session, people, experiment
):
    around = people_around(session, experiment)
    assert around == [people.admin, people.head, people.officer, people.staff]


def test_answers_stand_below_what_they_answer(session, people, experiment):
    first = say(session, experiment, people.officer)
    answer = say(session, experiment, people.staff, "I did.", answers_id=first.id)
    (thread,) = threads_on(session, experiment)
    assert (thread.first, list(thread.answers)) == (first, [answer])


def test_an_answer_is_not_answered_itself(session, people, experiment):
    first = say(session, experiment, people.officer)
    answer = say(session, experiment, people.staff, "I did.", answers_id=first.id)
    with pytest.raises(InvalidError):
        say(session, experiment, people.officer, "When?", answers_id=answer.id)


def test_it_may_be_about_a_hypothesis_of_the_experiment_and_of_no_other(
    session, people, experiment
):
    own = experiment.hypotheses[0].id
    assert say(session, experiment, people.officer, hypothesis_id=own).hypothesis_id == own
    other = an_experiment(session, people.peru, people.markets)
    foreign = a_hypothesis(session, other).id
    with pytest.raises(InvalidError):
        say(session, experiment, people.officer, hypothesis_id=foreign)
    with pytest.raises(InvalidError):
        say(session, experiment, people.officer, review_id=999)
    with pytest.raises(UnknownError):
        say(session, experiment, people.officer, answers_id=999)


def test_the_same_form_sent_twice_is_one_comment(session, people, experiment):
    key = "0b9cc9d2-6d39-4a52-8d0e-0f8c8d1e2a3b"
    first = say(session, experiment, people.officer, key=key)
    assert say(session, experiment, people.officer, key=key) is first
    assert len(threads_on(session, experiment)) == 1


def test_the_same_form_with_another_content_is_no_repetition(session, people, experiment):
    key = "0b9cc9d2-6d39-4a52-8d0e-0f8c8d1e2a3b"
    first = say(session, experiment, people.officer, key=key)
    other = whole(session, an_experiment(session, people.peru, people.markets).code)
    experiment = whole(session, experiment.code)
    for where, person, text, about in (
        (experiment, people.officer, "Who counted?", {}),
        (experiment, people.officer, first.text, {"answers_id": first.id}),
        (experiment, people.staff, first.text, {}),
        (other, people.officer, first.text, {}),
    ):
        with pytest.raises(InvalidError, match="has written another comment already"):
            say(session, where, person, text, key=key, **about)
    assert len(threads_on(session, experiment)) == 1
    assert threads_on(session, other) == []


def test_resolved_threads_come_last_and_can_be_opened_again(session, people, experiment):
    old = say(session, experiment, people.officer, "old")
    new = say(session, experiment, people.officer, "new")
    comments.resolve(session, experiment, new, by=by(people.staff), at=NOW)
    assert [thread.first for thread in threads_on(session, experiment)] == [old, new]
    assert open_threads(session, experiment.id) == 1
    assert (new.resolved_at, new.resolved_by_id) == (NOW, people.staff.id)
    comments.reopen(session, experiment, new, by=by(people.officer))
    assert open_threads(session, experiment.id) == 2
    assert new.resolved_by_id is None


def test_only_its_author_takes_a_comment_back_and_puts_it_back(session, people, experiment):
    comment = say(session, experiment, people.officer)
    with pytest.raises(NotAllowedError):
        comments.take_back(session, experiment, comment, by=by(people.head), at=NOW)
    comments.take_back(session, experiment, comment, by=by(people.officer), at=NOW)
    assert open_threads(session, experiment.id) == 0
    comments.put_back(session, experiment, comment, by=by(people.officer))
    assert comment.removed_at is None
    assert comment.text == "Who asked?"


def test_as_many_statements_for_many_threads_as_for_one(session, people, experiment, statements):
    def count():
        session.expire_all()
        fresh = whole(session, experiment.code)
        statements.clear()
        threads_on(session, fresh)
        return len(statements)

    first = say(session, experiment, people.officer, "@Rosa")
    one = count()
    for n in range(10):
        say(session, experiment, people.staff, f"{n} @Otto", answers_id=first.id)
        say(session, experiment, people.officer, f"{n} @Rosa")
    assert count() == one
