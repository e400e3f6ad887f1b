"""What people say to each other about an experiment."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select, union
from sqlalchemy.orm import Session, joinedload, lazyload, selectinload

from app.domain.names import folded
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.experiments import handed_in, visible
from app.queries.scope import Scope
from models import (
    Comment,
    Experiment,
    ExperimentProgramme,
    ImpactReview,
    Membership,
    Mention,
    Person,
)
from models.vocabulary import Role

# Readers see what is published, not what is being talked about.
TALKING = frozenset(Role) - {Role.READER}


@dataclass(frozen=True)
class Thread:
    """A comment and what was answered to it, in time."""

    first: Comment
    answers: Sequence[Comment]

    @property
    def is_resolved(self) -> bool:
        """Whether somebody said that it is settled."""
        return self.first.resolved_at is not None


def threads_on(session: Session, experiment: Experiment) -> list[Thread]:
    """Every thread, open ones first, the newest first. Two statements."""
    rows = session.scalars(
        select(Comment)
        .where(Comment.experiment_id == experiment.id)
        .options(
            joinedload(Comment.by).options(lazyload(Person.memberships)),
            joinedload(Comment.resolved_by).options(lazyload(Person.memberships)),
            selectinload(Comment.mentions),
        )
        .order_by(Comment.id)
    ).all()
    threads = [
        Thread(row, [answer for answer in rows if answer.answers_id == row.id])
        for row in reversed(rows)
        if row.answers_id is None
    ]
    return sorted(threads, key=lambda thread: thread.is_resolved)


def open_threads(session: Session, experiment_id: int) -> int:
    """How many threads wait to be settled."""
    return (
        session.scalar(
            select(func.count())
            .select_from(Comment)
            .where(
                Comment.experiment_id == experiment_id,
                Comment.answers_id.is_(None),
                Comment.resolved_at.is_(None),
                Comment.removed_at.is_(None),
            )
        )
        or 0
    )


def comment_in(session: Session, experiment: Experiment, comment_id: int) -> Comment:
    """One comment on the experiment, or UnknownError."""
    comment = session.scalar(
        select(Comment).where(Comment.id == comment_id, Comment.experiment_id == experiment.id)
    )
    if comment is None:
        raise UnknownError(sentence("There is no such comment on %(code)s.", code=experiment.code))
    return comment


def people_around(session: Session, experiment: Experiment) -> list[Person]:
    """Who can read the experiment's comments, by name."""
    programmes = union(
        select(ExperimentProgramme.programme_id).where(
            ExperimentProgramme.experiment_id == experiment.id
        ),
        handed_in(ImpactReview.programme_id).where(ImpactReview.experiment_id == experiment.id),
    )
    reaching = select(Membership.person_id).where(
        Membership.role.in_(TALKING),
        or_(
            Membership.office_id == experiment.office_id,
            Membership.programme_id.in_(programmes),
            Membership.office_id.is_(None) & Membership.programme_id.is_(None),
        ),
    )
    found = session.scalars(
        select(Person)
        .where(Person.id.in_(reaching), Person.disabled_at.is_(None))
        .options(lazyload(Person.memberships))
    )
    return sorted(found, key=lambda person: (folded(person.name), person.id))


def people_elsewhere(session: Session, around: Collection[int]) -> dict[int, str]:
    """Everybody else by their keys, also who has left: a name of theirs means nobody around."""
    rows = session.execute(select(Person.id, Person.name).where(Person.id.not_in(around)))
    return dict(rows.all())


def unseen_mentions(
    session: Session, person_id: int, *, scope: Scope, most: int = 20
) -> Sequence[Comment]:
    """Comments of the scope that name the person and were not marked as seen, newest first."""
    return session.scalars(
        select(Comment)
        .join(Mention)
        .join(Experiment, Experiment.id == Comment.experiment_id)
        .where(
            visible(scope),
            Mention.person_id == person_id,
            Mention.seen_at.is_(None),
            Comment.removed_at.is_(None),
        )
        .options(
            joinedload(Comment.by).options(lazyload(Person.memberships)),
            joinedload(Comment.experiment),
        )
        .order_by(Comment.id.desc())
        .limit(most)
    ).all()
