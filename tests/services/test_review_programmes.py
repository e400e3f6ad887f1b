"""A programme is not taken off an experiment to escape its review."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from app.domain.experiments import Blocks, Core
from app.domain.quarters import Leave, Quarter
from app.domain.refusals import InvalidError, NotReadyError, UnknownError
from app.domain.reviews import Answer, Submission
from app.queries.comments import people_around
from app.queries.experiments import ExperimentFilters as Filters
from app.queries.experiments import experiment_by_code, list_experiments
from app.queries.gates import facts_of
from app.queries.reviews import queue_line, review_queue
from app.queries.scope import EVERYTHING, Scope
from app.reports.restricting import restricted
from app.reports.snapshot import ProgrammeLine, read_json
from app.services import experiments, quarters, reviews
from app.services.actor import Actor
from models import HistoryEntry
from models.vocabulary import Door, ExperimentState, Impact, ReviewState
from tests.cast import introduce
from tests.factories import a_review, an_experiment, an_office_quarter

THIRD = Quarter(2026, 3)
NOW = datetime(2026, 10, 2, 15, tzinfo=UTC)
LATER = NOW + timedelta(hours=2)
ACCEPT = Answer(ReviewState.ACCEPTED, Impact.EMERGING, "It shows.")
RETURN = Answer(ReviewState.RETURNED, None, "Say who measured it.")
UNSETTLED = (ReviewState.SUBMITTED, ReviewState.RETURNED)


@pytest.fixture
def people(session):
    return introduce(session)


@pytest.fixture
def staff(people):
    return Actor(people.staff, Door.WEB)


@pytest.fixture
def head(people):
    return Actor(people.head, Door.WEB)


@pytest.fixture
def experiment(session, people):
    """Led by markets, inclusion contributes."""
    return an_experiment(
        session, people.peru, people.markets, people.inclusion, owner_id=people.staff.id
    )


def whole(session, experiment):
    session.flush()
    session.expire_all()
    return experiment_by_code(session, experiment.code, scope=EVERYTHING)


def serve(session, experiment, by, lead, *contributing, at=LATER):
    """Save the experiment's form with these programmes."""
    one = whole(session, experiment)
    return experiments.edit(
        session,
        one,
        Core(
            title=one.title,
            learning_intent=one.learning_intent,
            lead_programme_id=lead.id,
            owner_id=one.owner_id,
        ),
        Blocks(
            starts_on=one.starts_on,
            contributing_programme_ids=tuple(each.id for each in contributing),
        ),
        seen_version=one.version,
        by=by,
        at=at,
    )


def refused(session, experiment, by, lead, *contributing, at=LATER):
    with pytest.raises(InvalidError) as refusal:
        serve(session, experiment, by, lead, *contributing, at=at)
    return {problem.field: str(problem.message) for problem in refusal.value.problems}


def line_of(session, experiment, programme, *, scope=EVERYTHING):
    return queue_line(
        session,
        experiment_code=experiment.code,
        programme_code=programme.code,
        quarter=THIRD,
        scope=scope,
    )


def step(session, experiment, people, *answers):
    """Rosa submits to markets, Otto answers."""
    line = line_of(session, experiment, people.markets)
    rosa, otto = Actor(people.staff, Door.WEB), Actor(people.officer, Door.WEB)
    seen = line.review.version if line.review else None
    made = reviews.submit(session, line, Submission("Look."), by=rosa, at=NOW, seen_version=seen)
    for said in answers:
        reviews.answer(session, line, said=said, by=otto, at=NOW, seen_version=made.version)
    return made


def closed(session, people, head, *, at=NOW):
    quarters.start_closing(session, people.peru, THIRD, by=head)
    return quarters.close(session, people.peru, THIRD, by=head, at=at)


def corrected(session, people, head, *, at):
    made = quarters.correct(session, people.peru, THIRD, reason="Wrong.", by=head, at=at)
    return read_json(made.snapshot_json)


# What is submitted or returned holds its programme


