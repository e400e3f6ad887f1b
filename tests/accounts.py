"""Accounts beside the cast's, and rows of the cast as a session of the test's own holds them."""

from typing import Any, TypeVar

from sqlalchemy.orm import Session

from app.services.actor import Actor
from models import Base, HistoryEntry, Membership, Office, Person
from models.vocabulary import Door, Language, Role
from tests.cast import PASSWORD_HASH

Row = TypeVar("Row", bound=Base)


def here(session: Session, row: Row) -> Row:
    """The session's own copy of a row committed before."""
    return session.get_one(type(row), row.id)  # type: ignore[attr-defined]


def by(session: Session, person: Person) -> Actor:
    """A person of the cast, acting through the web pages."""
    return Actor(here(session, person), Door.WEB)


def an_account(session: Session, name: str, *held: Membership, **given: Any) -> Person:
    """Somebody with these roles and everybody's password."""
    values: dict[str, Any] = {
        "email": f"{name.split(maxsplit=1)[0].lower()}@example.org",
        "password_hash": PASSWORD_HASH,
        "language": Language.EN,
    }
    person = Person(name=name, memberships=list(held), **(values | given))
    session.add(person)
    session.flush()
    return person


def an_office_administrator(session: Session, office: Office, name: str = "Pia Rojas") -> Person:
    """An administrator of one office."""
    return an_account(session, name, Membership(role=Role.ADMIN, office_id=office.id))


def everything_noted(session: Session) -> list[HistoryEntry]:
    """Every entry of the history, oldest first."""
    return list(session.query(HistoryEntry).order_by(HistoryEntry.id))
