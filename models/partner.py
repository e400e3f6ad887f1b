"""A partner organisation, and its part in a plan, in a reflection or in an experiment."""

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, identity, long_text, short_text, word
from models.vocabulary import Sector


class Partner(Base):
    """An organisation, known once by its name without regard to case."""

    __tablename__ = "partner"

    id: Mapped[identity]
    name: Mapped[short_text]
    folded_name: Mapped[short_text] = mapped_column(unique=True)
    sector: Mapped[Sector | None] = mapped_column(word(Sector))


class Partnership(Base):
    """A partner in a plan (as intended), a reflection or an experiment (as it was).

    ``rank`` 1 is the most important. ``new_and_unusual`` None means nobody said.
    """

    __tablename__ = "partnership"
    __table_args__ = (
        CheckConstraint(
            "(CASE WHEN plan_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN reflection_id IS NULL THEN 0 ELSE 1 END)"
            " + (CASE WHEN experiment_id IS NULL THEN 0 ELSE 1 END) = 1",
            name="one_owner",
        ),
    )

    id: Mapped[identity]
    plan_id: Mapped[int | None] = mapped_column(belongs_to("plan.id"), index=True)
    reflection_id: Mapped[int | None] = mapped_column(belongs_to("reflection.id"), index=True)
    experiment_id: Mapped[int | None] = mapped_column(belongs_to("experiment.id"), index=True)
    partner_id: Mapped[int] = mapped_column(belongs_to("partner.id"), index=True)
    rank: Mapped[int]
    sector: Mapped[Sector | None] = mapped_column(word(Sector))
    collaboration: Mapped[long_text]
    new_and_unusual: Mapped[bool | None]

    partner: Mapped[Partner] = relationship(lazy="joined")
