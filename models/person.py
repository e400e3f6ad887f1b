"""People, what they may do where, and the devices they are signed in on."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Kept, belongs_to, digest, identity, instant, short_text, word
from models.office import Office
from models.programme import Programme
from models.vocabulary import Language, Role


class Person(Kept):
    """Somebody with an account. ``email`` is kept in lower case.

    A password given by somebody else works until ``password_temporary_until`` and only for
    choosing an own one; None when the person chose it.
    """

    __tablename__ = "person"

    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[short_text]
    password_hash: Mapped[str] = mapped_column(String(200))
    password_temporary_until: Mapped[instant | None]
    language: Mapped[Language | None] = mapped_column(word(Language))
    wants_digest: Mapped[bool] = mapped_column(default=True, server_default=true())
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[instant | None]

    memberships: Mapped[list["Membership"]] = relationship(
        back_populates="person", lazy="selectin", cascade="all, delete-orphan"
    )

    @property
    def is_disabled(self) -> bool:
        return self.disabled_at is not None

    @property
    def has_temporary_password(self) -> bool:
        return self.password_temporary_until is not None


class Membership(Base):
    """A role held in an office or in one programme; neither means the whole installation."""

    __tablename__ = "membership"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "office_id", "programme_id"),
        CheckConstraint("office_id IS NULL OR programme_id IS NULL", name="one_scope"),
    )

    id: Mapped[identity]
    person_id: Mapped[int] = mapped_column(belongs_to("person.id"), index=True)
    role: Mapped[Role] = mapped_column(word(Role))
    office_id: Mapped[int | None] = mapped_column(belongs_to("office.id"))
    programme_id: Mapped[int | None] = mapped_column(belongs_to("programme.id"))

    person: Mapped[Person] = relationship(back_populates="memberships", lazy="raise")
    office: Mapped[Office | None] = relationship(lazy="joined")
    programme: Mapped[Programme | None] = relationship(lazy="joined")


class SignIn(Base):
    """One device a person is signed in on. Only the hash of its secret is stored.

    ``seen_at`` is when it was last used, to the hour.
    """

    __tablename__ = "sign_in"

    id: Mapped[identity]
    person_id: Mapped[int] = mapped_column(belongs_to("person.id", on_delete="CASCADE"), index=True)
    token_sha256: Mapped[digest] = mapped_column(unique=True)
    device: Mapped[short_text]
    created_at: Mapped[instant]
    seen_at: Mapped[instant]
    expires_at: Mapped[instant]

    person: Mapped[Person] = relationship(lazy="raise")


class SignInTry(Base):
    """A failed attempt to sign in, counted by e-mail and by address to slow guessing down."""

    __tablename__ = "sign_in_try"

    id: Mapped[identity]
    email_sha256: Mapped[digest] = mapped_column(index=True)
    address_sha256: Mapped[digest] = mapped_column(index=True)
    tried_at: Mapped[instant] = mapped_column(index=True)
