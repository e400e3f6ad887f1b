"""The people of the tests, introduced once: one for each role, a colleague, and a stranger.

Rosa logs experiments in Peru's lab. Otto reviews the markets programme, Olga the inclusion
programme. Hilda heads experimentation, Ada runs the installation, Rita reads reports. Stella is
staff in Ecuador: what happens in Peru is none of her business.
"""

from dataclasses import dataclass

from argon2 import PasswordHasher
from sqlalchemy.orm import Session

from models import Membership, Office, Person, Programme
from models.vocabulary import Language, Role

PASSWORD = "quipus-and-llamas-7"
# The smallest legal cost: the tests hash no secret worth guessing.
PASSWORD_HASH = PasswordHasher(memory_cost=8, time_cost=1, parallelism=1).hash(PASSWORD)


@dataclass(frozen=True)
class Cast:
    """Everybody, and the offices and programmes they belong to."""

    peru: Office
    ecuador: Office
    markets: Programme
    inclusion: Programme
    galapagos: Programme
    andes: Programme
    staff: Person
    officer: Person
    other_officer: Person
    head: Person
    admin: Person
    reader: Person
    stranger: Person

    def everybody(self) -> dict[str, Person]:
        """Each person by the part they play."""
        return {part: person for part, person in vars(self).items() if isinstance(person, Person)}


def introduce(session: Session) -> Cast:
    """Add the cast to an empty database."""
    peru = Office(code="PE", name="UNDP Peru Accelerator Lab")
    ecuador = Office(code="EC", name="UNDP Ecuador Accelerator Lab")
    markets = _programme("PE-MERCADOS", peru, "Markets and livelihoods", "Mercados y sustento")
    inclusion = _programme("PE-INCLUSION", peru, "Digital inclusion", "Inclusión digital")
    galapagos = _programme("EC-GALAPAGOS", ecuador, "Islands", "Islas")
    andes = _programme("EC-ANDES", ecuador, "High Andes", "Altos Andes")
    cast = Cast(
        peru=peru,
        ecuador=ecuador,
        markets=markets,
        inclusion=inclusion,
        galapagos=galapagos,
        andes=andes,
        staff=_person("Rosa Quispe", Membership(role=Role.STAFF, office=peru)),
        officer=_person("Otto Salas", Membership(role=Role.OFFICER, programme=markets)),
        other_officer=_person("Olga Ramos", Membership(role=Role.OFFICER, programme=inclusion)),
        head=_person("Hilda Torres", Membership(role=Role.HEAD, office=peru)),
        admin=_person("Ada Paredes", Membership(role=Role.ADMIN)),
        reader=_person("Rita Flores", Membership(role=Role.READER, office=peru)),
        stranger=_person("Stella Mora", Membership(role=Role.STAFF, office=ecuador)),
    )
    session.add_all(vars(cast).values())
    session.flush()
    return cast


def _programme(code: str, office: Office, name_en: str, name_es: str) -> Programme:
    return Programme(code=code, office=office, name_en=name_en, name_es=name_es)


def _person(name: str, membership: Membership) -> Person:
    first = name.split(maxsplit=1)[0].lower()
    return Person(
        email=f"{first}@example.org",
        name=name,
        password_hash=PASSWORD_HASH,
        language=Language.EN,
        memberships=[membership],
    )
