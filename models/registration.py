"""The plan of an experiment as it was frozen before the data, and what was amended since."""

from typing import Any

from sqlalchemy import Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, digest, identity, instant, long_text, now
from models.person import Person


class Registration(Base):
    """The frozen plan: canonical JSON and its SHA-256. Written once, never edited."""

    __tablename__ = "registration"

    id: Mapped[identity]
    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), unique=True)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[digest]
    registered_at: Mapped[instant] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    by: Mapped[Person | None] = relationship(lazy="raise")
    amendments: Mapped[list["Amendment"]] = relationship(order_by="Amendment.id", lazy="raise")


class Amendment(Base):
    """A change of the frozen plan: why, what, and the plan as it stands since.

    ``changes`` are dicts of ``field``, ``before`` and ``after``. Written once, never edited.
    """

    __tablename__ = "amendment"

    id: Mapped[identity]
    registration_id: Mapped[int] = mapped_column(belongs_to("registration.id"), index=True)
    document: Mapped[str] = mapped_column(Text)
    sha256: Mapped[digest]
    reason: Mapped[long_text]
    changes: Mapped[list[dict[str, Any]]]
    is_major: Mapped[bool]
    is_after_data: Mapped[bool]
    amended_at: Mapped[instant] = mapped_column(default=now)
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))

    by: Mapped[Person | None] = relationship(lazy="raise")
