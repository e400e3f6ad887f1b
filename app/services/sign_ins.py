"""Signing in and out: tries counted, devices remembered.

A password is compared before the one writer's place is taken (``recognize``), and the try is
judged and counted after it (``admit``), one at a time for each e-mail and address: guessing in
parallel gains nothing.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session, joinedload

from app.domain.emails import fault_of, read_email
from app.domain.refusals import TooManyTriesError, UnknownError
from app.language.sentences import sentence
from app.services import history
from app.services.actor import Actor
from app.services.hashing import NOBODY, hash_password, is_outdated, matches, sha256
from app.services.turns import take_turns
from models import Person, SignIn, SignInTry

TRY_WINDOW = timedelta(minutes=15)
TRIES_PER_EMAIL, TRIES_PER_ADDRESS = 5, 30
# A device that is not used for so long signs in again, whatever is left of its time.
IDLE = timedelta(days=7)
SEEN_EVERY = timedelta(hours=1)
LONGEST_DEVICE = 300


@dataclass(frozen=True)
class Recognized:
    """Whose password it was, as the row stood; ``fresh_hash`` when it should be kept anew."""

    person_id: int
    password_hash: str
    fresh_hash: str | None


def recognize(
    session: Session, *, email: str, password: str, address: str, at: datetime
) -> Recognized | None:
    """Whose e-mail and password these are, or None. Reads only; the answer takes equally long.

    Raises TooManyTriesError as ``admit`` does.
    """
    _refuse_guessing(session, email=email, address=address, at=at)
    person = _whose(session, read_email(email))
    is_right = matches(person.password_hash if person else NOBODY, password)
    if person is None or not is_right:
        return None
    fresh = hash_password(password) if is_outdated(person.password_hash) else None
    return Recognized(person.id, person.password_hash, fresh)


def admit(
    session: Session, recognized: Recognized | None, *, email: str, address: str, at: datetime
) -> Person | None:
    """The person, if recognized and still to be let in; a miss is counted.

    Raises TooManyTriesError once an e-mail or an address has missed too often within fifteen
    minutes, whether or not the password is right this time.
    """
    take_turns(session, _email_hash(email), sha256(address))
    _refuse_guessing(session, email=email, address=address, at=at)
    person = _still_there(session, recognized, at=at) if recognized else None
    if person is None:
        count_miss(session, email=email, address=address, at=at)
    return person


def count_miss(session: Session, *, email: str, address: str, at: datetime) -> None:
    """Note a wrong password, and forget those that no longer count."""
    _forget(session, SignInTry, SignInTry.tried_at <= at - TRY_WINDOW)
    session.add(
        SignInTry(email_sha256=_email_hash(email), address_sha256=sha256(address), tried_at=at)
    )
    session.flush()


def refuse_guessing(session: Session, *, email: str, address: str, at: datetime) -> None:
    """Raise TooManyTriesError after too many misses; others with the e-mail wait their turn."""
    take_turns(session, _email_hash(email), sha256(address))
    _refuse_guessing(session, email=email, address=address, at=at)


def sign_in(session: Session, person: Person, *, device: str, at: datetime, days: int) -> str:
    """Open a sign-in for a device and return its secret, which is not stored."""
    token = secrets.token_urlsafe(32)
    _forget(session, SignIn, SignIn.expires_at <= at)
    _forget(session, SignInTry, SignInTry.email_sha256 == _email_hash(person.email))
    session.add(
        SignIn(
            person_id=person.id,
            token_sha256=sha256(token),
            device=device[:LONGEST_DEVICE],
            created_at=at,
            seen_at=at,
            expires_at=at + timedelta(days=days),
        )
    )
    session.flush()
    return token


def device_signed_in(session: Session, *, token: str, at: datetime) -> SignIn | None:
    """The sign-in a device's secret belongs to, with its person, while it holds."""
    return session.scalar(
        select(SignIn)
        .join(SignIn.person)
        .where(
            SignIn.token_sha256 == sha256(token),
            _is_valid(at),
            Person.disabled_at.is_(None),
        )
        .options(joinedload(SignIn.person))
    )


