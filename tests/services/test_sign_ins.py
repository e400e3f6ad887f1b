"""Signing in and out: guesses counted, copies worthless, devices known."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.refusals import TooManyTriesError, UnknownError
from app.services import hashing, passwords, people, sign_ins
from app.services.actor import OPERATOR
from models import Person, SignIn, SignInTry
from tests.accounts import by, everything_noted, here
from tests.cast import PASSWORD, Cast

AT = datetime(2026, 10, 5, 15, tzinfo=UTC)
ADDRESS, ELSEWHERE = "192.0.2.7", "198.51.100.4"


def try_to_enter(
    session: Session,
    email: str,
    password: str = PASSWORD,
    *,
    address: str = ADDRESS,
    at: datetime = AT,
) -> Person | None:
    """As the sign-in page does."""
    found = sign_ins.recognize(session, email=email, password=password, address=address, at=at)
    return sign_ins.admit(session, found, email=email, address=address, at=at)


def miss(session: Session, times: int, email: str = "rosa@example.org", **given: str) -> None:
    for _time in range(times):
        assert try_to_enter(session, email, "a wrong guess", **given) is None


def tries(session: Session) -> int:
    return session.scalar(select(func.count(SignInTry.id))) or 0


@pytest.mark.parametrize("email", ["rosa@example.org", "ROSA@Example.org", "  rosa@example.org "])
def test_the_right_password_lets_in_whatever_the_case_of_the_e_mail(
    session: Session, cast: Cast, email: str
) -> None:
    person = try_to_enter(session, email)
    assert person is not None
    assert person.id == cast.staff.id


def test_the_sixth_try_is_refused_even_when_right(session: Session, cast: Cast) -> None:
    miss(session, 5)
    for password in (PASSWORD, "a wrong guess"):
        with pytest.raises(TooManyTriesError, match="Wait fifteen minutes"):
            try_to_enter(session, "rosa@example.org", password)
    with pytest.raises(TooManyTriesError):
        try_to_enter(session, "Rosa@EXAMPLE.org", address=ELSEWHERE)


def test_others_are_not_held_up(session: Session, cast: Cast) -> None:
    miss(session, 5)
    assert try_to_enter(session, "otto@example.org", address=ELSEWHERE)
    assert try_to_enter(session, "otto@example.org")


def test_after_the_window_it_works_again(session: Session, cast: Cast) -> None:
    miss(session, 5)
    with pytest.raises(TooManyTriesError):
        try_to_enter(session, "rosa@example.org", at=AT + timedelta(minutes=14, seconds=59))
    assert try_to_enter(session, "rosa@example.org", at=AT + timedelta(minutes=15))


def test_refused_tries_do_not_lengthen_the_wait(session: Session, cast: Cast) -> None:
    miss(session, 5)
    for minute in range(1, 15):
        with pytest.raises(TooManyTriesError):
            try_to_enter(session, "rosa@example.org", at=AT + timedelta(minutes=minute))
    assert try_to_enter(session, "rosa@example.org", at=AT + timedelta(minutes=15))


def test_the_right_password_forgets_the_misses_before_it(session: Session, cast: Cast) -> None:
    for _round in range(3):
        miss(session, 4)
        person = try_to_enter(session, "rosa@example.org")
        assert person
        sign_ins.sign_in(session, person, device="phone", at=AT, days=14)


def test_one_address_that_tries_many_e_mails_is_refused(session: Session, cast: Cast) -> None:
    for number in range(sign_ins.TRIES_PER_ADDRESS):
        miss(session, 1, f"nobody{number}@example.org")
    with pytest.raises(TooManyTriesError):
        try_to_enter(session, "otto@example.org")
    assert try_to_enter(session, "otto@example.org", address=ELSEWHERE)


def test_misses_that_no_longer_count_are_forgotten(session: Session, cast: Cast) -> None:
    miss(session, 3, "nobody@example.org")
    later = AT + timedelta(minutes=15)
    assert try_to_enter(session, "nobody@example.org", "a wrong guess", at=later) is None
    assert tries(session) == 1


def test_nothing_readable_is_kept_of_a_miss(session: Session, cast: Cast) -> None:
    miss(session, 1)
    kept = session.scalars(select(SignInTry)).one()
    assert "rosa" not in kept.email_sha256
    assert len(kept.email_sha256) == len(kept.address_sha256) == 64


def test_an_unknown_e_mail_costs_as_much_as_a_wrong_password(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared = []
    verify = hashing.matches
    monkeypatch.setattr(
        sign_ins, "matches", lambda *pair: compared.append(pair[0]) or verify(*pair)
    )
    miss(session, 1, "nobody@example.org")
    miss(session, 1, "rosa@example.org")
    miss(session, 1, "no e-mail at all\0")
    assert len(compared) == 3
    assert compared[0] == compared[2] == hashing.NOBODY


def test_a_disabled_person_does_not_enter_and_it_counts_as_a_miss(
    session: Session, cast: Cast
) -> None:
    people.disable(session, here(session, cast.staff), by=OPERATOR, at=AT)
    assert try_to_enter(session, "rosa@example.org") is None
    assert tries(session) == 1


def test_who_is_disabled_between_comparing_and_entering_stays_out(
    session: Session, cast: Cast
) -> None:
    found = sign_ins.recognize(
        session, email="rosa@example.org", password=PASSWORD, address=ADDRESS, at=AT
    )
    people.disable(session, here(session, cast.staff), by=OPERATOR, at=AT)
    assert sign_ins.admit(session, found, email="rosa@example.org", address=ADDRESS, at=AT) is None


def test_whose_password_changes_between_comparing_and_entering_stays_out(
    session: Session, cast: Cast
) -> None:
    found = sign_ins.recognize(
        session, email="rosa@example.org", password=PASSWORD, address=ADDRESS, at=AT
    )
    rosa = here(session, cast.staff)
    passwords.set_password(session, rosa, password="cordillera-blanca-y-negra", by=OPERATOR)
    assert sign_ins.admit(session, found, email="rosa@example.org", address=ADDRESS, at=AT) is None


def test_a_temporary_password_stops_working(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    password = passwords.give_temporary(session, rosa, by=OPERATOR, at=AT)
    in_a_week = AT + timedelta(days=7)
    assert try_to_enter(session, rosa.email, password, at=in_a_week - timedelta(seconds=1))
    assert try_to_enter(session, rosa.email, password, at=in_a_week) is None


def test_a_password_kept_at_an_older_cost_is_kept_anew(session: Session, cast: Cast) -> None:
    before = cast.staff.password_hash
    assert hashing.is_outdated(before)
    person = try_to_enter(session, "rosa@example.org")
    assert person
    assert person.password_hash != before
    assert not hashing.is_outdated(person.password_hash)
    assert hashing.matches(person.password_hash, PASSWORD)


def test_guessing_in_parallel_gains_no_try(engine: Engine, cast: Cast) -> None:
    guess = {"email": "rosa@example.org", "address": ADDRESS, "at": AT}

    def try_once(_turn: int) -> str:
        try:
            with unit_of_work(engine, writes=False) as reading:
                found = sign_ins.recognize(reading, password="wrong", **guess)
            with unit_of_work(engine) as session:
                sign_ins.admit(session, found, **guess)
        except TooManyTriesError:
            return "refused"
        return "miss"

    with ThreadPoolExecutor(8) as threads:
        said = list(threads.map(try_once, range(16)))
    assert said.count("miss") == sign_ins.TRIES_PER_EMAIL


def test_a_device_is_signed_in_by_its_secret_which_is_not_kept(
    session: Session, cast: Cast
) -> None:
    token = sign_ins.sign_in(session, cast.staff, device="phone", at=AT, days=14)
    device = sign_ins.device_signed_in(session, token=token, at=AT)
    assert device
    assert device.person.id == cast.staff.id
    assert token not in {device.token_sha256, device.device}
    assert sign_ins.device_signed_in(session, token=token + "x", at=AT) is None
    assert sign_ins.device_signed_in(session, token="", at=AT) is None


def test_a_device_lapses_at_its_end_and_when_it_is_not_used(session: Session, cast: Cast) -> None:
    token = sign_ins.sign_in(session, cast.staff, device="phone", at=AT, days=14)
    device = sign_ins.device_signed_in(session, token=token, at=AT)
    assert device

    def holds(**later: int) -> bool:
        at = AT + timedelta(**later)
        return sign_ins.device_signed_in(session, token=token, at=at) is not None

    assert holds(days=6, hours=23)
    assert not holds(days=7)
    sign_ins.note_seen(session, sign_in_id=device.id, at=AT + timedelta(days=6))
    session.expire_all()
    assert holds(days=12)
    sign_ins.note_seen(session, sign_in_id=device.id, at=AT + timedelta(days=13, hours=23))
    session.expire_all()
    assert holds(days=13, hours=23, minutes=59)
    assert not holds(days=14)


def test_use_is_noted_to_the_hour(session: Session, cast: Cast) -> None:
    token = sign_ins.sign_in(session, cast.staff, device="phone", at=AT, days=14)
    device = sign_ins.device_signed_in(session, token=token, at=AT)
    assert device
    assert not sign_ins.is_seen_long_ago(device, at=AT + timedelta(minutes=59))
    assert sign_ins.is_seen_long_ago(device, at=AT + timedelta(minutes=60))


def test_signing_out_one_device_leaves_the_others(session: Session, cast: Cast) -> None:
    tokens = [
        sign_ins.sign_in(session, cast.staff, device=name, at=AT, days=14)
        for name in ("phone", "desk", "library")
    ]
    rosa = here(session, cast.staff)
    this_one = sign_ins.device_signed_in(session, token=tokens[0], at=AT)
    lost = sign_ins.device_signed_in(session, token=tokens[1], at=AT)
    assert this_one
    assert lost
    sign_ins.sign_out_device(session, rosa, sign_in_id=lost.id, by=by(session, cast.staff))
    assert [each.device for each in sign_ins.devices_of(session, rosa, at=AT)] == [
        "library",
        "phone",
    ]
    sign_ins.sign_out_others(session, rosa, this_one=this_one.id, by=by(session, cast.staff))
    assert [each.device for each in sign_ins.devices_of(session, rosa, at=AT)] == ["phone"]
    assert [entry.event for entry in everything_noted(session)] == ["person.signed_out"] * 2


def test_somebody_elses_device_is_not_signed_out(session: Session, cast: Cast) -> None:
    token = sign_ins.sign_in(session, cast.head, device="desk", at=AT, days=14)
    device = sign_ins.device_signed_in(session, token=token, at=AT)
    assert device
    with pytest.raises(UnknownError):
        sign_ins.sign_out_device(
            session, here(session, cast.staff), sign_in_id=device.id, by=by(session, cast.staff)
        )
    assert sign_ins.device_signed_in(session, token=token, at=AT)


def test_lapsed_sign_ins_are_forgotten_at_the_next_one(session: Session, cast: Cast) -> None:
    sign_ins.sign_in(session, cast.staff, device="old", at=AT, days=1)
    sign_ins.sign_in(session, cast.head, device="new", at=AT + timedelta(days=1), days=1)
    assert [each.device for each in session.scalars(select(SignIn))] == ["new"]
