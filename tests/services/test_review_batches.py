"""Many reviews in one go have the effects and refusals of each by itself."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from app.domain.quarters import Quarter
from app.domain.refusals import RefusalError
from app.domain.reviews import Answer, Submission
from app.queries.reviews import queue_line, review_queue
from app.queries.scope import EVERYTHING, Scope
from app.services import history, reviews
from app.services.actor import Actor
from app.services.review_batches import Chosen, answer_all, draft_all, submit_all
from models import HistoryEntry, ImpactReview
from models.vocabulary import Door, Impact, ReviewState
from tests.cast import introduce
from tests.factories import a_measurement, a_metric, an_experiment

THIRD = Quarter(2026, 3)
NOW = datetime(2026, 10, 2, 15, tzinfo=UTC)
ACCEPT = Answer(ReviewState.ACCEPTED, Impact.EMERGING, "Sellers of two halls pay by phone now.")
NOTE = Submission("Look at the second hall.")


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def officer(people):
    return Actor(people.officer, Door.WEB)


@pytest.fixture
def lab(people):
    return Actor(people.staff, Door.WEB)


def of_markets(session, people):
    scope = Scope(programme_ids=frozenset({people.markets.id}))
    return review_queue(session, quarter=THIRD, scope=scope)


def ticked(lines):
    return [Chosen(line, line.review.version if line.review else None) for line in lines]


def fresh(session, line):
    return queue_line(
        session,
        experiment_code=line.experiment.code,
        programme_code=line.programme.code,
        quarter=THIRD,
        scope=EVERYTHING,
    )


def measured(session, people):
    """An experiment of the markets programme with one reading."""
    one = an_experiment(session, people.peru, people.markets, owner_id=people.staff.id)
    a_measurement(session, a_metric(session, one))
    return one


def effects_on(session, experiment):
    """All that is stored of its review and told in its history, but for its own keys."""
    session.expire_all()
    review = session.scalars(
        select(ImpactReview).where(ImpactReview.experiment_id == experiment.id)
    ).one()
    told = session.scalars(
        select(HistoryEntry)
        .where(HistoryEntry.subject == f"experiment:{experiment.code}")
        .order_by(HistoryEntry.id)
    ).all()
    kept = {
        column.key: getattr(review, column.key)
        for column in ImpactReview.__table__.columns
        if column.key not in ("id", "experiment_id", "created_at", "changed_at")
    }
    kept["facts"] = _without_keys(kept["facts"])
    entries = [
        (entry.event, entry.by_id, entry.door, entry.reason, _changes(entry)) for entry in told
    ]
    return kept, entries


def _changes(entry):
    changes = dict(entry.changes)
    changes.pop("experiment_id", None)
    if "facts" in changes:
        changes["facts"] = [_without_keys(side or {}) for side in changes["facts"]]
    return changes


def _without_keys(facts):
    return {key.partition(":")[0]: value for key, value in facts.items()}


def test_accepting_many_has_every_effect_of_accepting_one(session, people, officer, lab):
    alone, many = measured(session, people), measured(session, people)
    submit_all(session, ticked(of_markets(session, people)), NOTE, by=lab, at=NOW)
    lines = {line.experiment.code: line for line in of_markets(session, people)}
    one = lines[alone.code]
    reviews.answer(session, one, said=ACCEPT, by=officer, at=NOW, seen_version=one.review.version)
    outcomes = answer_all(session, ticked([lines[many.code]]), said=ACCEPT, by=officer, at=NOW)
    assert [outcome.refusal for outcome in outcomes] == [None]
    by_itself, together = effects_on(session, alone), effects_on(session, many)
    assert by_itself == together
    assert together[0]["state"] is ReviewState.ACCEPTED
    assert together[0]["reviewed_by_id"] == people.officer.id
    assert together[0]["submitted_by_id"] == people.staff.id
    assert [event for event, *_rest in together[1]] == ["review.submitted", "review.accepted"]


def test_submitting_many_has_every_effect_of_submitting_one(session, people, lab):
    alone, many = measured(session, people), measured(session, people)
    lines = {line.experiment.code: line for line in of_markets(session, people)}
    reviews.submit(session, lines[alone.code], NOTE, by=lab, at=NOW)
    submit_all(session, ticked([lines[many.code]]), NOTE, by=lab, at=NOW)
    assert effects_on(session, alone) == effects_on(session, many)


def _nobody_submitted(session, line, people):
    """Nothing happened yet."""


def _written_by_the_officer(session, line, people):
    by = Actor(people.officer, Door.WEB)
    subject = f"experiment:{line.experiment.code}"
    history.record(session, subject=subject, event="metric.edited", by=by)


def _accepted_before(session, line, people):
    other = Answer(ReviewState.ACCEPTED, Impact.CLEAR, "Before.")
    by = Actor(people.officer, Door.WEB)
    reviews.answer(session, line, said=other, by=by, at=NOW, seen_version=line.review.version)


def _returned_before(session, line, people):
    other = Answer(ReviewState.RETURNED, None, "Who measured it?")
    by = Actor(people.officer, Door.WEB)
    reviews.answer(session, line, said=other, by=by, at=NOW, seen_version=line.review.version)


@pytest.mark.parametrize(
    "before", [_nobody_submitted, _written_by_the_officer, _accepted_before, _returned_before]
)
def test_a_line_is_refused_as_by_itself_and_the_others_are_accepted(
    session, people, officer, lab, before
):
    refused, fine = measured(session, people), measured(session, people)
    lines = {line.experiment.code: line for line in of_markets(session, people)}
    if before is _nobody_submitted:
        del lines[refused.code]
    submit_all(session, ticked(lines.values()), NOTE, by=lab, at=NOW)
    lines = {line.experiment.code: line for line in of_markets(session, people)}
    before(session, lines[refused.code], people)
    lines = {line.experiment.code: line for line in of_markets(session, people)}
    line = lines[refused.code]
    seen = ticked([line])[0].seen_version
    with pytest.raises(RefusalError) as by_itself:
        reviews.answer(session, line, said=ACCEPT, by=officer, at=NOW, seen_version=seen)
    stood = effects_on(session, refused) if line.review else None
    lines = of_markets(session, people)
    outcomes = answer_all(session, ticked(lines), said=ACCEPT, by=officer, at=NOW)
    said = {outcome.line.experiment.code: outcome.refusal for outcome in outcomes}
    assert said == {refused.code: by_itself.value.message, fine.code: None}
    assert fresh(session, line).state is not ReviewState.SUBMITTED or before is (
        _written_by_the_officer
    )
    assert (effects_on(session, refused) if line.review else None) == stood
    fine_now = next(one for one in of_markets(session, people) if one.experiment.id == fine.id)
    assert fine_now.state is ReviewState.ACCEPTED


def test_a_line_that_somebody_answered_meanwhile_is_refused(session, people, officer, lab):
    measured(session, people)
    submit_all(session, ticked(of_markets(session, people)), NOTE, by=lab, at=NOW)
    seen = ticked(of_markets(session, people))
    _returned_before(session, seen[0].line, people)
    (outcome,) = answer_all(session, seen, said=ACCEPT, by=officer, at=NOW)
    assert "meanwhile" in str(outcome.refusal)


def test_a_note_is_kept_with_many_and_submitted_with_none(session, people, lab):
    for _n in range(2):
        measured(session, people)
    draft_all(session, ticked(of_markets(session, people)), NOTE, by=lab, at=NOW)
    kept = of_markets(session, people)
    assert {(line.state, line.review.note) for line in kept} == {(ReviewState.DRAFT, NOTE.note)}


def test_somebody_elses_role_submits_none(session, people, officer):
    measured(session, people)
    (outcome,) = submit_all(session, ticked(of_markets(session, people)), NOTE, by=officer, at=NOW)
    assert "staff or the head" in str(outcome.refusal)
    assert session.scalars(select(ImpactReview)).all() == []
