"""Who may do what: one table of roles for each permission, and the scope a role reaches."""

from collections.abc import Collection

from app.domain.gates import DECIDERS
from app.domain.quarters import CLOSERS
from app.domain.roles import is_held_at
from app.queries.scope import Scope
from app.security.permissions import Permission
from models import Person
from models.vocabulary import Role

TABLE: dict[Permission, frozenset[Role]] = {
    Permission.READ_PORTFOLIO: frozenset({Role.STAFF, Role.OFFICER, Role.HEAD, Role.ADMIN}),
    Permission.WRITE_PLAN: frozenset({Role.STAFF, Role.HEAD}),
    Permission.WRITE_EXPERIMENT: frozenset({Role.STAFF, Role.HEAD}),
    Permission.TAKE_DECISION: frozenset({Role.HEAD}),
    Permission.DECIDE_GATE: DECIDERS,
    Permission.REVIEW_IMPACT: frozenset({Role.OFFICER}),
    Permission.CLOSE_QUARTER: CLOSERS,
    Permission.READ_REPORT: frozenset(Role),
    Permission.MAKE_REPORT: frozenset({Role.HEAD}),
    Permission.MAKE_STAGE_REPORT: frozenset({Role.STAFF, Role.OFFICER, Role.HEAD}),
    Permission.MAKE_PLAN_REPORT: frozenset({Role.STAFF, Role.HEAD}),
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
        and (
            anywhere
            or is_held_at(membership, office_id=office_id, programme_ids=programme_ids or ())
        )
        for membership in person.memberships
    )


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
