"""The quarter's reviews: the queue, who wrote what, and what was accepted last."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, true
from sqlalchemy.orm import Session, joinedload, selectinload

from app.domain.quarters import Quarter
from app.domain.refusals import UnknownError
from app.domain.reviews import (
    CHANGES_NOTHING,
    UNSETTLED,
    WRITES_NOTHING,
    Move,
    has_changed_since,
    is_open_to,
)
from app.language.sentences import sentence
from app.queries.experiments import began_on, visible
from app.queries.scope import Scope
from models import (
    Decision,
    Experiment,
    ExperimentProgramme,
    HistoryEntry,
    ImpactReview,
    Measurement,
    Metric,
    Person,
    Programme,
)
from models.vocabulary import ExperimentState, ReviewState

MOST_CHANGES = 200
# What waits for the officer comes first.
ORDER = (ReviewState.SUBMITTED, ReviewState.DRAFT, ReviewState.RETURNED, ReviewState.ACCEPTED)


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
        """Where the review stands; what nobody has begun is a draft."""
        return self.review.state if self.review else ReviewState.DRAFT

    @property
    def has_changed_since(self) -> bool:
        """Whether it stands accepted and something was changed after that."""
        return self.state is ReviewState.ACCEPTED and has_changed_since(
            self.review.accepted_at if self.review else None, self.changed_at
        )

    @property
    def is_owed_by_lab(self) -> bool:
        """Whether the lab can submit it."""
        return is_open_to(Move.SUBMIT, self.state, has_changed=self.has_changed_since)

    @property
    def is_waiting(self) -> bool:
        """Whether the officer answers next."""
        return is_open_to(Move.ACCEPT, self.state, has_changed=self.has_changed_since)


def review_queue(session: Session, *, quarter: Quarter, scope: Scope) -> list[QueueLine]:
    """Every review that the quarter asks these programmes for or the lab handed in to them.

    The waiting ones come first. Seven statements at most, however long the queue is.
    """
    return _lines(session, quarter, _reached(scope))


def readable_lines(session: Session, *, quarter: Quarter, scope: Scope) -> list[QueueLine]:
    """The queue of every programme, for the experiments that are open to this scope."""
    return _lines(session, quarter, visible(scope))


def _lines(session: Session, quarter: Quarter, wanted: ColumnElement[bool]) -> list[QueueLine]:
    """What stopped being asked for after it was handed in owes nothing: no change is told of it."""
    asked = _pairs(session, _asked_in(quarter), wanted)
    pairs = dict.fromkeys([*asked, *_pairs(session, _handed_in(quarter), wanted)])
    ids = [experiment.id for experiment, _programme in pairs]
    reviews = _reviews_of(session, ids, quarter)
    readings = _readings_in(session, ids, quarter)
    changes = last_changes(session, [experiment.code for experiment, _programme in asked])
    lines = [
        QueueLine(
            experiment=experiment,
            programme=programme,
            quarter=quarter,
            review=reviews.get((experiment.id, programme.id)),
            readings=readings.get(experiment.id, 0),
            changed_at=changes.get(experiment.code) if (experiment, programme) in asked else None,
        )
        for experiment, programme in pairs
    ]
    return sorted(lines, key=lambda line: (ORDER.index(line.state), line.experiment.code))


def queue_line(
    session: Session, *, experiment_code: str, programme_code: str, quarter: Quarter, scope: Scope
) -> QueueLine:
    """One line of the queue, or UnknownError when it is not open to this scope."""
    lines = review_queue(session, quarter=quarter, scope=scope)
    return line_in(lines, experiment_code=experiment_code, programme_code=programme_code)


def line_in(lines: Sequence[QueueLine], *, experiment_code: str, programme_code: str) -> QueueLine:
    """One of these lines, or UnknownError."""
    for line in lines:
        if (line.experiment.code, line.programme.code) == (experiment_code, programme_code):
            return line
    raise UnknownError(sentence("There is no such review, or it is not open to you."))


def next_waiting(
    lines: Sequence[QueueLine], line: QueueLine, *, without: Collection[int]
) -> QueueLine | None:
    """The line an officer answers after this one, round the queue.

    ``without`` are the experiments they cannot answer, by their keys.
    """
    here = lines.index(line)
    around = [*lines[here + 1 :], *lines[:here]]
    return next(
        (one for one in around if one.is_waiting and one.experiment.id not in without), None
    )


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
    submitted = select(ImpactReview.experiment_id).where(ImpactReview.submitted_by_id == person_id)
    changed = select(HistoryEntry.subject).where(
        HistoryEntry.by_id == person_id, *_none_of(WRITES_NOTHING)
    )
    theirs = or_(
        Experiment.owner_id == person_id,
        Experiment.created_by_id == person_id,
        Experiment.id.in_(measured),
        Experiment.id.in_(decided),
        Experiment.id.in_(submitted),
        literal("experiment:").concat(Experiment.code).in_(changed),
    )
    return set(
        session.scalars(select(Experiment.id).where(Experiment.id.in_(experiment_ids), theirs))
    )


def last_changes(session: Session, codes: Sequence[str]) -> dict[str, datetime]:
    """When each experiment last changed in what an officer judges."""
    subjects = [f"experiment:{code}" for code in codes]
    rows = session.execute(
        select(HistoryEntry.subject, func.max(HistoryEntry.at))
        .where(HistoryEntry.subject.in_(subjects), *_none_of(CHANGES_NOTHING))
        .group_by(HistoryEntry.subject)
    )
    return {subject.removeprefix("experiment:"): at for subject, at in rows}


def changes_after(session: Session, code: str, moment: datetime) -> Sequence[HistoryEntry]:
    """What was changed in an experiment after a moment, newest first, with who did it."""
    return session.scalars(
        select(HistoryEntry)
        .options(joinedload(HistoryEntry.by).lazyload(Person.memberships))
        .where(
            HistoryEntry.subject == f"experiment:{code}",
            HistoryEntry.at > moment,
            *_none_of(CHANGES_NOTHING),
        )
        .order_by(HistoryEntry.id.desc())
        .limit(MOST_CHANGES)
    ).all()


def standing_review(session: Session, line: QueueLine) -> ImpactReview | None:
    """The line's review as the database holds it at this moment, whatever the line says of it."""
    return session.scalar(
        select(ImpactReview)
        .where(
            ImpactReview.experiment_id == line.experiment.id,
            ImpactReview.programme_id == line.programme.id,
            ImpactReview.quarter == str(line.quarter),
        )
        .execution_options(populate_existing=True)
    )


