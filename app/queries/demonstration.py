"""What the installation holds of the demonstration portfolio."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models import Person


def is_empty(session: Session) -> bool:
    """Whether nobody has an account yet: nothing can have been recorded either."""
    return session.scalar(select(Person.id).limit(1)) is None


def demonstration_people(session: Session) -> Sequence[Person]:
    """The invented people of the demonstration, in the order they were added."""
    return session.scalars(select(Person).where(Person.is_demonstration).order_by(Person.id)).all()


def is_demonstration(session: Session) -> bool | None:
    """Whether the demonstration is loaded; None while nobody has an account.

    It is loaded into an empty installation or never, so that the answer is final once there is
    one.
    """
    return session.scalar(
        select(Person.is_demonstration).order_by(Person.is_demonstration.desc()).limit(1)
    )
