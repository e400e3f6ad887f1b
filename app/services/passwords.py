"""Passwords: set by an operator, given for a while by an administrator, changed by their owner."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from app.domain.passwords import temporary_password, weakness_of
from app.domain.refusals import InvalidError, NotReadyError, Problem
from app.domain.roles import refuse_account
from app.language.sentences import sentence
from app.services import history, sign_ins
from app.services.actor import Actor
from app.services.hashing import hash_password, matches
from app.services.turns import hold
from models import Person

TEMPORARY_FOR = timedelta(days=7)


def set_password(session: Session, person: Person, *, password: str, by: Actor) -> None:
    """Set a password of the operator's choice; every device of the person is signed out."""
    refuse_account(by.reach, person)
    hold(session, person)
    if weak := weakness_of(password, email=person.email, name=person.name):
        raise InvalidError([Problem("password", weak)])
    _replace(session, person, password=password, until=None, event="person.password_set", by=by)
    sign_ins.sign_out_everywhere(session, person)


def give_temporary(session: Session, person: Person, *, by: Actor, at: datetime) -> str:
    """Set a password made up here and return it: it is not kept, and opens only the way to an own.

    Works for seven days. Every device of the person is signed out.
    """
    refuse_account(by.reach, person)
    if by.person is not None and by.person.id == person.id:
        raise NotReadyError(sentence("Change your own password on your account page."))
    hold(session, person)
    password = fresh_temporary(email=person.email, name=person.name)
    until = at + TEMPORARY_FOR
    _replace(session, person, password=password, until=until, event="person.password_given", by=by)
    sign_ins.sign_out_everywhere(session, person)
    return password


def fresh_temporary(*, email: str, name: str) -> str:
    """A temporary password that would be accepted from anybody."""
    password = temporary_password()
    while weakness_of(password, email=email, name=name):
        password = temporary_password()
    return password


def change_own(
    session: Session,
    person: Person,
    *,
    current: str,
    new: str,
    address: str,
    at: datetime,
    by: Actor,
) -> None:
    """Change one's own password; every device is signed out.

    The current one is asked for, and a miss counts like one at the door: who finds a device
    open cannot guess on it either.
    """
    sign_ins.refuse_guessing(session, email=person.email, address=address, at=at)
    hold(session, person)
    if person.is_disabled or not matches(person.password_hash, current):
        sign_ins.count_miss(session, email=person.email, address=address, at=at)
        raise InvalidError(
            [Problem("current_password", sentence("That is not your current password."))]
        )
    if weak := weakness_of(new, email=person.email, name=person.name):
        raise InvalidError([Problem("new_password", weak)])
    if matches(person.password_hash, new):
        raise InvalidError(
            [Problem("new_password", sentence("Choose a password other than the current one."))]
        )
    _replace(session, person, password=new, until=None, event="person.password_changed", by=by)
    sign_ins.sign_out_everywhere(session, person)


def _replace(
    session: Session,
    person: Person,
    *,
    password: str,
    until: datetime | None,
    event: str,
    by: Actor,
) -> None:
    person.password_hash = hash_password(password)
    person.password_temporary_until = until
    history.record(
        session,
        subject=f"person:{person.id}",
        event=event,
        by=by,
        changes=history.changes_of(person),
    )
    session.flush()
