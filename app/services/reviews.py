"""The impact review, step by step: the lab drafts and submits, the officer accepts or returns.

Each step holds the experiment, looks at the review as it is stored at that moment, and asks the
one table of app/domain/reviews.py. Who submits first stays the author, whoever submits again.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.refusals import (
    ChangedMeanwhileError,
    InvalidError,
    NotAllowedError,
    Problem,
)
from app.domain.review_facts import Facts
from app.domain.reviews import (
    ANSWERS,
    OWN_ENTRY,
    REVIEWERS,
    SUBMITTERS,
    Answer,
    Move,
    Submission,
    has_changed_since,
    only_officers_of,
    problems_of,
    state_after,
)
from app.domain.roles import is_held_at
from app.domain.texts import text_problems
from app.language.sentences import sentence
from app.queries.experiments import experiment_by_code
from app.queries.review_facts import facts_now
from app.queries.reviews import QueueLine, standing_review, written_by
from app.queries.scope import EVERYTHING
from app.services import history
from app.services.actor import Actor
from app.services.locks import refuse_closed
from app.services.versions import hold
from models import ImpactReview, Person
from models.vocabulary import ReviewState, Role

EVENTS = {Move.DRAFT: "drafted", Move.SUBMIT: "submitted"}


def draft(
    session: Session,
    line: QueueLine,
    submission: Submission,
    *,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> ImpactReview:
    """Keep the lab's note without handing it in."""
    return _by_lab(session, line, Move.DRAFT, submission, by=by, at=at, seen_version=seen_version)


def submit(
    session: Session,
    line: QueueLine,
    submission: Submission,
    *,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> ImpactReview:
    """Hand the review to the officer; whatever it was, it is stored as submitted.

    Only staff or the head of the office. The same submission again is the one that stands.
    """
    return _by_lab(session, line, Move.SUBMIT, submission, by=by, at=at, seen_version=seen_version)


def answer(
    session: Session,
    line: QueueLine,
    *,
    said: Answer,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> ImpactReview:
    """Accept what is submitted, or return it; return what was accepted. Comments go with it.

    Only an officer of the programme, never an author of the experiment. ``seen_version`` is the
    review's version the officer saw; an answer somebody else gave meanwhile is not overwritten.
    The same answer of the same officer again is the one that stands. Accepting keeps the facts.
    """
    reviewer = _one_of(by, REVIEWERS, line)
    review = _held(session, line)
    if written_by(session, reviewer.id, [line.experiment.id]):
        raise NotAllowedError(OWN_ENTRY)
    _refuse(problems_of(said))
    kept = (said.state, said.impact, said.comment.strip(), reviewer.id)
    if (review.state, review.impact, review.comment, review.reviewed_by_id) == kept:
        return review
    _refuse_stale(review, seen_version)
    refuse_closed(session, line.experiment.office_id, line.quarter, line.experiment, at=at)
    state = _state_after(ANSWERS[said.state], review, line)
    review.state, review.impact, review.comment = state, said.impact, said.comment.strip()
    review.reviewed_by, review.reviewed_at = reviewer, at
    if state is ReviewState.ACCEPTED:
        review.facts, review.accepted_at = _facts(session, line), at
    return _kept(session, line, review, event=state.value, reason=review.comment, by=by)


def _by_lab(
    session: Session,
    line: QueueLine,
    move: Move,
    submission: Submission,
    *,
    by: Actor,
    at: datetime,
    seen_version: int | None,
) -> ImpactReview:
    person = _one_of(by, SUBMITTERS, line)
    review = _held(session, line)
    _refuse(list(text_problems(submission)))
    note = submission.note.strip()
    if review.version and _stands(review, move, note, person):
        return review
    _refuse_stale(review, seen_version)
    refuse_closed(session, line.experiment.office_id, line.quarter, line.experiment, at=at)
    review.state, review.note = _state_after(move, review, line), note
    if move is Move.SUBMIT:
        _sign(review, person, at=at)
    return _kept(session, line, review, event=EVENTS[move], reason=note, by=by)


def _sign(review: ImpactReview, person: Person, *, at: datetime) -> None:
    """Put the author's name to it; to one that has an author, who submits it again."""
    if review.submitted_by_id is None:
        review.submitted_by, review.submitted_at = person, at
    else:
        review.submitted_again_by, review.submitted_again_at = person, at
    review.impact = None


def _one_of(by: Actor, roles: Collection[Role], line: QueueLine) -> Person:
    """The person, if they hold one of the roles where the line lies.

    The lab's roles reach an experiment through any of its programmes, an officer's only the
    programme that is reviewed.
    """
    if roles is SUBMITTERS:
        office_id = line.experiment.office_id
        programme_ids = [each.programme_id for each in line.experiment.programmes]
        refusal = sentence("Only the staff or the head of the office submits a review.")
    else:
        office_id, programme_ids = line.programme.office_id, [line.programme.id]
        refusal = only_officers_of(line.programme.code)
    if by.person is not None and any(
        held.role in roles and is_held_at(held, office_id=office_id, programme_ids=programme_ids)
        for held in by.person.memberships
    ):
        return by.person
    raise NotAllowedError(refusal)


def _held(session: Session, line: QueueLine) -> ImpactReview:
    """One writer of the experiment's reviews at a time, and the review as it is stored now.

    What nobody has begun is a draft that is not stored yet.
    """
    hold(session, line.experiment)
    return standing_review(session, line) or ImpactReview(
        experiment_id=line.experiment.id,
        programme=line.programme,
        quarter=str(line.quarter),
        state=ReviewState.DRAFT,
        comment="",
    )


def _stands(review: ImpactReview, move: Move, note: str, person: Person) -> bool:
    if move is Move.DRAFT:
        return (review.state, review.note) == (ReviewState.DRAFT, note)
    submitted = (ReviewState.SUBMITTED, note, person.id)
    return (review.state, review.note, review.handed_in_by_id) == submitted


def _state_after(move: Move, review: ImpactReview, line: QueueLine) -> ReviewState:
    changed = has_changed_since(review.accepted_at, line.changed_at)
    return state_after(move, review.state, has_changed=changed)


def _facts(session: Session, line: QueueLine) -> Facts:
    # What is assigned to the review is told in its history before it is written.
    with session.no_autoflush:
        return facts_now(experiment_by_code(session, line.experiment.code, scope=EVERYTHING))


def _kept(
    session: Session, line: QueueLine, review: ImpactReview, *, event: str, reason: str, by: Actor
) -> ImpactReview:
    session.add(review)
    where = {"programme": [None, line.programme.code], "quarter": [None, str(line.quarter)]}
    # A note that is not handed in is the lab's own; everybody reads the history.
    is_draft = review.state is ReviewState.DRAFT
    history.record(
        session,
        subject=f"experiment:{line.experiment.code}",
        event=f"review.{event}",
        by=by,
        changes=where if is_draft else where | history.changes_of(review),
        reason="" if is_draft else reason,
    )
    session.flush()
    return review


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise InvalidError(problems)


def _refuse_stale(review: ImpactReview, seen_version: int | None) -> None:
    """Refuse when somebody took a step meanwhile that this person has not seen."""
    if review.version != seen_version:
        raise ChangedMeanwhileError(
            sentence("This was answered or submitted meanwhile: look at that, then at yours again.")
        )
