"""Background work: a lease table, so that a killed worker's job is finished by the next."""

from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, belongs_to, identity, instant, now, word
from models.vocabulary import JobKind, JobState


class Job(Base):
    """One piece of work.

    ``lease_number`` rises each time a worker takes the job: a worker that was thought dead and
    comes back with an older number may no longer write. ``error`` is a sentence for people, as its
    template and values, so that each reader gets it in their language.
    """

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_state_run_after", "state", "run_after"),)

    id: Mapped[identity]
    kind: Mapped[JobKind] = mapped_column(word(JobKind))
    arguments: Mapped[dict[str, Any]] = mapped_column(default=dict)
    unique_key: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[JobState] = mapped_column(word(JobState))
    attempts: Mapped[int] = mapped_column(default=0)
    lease_number: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[instant | None]
    run_after: Mapped[instant] = mapped_column(default=now)
    done_steps: Mapped[int] = mapped_column(default=0)
    all_steps: Mapped[int] = mapped_column(default=0)
    error: Mapped[dict[str, Any]] = mapped_column(default=dict)
    asked_by_id: Mapped[int | None] = mapped_column(belongs_to("person.id"))
    created_at: Mapped[instant] = mapped_column(default=now)
    finished_at: Mapped[instant | None]
