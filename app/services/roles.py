"""Roles: given and taken, one at a time; nobody is left without one, nor a place without help."""

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.domain.refusals import InvalidError, NotReadyError, Problem, UnknownError
from app.domain.roles import Place, misplacement_of, place_of, refuse_outside
from app.language.sentences import sentence
from app.services import history
from app.services.actor import Actor
from app.services.turns import hold
from models import Membership, Person
from models.vocabulary import Role


def give_role(session: Session, person: Person, *, role: Role, place: Place, by: Actor) -> None:
    """Give a role in a place. Giving it twice changes nothing.

    Raises NotAllowedError where the actor is no administrator, InvalidError for a role that
    cannot be held there.
    """
    refuse_outside(by.reach, place)
    if misplaced := misplacement_of(role, place):
        raise InvalidError([Problem("place", misplaced)])
    hold(session, person)
    # A programme's office need not be said.
    place = Place(programme=place.programme) if place.programme else place
    if any(held.role is role and place_of(held) == place for held in person.memberships):
        return
    person.memberships.append(Membership(role=role, office=place.office, programme=place.programme))
    session.flush()
    _note(session, person, "person.role_given", role=(None, role), place=(None, place.code), by=by)


def take_role(session: Session, person: Person, *, membership_id: int, by: Actor) -> None:
    """Take a role away.

    The last one stays (close the account instead), and so does a place's last administrator.
    """
    hold(session, person)
    held = next((each for each in person.memberships if each.id == membership_id), None)
    if held is None:
        raise UnknownError(sentence("%(name)s no longer holds this role.", name=person.name))
    role, place = held.role, place_of(held)
    refuse_outside(by.reach, place)
    if len(person.memberships) == 1:
        raise NotReadyError(
            sentence(
                "This is the only role of %(name)s: disable the account instead.", name=person.name
            )
        )
    refuse_last_administrator(session, [held])
    person.memberships.remove(held)
    session.flush()
    _note(session, person, "person.role_taken", role=(role, None), place=(place.code, None), by=by)


def refuse_last_administrator(session: Session, leaving: Sequence[Membership]) -> None:
    """Raise NotReadyError when these roles are a place's last administrator's.

    An office also counts the administrators of the whole installation as its own. Waits for
    whoever changes administrators at the same time.
    """
    if not any(held.role is Role.ADMIN for held in leaving):
        return
    session.execute(
        select(Membership.id)
        .where(Membership.role == Role.ADMIN)
        .order_by(Membership.id)
        .with_for_update()
    )
    for held in leaving:
        if held.role is Role.ADMIN and not _administrators_left(session, held.office_id, leaving):
            raise NotReadyError(
                sentence("Somebody must remain administrator: name another one first.")
            )


def _administrators_left(
    session: Session, office_id: int | None, leaving: Sequence[Membership]
) -> int:
    in_reach = Membership.office_id.is_(None) & Membership.programme_id.is_(None)
    if office_id is not None:
        in_reach |= Membership.office_id == office_id
    count = session.scalar(
        select(func.count(Membership.id))
        .join(Membership.person)
        .where(
            Membership.role == Role.ADMIN,
            in_reach,
            Membership.id.not_in([held.id for held in leaving]),
            Person.disabled_at.is_(None),
        )
    )
    return count or 0


def _note(
    session: Session,
    person: Person,
    event: str,
    *,
    role: tuple[Role | None, Role | None],
    place: tuple[str | None, str | None],
    by: Actor,
) -> None:
    history.record(
        session,
        subject=f"person:{person.id}",
        event=event,
        by=by,
        changes={"role": role, "place": place},
    )
