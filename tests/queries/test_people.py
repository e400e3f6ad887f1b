"""People as far as an administrator reaches, in few statements."""

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from app.database import unit_of_work
from app.domain.refusals import UnknownError
from app.queries.people import (
    PAGE_SIZE,
    PeopleFilters,
    people_in,
    people_page,
    person_by_email,
    person_by_id,
)
from app.queries.scope import EVERYTHING, Scope
from models import Membership
from models.vocabulary import Role
from tests.accounts import an_account, here
from tests.cast import Cast
from tests.conftest import Statements


def names(session: Session, scope: Scope = EVERYTHING, **filters: object) -> list[str]:
    page = people_page(session, scope=scope, filters=PeopleFilters(**filters))  # type: ignore[arg-type]
    return [person.name for person in page.lines]


def peru(cast: Cast) -> Scope:
    return Scope(office_ids=frozenset({cast.peru.id}))


def test_an_office_shows_who_holds_a_role_in_it_or_in_its_programmes(
    session: Session, cast: Cast
) -> None:
    assert names(session, peru(cast)) == [
        "Hilda Torres",
        "Olga Ramos",
        "Otto Salas",
        "Rita Flores",
        "Rosa Quispe",
    ]


def test_people_of_other_offices_and_of_none_are_not_found(session: Session, cast: Cast) -> None:
    for person in (cast.stranger, cast.admin):
        with pytest.raises(UnknownError):
            person_by_id(session, person.id, scope=peru(cast))
    assert person_by_id(session, cast.stranger.id, scope=EVERYTHING).name == "Stella Mora"
    assert people_in(session, scope=Scope()) == []


def test_who_holds_roles_in_two_offices_is_found_in_both_once(session: Session, cast: Cast) -> None:
    an_account(
        session,
        "Berta Luna",
        Membership(role=Role.STAFF, office_id=cast.peru.id),
        Membership(role=Role.HEAD, office_id=cast.peru.id),
        Membership(role=Role.READER, office_id=cast.ecuador.id),
    )
    assert names(session, peru(cast)).count("Berta Luna") == 1
    assert "Berta Luna" in names(session, Scope(office_ids=frozenset({cast.ecuador.id})))


@pytest.mark.parametrize("words", ["ñahui", "NAHUI", "nahui maria", "maría josé ñ", "mj@"])
def test_names_and_e_mails_are_found_without_regard_to_case_and_accents(
    session: Session, cast: Cast, words: str
) -> None:
    role = Membership(role=Role.STAFF, office_id=cast.peru.id)
    an_account(session, "Ñahui María José Ñahui", role, email="mj@example.org")
    assert names(session, words=words) == ["Ñahui María José Ñahui"]


def test_a_list_is_narrowed_by_role_and_by_whether_the_account_is_open(
    session: Session, cast: Cast
) -> None:
    here(session, cast.staff).disabled_at = cast.staff.created_at
    session.flush()
    assert names(session, role=Role.OFFICER) == ["Olga Ramos", "Otto Salas"]
    assert names(session, is_disabled=True) == ["Rosa Quispe"]
    assert "Rosa Quispe" not in names(session, is_disabled=False)


def test_people_are_sorted_as_a_reader_looks_for_them(session: Session) -> None:
    for number, name in enumerate(["Óscar", "oscar B", "Zoe", "Ángela", "Ana"]):
        an_account(session, name, Membership(role=Role.STAFF), email=f"{number}@example.org")
    assert names(session) == ["Ana", "Ángela", "Óscar", "oscar B", "Zoe"]


def test_long_lists_come_in_pages(session: Session) -> None:
    for number in range(PAGE_SIZE + 3):
        role = Membership(role=Role.STAFF)
        an_account(session, f"P{number:03}", role, email=f"{number}@example.org")
    first, last, beyond = (
        people_page(session, scope=EVERYTHING, filters=PeopleFilters(), page=page)
        for page in (1, 2, 99)
    )
    assert (first.first, first.last, first.has_next) == (1, PAGE_SIZE, True)
    assert [person.name for person in last.lines] == ["P050", "P051", "P052"]
    assert (last.first, last.last, last.has_next, last.total) == (51, 53, False, 53)
    assert beyond == last


def test_a_person_is_found_by_e_mail_whatever_its_case(session: Session, cast: Cast) -> None:
    assert person_by_email(session, " ROSA@example.org ").id == cast.staff.id
    with pytest.raises(UnknownError, match=r"nobody@example\.org"):
        person_by_email(session, "nobody@example.org")


def test_a_list_with_its_roles_takes_two_statements(
    engine: Engine, cast: Cast, statements: Statements
) -> None:
    with unit_of_work(engine, writes=False) as session:
        statements.clear()
        for person in people_in(session, scope=peru(cast)):
            for held in person.memberships:
                assert held.office or held.programme
        assert len(statements) == 2
