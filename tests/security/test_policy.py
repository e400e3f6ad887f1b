"""The one table of roles, and how far a role reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.roles import reach_of
from app.security.permissions import Permission
from app.security.policy import TABLE, may, scope_of
from models import Membership, Office, Person, Programme
from models.vocabulary import Role

S, O, H, A, R = Role.STAFF, Role.OFFICER, Role.HEAD, Role.ADMIN, Role.READER  # noqa: E741
# Written a second time on purpose: a change of the policy is a change of two places.
WRITTEN = {
    "portfolio:read": {S, O, H, A},
    "plan:write": {S, H},
    "experiment:write": {S, H},
    "decision:take": {H},
    "gate:decide": {H},
    "impact:review": {O},
    "quarter:close": {H},
    "report:read": {S, O, H, A, R},
    "report:make": {H},
    "stage_report:make": {S, O, H},
    "plan_report:make": {S, H},
    "people:manage": {A},
}
OFFICES, PROGRAMMES = (1, 2), (11, 12, 21)
OFFICE_OF = {11: 1, 12: 1, 21: 2}

memberships = st.builds(
    lambda role, place: Membership(
        role=role,
        office_id=place if place in OFFICES else None,
        programme_id=place if place in PROGRAMMES else None,
        office=Office(id=place) if place in OFFICES else None,
        programme=Programme(id=place, office_id=OFFICE_OF[place]) if place in PROGRAMMES else None,
    ),
    st.sampled_from(Role),
    st.sampled_from([None, *OFFICES, *PROGRAMMES]),
)
people = st.builds(lambda held: Person(memberships=held), st.lists(memberships, max_size=4))
permissions = st.sampled_from(Permission)


def holding(role: Role, **place: int) -> Person:
    return Person(memberships=[Membership(role=role, **place)])


def test_the_table_says_what_is_written() -> None:
    assert {permission.value: set(roles) for permission, roles in TABLE.items()} == WRITTEN


def test_every_permission_is_in_the_table() -> None:
    assert set(TABLE) == set(Permission)


@pytest.mark.parametrize("permission", Permission)
def test_nobody_may_anything_without_a_role(permission: Permission) -> None:
    assert not may(Person(memberships=[]), permission)
    assert not may(Person(memberships=[]), permission, office_id=1, programme_ids=[11])


def test_a_role_in_an_office_reaches_that_office() -> None:
    rosa = holding(Role.STAFF, office_id=1)
    assert may(rosa, Permission.WRITE_EXPERIMENT, office_id=1, programme_ids=[21])
    assert not may(rosa, Permission.WRITE_EXPERIMENT, office_id=2, programme_ids=[11])


def test_a_role_in_a_programme_reaches_that_programme() -> None:
    otto = holding(Role.OFFICER, programme_id=11)
    assert may(otto, Permission.REVIEW_IMPACT, office_id=1, programme_ids=[12, 11])
    assert not may(otto, Permission.REVIEW_IMPACT, office_id=1, programme_ids=[12])
    assert not may(otto, Permission.REVIEW_IMPACT, office_id=1)


def test_a_role_without_a_place_reaches_everything() -> None:
    head = holding(Role.HEAD)
    assert may(head, Permission.TAKE_DECISION, office_id=2, programme_ids=[21])
    assert may(head, Permission.TAKE_DECISION, office_id=2, programme_ids=[])


def test_a_record_of_no_programme_is_not_anywhere_at_all() -> None:
    otto = holding(Role.OFFICER, programme_id=11)
    assert may(otto, Permission.REVIEW_IMPACT)
    assert not may(otto, Permission.REVIEW_IMPACT, programme_ids=[])
    assert not may(holding(Role.STAFF, office_id=1), Permission.WRITE_PLAN, programme_ids=[])


@given(people, permissions)
def test_who_may_nowhere_may_not_here(person: Person, permission: Permission) -> None:
    if not may(person, permission):
        for office in OFFICES:
            assert not may(person, permission, office_id=office, programme_ids=PROGRAMMES)


@given(people, permissions, st.sampled_from(PROGRAMMES))
def test_what_a_list_shows_is_what_its_record_allows(
    person: Person, permission: Permission, programme: int
) -> None:
    office = OFFICE_OF[programme]
    scope = scope_of(person, permission)
    is_listed = scope.everything or office in scope.office_ids or programme in scope.programme_ids
    assert is_listed == may(person, permission, office_id=office, programme_ids=[programme])


@given(people)
def test_administrators_manage_where_the_policy_says(person: Person) -> None:
    scope, reach = scope_of(person, Permission.MANAGE_PEOPLE), reach_of(person)
    assert reach.everywhere == scope.everything
    assert reach.office_ids == scope.office_ids


@given(people, memberships, permissions, st.sampled_from(OFFICES))
def test_another_role_takes_nothing_away(
    person: Person, more: Membership, permission: Permission, office: int
) -> None:
    with_more = Person(memberships=[*person.memberships, more])
    if may(person, permission, office_id=office):
        assert may(with_more, permission, office_id=office)
