"""A gate: asking to pass from one stage of the learning cycle to the next, and the answer."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Kept, belongs_to, instant, long_text, word
from models.person import Person
from models.vocabulary import GateState, Stage

IS_OPEN = text("state = 'asked'")


class Gate(Kept):
    """One asking. Who asks and who decides are kept apart; an experiment has one open at a time.

    ``ticked`` holds the manual items the asker vouches for; ``missing`` the items that were not
    met when it was decided. ``overridden_because`` says why it was let through all the same.
    """

    __tablename__ = "gate"
    __table_args__ = (
        Index(
            "uq_gate_open_experiment",
            "experiment_id",
            unique=True,
            sqlite_where=IS_OPEN,
            postgresql_where=IS_OPEN,
        ),
    )

    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    from_stage: Mapped[Stage] = mapped_column(word(Stage))
    to_stage: Mapped[Stage] = mapped_column(word(Stage))
    state: Mapped[GateState] = mapped_column(word(GateState))
    ticked: Mapped[list[str]] = mapped_column(default=list)
    note: Mapped[long_text]
    missing: Mapped[list[str]] = mapped_column(default=list)
    asked_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    asked_at: Mapped[instant]
    decided_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    decided_at: Mapped[instant | None]
    reason: Mapped[long_text]
    overridden_because: Mapped[long_text]
    resources_committed: Mapped[long_text]
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    asked_by: Mapped[Person | None] = relationship(foreign_keys=[asked_by_id], lazy="raise")
    decided_by: Mapped[Person | None] = relationship(foreign_keys=[decided_by_id], lazy="raise")
