"""An office's quarter: open, closing, closed; its closings, exceptions and nudges."""

from typing import Any

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, Kept, belongs_to, digest, identity, instant, long_text, now, word
from models.office import Office
from models.person import Person
from models.vocabulary import QuarterState


class OfficeQuarter(Kept):
    """One quarter ("2026-Q3") of one office. A quarter without a row is open."""

    __tablename__ = "office_quarter"
    __table_args__ = (UniqueConstraint("office_id", "quarter"),)

    office_id: Mapped[int] = mapped_column(belongs_to("office.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(7), index=True)
    state: Mapped[QuarterState] = mapped_column(word(QuarterState))
    introduction: Mapped[long_text]

    office: Mapped[Office] = relationship(lazy="raise")
    closings: Mapped[list["Closing"]] = relationship(order_by="Closing.edition", lazy="raise")


class Closing(Base):
    """What was frozen when a quarter was closed: edition 1, then one for each correction.

    ``snapshot_json`` is the canonical text of the office's quarterly snapshot, ``history_sha256``
    the newest seal of the history then. Never edited: a correction, with its reason, supersedes it
    and both stay readable.
    """

    __tablename__ = "closing"
    __table_args__ = (UniqueConstraint("office_quarter_id", "edition"),)

    id: Mapped[identity]
    office_quarter_id: Mapped[int] = mapped_column(belongs_to("office_quarter.id"), index=True)
    edition: Mapped[int]
    snapshot_json: Mapped[str]
    snapshot_sha256: Mapped[digest]
    history_sha256: Mapped[str] = mapped_column(String(64), default="")
    reason: Mapped[long_text]
    closed_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    closed_at: Mapped[instant]

    closed_by: Mapped[Person | None] = relationship(lazy="raise")


class QuarterException(Base):
    """Leave to write into a closed quarter: one experiment, until an instant, for a reason."""

    __tablename__ = "quarter_exception"

    id: Mapped[identity]
    office_quarter_id: Mapped[int] = mapped_column(belongs_to("office_quarter.id"), index=True)
    experiment_id: Mapped[int] = mapped_column(belongs_to("experiment.id"), index=True)
    until: Mapped[instant]
    reason: Mapped[long_text]
    given_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    given_at: Mapped[instant] = mapped_column(default=now)

    given_by: Mapped[Person | None] = relationship(lazy="raise")


class Nudge(Base):
    """A reminder of what a person owes to a quarter: ``owed`` lists it as it stood then."""

    __tablename__ = "nudge"

    id: Mapped[identity]
    office_quarter_id: Mapped[int] = mapped_column(belongs_to("office_quarter.id"), index=True)
    person_id: Mapped[int] = mapped_column(belongs_to("person.id"), index=True)
    owed: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    sent_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    sent_at: Mapped[instant] = mapped_column(default=now)