def unsettled_reviews(
    session: Session, experiment_id: int, programme_ids: Collection[int]
) -> Sequence[ImpactReview]:
    """The experiment's reviews by these programmes that somebody has still to answer or mend."""
    return session.scalars(
        select(ImpactReview)
        .where(
            ImpactReview.experiment_id == experiment_id,
            ImpactReview.programme_id.in_(programme_ids),
            ImpactReview.state.in_(UNSETTLED),
        )
        .order_by(ImpactReview.quarter, ImpactReview.id)
        .execution_options(populate_existing=True)
    ).all()


def accepted_last(session: Session, line: QueueLine) -> ImpactReview | None:
    """The newest review of the line's experiment and programme that was accepted by its quarter."""
    return session.scalar(
        select(ImpactReview)
        .options(joinedload(ImpactReview.reviewed_by).lazyload(Person.memberships))
        .where(
            ImpactReview.experiment_id == line.experiment.id,
            ImpactReview.programme_id == line.programme.id,
            ImpactReview.quarter <= str(line.quarter),
            ImpactReview.accepted_at.is_not(None),
        )
        .order_by(ImpactReview.accepted_at.desc(), ImpactReview.quarter.desc())
        .limit(1)
    )


def reviews_in(
    session: Session, *, quarter: Quarter, experiment_ids: Sequence[int]
) -> list[ImpactReview]:
    """The reviews of these experiments in a quarter, drafts too, with their people."""
    return list(
        session.scalars(
            select(ImpactReview)
            .options(
                joinedload(ImpactReview.reviewed_by).lazyload(Person.memberships),
                joinedload(ImpactReview.submitted_by).lazyload(Person.memberships),
                joinedload(ImpactReview.submitted_again_by).lazyload(Person.memberships),
                joinedload(ImpactReview.programme),
            )
            .where(
                ImpactReview.quarter == str(quarter),
                ImpactReview.experiment_id.in_(experiment_ids),
            )
            .order_by(ImpactReview.id)
        )
    )


