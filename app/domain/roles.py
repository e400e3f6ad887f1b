"""Which role may be held where, and where an administrator gives roles and manages accounts."""

from collections.abc import Collection
from dataclasses import dataclass, field

from app.domain.refusals import NotAllowedError
from app.language.sentences import Sentence, sentence
from models import Membership, Office, Person, Programme
from models.vocabulary import Role


@dataclass(frozen=True)
class Place:
    """Where a role holds: in an office, in a programme, or (neither) in the whole installation."""

    office: Office | None = None
    programme: Programme | None = None

    @property
    def office_id(self) -> int | None:
        """The office it lies in; None for the whole installation."""
        if self.programme is not None:
            return self.programme.office_id
        return self.office.id if self.office else None

    @property
    def code(self) -> str:
        """As history spells it: the code of the programme or office, else an asterisk."""
        held_in = self.programme or self.office
        return held_in.code if held_in else "*"


@dataclass(frozen=True)
class Reach:
    """Where somebody manages people: everywhere, or in some offices with their programmes."""

    everywhere: bool = False
    office_ids: frozenset[int] = field(default_factory=frozenset)

    def covers(self, place: Place) -> bool:
        """Whether roles of this place are theirs to give and take."""
        return self.everywhere or place.office_id in self.office_ids

    def covers_all_of(self, person: Person) -> bool:
        """Whether every role of the person lies within.

        Only then may they set the person's password or close the account: who manages one role of
        somebody more powerful must not become that person.
        """
        return self.everywhere or (
            bool(person.memberships)
            and all(self.covers(place_of(held)) for held in person.memberships)
        )


EVERYWHERE = Reach(everywhere=True)


def is_held_at(held: Membership, *, office_id: int | None, programme_ids: Collection[int]) -> bool:
    """Whether a role reaches what lies in an office and serves some programmes.

    A role in a programme reaches that programme, a role in an office that office, and a role
    without a place everything.
    """
    if held.programme_id is not None:
        return held.programme_id in programme_ids
    return held.office_id is None or held.office_id == office_id


def place_of(membership: Membership) -> Place:
    """Where a role is held."""
    return Place(membership.office, membership.programme)


def reach_of(person: Person) -> Reach:
    """Where a person manages people: where they are administrator."""
    places = [place_of(held) for held in person.memberships if held.role is Role.ADMIN]
    return Reach(
        everywhere=any(place.office_id is None for place in places),
        office_ids=frozenset(
            place.office_id
            for place in places
            if place.office_id is not None and place.programme is None
        ),
    )


def misplacement_of(role: Role, place: Place) -> Sentence | None:
    """Why a role cannot be held there, or None when it can."""
    if place.office and place.programme and place.programme.office_id != place.office.id:
        return sentence(
            "Programme %(programme)s is not one of office %(office)s.",
            programme=place.programme.code,
            office=place.office.code,
        )
    if role is Role.ADMIN and place.programme is not None:
        return sentence(
            "An administrator looks after an office or the whole installation, not a programme."
        )
    return None


def refuse_outside(reach: Reach, place: Place) -> None:
    """Raise NotAllowedError unless roles of the place are theirs to give and take."""
    if not reach.covers(place):
        raise NotAllowedError(
            sentence("You give and take roles only in the offices you administer.")
        )


def refuse_account(reach: Reach, person: Person) -> None:
    """Raise NotAllowedError unless the whole account is theirs to manage."""
    if not reach.covers_all_of(person):
        raise NotAllowedError(
            sentence(
                "%(name)s also holds roles outside the offices you administer: ask an "
                "administrator of the whole installation.",
                name=person.name,
            )
        )
