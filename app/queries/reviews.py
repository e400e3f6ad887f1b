"""The officer's queue, and what a review of one experiment must be judged by."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, false, func, literal, or_, select
from sqlalchemy.orm import Session, joinedload

from app.domain.quarters import Quarter
from app.domain.refusals import UnknownError
from app.domain.reviews import state_now
from app.language.sentences import sentence
from app.queries.experiments import began_on
from app.queries.scope import Scope
from models import (
    Decision,
    Experiment,
    ExperimentProgramme,
    HistoryEntry,
    ImpactReview,
    Measurement,
    Metric,
    Programme,
)
from models.vocabulary import ExperimentState, ReviewState


@dataclass(frozen=True)
class QueueLine:
    """One experiment of one programme in the quarter's queue."""

    experiment: Experiment
    programme: Programme
    quarter: Quarter
    review: ImpactReview | None
    readings: int
    changed_at: datetime | None

    @property
    def state(self) -> ReviewState:
        """Where the review stands now."""
        review = self.review
        return state_now(
            review.state if review else None,
            reviewed_at=review.reviewed_at if review else None,
            changed_at=self.changed_at,
        )

    @property
    def has_changed_since(self) -> bool:
        """Whether it was reviewed and then changed."""
        return self.review is not None and self.review.state is not self.state


def review_queue(session: Session, *, quarter: Quarter, scope: Scope) -> list[QueueLine]:
    """Every experiment × programme the quarter asks a review of; the waiting ones first.

    Four statements, however long the queue is.
    """
    links = session.scalars(_links_in(scope, quarter)).unique().all()
    reviews = _reviews_of(session, links, quarter)
    readings = _readings_in(session, links, quarter)
    changes = last_changes(session, [link.experiment.code for link in links])
    lines = [
        QueueLine(
            experiment=link.experiment,
            programme=link.programme,
            quarter=quarter,
            review=reviews.get((link.experiment_id, link.programme_id)),
            readings=readings.get(link.experiment_id, 0),
            changed_at=changes.get(link.experiment.code),
        )
        for link in links
    ]
    order = (ReviewState.SUBMITTED, ReviewState.RETURNED, ReviewState.ACCEPTED)
    return sorted(lines, key=lambda line: (order.index(line.state), line.experiment.code))


def queue_line(
    session: Session, *, experiment_code: str, programme_code: str, quarter: Quarter, scope: Scope
) -> QueueLine:
    """One line of the queue, or UnknownError when it is not open to this scope."""
    for line in review_queue(session, quarter=quarter, scope=scope):
        if (line.experiment.code, line.programme.code) == (experiment_code, programme_code):
            return line
    raise UnknownError(sentence("There is no such review, or it is not open to you."))


def written_by(
    session: Session, person_id: int, experiment_ids: Collection[int]
) -> Collection[int]:
    """Which of these experiments the person owns or wrote any part of; one statement for all."""
    measured = (
        select(Metric.experiment_id)
        .join(Measurement, Measurement.metric_id == Metric.id)
        .where(Measurement.recorded_by_id == person_id)
    )
    decided = select(Decision.experiment_id).where(Decision.by_id == person_id)
    changed = select(HistoryEntry.subject).where(
        HistoryEntry.by_id == person_id, HistoryEntry.event.not_like("review.%")
    )
    theirs = or_(
        Experiment.owner_id == person_id,
        Experiment.created_by_id == person_id,
        Experiment.id.in_(measured),
        Experiment.id.in_(decided),
        literal("experiment:").concat(Experiment.code).in_(changed),
    )
    return set(
        session.scalars(select(Experiment.id).where(Experiment.id.in_(experiment_ids), theirs))
    )


def last_changes(session: Session, codes: Sequence[str]) -> dict[str, datetime]:
    """When each experiment last changed, reviews of it left aside."""
    subjects = [f"experiment:{code}" for code in codes]
    rows = session.execute(
        select(HistoryEntry.subject, func.max(HistoryEntry.at))
        .where(HistoryEntry.subject.in_(subjects), HistoryEntry.event.not_like("review.%"))
        .group_by(HistoryEntry.subject)
    )
    return {subject.removeprefix("experiment:"): at for subject, at in rows}


def reviews_in(
    session: Session, *, quarter: Quarter, experiment_ids: Sequence[int]
) -> list[ImpactReview]:
    """The answers officers gave on these experiments in a quarter, with reviewer and programme."""
    return list(
        session.scalars(
            select(ImpactReview)
            .options(joinedload(ImpactReview.reviewed_by), joinedload(ImpactReview.programme))
            .where(
                ImpactReview.quarter == str(quarter),
                ImpactReview.experiment_id.in_(experiment_ids),
            )
            .order_by(ImpactReview.id)
        )
    )


def _links_in(scope: Scope, quarter: Quarter) -> Select[ExperimentProgramme]:
    links = (
        select(ExperimentProgramme)
        .join(Programme)
        .join(Experiment, Experiment.id == ExperimentProgramme.experiment_id)
        .options(
            joinedload(ExperimentProgramme.programme),
            joinedload(ExperimentProgramme.experiment).joinedload(Experiment.owner),
        )
        .where(
            Experiment.state != ExperimentState.ARCHIVED,
            or_(Experiment.ends_on.is_(None), Experiment.ends_on >= quarter.starts_on),
            or_(_had_begun(quarter), Experiment.id.in_(_measured_in(quarter))),
        )
        .order_by(Experiment.code, Programme.code)
    )
    if scope.everything:
        return links
    reached = or_(
        Programme.id.in_(scope.programme_ids) if scope.programme_ids else false(),
        Programme.office_id.in_(scope.office_ids) if scope.office_ids else false(),
    )
    return links.where(reached)


def _had_begun(quarter: Quarter) -> ColumnElement[bool]:
    return began_on() <= quarter.ends_on


def _measured_in(quarter: Quarter) -> Select[int]:
    """Experiments with a reading in the quarter: one logged later still belongs to it."""
    return (
        select(Metric.experiment_id)
        .join(Measurement, Measurement.metric_id == Metric.id)
        .where(Measurement.measured_on.between(quarter.starts_on, quarter.ends_on))
    )


def _reviews_of(
    session: Session, links: Sequence[ExperimentProgramme], quarter: Quarter
) -> dict[tuple[int, int], ImpactReview]:
    reviews = reviews_in(
        session, quarter=quarter, experiment_ids=[link.experiment_id for link in links]
    )
    return {(review.experiment_id, review.programme_id): review for review in reviews}


def _readings_in(
    session: Session, links: Sequence[ExperimentProgramme], quarter: Quarter
) -> dict[int, int]:
    rows = session.execute(
        select(Metric.experiment_id, func.count())
        .join(Measurement, Measurement.metric_id == Metric.id)
        .where(
            Metric.experiment_id.in_([link.experiment_id for link in links]),
            Measurement.superseded_by_id.is_(None),
            Measurement.measured_on.between(quarter.starts_on, quarter.ends_on),
        )
        .group_by(Metric.experiment_id)
    )
    return dict(rows.all())
