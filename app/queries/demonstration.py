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
