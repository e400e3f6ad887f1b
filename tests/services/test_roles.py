"""Roles: who gives and takes which, where; and that somebody always remains."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.refusals import InvalidError, NotAllowedError, NotReadyError, UnknownError
from app.domain.roles import Place, place_of
from app.services.actor import OPERATOR
from app.services.roles import give_role, take_role
from models import Membership, Person
from models.vocabulary import Role
from tests.accounts import an_account, an_office_administrator, by, everything_noted, here
from tests.cast import Cast


def places(session: Session, cast: Cast) -> dict[str, Place]:
    return {
        "everywhere": Place(),
        "peru": Place(here(session, cast.peru)),
        "ecuador": Place(here(session, cast.ecuador)),
        "markets": Place(programme=here(session, cast.markets)),
        "andes": Place(programme=here(session, cast.andes)),
    }


def roles_of(person: Person) -> set[tuple[Role, str]]:
    return {(held.role, place_of(held).code) for held in person.memberships}


def membership(person: Person, role: Role) -> int:
    return next(held.id for held in person.memberships if held.role is role)


def test_a_role_is_given_once_and_written_down(session: Session, cast: Cast) -> None:
    rosa, ada = here(session, cast.staff), by(session, cast.admin)
    for _time in range(2):
        give_role(session, rosa, role=Role.HEAD, place=places(session, cast)["peru"], by=ada)
    assert roles_of(rosa) == {(Role.STAFF, "PE"), (Role.HEAD, "PE")}
    (entry,) = everything_noted(session)
    assert entry.event == "person.role_given"
    assert entry.changes == {"role": [None, "head"], "place": [None, "PE"]}
    assert entry.by_id == cast.admin.id


def test_a_programmes_office_may_be_said_too(session: Session, cast: Cast) -> None:
    rosa, peru, markets = (here(session, row) for row in (cast.staff, cast.peru, cast.markets))
    give_role(session, rosa, role=Role.OFFICER, place=Place(peru, markets), by=OPERATOR)
    assert (Role.OFFICER, "PE-MERCADOS") in roles_of(rosa)
    ecuador = here(session, cast.ecuador)
    with pytest.raises(InvalidError, match="not one of office EC"):
        give_role(session, rosa, role=Role.OFFICER, place=Place(ecuador, markets), by=OPERATOR)


def test_nobody_administers_a_programme(session: Session, cast: Cast) -> None:
    with pytest.raises(InvalidError, match="not a programme"):
        give_role(
            session,
            here(session, cast.staff),
            role=Role.ADMIN,
            place=places(session, cast)["markets"],
            by=OPERATOR,
        )


@settings(
    max_examples=40,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
)
@given(role=st.sampled_from(Role), where=st.sampled_from(["everywhere", "ecuador", "andes"]))
def test_an_office_administrator_gives_no_role_outside_the_office(
    session: Session, cast: Cast, role: Role, where: str
) -> None:
    pia = session.scalar(select(Person).where(Person.email == "pia@example.org"))
    actor = by(session, pia or an_office_administrator(session, cast.peru))
    place = places(session, cast)[where]
    for person in (cast.staff, cast.stranger, actor.person):
        assert person is not None
        with pytest.raises(NotAllowedError):
            give_role(session, here(session, person), role=role, place=place, by=actor)


@pytest.mark.parametrize("part", ["staff", "officer", "head", "reader", "stranger"])
def test_who_is_no_administrator_gives_no_role_not_even_to_themselves(
    session: Session, cast: Cast, part: str
) -> None:
    actor = by(session, cast.everybody()[part])
    assert actor.person is not None
    for place in places(session, cast).values():
        with pytest.raises(NotAllowedError):
            give_role(session, actor.person, role=Role.ADMIN, place=place, by=actor)
    admin = here(session, cast.admin)
    with pytest.raises(NotAllowedError):
        take_role(session, admin, membership_id=membership(admin, Role.ADMIN), by=actor)


def test_an_office_administrator_takes_only_the_offices_roles(session: Session, cast: Cast) -> None:
    pia = by(session, an_office_administrator(session, cast.peru))
    both = an_account(
        session,
        "Berta Luna",
        Membership(role=Role.STAFF, office=here(session, cast.peru)),
        Membership(role=Role.READER, office=here(session, cast.ecuador)),
    )
    with pytest.raises(NotAllowedError):
        take_role(session, both, membership_id=membership(both, Role.READER), by=pia)
    take_role(session, both, membership_id=membership(both, Role.STAFF), by=pia)
    assert roles_of(both) == {(Role.READER, "EC")}
    assert everything_noted(session)[-1].changes == {"role": ["staff", None], "place": ["PE", None]}


def test_the_only_role_stays(session: Session, cast: Cast) -> None:
    rosa = here(session, cast.staff)
    with pytest.raises(NotReadyError, match="disable the account instead"):
        take_role(session, rosa, membership_id=membership(rosa, Role.STAFF), by=OPERATOR)


def test_a_role_somebody_elses_number_names_is_not_taken(session: Session, cast: Cast) -> None:
    other = membership(here(session, cast.head), Role.HEAD)
    with pytest.raises(UnknownError):
        take_role(session, here(session, cast.staff), membership_id=other, by=OPERATOR)


def test_the_last_administrators_role_stays(session: Session, cast: Cast) -> None:
    ada = here(session, cast.admin)
    give_role(session, ada, role=Role.STAFF, place=places(session, cast)["peru"], by=OPERATOR)
    with pytest.raises(NotReadyError, match="Somebody must remain"):
        take_role(session, ada, membership_id=membership(ada, Role.ADMIN), by=OPERATOR)


def test_an_office_keeps_an_administrator_when_the_installation_has_none(
    session: Session, cast: Cast
) -> None:
    ada = here(session, cast.admin)
    pia = an_office_administrator(session, cast.peru)
    give_role(session, pia, role=Role.STAFF, place=places(session, cast)["peru"], by=OPERATOR)
    # With one of the whole installation the office's own may go.
    with session.begin_nested() as tried:
        take_role(session, pia, membership_id=membership(pia, Role.ADMIN), by=OPERATOR)
        tried.rollback()
    ada.memberships[0].role = Role.READER
    session.flush()
    with pytest.raises(NotReadyError):
        take_role(session, pia, membership_id=membership(pia, Role.ADMIN), by=OPERATOR)


def test_who_administers_twice_over_may_give_one_back(session: Session, cast: Cast) -> None:
    ada = here(session, cast.admin)
    give_role(session, ada, role=Role.ADMIN, place=places(session, cast)["peru"], by=OPERATOR)
    of_peru = next(held.id for held in ada.memberships if held.office_id)
    take_role(session, ada, membership_id=of_peru, by=OPERATOR)
    assert roles_of(ada) == {(Role.ADMIN, "*")}


def test_one_role_given_by_two_at_once_is_held_once(engine: Engine, cast: Cast) -> None:
    def give(_turn: int) -> None:
        with unit_of_work(engine) as session:
            peru, rosa = Place(here(session, cast.peru)), here(session, cast.staff)
            give_role(session, rosa, role=Role.HEAD, place=peru, by=OPERATOR)

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(give, range(8)))
    with unit_of_work(engine, writes=False) as session:
        held = select(func.count(Membership.id)).where(Membership.person_id == cast.staff.id)
        assert session.scalar(held) == 2