def test_a_lead_programme_that_returned_a_review_is_not_taken_off(
    session, people, experiment, staff
):
    step(session, experiment, people, RETURN)
    said = refused(session, experiment, staff, people.inclusion)
    assert said == {
        "lead_programme_id": "PE-MERCADOS stays while its review of 2026-Q3 is returned: submit "
        "it again, and have it accepted first."
    }
    kept = whole(session, experiment).programmes
    assert {row.programme_id for row in kept} == {people.markets.id, people.inclusion.id}


def test_a_programme_that_has_a_review_to_answer_is_not_taken_off(
    session, people, experiment, staff
):
    a_review(session, experiment, people.inclusion)
    said = refused(session, experiment, staff, people.markets)
    assert said == {
        "contributing_programme_ids": "PE-INCLUSION stays while its review of 2026-Q3 is "
        "submitted: its officer answers first."
    }


@pytest.mark.parametrize("state", [ReviewState.DRAFT, ReviewState.ACCEPTED])
def test_a_programme_whose_review_is_accepted_or_not_begun_may_leave(
    session, people, experiment, staff, state
):
    a_review(session, experiment, people.inclusion, state=state)
    serve(session, experiment, staff, people.markets)
    assert len(whole(session, experiment).programmes) == 1


@pytest.mark.parametrize("state", UNSETTLED)
def test_what_a_closed_quarter_left_open_holds_a_programme_only_while_an_exception_runs(
    session, people, experiment, staff, head, state
):
    a_review(session, experiment, people.inclusion, state=state)
    closed(session, people, head)
    leave = Leave(until=NOW + timedelta(hours=1), reason="Late.")
    quarters.give_exception(session, people.peru, THIRD, experiment, leave, by=head, at=NOW)
    during = NOW + timedelta(minutes=5)
    assert refused(session, experiment, staff, people.markets, at=during)
    serve(session, experiment, staff, people.markets, at=LATER)
    assert len(whole(session, experiment).programmes) == 1


def test_a_review_of_a_quarter_being_closed_still_holds_its_programme(
    session, people, experiment, staff
):
    a_review(session, experiment, people.inclusion)
    an_office_quarter(session, people.peru, THIRD)
    assert refused(session, experiment, staff, people.markets)


def test_a_programme_may_go_once_its_return_was_answered_and_accepted(
    session, people, experiment, staff
):
    step(session, experiment, people, RETURN)
    step(session, experiment, people, ACCEPT)
    serve(session, experiment, staff, people.inclusion)
    assert len(whole(session, experiment).programmes) == 1


# What was handed in stays with its officer, whatever becomes of the experiment


@pytest.fixture
def left(session, people, experiment, staff):
    """Markets accepted the review, and was taken off after that."""
    step(session, experiment, people, ACCEPT)
    serve(session, experiment, staff, people.inclusion)
    return whole(session, experiment)


def test_an_officer_keeps_what_their_programme_reviewed(session, people, left):
    markets = Scope(programme_ids=frozenset({people.markets.id}))
    line = line_of(session, left, people.markets, scope=markets)
    assert (line.state, line.is_owed_by_lab) == (ReviewState.ACCEPTED, False)
    assert experiment_by_code(session, left.code, scope=markets) is left
    (listed,) = list_experiments(session, scope=markets, filters=Filters()).lines
    assert listed.experiment is left
    assert people.officer in people_around(session, left)


def test_what_changes_after_a_programme_left_owes_it_no_new_review(session, people, left, staff):
    (line,) = [
        one
        for one in review_queue(session, quarter=THIRD, scope=EVERYTHING)
        if one.programme is people.markets
    ]
    assert not line.has_changed_since
    rosa = staff
    with pytest.raises(NotReadyError, match="nothing has changed since"):
        reviews.submit(
            session, line, Submission(), by=rosa, at=LATER, seen_version=line.review.version
        )


def test_a_draft_of_the_lab_opens_nothing_to_a_programme_that_left(
    session, people, experiment, staff
):
    a_review(session, experiment, people.inclusion, state=ReviewState.DRAFT)
    serve(session, experiment, staff, people.markets)
    inclusion = Scope(programme_ids=frozenset({people.inclusion.id}))
    assert review_queue(session, quarter=THIRD, scope=inclusion) == []
    with pytest.raises(UnknownError):
        experiment_by_code(session, experiment.code, scope=inclusion)


