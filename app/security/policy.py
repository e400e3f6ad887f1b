"""Who may do what: one table of roles for each permission, and the scope a role reaches."""

from collections.abc import Collection

from app.queries.scope import Scope
from app.security.permissions import Permission
from models import Membership, Person
from models.vocabulary import Role

TABLE: dict[Permission, frozenset[Role]] = {
    Permission.READ_PORTFOLIO: frozenset({Role.STAFF, Role.OFFICER, Role.HEAD, Role.ADMIN}),
    Permission.WRITE_PLAN: frozenset({Role.STAFF, Role.HEAD}),
    Permission.WRITE_EXPERIMENT: frozenset({Role.STAFF, Role.HEAD}),
    Permission.TAKE_DECISION: frozenset({Role.HEAD}),
    Permission.REVIEW_IMPACT: frozenset({Role.OFFICER}),
    Permission.READ_REPORT: frozenset(Role),
    Permission.MAKE_REPORT: frozenset({Role.HEAD}),
    Permission.MAKE_STAGE_REPORT: frozenset({Role.STAFF, Role.OFFICER, Role.HEAD}),
    Permission.MANAGE_PEOPLE: frozenset({Role.ADMIN}),
}


def may(
    person: Person,
    permission: Permission,
    *,
    office_id: int | None = None,
    programme_ids: Collection[int] | None = None,
) -> bool:
    """Whether one of the person's roles allows it there.

    A role in an office reaches that office; a role in a programme reaches that programme; a role
    without a place reaches everything. Without a place the question is "anywhere at all?"; an
    empty collection of programmes is a place, which no role in a programme reaches.
    """
    anywhere = office_id is None and programme_ids is None
    return any(
        membership.role in TABLE[permission]
        and (anywhere or _reaches(membership, office_id, programme_ids or ()))
        for membership in person.memberships
    )


def _reaches(membership: Membership, office_id: int | None, programme_ids: Collection[int]) -> bool:
    if membership.programme_id is not None:
        return membership.programme_id in programme_ids
    return membership.office_id is None or membership.office_id == office_id


def scope_of(person: Person, permission: Permission = Permission.READ_PORTFOLIO) -> Scope:
    """The part of the portfolio the person may do this in."""
    places = [held for held in person.memberships if held.role in TABLE[permission]]
    return Scope(
        everything=any(held.office_id is None and held.programme_id is None for held in places),
        office_ids=frozenset(held.office_id for held in places if held.office_id is not None),
        programme_ids=frozenset(
            held.programme_id for held in places if held.programme_id is not None
        ),
    )
