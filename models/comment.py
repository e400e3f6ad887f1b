"""What people say to each other beside an experiment, a hypothesis or a review."""

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Kept, belongs_to, identity, instant, long_text
from models.experiment import Experiment
from models.person import Person


class Comment(Kept):
    """One comment on an experiment, or on one of its hypotheses or reviews. Small Markdown.

    ``answers_id`` is the comment it answers; only the first of a thread is resolved.
    """

    __tablename__ = "comment"

    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    hypothesis_id: Mapped[int | None] = mapped_column(belongs_to("hypothesis.id"), index=True)
    review_id: Mapped[int | None] = mapped_column(belongs_to("impact_review.id"), index=True)
    answers_id: Mapped[int | None] = mapped_column(belongs_to("comment.id"), index=True)
    submission_key: Mapped[str | None] = mapped_column(String(36), unique=True)
    text: Mapped[long_text]
    by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    resolved_at: Mapped[instant | None]
    resolved_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    removed_at: Mapped[instant | None]
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    experiment: Mapped[Experiment] = relationship(lazy="raise")
    by: Mapped[Person | None] = relationship(foreign_keys=[by_id], lazy="raise")
    resolved_by: Mapped[Person | None] = relationship(foreign_keys=[resolved_by_id], lazy="raise")
    mentions: Mapped[list["Mention"]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="Mention.id"
    )


class Mention(Base):
    """Somebody named in a comment, and when they first saw it."""

    __tablename__ = "mention"
    __table_args__ = (UniqueConstraint("comment_id", "person_id"),)

    id: Mapped[identity]
    comment_id: Mapped[int] = mapped_column(belongs_to("comment.id"), index=True)
    person_id: Mapped[int] = mapped_column(belongs_to("person.id"), index=True)
    seen_at: Mapped[instant | None]

    person: Mapped[Person] = relationship(lazy="raise")