def _none_of(events: Sequence[str]) -> list[ColumnElement[bool]]:
    return [HistoryEntry.event.not_like(event) for event in events]


def _pairs(
    session: Session, pairs: Select[Experiment, Programme], wanted: ColumnElement[bool]
) -> list[tuple[Experiment, Programme]]:
    rows = session.execute(
        pairs.where(wanted)
        .options(joinedload(Experiment.owner), selectinload(Experiment.programmes))
        .order_by(Experiment.code, Programme.code)
    )
    return [(experiment, programme) for experiment, programme in rows.unique()]


def _reached(scope: Scope) -> ColumnElement[bool]:
    if scope.everything:
        return true()
    return or_(Programme.id.in_(scope.programme_ids), Programme.office_id.in_(scope.office_ids))


def _asked_in(quarter: Quarter) -> Select[Experiment, Programme]:
    """The pairs of experiment and programme that the quarter asks a review of."""
    return (
        select(Experiment, Programme)
        .join(ExperimentProgramme, ExperimentProgramme.experiment_id == Experiment.id)
        .join(Programme, Programme.id == ExperimentProgramme.programme_id)
        .where(
            Experiment.state != ExperimentState.ARCHIVED,
            or_(Experiment.ends_on.is_(None), Experiment.ends_on >= quarter.starts_on),
            or_(_had_begun(quarter), Experiment.id.in_(_measured_in(quarter))),
        )
    )


def _handed_in(quarter: Quarter) -> Select[Experiment, Programme]:
    """Those whose review was handed in, whatever the experiment has become since."""
    return (
        select(Experiment, Programme)
        .join(ImpactReview, ImpactReview.experiment_id == Experiment.id)
        .join(Programme, Programme.id == ImpactReview.programme_id)
        .where(ImpactReview.quarter == str(quarter), ImpactReview.state != ReviewState.DRAFT)
    )


def _had_begun(quarter: Quarter) -> ColumnElement[bool]:
    return began_on() <= quarter.ends_on


def _measured_in(quarter: Quarter) -> Select[int]:
    """Experiments with a reading in the quarter: one logged later still belongs to it."""
    return (
        select(Metric.experiment_id)
        .join(Measurement, Measurement.metric_id == Metric.id)
        .where(
            Metric.removed_at.is_(None),
            Measurement.measured_on.between(quarter.starts_on, quarter.ends_on),
        )
    )


def _reviews_of(
    session: Session, experiment_ids: Sequence[int], quarter: Quarter
) -> dict[tuple[int, int], ImpactReview]:
    reviews = reviews_in(session, quarter=quarter, experiment_ids=experiment_ids)
    return {(review.experiment_id, review.programme_id): review for review in reviews}


def _readings_in(
    session: Session, experiment_ids: Sequence[int], quarter: Quarter
) -> dict[int, int]:
    rows = session.execute(
        select(Metric.experiment_id, func.count())
        .join(Measurement, Measurement.metric_id == Metric.id)
        .where(
            Metric.experiment_id.in_(experiment_ids),
            Metric.removed_at.is_(None),
            Measurement.superseded_by_id.is_(None),
            Measurement.measured_on.between(quarter.starts_on, quarter.ends_on),
        )
        .group_by(Metric.experiment_id)
    )
    return dict(rows.all())
