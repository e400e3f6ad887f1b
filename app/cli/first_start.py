"""What a start looks after first: the schema, and the demonstration where nothing is yet."""

from collections.abc import Iterator

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app import schema
from app.clock import now
from app.config import Settings
from app.database import unit_of_work
from app.queries.demonstration import demonstration_people, is_empty
from app.services import demonstration
from models import Person


def prepare(engine: Engine, settings: Settings) -> None:
    """Bring the schema to the newest revision; load the demonstration into an empty database.

    Where anybody has an account nothing is loaded, so that a second start changes no data.
    """
    schema.upgrade(engine)
    with unit_of_work(engine, writes=False) as session:
        wanted = settings.demo and is_empty(session)
    if wanted:
        with unit_of_work(engine) as session:
            demonstration.load(session, at=now())


def sign_in_lines(session: Session) -> Iterator[str]:
    """The demonstration's sign-ins, to be printed; none where it is not loaded."""
    people = demonstration_people(session)
    if people:
        yield f"Demonstration sign-ins, all with the password {demonstration.PASSWORD}"
    width = max((len(person.email) for person in people), default=0)
    for person in people:
        yield f"  {person.email:{width}}  {_roles(person)}"


def _roles(person: Person) -> str:
    return ", ".join(
        f"{held.role.value} {place.code}" if place else held.role.value
        for held in person.memberships
        for place in [held.programme or held.office]
    )
