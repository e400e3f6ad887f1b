"""A report as asked for and, once made, as issued: never edited, superseded by the next edition."""

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, belongs_to, identity, instant, long_text, now, word
from models.experiment import Experiment
from models.job import Job
from models.office import Office
from models.person import Person
from models.plan import Plan
from models.programme import Programme
from models.vocabulary import Language, ReportKind, Stage


class ReportIssue(Base):
    """One edition of one report in one language.

    A stage report is of one experiment and ``stage``, the report of a plan of one plan; both have
    "" for a quarter.
    ``snapshot_json`` is the canonical text the document is made from, ``snapshot_sha256`` its
    digest; ``file_name`` lies in the instance folder under ``reports/``.
    """

    __tablename__ = "report_issue"

    id: Mapped[identity]
    kind: Mapped[ReportKind] = mapped_column(word(ReportKind))
    office_id: Mapped[int] = mapped_column(belongs_to("office.id"), index=True)
    programme_id: Mapped[int | None] = mapped_column(belongs_to("programme.id"))
    experiment_id: Mapped[int | None] = mapped_column(belongs_to("experiment.id"), index=True)
    stage: Mapped[Stage | None] = mapped_column(word(Stage))
    plan_id: Mapped[int | None] = mapped_column(belongs_to("plan.id"), index=True)
    quarter: Mapped[str] = mapped_column(String(7), index=True)
    language: Mapped[Language] = mapped_column(word(Language))
    edition: Mapped[int | None]
    snapshot_json: Mapped[str | None] = mapped_column(default=None)
    snapshot_sha256: Mapped[str | None] = mapped_column(String(64), index=True)
    file_name: Mapped[str | None] = mapped_column(String(200))
    file_sha256: Mapped[str | None] = mapped_column(String(64))
    job_id: Mapped[int | None] = mapped_column(belongs_to("job.id"))
    asked_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    asked_at: Mapped[instant] = mapped_column(default=now)
    issued_at: Mapped[instant | None]
    introduction: Mapped[long_text]

    office: Mapped[Office] = relationship(lazy="raise")
    programme: Mapped[Programme | None] = relationship(lazy="raise")
    experiment: Mapped[Experiment | None] = relationship(lazy="raise")
    plan: Mapped[Plan | None] = relationship(lazy="raise")
    asked_by: Mapped[Person | None] = relationship(lazy="raise")
    job: Mapped[Job | None] = relationship(lazy="raise")

    @property
    def about(self) -> str:
        """The quarter, or the code of the experiment or plan it is of; both must be loaded."""
        record = self.experiment or self.plan
        return record.code if record else self.quarter

    @property
    def is_issued(self) -> bool:
        return self.issued_at is not None
