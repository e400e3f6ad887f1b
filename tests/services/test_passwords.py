"""Passwords set, given for a while and changed; and that no secret is ever written down."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from argon2 import extract_parameters
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.refusals import InvalidError, NotAllowedError, NotReadyError, TooManyTriesError
from app.services import hashing, passwords, sign_ins
from app.services.actor import OPERATOR
from app.services.hashing import hash_password, matches
from models import Membership, Person, SignIn
from models.vocabulary import Role
from tests.accounts import an_account, an_office_administrator, by, everything_noted, here
from tests.cast import PASSWORD, Cast

AT = datetime(2026, 10, 5, 15, tzinfo=UTC)
NEW_PASSWORD = "cordillera-blanca-y-negra"
ADDRESS = "192.0.2.7"


def change(
    session: Session, person: Person, current: str = PASSWORD, new: str = NEW_PASSWORD
) -> None:
    passwords.change_own(
        session,
        person,
        current=current,
        new=new,
        address=ADDRESS,
        at=AT,
        by=by(session, person),
    )


def devices(session: Session) -> int:
    return session.scalar(select(func.count(SignIn.id))) or 0


def test_passwords_are_hashed_with_argon2id_19_mib_two_passes_one_lane() -> None:
    parameters = extract_parameters(hash_password(PASSWORD))
    assert parameters.type.name == "ID"
    assert (parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (19456, 2, 1)


def test_the_same_password_is_kept_differently_each_time() -> None:
    assert hash_password(PASSWORD) != hash_password(PASSWORD)


def test_an_accent_matches_however_it_was_typed() -> None:
    assert matches(hash_password("la contrasen\u0303a de Peru\u0301"), "la contraseña de Perú")


@pytest.mark.parametrize("broken", ["", "!", "$argon2id$v=19$m=8"])
def test_a_broken_hash_matches_nothing(broken: str) -> None:
    assert not matches(broken, PASSWORD)


def test_ones_own_password_is_changed(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    sign_ins.sign_in(session, rosa, device="phone", at=AT, days=14)
    change(session, rosa)
    assert matches(rosa.password_hash, NEW_PASSWORD)
    assert devices(session) == 0
    assert everything_noted(session)[-1].event == "person.password_changed"


@pytest.mark.parametrize(
    ("current", "new", "field"),
    [
        ("not the current one", NEW_PASSWORD, "current_password"),
        (PASSWORD, "short", "new_password"),
        (PASSWORD, PASSWORD, "new_password"),
    ],
)
def test_a_change_is_refused_beside_its_field(
    session: Session, cast: Cast, current: str, new: str, field: str
) -> None:
    rosa = here(session, cast.staff)
    sign_ins.sign_in(session, rosa, device="phone", at=AT, days=14)
    with pytest.raises(InvalidError) as refusal:
        change(session, rosa, current, new)
    assert refusal.value.problems[0].field == field
    assert matches(rosa.password_hash, PASSWORD)
    assert devices(session) == 1


def test_the_current_password_cannot_be_guessed_on_an_open_device(
    session: Session, cast: Cast
) -> None:
    rosa = here(session, cast.staff)
    for _miss in range(sign_ins.TRIES_PER_EMAIL):
        with pytest.raises(InvalidError):
            change(session, rosa, "a wrong guess")
    with pytest.raises(TooManyTriesError):
        change(session, rosa)


def test_a_temporary_password_works_for_a_week_and_is_replaced_by_an_own_one(
    session: Session, cast: Cast
) -> None:
    rosa = here(session, cast.staff)
    sign_ins.sign_in(session, rosa, device="phone", at=AT, days=14)
    password = passwords.give_temporary(session, rosa, by=by(session, cast.admin), at=AT)
    assert matches(rosa.password_hash, password)
    assert rosa.password_temporary_until == AT + timedelta(days=7)
    assert devices(session) == 0
    change(session, rosa, password)
    assert not rosa.has_temporary_password


def test_an_operator_sets_a_password_that_stays(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    rosa.password_temporary_until = AT
    passwords.set_password(session, rosa, password=NEW_PASSWORD, by=OPERATOR)
    assert matches(rosa.password_hash, NEW_PASSWORD)
    assert not rosa.has_temporary_password
    with pytest.raises(InvalidError):
        passwords.set_password(session, rosa, password="123456789012", by=OPERATOR)


def test_administrators_change_their_own_password_like_everybody(
    session: Session, cast: Cast
) -> None:
    ada = here(session, cast.admin)
    with pytest.raises(NotReadyError, match="on your account page"):
        passwords.give_temporary(session, ada, by=by(session, cast.admin), at=AT)


def test_nobody_becomes_somebody_more_powerful_by_setting_their_password(
    session: Session, cast: Cast
) -> None:
    pia = by(session, an_office_administrator(session, cast.peru))
    of_peru = Membership(role=Role.STAFF, office=here(session, cast.peru))
    both = an_account(session, "Berta Luna", of_peru, Membership(role=Role.ADMIN))
    for person in (both, here(session, cast.admin), here(session, cast.stranger)):
        before = person.password_hash
        with pytest.raises(NotAllowedError):
            passwords.give_temporary(session, person, by=pia, at=AT)
        with pytest.raises(NotAllowedError):
            passwords.set_password(session, person, password=NEW_PASSWORD, by=pia)
        assert person.password_hash == before


@pytest.mark.parametrize("part", ["staff", "officer", "head", "reader"])
def test_who_is_no_administrator_sets_nobodys_password(
    session: Session, cast: Cast, part: str
) -> None:
    actor = by(session, cast.everybody()[part])
    with pytest.raises(NotAllowedError):
        passwords.give_temporary(session, here(session, cast.other_officer), by=actor, at=AT)


def test_no_secret_reaches_the_history(session: Session, cast: Cast) -> None:
    rosa, ada = here(session, cast.staff), by(session, cast.admin)
    given = passwords.give_temporary(session, rosa, by=ada, at=AT)
    change(session, rosa, given)
    passwords.set_password(session, rosa, password="otra-cordillera-lejana", by=OPERATOR)
    token = sign_ins.sign_in(session, rosa, device="phone", at=AT, days=14)
    written = json.dumps(
        [[entry.event, entry.changes, entry.reason] for entry in everything_noted(session)]
    )
    assert len(everything_noted(session)) == 3
    secrets = [given, NEW_PASSWORD, "otra-cordillera", token, hashing.sha256(token), "argon2", "$"]
    assert not [secret for secret in secrets if secret in written]
