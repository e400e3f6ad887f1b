"""People: added, edited, and their accounts closed and opened again."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from app.domain.emails import fault_of, read_email
from app.domain.passwords import weakness_of
from app.domain.refusals import ChangedMeanwhileError, InvalidError, NotReadyError, Problem
from app.domain.roles import Place, misplacement_of, refuse_account, refuse_outside
from app.language.sentences import sentence
from app.services import history, sign_ins
from app.services.actor import Actor
from app.services.hashing import hash_password
from app.services.passwords import TEMPORARY_FOR, fresh_temporary
from app.services.roles import give_role, refuse_last_administrator
from app.services.turns import hold
from app.services.versions import MEANWHILE
from models import Person
from models.vocabulary import Language, Role

LONGEST_NAME = 300


def add(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    role: Role,
    place: Place,
    by: Actor,
    language: Language | None = None,
    temporary_until: datetime | None = None,
    is_demonstration: bool = False,
) -> Person:
    """Add a person with their first role.

    Raises InvalidError for an e-mail already in use, a weak password or a role that cannot be
    held there, NotAllowedError where the actor is no administrator. ``temporary_until`` says
    that the password was made up for them and how long it works.
    """
    refuse_outside(by.reach, place)
    email, name = read_email(email), _tidy(name)
    problems = _faults(session, email=email, name=name)
    if weak := weakness_of(password, email=email, name=name):
        problems.append(Problem("password", weak))
    if misplaced := misplacement_of(role, place):
        problems.append(Problem("place", misplaced))
    if problems:
        raise InvalidError(problems)
    person = Person(
        email=email,
        name=name,
        password_hash=hash_password(password),
        password_temporary_until=temporary_until,
        language=language,
        is_demonstration=is_demonstration,
        memberships=[],
    )
    with _one_account_each(session, email):
        session.add(person)
    said = {name: pair for name, pair in history.values_of(person).items() if pair[1] is not False}
    _note(session, person, "person.added", said, by)
    give_role(session, person, role=role, place=place, by=by)
    return person


def invite(
    session: Session,
    *,
    email: str,
    name: str,
    role: Role,
    place: Place,
    language: Language | None,
    by: Actor,
    at: datetime,
) -> tuple[Person, str]:
    """Add a person with a temporary password, and return it: it is not kept.

    Refuses as ``add`` does. The password works for seven days, to choose an own one.
    """
    password = fresh_temporary(email=email, name=name)
    person = add(
        session,
        email=email,
        name=name,
        password=password,
        role=role,
        place=place,
        language=language,
        temporary_until=at + TEMPORARY_FOR,
        by=by,
    )
    return person, password


def edit(
    session: Session,
    person: Person,
    *,
    email: str,
    name: str,
    language: Language | None,
    seen_version: int | None,
    by: Actor,
) -> Person:
    """Change what an account says; refused when somebody else changed it since it was shown."""
    refuse_account(by.reach, person)
    hold(session, person)
    if seen_version != person.version:
        raise ChangedMeanwhileError(MEANWHILE)
    email, name = read_email(email), _tidy(name)
    if problems := _faults(session, email=email, name=name, other_than=person):
        raise InvalidError(problems)
    with _one_account_each(session, email):
        person.email, person.name, person.language = email, name, language
        changes = history.changes_of(person)
    if changes:
        _note(session, person, "person.edited", changes, by)
    return person


def choose_language(session: Session, person: Person, *, language: Language, by: Actor) -> None:
    """Remember the language the person reads."""
    hold(session, person)
    person.language = language
    if changes := history.changes_of(person):
        _note(session, person, "person.language_chosen", changes, by)
    session.flush()


def choose_letters(session: Session, person: Person, *, wants_digest: bool, by: Actor) -> None:
    """Remember whether the person wants the weekly letter."""
    hold(session, person)
    person.wants_digest = wants_digest
    if changes := history.changes_of(person):
        _note(session, person, "person.letters_chosen", changes, by)
    session.flush()


def disable(session: Session, person: Person, *, by: Actor, at: datetime) -> None:
    """Close the account: every device is signed out at once."""
    refuse_account(by.reach, person)
    if by.person is not None and by.person.id == person.id:
        raise NotReadyError(sentence("Ask another administrator to disable your own account."))
    hold(session, person)
    if person.is_disabled:
        return
    refuse_last_administrator(session, person.memberships)
    person.disabled_at = at
    _note(session, person, "person.disabled", history.changes_of(person), by)
    sign_ins.sign_out_everywhere(session, person)
    session.flush()


def enable(session: Session, person: Person, *, by: Actor) -> None:
    """Open a closed account again; the person signs in as before."""
    refuse_account(by.reach, person)
    hold(session, person)
    if not person.is_disabled:
        return
    person.disabled_at = None
    _note(session, person, "person.enabled", history.changes_of(person), by)
    session.flush()


def sign_out(session: Session, person: Person, *, by: Actor) -> None:
    """Sign a person out on every device: a telephone was lost, for example."""
    refuse_account(by.reach, person)
    sign_ins.sign_out_everywhere(session, person)
    _note(session, person, "person.signed_out", {}, by)


def _faults(
    session: Session, *, email: str, name: str, other_than: Person | None = None
) -> list[Problem]:
    problems = []
    if fault := fault_of(email):
        problems.append(Problem("email", fault))
    elif session.scalar(
        select(Person.id).where(
            Person.email == email, Person.id != (other_than.id if other_than else 0)
        )
    ):
        problems.append(_taken(email))
    if not name or not name.isprintable():
        problems.append(Problem("name", sentence("Write the person's name.")))
    elif len(name) > LONGEST_NAME:
        problems.append(
            Problem("name", sentence("Use at most %(longest)s characters.", longest=LONGEST_NAME))
        )
    return problems


def _taken(email: str) -> Problem:
    return Problem(
        "email",
        sentence(
            "%(email)s already has an account. An administrator of the whole installation can "
            "give it another role.",
            email=email,
        ),
    )


@contextmanager
def _one_account_each(session: Session, email: str) -> Iterator[None]:
    """Write; of two who take an e-mail at the same moment the database refuses one."""
    try:
        with session.begin_nested():
            yield
            session.flush()
    except IntegrityError as error:
        raise InvalidError([_taken(email)]) from error


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _note(
    session: Session,
    person: Person,
    event: str,
    changes: Mapping[str, Sequence[Any]],
    by: Actor,
) -> None:
    history.record(session, subject=f"person:{person.id}", event=event, by=by, changes=changes)