@pytest.mark.parametrize("change", [{"state": ExperimentState.ARCHIVED}, {"ends_on": "before"}])
@pytest.mark.parametrize("state", [*UNSETTLED, ReviewState.ACCEPTED])
def test_a_review_does_not_vanish_with_what_the_quarter_asks_for(
    session, people, experiment, change, state
):
    a_review(session, experiment, people.markets, state=state)
    for name, value in change.items():
        day = experiment.starts_on
        setattr(experiment, name, day if value == "before" else value)
    session.flush()
    lines = review_queue(session, quarter=THIRD, scope=EVERYTHING)
    assert [(line.programme, line.state) for line in lines] == [(people.markets, state)]


# A gate is not passed by another lead


def test_another_lead_does_not_satisfy_a_gate_while_the_one_before_has_returned_the_review(
    session, people, experiment, staff
):
    step(session, experiment, people, RETURN)
    a_review(session, experiment, people.inclusion, state=ReviewState.ACCEPTED)
    serve(session, experiment, staff, people.inclusion, people.markets)
    facts = facts_of(session, experiment, today=NOW.date())
    assert facts.has_accepted_review
    assert facts.left_returned == (("PE-MERCADOS", "2026-Q3"),)
    step(session, experiment, people)
    assert facts_of(session, experiment, today=NOW.date()).left_returned
    line = line_of(session, experiment, people.markets)
    otto, seen = Actor(people.officer, Door.WEB), line.review.version
    reviews.answer(session, line, said=ACCEPT, by=otto, at=LATER, seen_version=seen)
    assert facts_of(session, experiment, today=NOW.date()).left_returned == ()


def test_what_a_programme_returned_that_only_contributes_is_no_matter_of_the_gate(
    session, people, experiment
):
    a_review(session, experiment, people.inclusion, state=ReviewState.RETURNED, reviewed_at=NOW)
    assert facts_of(session, experiment, today=NOW.date()).left_returned == ()


# A closed quarter stays reported under its programmes


def served_at(session, experiment, by, lead, *contributing, at):
    """Save the programmes, and let the history say that it was then."""
    serve(session, experiment, by, lead, *contributing, at=at)
    newest = session.scalars(select(HistoryEntry).order_by(HistoryEntry.id.desc())).first()
    newest.at = at
    session.flush()


def programmes_in(snapshot):
    (section,) = snapshot.experiments
    return [share.code for share in section.programmes]


def test_a_correction_takes_the_programmes_from_the_edition_that_stands(
    session, people, experiment, staff, head
):
    serve(session, experiment, staff, people.markets, people.inclusion, at=NOW)
    closed(session, people, head)
    served_at(session, experiment, staff, people.inclusion, at=LATER)
    with pytest.raises(NotReadyError, match="nothing to correct"):
        corrected(session, people, head, at=LATER)
    whole(session, experiment).what_happened = "Sellers of two halls answered."
    told = corrected(session, people, head, at=LATER)
    assert programmes_in(told) == ["PE-MERCADOS", "PE-INCLUSION"]
    markets = ProgrammeLine(code="PE-MERCADOS", name_en="Markets", name_es="Mercados")
    assert [one.code for one in restricted(told, markets).experiments] == [experiment.code]
    assert {gap.programme for gap in told.gaps if gap.programme} == {"PE-MERCADOS", "PE-INCLUSION"}


def test_a_correction_tells_programmes_that_changed_while_an_exception_ran(
    session, people, experiment, staff, head
):
    closed(session, people, head)
    leave = Leave(until=LATER + timedelta(hours=1), reason="It serves another.")
    quarters.give_exception(session, people.peru, THIRD, experiment, leave, by=head, at=NOW)
    served_at(session, experiment, staff, people.inclusion, at=LATER)
    assert programmes_in(corrected(session, people, head, at=LATER)) == ["PE-INCLUSION"]
    afterwards = leave.until + timedelta(hours=1)
    served_at(session, experiment, staff, people.markets, at=afterwards)
    whole(session, experiment).what_happened = "Sellers of two halls answered."
    assert programmes_in(corrected(session, people, head, at=afterwards)) == ["PE-INCLUSION"]
