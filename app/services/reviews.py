"""The officer's answer on one experiment, for one programme, in one quarter."""

from datetime import datetime

from sqlalchemy.orm import Session

from app.domain.refusals import ChangedMeanwhileError, InvalidError, NotAllowedError, NotReadyError
from app.domain.reviews import OWN_ENTRY, Answer, problems_of
from app.language.sentences import sentence
from app.queries.reviews import QueueLine, written_by
from app.services import history
from app.services.actor import Actor
from models import ImpactReview, Person, Programme
from models.vocabulary import ReviewState, Role


def answer(
    session: Session,
    line: QueueLine,
    *,
    said: Answer,
    by: Actor,
    at: datetime,
    seen_version: int | None = None,
) -> ImpactReview:
    """Accept, or ask for changes with a comment.

    Only an officer of the programme, never an author of the experiment. ``seen_version`` is the
    review's version the officer saw (None: none yet); an answer somebody else gave meanwhile is
    not overwritten. The same answer of the same officer again is the one that stands.
    """
    reviewer = _reviewer(by, line.programme)
    if written_by(session, reviewer.id, [line.experiment.id]):
        raise NotAllowedError(OWN_ENTRY)
    if problems := problems_of(said):
        raise InvalidError(problems)
    if line.review and _stands(line, line.review, said, reviewer):
        return line.review
    _refuse_stale(line, seen_version)
    review = line.review or ImpactReview(
        experiment_id=line.experiment.id, programme_id=line.programme.id, quarter=str(line.quarter)
    )
    review.state, review.impact, review.comment = said.state, said.impact, said.comment.strip()
    review.reviewed_by_id, review.reviewed_at = reviewer.id, at
    session.add(review)
    history.record(
        session,
        subject=f"experiment:{line.experiment.code}",
        event=f"review.{said.state.value}",
        by=by,
        changes=history.changes_of(review) if line.review else history.values_of(review),
        reason=review.comment,
    )
    session.flush()
    return review


def _reviewer(by: Actor, programme: Programme) -> Person:
    """The person, if an officer of the programme or of its whole office."""
    if by.person is not None and any(
        held.role is Role.OFFICER
        and (programme.id == held.programme_id or programme.office_id == held.office_id)
        for held in by.person.memberships
    ):
        return by.person
    raise NotAllowedError(
        sentence("Only an officer of %(programme)s reviews this.", programme=programme.code)
    )


def _stands(line: QueueLine, review: ImpactReview, said: Answer, reviewer: Person) -> bool:
    kept = (line.state, review.impact, review.comment, review.reviewed_by_id)
    return kept == (said.state, said.impact, said.comment.strip(), reviewer.id)


def _refuse_stale(line: QueueLine, seen_version: int | None) -> None:
    if line.review is None:
        return
    if line.review.version != seen_version:
        raise ChangedMeanwhileError(
            sentence("This was answered meanwhile: read that answer, then yours again.")
        )
    if line.state is ReviewState.ACCEPTED:
        raise NotReadyError(sentence("This review is accepted and nothing has changed since."))
