"""Who acts, and through which door: handed to every service as ``by``."""

from dataclasses import dataclass

from app.domain.roles import EVERYWHERE, Reach, reach_of
from models import Person
from models.vocabulary import Door


@dataclass(frozen=True)
class Actor:
    """A person at a door; ``person`` is None for the operator at the command line and for jobs."""

    person: Person | None
    door: Door

    @property
    def id(self) -> int | None:
        """The person's id, as stored beside what they did."""
        return self.person.id if self.person else None

    @property
    def reach(self) -> Reach:
        """Where they may give roles and manage accounts; the operator everywhere."""
        return reach_of(self.person) if self.person else EVERYWHERE


OPERATOR = Actor(person=None, door=Door.CLI)
WORKER = Actor(person=None, door=Door.JOB)
