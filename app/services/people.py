"""People: adding them, giving and taking roles, signing in and out, changing passwords."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.domain.passwords import weakness_of
from app.domain.refusals import InvalidError, NotReadyError, Problem, TooManyTriesError
from app.language.sentences import sentence
from app.services import history
from app.services.actor import Actor
from models import Membership, Office, Person, Programme, SignIn, SignInTry
from models.vocabulary import Language, Role

HASHER = PasswordHasher(memory_cost=19 * 1024, time_cost=2, parallelism=1)
TRY_WINDOW = timedelta(minutes=15)
TRIES_PER_EMAIL, TRIES_PER_ADDRESS = 5, 30
# Verified when nobody has the e-mail, so that the answer takes as long either way.
NOBODY = HASHER.hash(secrets.token_hex(16))


@dataclass(frozen=True)
class Place:
    """Where a role holds: in an office, in a programme, or (neither) everywhere."""

    office: Office | None = None
    programme: Programme | None = None


def add(
    session: Session,
    *,
    email: str,
    name: str,
    password: str,
    by: Actor,
    language: Language | None = None,
    is_demonstration: bool = False,
) -> Person:
    """Add a person without roles. Refuses an e-mail already in use and a weak password."""
    email = email.strip().lower()
    problems = []
    if session.scalar(select(Person.id).where(Person.email == email)):
        problems.append(
            Problem("email", sentence("%(email)s already has an account.", email=email))
        )
    if weak := weakness_of(password, email=email, name=name):
        problems.append(Problem("password", weak))
    if problems:
        raise InvalidError(problems)
    person = Person(
        email=email,
        name=name.strip(),
        password_hash=HASHER.hash(password),
        language=language,
        is_demonstration=is_demonstration,
        memberships=[],
    )
    session.add(person)
    session.flush()
    history.record(
        session,
        subject=f"person:{person.id}",
        event="person.added",
        by=by,
        changes=history.values_of(person),
    )
    return person


def give_role(session: Session, person: Person, *, role: Role, place: Place, by: Actor) -> None:
    """Give a role in a place. Giving it twice changes nothing."""
    if any(_is(held, role, place) for held in person.memberships):
        return
    person.memberships.append(Membership(role=role, office=place.office, programme=place.programme))
    session.flush()
    _note_role(session, person, "person.role_given", [None, _spelled(role, place)], by)


def take_role(session: Session, person: Person, membership: Membership, *, by: Actor) -> None:
    """Take a role away; the last administrator of the installation stays one."""
    if membership.role is Role.ADMIN and _is_last_admin(session, person):
        raise NotReadyError(sentence("Somebody must remain administrator: name another one first."))
    place = Place(membership.office, membership.programme)
    person.memberships.remove(membership)
    session.flush()
    _note_role(session, person, "person.role_taken", [_spelled(membership.role, place), None], by)


def disable(session: Session, person: Person, *, by: Actor, at: datetime) -> None:
    """Close the account: every device is signed out at once."""
    if _is_last_admin(session, person):
        raise NotReadyError(sentence("Somebody must remain administrator: name another one first."))
    person.disabled_at = at
    _note_edit(session, person, "person.disabled", by)
    sign_out_everywhere(session, person)


def enable(session: Session, person: Person, *, by: Actor) -> None:
    """Open a closed account again."""
    person.disabled_at = None
    _note_edit(session, person, "person.enabled", by)


def change_password(session: Session, person: Person, *, current: str, new: str, by: Actor) -> None:
    """Change one's own password; all devices must sign in again."""
    if not _matches(person.password_hash, current):
        raise InvalidError([Problem("current", sentence("That is not your current password."))])
    set_password(session, person, password=new, by=by, field="new")


def set_password(
    session: Session, person: Person, *, password: str, by: Actor, field: str = "password"
) -> None:
    """Set a password and sign every device of the person out."""
    if weak := weakness_of(password, email=person.email, name=person.name):
        raise InvalidError([Problem(field, weak)])
    person.password_hash = HASHER.hash(password)
    history.record(session, subject=f"person:{person.id}", event="person.password_changed", by=by)
    sign_out_everywhere(session, person)


