"""What waits for somebody: reviews to answer, answers to act on, gaps to fill, plans to submit."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from app.domain.quarters import Quarter
from app.queries.experiments import ExperimentFilters, ExperimentLine, list_experiments
from app.queries.reviews import QueueLine, review_queue, written_by
from app.queries.scope import Scope
from models import Plan
from models.vocabulary import ReviewState

MOST_LINES = 8


@dataclass(frozen=True)
class ReviewProgress:
    """How far the quarter's reviews of one programme have come."""

    name_en: str
    name_es: str
    accepted: int
    submitted: int
    asked: int


def reviews_waiting(
    session: Session, officer_id: int, *, quarter: Quarter, scope: Scope
) -> list[QueueLine]:
    """What an officer has not answered yet, but for what they wrote: others answer that."""
    lines = review_queue(session, quarter=quarter, scope=scope)
    waiting = [line for line in lines if line.is_waiting]
    own = written_by(session, officer_id, [line.experiment.id for line in waiting])
    return [line for line in waiting if line.experiment.id not in own]


def returned(lines: Sequence[QueueLine]) -> list[QueueLine]:
    """What officers sent back and nobody has touched since."""
    return [line for line in lines if line.state is ReviewState.RETURNED]


def to_submit(lines: Sequence[QueueLine], person_id: int) -> list[QueueLine]:
    """What the person owns and has still to hand in, but for what was sent back."""
    return [
        line
        for line in lines
        if line.experiment.owner_id == person_id
        and line.is_owed_by_lab
        and line.state is not ReviewState.RETURNED
    ]


def progress_by_programme(lines: Sequence[QueueLine]) -> list[ReviewProgress]:
    """The quarter's reviews by programme, by its code."""
    programmes = {line.programme.code: line.programme for line in lines}
    return [
        ReviewProgress(
            name_en=programme.name_en,
            name_es=programme.name_es,
            accepted=sum(line.state is ReviewState.ACCEPTED for line in of_it),
            submitted=sum(line.is_waiting for line in of_it),
            asked=len(of_it),
        )
        for code, programme in sorted(programmes.items())
        if (of_it := [line for line in lines if line.programme.code == code])
    ]


def incomplete_of(session: Session, person_id: int, *, scope: Scope) -> list[ExperimentLine]:
    """The person's newest experiments that lack something, the emptiest first."""
    filters = ExperimentFilters(owner_id=person_id)
    lines = list_experiments(session, scope=scope, filters=filters).lines
    return sorted((line for line in lines if line.missing), key=lambda line: -line.missing)[
        :MOST_LINES
    ]


def drafts_in(session: Session, *, scope: Scope) -> Sequence[Plan]:
    """Plans of the scope's offices that are not submitted yet, the newest first."""
    drafts = select(Plan).options(joinedload(Plan.office)).where(Plan.submitted_at.is_(None))
    if not scope.everything:
        drafts = drafts.where(Plan.office_id.in_(scope.office_ids))
    return session.scalars(drafts.order_by(Plan.id.desc()).limit(MOST_LINES)).all()
