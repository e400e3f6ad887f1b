"""What a form offers to choose from."""

from collections.abc import Collection, Sequence

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, contains_eager, lazyload

from app.domain.names import folded
from models import Experiment, LearningQuestion, Membership, Person, Place, Plan, Programme
from models.vocabulary import Role

OWNING_ROLES = (Role.STAFF, Role.HEAD)


def possible_owners(session: Session, office_ids: Collection[int]) -> Sequence[Person]:
    """The people of these offices who may look after an experiment, by name."""
    of_offices = select(Programme.id).where(Programme.office_id.in_(office_ids))
    holders = select(Membership.person_id).where(
        Membership.role.in_(OWNING_ROLES),
        or_(
            Membership.office_id.in_(office_ids),
            Membership.programme_id.in_(of_offices),
            Membership.office_id.is_(None) & Membership.programme_id.is_(None),
        ),
    )
    return session.scalars(
        select(Person)
        .where(Person.id.in_(holders), Person.disabled_at.is_(None))
        .options(lazyload(Person.memberships))
        .order_by(Person.name, Person.id)
    ).all()


def learning_questions(session: Session, office_ids: Collection[int]) -> Sequence[LearningQuestion]:
    """The learning questions of these offices' plans with their plan, newest plan first."""
    return session.scalars(
        select(LearningQuestion)
        .join(LearningQuestion.plan)
        .where(Plan.office_id.in_(office_ids))
        .options(contains_eager(LearningQuestion.plan))
        .order_by(Plan.year.desc(), Plan.code, LearningQuestion.position)
    ).all()


def programmes_of_offices(session: Session, office_ids: Collection[int]) -> Sequence[Programme]:
    """The programmes of these offices, by code."""
    return session.scalars(
        select(Programme).where(Programme.office_id.in_(office_ids)).order_by(Programme.code)
    ).all()


def places(session: Session) -> Sequence[Place]:
    """Every known place, by name."""
    return sorted(session.scalars(select(Place)), key=lambda place: folded(place.name))


def experiments_of(session: Session, office_id: int) -> Sequence[Experiment]:
    """The office's experiments by code, with nothing around them."""
    return session.scalars(
        select(Experiment).where(Experiment.office_id == office_id).order_by(Experiment.code)
    ).all()