def choose_language(session: Session, person: Person, *, language: Language, by: Actor) -> None:
    """Remember the language the person reads."""
    person.language = language
    _note_edit(session, person, "person.language_chosen", by)


def check_password(
    session: Session, *, email: str, password: str, address: str, at: datetime
) -> Person | None:
    """The person whose e-mail and password these are, or None; a miss is counted.

    Raises TooManyTriesError once an e-mail or an address has missed too often within
    fifteen minutes, whether or not the password is right this time.
    """
    email_hash, address_hash = _sha256(email.strip().lower()), _sha256(address)
    _refuse_guessing(session, email_hash=email_hash, address_hash=address_hash, at=at)
    person = session.scalar(select(Person).where(Person.email == email.strip().lower()))
    is_right = _matches(person.password_hash if person else NOBODY, password)
    if person and is_right and not person.is_disabled:
        return person
    session.add(SignInTry(email_sha256=email_hash, address_sha256=address_hash, tried_at=at))
    return None


def sign_in(session: Session, person: Person, *, device: str, at: datetime, days: int) -> str:
    """Open a sign-in for a device and return its secret, which is not stored."""
    token = secrets.token_urlsafe(32)
    session.execute(delete(SignIn).where(SignIn.expires_at < at))
    session.execute(delete(SignInTry).where(SignInTry.email_sha256 == _sha256(person.email)))
    session.add(
        SignIn(
            person_id=person.id,
            token_sha256=_sha256(token),
            device=device[:300],
            created_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    return token


def sign_out(session: Session, *, token: str) -> None:
    """Close one device's sign-in."""
    session.execute(delete(SignIn).where(SignIn.token_sha256 == _sha256(token)))


def sign_out_everywhere(session: Session, person: Person) -> None:
    """Close every sign-in of a person."""
    session.execute(delete(SignIn).where(SignIn.person_id == person.id))


def person_signed_in(session: Session, *, token: str, at: datetime) -> Person | None:
    """The person a device's secret belongs to, while it is valid and the account open."""
    return session.scalar(
        select(Person)
        .join(SignIn, SignIn.person_id == Person.id)
        .where(
            SignIn.token_sha256 == _sha256(token),
            SignIn.expires_at > at,
            Person.disabled_at.is_(None),
        )
    )


def _refuse_guessing(session: Session, *, email_hash: str, address_hash: str, at: datetime) -> None:
    for column, value, most in (
        (SignInTry.email_sha256, email_hash, TRIES_PER_EMAIL),
        (SignInTry.address_sha256, address_hash, TRIES_PER_ADDRESS),
    ):
        missed = session.scalar(
            select(func.count()).where(column == value, SignInTry.tried_at > at - TRY_WINDOW)
        )
        if missed is not None and missed >= most:
            raise TooManyTriesError(
                sentence("Too many attempts. Wait fifteen minutes and try again."), field="password"
            )


def _matches(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


def _is_last_admin(session: Session, person: Person) -> bool:
    others = session.scalar(
        select(func.count())
        .select_from(Membership)
        .join(Person)
        .where(
            Membership.role == Role.ADMIN,
            Membership.person_id != person.id,
            Person.disabled_at.is_(None),
        )
    )
    return not others and any(held.role is Role.ADMIN for held in person.memberships)


def _is(held: Membership, role: Role, place: Place) -> bool:
    return (held.role, held.office, held.programme) == (role, place.office, place.programme)


def _spelled(role: Role, place: Place) -> str:
    where = place.programme or place.office
    return f"{role.value} @ {where.code if where else '*'}"


def _note_role(
    session: Session, person: Person, event: str, change: list[str | None], by: Actor
) -> None:
    history.record(
        session, subject=f"person:{person.id}", event=event, by=by, changes={"role": change}
    )


def _note_edit(session: Session, person: Person, event: str, by: Actor) -> None:
    history.record(
        session,
        subject=f"person:{person.id}",
        event=event,
        by=by,
        changes=history.changes_of(person),
    )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
