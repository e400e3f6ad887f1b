"""What people decided about an experiment, and why. Recorded, never edited."""

from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, day, identity, instant, long_text, now, word
from models.person import Person
from models.vocabulary import DecisionKind, Verdict


class Decision(Base):
    __tablename__ = "decision"

    id: Mapped[identity]
    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(word(DecisionKind))
    decided_on: Mapped[day]
    people: Mapped[long_text]
    reason: Mapped[long_text]
    options_considered: Mapped[long_text]
    evidence_cited: Mapped[long_text]
    resources_committed: Mapped[long_text]
    review_on: Mapped[day | None]
    next_step: Mapped[long_text]
    verdict: Mapped[Verdict | None] = mapped_column(word(Verdict))
    against_because: Mapped[long_text] = mapped_column(server_default="")
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    recorded_at: Mapped[instant] = mapped_column(default=now)
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    by: Mapped[Person | None] = relationship(lazy="raise")
