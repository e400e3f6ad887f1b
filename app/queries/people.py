"""People and their roles, as far as an administrator reaches."""

from dataclasses import dataclass

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from app.domain.emails import read_email
from app.domain.names import folded
from app.domain.refusals import UnknownError
from app.language.sentences import sentence
from app.queries.listing import ListPage, page_within
from app.queries.scope import Scope
from models import Membership, Person, Programme
from models.vocabulary import Role

PAGE_SIZE = 50


@dataclass(frozen=True)
class PeopleFilters:
    """What a list of people is narrowed to."""

    words: str = ""
    role: Role | None = None
    is_disabled: bool | None = None

    def let_through(self, person: Person) -> bool:
        """Whether the person belongs in the list.

        Words are compared here and not by the database, which cannot disregard case and accents
        alike on both engines; people are few.
        """
        return (
            folded(self.words) in folded(f"{person.name} {person.email}")
            and (self.role is None or any(held.role is self.role for held in person.memberships))
            and (self.is_disabled is None or person.is_disabled is self.is_disabled)
        )


def people_in(session: Session, *, scope: Scope) -> list[Person]:
    """The people who hold a role in the scope with their roles, by name, in two statements."""
    found = session.scalars(_in_reach(scope))
    return sorted(found, key=lambda person: (folded(person.name), person.id))


def people_page(
    session: Session, *, scope: Scope, filters: PeopleFilters, page: int = 1
) -> ListPage[Person]:
    """One page of those the filters let through; a page beyond the last is the last."""
    found = [person for person in people_in(session, scope=scope) if filters.let_through(person)]
    page = page_within(page, total=len(found), size=PAGE_SIZE)
    start = (page - 1) * PAGE_SIZE
    return ListPage(found[start : start + PAGE_SIZE], len(found), page, PAGE_SIZE)


def person_by_id(session: Session, person_id: int, *, scope: Scope) -> Person:
    """One person, or UnknownError when nobody, or nobody of this scope, has the number."""
    person = session.scalar(_in_reach(scope).where(Person.id == person_id))
    if person is None:
        raise UnknownError(sentence("There is no such person, or they are not of your offices."))
    return person


def person_by_email(session: Session, email: str) -> Person:
    """The person who signs in with this e-mail, whoever asks; UnknownError when nobody does."""
    person = session.scalar(select(Person).where(Person.email == read_email(email)))
    if person is None:
        raise UnknownError(
            sentence("Nobody has an account with the e-mail %(email)s.", email=read_email(email))
        )
    return person


def _in_reach(scope: Scope) -> Select[Person]:
    people = select(Person)
    if scope.everything:
        return people
    programmes = select(Programme.id).where(Programme.office_id.in_(scope.office_ids))
    held_there = exists().where(
        Membership.person_id == Person.id,
        or_(
            Membership.office_id.in_(scope.office_ids),
            Membership.programme_id.in_(programmes),
        ),
    )
    return people.where(held_there)
