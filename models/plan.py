"""The Action Learning Plan: one challenge of one office and year, its questions and reflection."""

from sqlalchemy import CheckConstraint, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import (
    Base,
    Kept,
    belongs_to,
    code_text,
    identity,
    instant,
    long_text,
    short_text,
    word,
)
from models.office import Office
from models.partner import Partnership
from models.person import Person
from models.vocabulary import ChallengeType, EvidenceKind


class Plan(Kept):
    """One challenge, as UNDP's form asks for it. ``submitted_at`` None means draft."""

    __tablename__ = "plan"
    __table_args__ = (UniqueConstraint("office_id", "year", "title"),)

    office_id: Mapped[int] = mapped_column(belongs_to("office.id"), index=True)
    code: Mapped[code_text] = mapped_column(unique=True)
    title: Mapped[short_text]
    year: Mapped[int]
    challenge_type: Mapped[ChallengeType | None] = mapped_column(word(ChallengeType))
    statement: Mapped[long_text]
    background: Mapped[long_text]
    value_proposition: Mapped[long_text]
    tweet: Mapped[long_text]
    early_leads: Mapped[long_text]
    comments: Mapped[long_text]
    thematic_areas: Mapped[list[str]] = mapped_column(default=list)
    methods: Mapped[list[str]] = mapped_column(default=list)
    data_sources: Mapped[list[str]] = mapped_column(default=list)
    sdgs: Mapped[list[int]] = mapped_column(default=list)
    submitted_at: Mapped[instant | None]
    created_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    is_demonstration: Mapped[bool] = mapped_column(default=False)

    office: Mapped[Office] = relationship(lazy="raise")
    created_by: Mapped[Person | None] = relationship(lazy="raise")
    evidence: Mapped[list["PlanEvidence"]] = relationship(
        order_by="PlanEvidence.position", lazy="raise", cascade="all, delete-orphan"
    )
    partnerships: Mapped[list[Partnership]] = relationship(
        order_by=Partnership.rank, lazy="raise", cascade="all, delete-orphan"
    )
    learning_questions: Mapped[list["LearningQuestion"]] = relationship(
        back_populates="plan",
        order_by="LearningQuestion.position",
        lazy="raise",
        cascade="all, delete-orphan",
    )

    @property
    def is_submitted(self) -> bool:
        return self.submitted_at is not None


class PlanEvidence(Base):
    """One piece of evidence that the challenge matters."""

    __tablename__ = "plan_evidence"

    id: Mapped[identity]
    plan_id: Mapped[int] = mapped_column(belongs_to("plan.id", on_delete="CASCADE"), index=True)
    kind: Mapped[EvidenceKind] = mapped_column(word(EvidenceKind))
    position: Mapped[int]
    text: Mapped[long_text]
    link: Mapped[long_text]


class LearningQuestion(Base):
    """What the office needs to learn, at which stages, with which methods and data."""

    __tablename__ = "learning_question"

    id: Mapped[identity]
    plan_id: Mapped[int] = mapped_column(belongs_to("plan.id"), index=True)
    position: Mapped[int]
    text: Mapped[long_text]
    stages: Mapped[list[str]] = mapped_column(default=list)
    methods: Mapped[list[str]] = mapped_column(default=list)
    method_use: Mapped[long_text]
    new_data_sources: Mapped[long_text]
    data_gaps: Mapped[long_text]

    plan: Mapped[Plan] = relationship(back_populates="learning_questions", lazy="raise")


class Reflection(Kept):
    """The closing form of a plan. ``plan_id`` is None while an imported one awaits its plan.

    Insights stand apart by a blank line and links by a line, as UNDP's form has them in one text.
    """

    __tablename__ = "reflection"
    __table_args__ = (
        CheckConstraint(
            "time_sense + time_explore + time_test + time_grow = 100", name="time_adds_up"
        ),
    )

    office_id: Mapped[int] = mapped_column(belongs_to("office.id"), index=True)
    plan_id: Mapped[int | None] = mapped_column(belongs_to("plan.id"), index=True)
    submission_key: Mapped[str | None] = mapped_column(String(36), unique=True, index=True)
    title: Mapped[short_text]
    year: Mapped[int | None]
    insights: Mapped[long_text]
    links: Mapped[long_text]
    barriers: Mapped[long_text]
    time_sense: Mapped[int | None]
    time_explore: Mapped[int | None]
    time_test: Mapped[int | None]
    time_grow: Mapped[int | None]
    handover_outcomes: Mapped[list[str]] = mapped_column(default=list)
    handover_detail: Mapped[long_text]
    data_used: Mapped[long_text]
    methods_used: Mapped[long_text]
    methods: Mapped[list[str]] = mapped_column(default=list)
    data_sources: Mapped[list[str]] = mapped_column(default=list)
    partners_civil_society: Mapped[long_text]
    partners_academia: Mapped[long_text]
    partners_private_sector: Mapped[long_text]
    partners_government: Mapped[long_text]
    partners_united_nations: Mapped[long_text]
    partners_new_and_unusual: Mapped[long_text]
    partnerships: Mapped[list[Partnership]] = relationship(
        order_by=Partnership.rank, lazy="raise", cascade="all, delete-orphan"
    )
    bonus: Mapped[long_text]
    supporting_evidence: Mapped[long_text]

    plan: Mapped[Plan | None] = relationship(lazy="raise")
