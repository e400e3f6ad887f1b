"""Accounts: added, edited, closed and opened, by whom they may be, and written down."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.refusals import (
    ChangedMeanwhileError,
    InvalidError,
    NotAllowedError,
    NotReadyError,
    RefusalError,
)
from app.domain.roles import Place
from app.services import people, sign_ins
from app.services.actor import OPERATOR, Actor
from app.services.hashing import matches
from models import Membership, Person, SignIn
from models.vocabulary import Language, Role
from tests.accounts import an_account, an_office_administrator, by, everything_noted, here
from tests.cast import PASSWORD, Cast

AT = datetime(2026, 10, 5, 15, tzinfo=UTC)
NEW_PASSWORD = "cordillera-blanca-y-negra"


def add(session: Session, place: Place, by: Actor = OPERATOR, **given: object) -> Person:
    facts: dict[str, object] = {
        "email": "nueva@example.org",
        "name": "María José Ñahui Ávila",
        "password": NEW_PASSWORD,
        "role": Role.STAFF,
    }
    return people.add(session, place=place, by=by, **(facts | given))  # type: ignore[arg-type]


def problems_of(refusal: RefusalError) -> dict[str | None, str]:
    return {problem.field: str(problem.message) for problem in refusal.problems}


def test_a_person_is_added_with_their_role(session: Session, cast: Cast) -> None:
    person = add(session, Place(here(session, cast.peru)), email=" Nueva@Example.org ")
    assert person.email == "nueva@example.org"
    assert person.name == "María José Ñahui Ávila"
    assert [(held.role, held.office_id) for held in person.memberships] == [
        (Role.STAFF, cast.peru.id)
    ]
    assert matches(person.password_hash, NEW_PASSWORD)
    assert person.password_temporary_until is None


def test_an_invited_person_gets_a_password_that_works_for_a_week(
    session: Session, cast: Cast
) -> None:
    person, password = people.invite(
        session,
        email="nueva@example.org",
        name="María",
        role=Role.OFFICER,
        place=Place(programme=here(session, cast.markets)),
        language=Language.ES,
        by=by(session, cast.admin),
        at=AT,
    )
    assert matches(person.password_hash, password)
    assert person.password_temporary_until == AT + timedelta(days=7)


@pytest.mark.parametrize("taken", ["rosa@example.org", "ROSA@Example.Org", " rosa@example.org"])
def test_an_e_mail_is_taken_whatever_its_case(session: Session, cast: Cast, taken: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        add(session, Place(), email=taken)
    assert "already has an account" in problems_of(refusal.value)["email"]


def test_all_that_is_wrong_is_said_at_once(session: Session, cast: Cast) -> None:
    with pytest.raises(InvalidError) as refusal:
        add(
            session,
            Place(programme=here(session, cast.markets)),
            email="rosa",
            name="  ",
            password="short",
            role=Role.ADMIN,
        )
    assert set(problems_of(refusal.value)) == {"email", "name", "password", "place"}
    assert session.scalar(select(func.count(Person.id))) == len(cast.everybody())


@pytest.mark.parametrize("name", ["a" * 301, "Rosa\x07"])
def test_a_name_is_a_line_of_writing(session: Session, name: str) -> None:
    with pytest.raises(InvalidError) as refusal:
        add(session, Place(), name=name)
    assert set(problems_of(refusal.value)) == {"name"}


def test_of_two_who_add_one_e_mail_at_once_one_is_refused_in_words(
    engine: Engine, cast: Cast
) -> None:
    together = Barrier(2)

    def add_in_time(_turn: int) -> str:
        try:
            with unit_of_work(engine) as session:
                if engine.dialect.name == "postgresql":
                    # Both have looked and found nobody.
                    session.execute(select(Person.id))
                together.wait(timeout=10)
                add(session, Place())
                return "added"
        except InvalidError as refusal:
            return problems_of(refusal)["email"]

    with ThreadPoolExecutor(2) as threads:
        # SQLite lets one writer begin; the barrier would wait for the other in vain.
        if engine.dialect.name == "sqlite":
            together = Barrier(1)
        said = sorted(threads.map(add_in_time, range(2)))
    assert said[0] == "added"
    assert "already has an account" in said[1]


def test_the_database_refuses_an_e_mail_taken_after_the_look(
    session: Session, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(people, "_faults", lambda *_args, **_kwargs: [])
    with pytest.raises(InvalidError) as refusal:
        add(session, Place(), email=cast.staff.email)
    assert "already has an account" in problems_of(refusal.value)["email"]
    # The session can still be asked, as the page does that shows the refusal.
    assert session.scalar(select(func.count(Person.id))) == len(cast.everybody())


def test_an_administrator_of_an_office_adds_people_there_only(session: Session, cast: Cast) -> None:
    pia = by(session, an_office_administrator(session, cast.peru))
    peru, ecuador = here(session, cast.peru), here(session, cast.ecuador)
    add(session, Place(peru), by=pia)
    add(session, Place(programme=here(session, cast.markets)), by=pia, email="b@example.org")
    for elsewhere in (Place(), Place(ecuador), Place(programme=here(session, cast.andes))):
        with pytest.raises(NotAllowedError):
            add(session, elsewhere, by=pia, email="c@example.org")


@pytest.mark.parametrize("part", ["staff", "officer", "head", "reader", "stranger"])
def test_nobody_but_administrators_changes_accounts(
    session: Session, cast: Cast, part: str
) -> None:
    actor = by(session, cast.everybody()[part])
    target = here(session, cast.other_officer)
    with pytest.raises(NotAllowedError):
        add(session, Place(here(session, cast.peru)), by=actor)
    with pytest.raises(NotAllowedError):
        people.disable(session, target, by=actor, at=AT)
    with pytest.raises(NotAllowedError):
        people.enable(session, target, by=actor)
    with pytest.raises(NotAllowedError):
        people.sign_out(session, target, by=actor)
    with pytest.raises(NotAllowedError):
        people.edit(
            session,
            target,
            email="x@example.org",
            name="X",
            language=None,
            seen_version=1,
            by=actor,
        )


def test_an_account_with_roles_beyond_ones_offices_is_left_alone(
    session: Session, cast: Cast
) -> None:
    pia = by(session, an_office_administrator(session, cast.peru))
    both = an_account(
        session,
        "Berta Luna",
        Membership(role=Role.STAFF, office_id=cast.peru.id),
        Membership(role=Role.READER, office_id=cast.ecuador.id),
    )
    for person in (both, here(session, cast.admin), here(session, cast.stranger)):
        with pytest.raises(NotAllowedError):
            people.disable(session, person, by=pia, at=AT)


def test_what_an_account_says_is_changed(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    people.edit(
        session,
        rosa,
        email="Rosa.Quispe@Example.org",
        name="  Rosa   Quispe Ñahui ",
        language=Language.ES,
        seen_version=rosa.version,
        by=by(session, cast.admin),
    )
    assert (rosa.email, rosa.name) == ("rosa.quispe@example.org", "Rosa Quispe Ñahui")
    (entry,) = everything_noted(session)
    assert entry.event == "person.edited"
    assert entry.changes["email"] == ["rosa@example.org", "rosa.quispe@example.org"]


def test_an_edit_is_refused_when_the_account_changed_since_it_was_shown(
    session: Session, cast: Cast
) -> None:
    rosa = here(session, cast.staff)
    seen = rosa.version
    people.choose_language(session, rosa, language=Language.ES, by=by(session, cast.staff))
    with pytest.raises(ChangedMeanwhileError):
        people.edit(
            session,
            rosa,
            email=rosa.email,
            name="Another",
            language=None,
            seen_version=seen,
            by=by(session, cast.admin),
        )
    assert rosa.name == "Rosa Quispe"


def test_an_edit_cannot_take_another_ones_e_mail(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    with pytest.raises(InvalidError) as refusal:
        people.edit(
            session,
            rosa,
            email="OTTO@example.org",
            name=rosa.name,
            language=None,
            seen_version=rosa.version,
            by=OPERATOR,
        )
    assert "already has an account" in problems_of(refusal.value)["email"]


def test_disabling_signs_out_everywhere_and_can_be_undone(session: Session, cast: Cast) -> None:
    rosa, ada = here(session, cast.staff), by(session, cast.admin)
    token = sign_ins.sign_in(session, rosa, device="phone", at=AT, days=14)
    people.disable(session, rosa, by=ada, at=AT)
    assert rosa.disabled_at == AT
    assert sign_ins.device_signed_in(session, token=token, at=AT) is None
    people.enable(session, rosa, by=ada)
    assert not rosa.is_disabled
    assert sign_ins.device_signed_in(session, token=token, at=AT) is None
    assert [entry.event for entry in everything_noted(session)] == [
        "person.disabled",
        "person.enabled",
    ]


def test_disabling_twice_is_noted_once(session: Session, cast: Cast) -> None:
    rosa, ada = here(session, cast.staff), by(session, cast.admin)
    people.disable(session, rosa, by=ada, at=AT)
    people.disable(session, rosa, by=ada, at=AT + timedelta(days=1))
    assert rosa.disabled_at == AT
    assert len(everything_noted(session)) == 1


def test_the_last_administrator_stays(session: Session, cast: Cast) -> None:
    with pytest.raises(NotReadyError, match="Somebody must remain administrator"):
        people.disable(session, here(session, cast.admin), by=OPERATOR, at=AT)


def test_a_disabled_administrator_is_no_other_administrator(session: Session, cast: Cast) -> None:
    other = an_account(session, "Otra Admin", Membership(role=Role.ADMIN), disabled_at=AT)
    with pytest.raises(NotReadyError):
        people.disable(session, here(session, cast.admin), by=OPERATOR, at=AT)
    people.enable(session, other, by=OPERATOR)
    people.disable(session, here(session, cast.admin), by=OPERATOR, at=AT)


def test_an_office_administrator_does_not_stand_in_for_the_installations(
    session: Session, cast: Cast
) -> None:
    pia = an_office_administrator(session, cast.peru)
    with pytest.raises(NotReadyError):
        people.disable(session, here(session, cast.admin), by=OPERATOR, at=AT)
    people.disable(session, pia, by=by(session, cast.admin), at=AT)


def test_nobody_disables_their_own_account(session: Session, cast: Cast) -> None:
    an_account(session, "Otra Admin", Membership(role=Role.ADMIN))
    with pytest.raises(NotReadyError, match="Ask another administrator"):
        people.disable(session, here(session, cast.admin), by=by(session, cast.admin), at=AT)


def test_two_administrators_who_disable_each_other_do_not_both_succeed(
    engine: Engine, cast: Cast
) -> None:
    with unit_of_work(engine) as session:
        other = an_account(session, "Otra Admin", Membership(role=Role.ADMIN))
    pairs = [(cast.admin, other), (other, cast.admin)]
    together = Barrier(1 if engine.dialect.name == "sqlite" else 2)

    def disable(pair: tuple[Person, Person]) -> str:
        try:
            with unit_of_work(engine) as session:
                actor, target = by(session, pair[0]), here(session, pair[1])
                together.wait(timeout=10)
                people.disable(session, target, by=actor, at=AT)
                return "done"
        except NotReadyError as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as threads:
        said = sorted(threads.map(disable, pairs))
    assert said == ["Somebody must remain administrator: name another one first.", "done"]


def test_signing_somebody_out_closes_all_their_devices_and_nobody_elses(
    session: Session, cast: Cast
) -> None:
    rosa = here(session, cast.staff)
    for device in ("phone", "desk"):
        sign_ins.sign_in(session, rosa, device=device, at=AT, days=14)
    kept = sign_ins.sign_in(session, here(session, cast.head), device="desk", at=AT, days=14)
    people.sign_out(session, rosa, by=by(session, cast.admin))
    assert session.scalar(select(func.count(SignIn.id))) == 1
    assert sign_ins.device_signed_in(session, token=kept, at=AT)


def test_choosing_the_language_one_has_changes_nothing(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    people.choose_language(session, rosa, language=Language.EN, by=by(session, cast.staff))
    assert everything_noted(session) == []


def test_the_casts_password_is_one_that_would_be_taken(session: Session) -> None:
    add(session, Place(), password=PASSWORD)