def note_seen(session: Session, *, sign_in_id: int, at: datetime) -> None:
    """Say that the device was used."""
    session.execute(update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=at))


def is_seen_long_ago(device: SignIn, *, at: datetime) -> bool:
    """Whether its last use is old enough to be noted anew."""
    return device.seen_at <= at - SEEN_EVERY


def devices_of(session: Session, person: Person, *, at: datetime) -> list[SignIn]:
    """The devices a person is signed in on, last used first."""
    return list(
        session.scalars(
            select(SignIn)
            .where(SignIn.person_id == person.id, _is_valid(at))
            .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
        )
    )


def sign_out(session: Session, *, sign_in_id: int) -> None:
    """Close one device's sign-in."""
    session.execute(delete(SignIn).where(SignIn.id == sign_in_id))


def sign_out_device(session: Session, person: Person, *, sign_in_id: int, by: Actor) -> None:
    """Close one of a person's own devices and note it; UnknownError when it is not theirs."""
    device = session.scalar(
        select(SignIn).where(SignIn.id == sign_in_id, SignIn.person_id == person.id)
    )
    if device is None:
        raise UnknownError(sentence("This device is no longer signed in."))
    sign_out(session, sign_in_id=device.id)
    history.record(session, subject=f"person:{person.id}", event="person.signed_out", by=by)


def sign_out_everywhere(session: Session, person: Person, *, except_for: int | None = None) -> None:
    """Close every sign-in of a person, but for one where wanted."""
    session.execute(
        delete(SignIn).where(SignIn.person_id == person.id, SignIn.id != (except_for or 0))
    )


def sign_out_others(session: Session, person: Person, *, this_one: int, by: Actor) -> None:
    """Close a person's sign-ins but for this device, and note it."""
    sign_out_everywhere(session, person, except_for=this_one)
    history.record(session, subject=f"person:{person.id}", event="person.signed_out", by=by)


def _whose(session: Session, email: str) -> Person | None:
    # What cannot be an address need not be looked for, and may hold signs a database refuses.
    if fault_of(email):
        return None
    return session.scalar(select(Person).where(Person.email == email))


def _still_there(session: Session, recognized: Recognized, *, at: datetime) -> Person | None:
    """The person, unless disabled or given another password since it was compared."""
    person = session.scalar(
        select(Person)
        .where(
            Person.id == recognized.person_id,
            Person.password_hash == recognized.password_hash,
            Person.disabled_at.is_(None),
            Person.password_temporary_until.is_(None) | (Person.password_temporary_until > at),
        )
        .with_for_update(key_share=True)
    )
    if person and recognized.fresh_hash:
        person.password_hash = recognized.fresh_hash
        session.flush()
    return person


def _refuse_guessing(session: Session, *, email: str, address: str, at: datetime) -> None:
    since = SignInTry.tried_at > at - TRY_WINDOW
    by_email, by_address = session.execute(
        select(
            _missed(SignInTry.email_sha256 == _email_hash(email), since),
            _missed(SignInTry.address_sha256 == sha256(address), since),
        )
    ).one()
    if by_email >= TRIES_PER_EMAIL or by_address >= TRIES_PER_ADDRESS:
        raise TooManyTriesError(sentence("Too many attempts. Wait fifteen minutes and try again."))


def _missed(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    return select(func.count(SignInTry.id)).where(*conditions).scalar_subquery()


def _forget(
    session: Session, rows: type[SignIn] | type[SignInTry], condition: ColumnElement[bool]
) -> None:
    """Delete what no longer counts; rows somebody else is deleting are left to them."""
    old = select(rows.id).where(condition).with_for_update(skip_locked=True)
    session.execute(
        delete(rows).where(rows.id.in_(old)).execution_options(synchronize_session=False)
    )


def _is_valid(at: datetime) -> ColumnElement[bool]:
    return (SignIn.expires_at > at) & (SignIn.seen_at > at - IDLE)


def _email_hash(email: str) -> str:
    return sha256(read_email(email))
