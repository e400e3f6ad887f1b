"""The embedded job queue: a lease table in the portfolio's own database.

Putting a job is part of the caller's transaction, so that a job exists exactly when what it
serves was saved. A worker holds a job by a lease that it keeps extending; when it dies, the lease
runs out and the next worker takes the job with a higher lease number, and the dead one, should it
come back, can no longer write (fencing).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from app.language.kept_sentences import kept
from app.language.sentences import Sentence, sentence
from app.services.actor import Actor
from models import Job
from models.vocabulary import JobKind, JobState

LEASE = timedelta(seconds=20)
MOST_ATTEMPTS = 3
RETRY_AFTER = timedelta(seconds=5)
GAVE_UP = sentence(
    "The work stopped three times without finishing. Ask for it again, or tell the administrator."
)


class LeaseLostError(Exception):
    """Another worker holds the job now, or somebody cancelled it: stop without writing."""


@dataclass(frozen=True)
class Lease:
    """A worker's hold on a job."""

    job_id: int
    number: int
    kind: JobKind
    arguments: dict[str, Any]


def put(
    session: Session,
    *,
    kind: JobKind,
    arguments: dict[str, Any],
    all_steps: int,
    by: Actor,
    unique_key: str | None = None,
) -> Job:
    """Queue a job in the caller's transaction.

    The database refuses (IntegrityError) a second job of the same ``unique_key``.
    """
    job = Job(
        kind=kind,
        arguments=arguments,
        unique_key=unique_key,
        state=JobState.WAITING,
        all_steps=all_steps,
        asked_by_id=by.id,
    )
    session.add(job)
    session.flush()
    return job


def take(session: Session, *, at: datetime) -> Lease | None:
    """Lease the oldest job that waits or whose worker fell silent; None when there is none."""
    is_abandoned = (Job.state == JobState.RUNNING) & (Job.leased_until < at)
    is_due = (Job.state == JobState.WAITING) & (Job.run_after <= at)
    job = session.scalar(
        select(Job)
        .where(or_(is_due, is_abandoned))
        .order_by(Job.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _close(job, state=JobState.FAILED, error=kept(GAVE_UP), at=at)
        return take(session, at=at)
    job.state = JobState.RUNNING
    job.attempts += 1
    job.lease_number += 1
    job.leased_until = at + LEASE
    job.done_steps = 0
    session.flush()
    return Lease(job.id, job.lease_number, job.kind, job.arguments)


def extend(session: Session, lease: Lease, *, at: datetime) -> None:
    """Say that the worker still lives."""
    _write(session, lease, leased_until=at + LEASE)


def advance(session: Session, lease: Lease, *, done: int, of: int, at: datetime) -> None:
    """Say how far the work has come: ``done`` steps of all ``of`` them."""
    _write(session, lease, done_steps=done, all_steps=of, leased_until=at + LEASE)


def finish(session: Session, lease: Lease, *, at: datetime) -> None:
    """Close the job well, in the transaction that stores its result."""
    _write(session, lease, state=JobState.DONE, done_steps=Job.all_steps, finished_at=at)


def fail(session: Session, lease: Lease, *, error: Sentence, at: datetime, retry: bool) -> None:
    """Close the job badly, or put it back for another attempt. ``error`` is for people."""
    job = session.get_one(Job, lease.job_id)
    if retry and job.attempts < MOST_ATTEMPTS:
        _write(
            session, lease, state=JobState.WAITING, run_after=at + RETRY_AFTER, leased_until=None
        )
    else:
        _write(session, lease, state=JobState.FAILED, error=kept(error), finished_at=at)


def cancel(session: Session, job: Job, *, at: datetime) -> bool:
    """Stop a job that has not finished; its worker notices at its next step."""
    if job.state not in (JobState.WAITING, JobState.RUNNING):
        return False
    job.lease_number += 1
    _close(job, state=JobState.CANCELLED, error={}, at=at)
    session.flush()
    return True


def _close(job: Job, *, state: JobState, error: dict[str, Any], at: datetime) -> None:
    job.state, job.error, job.finished_at, job.leased_until = state, error, at, None


def _write(session: Session, lease: Lease, **values: Any) -> None:
    held = session.execute(
        update(Job)
        .where(
            Job.id == lease.job_id,
            Job.lease_number == lease.number,
            Job.state == JobState.RUNNING,
        )
        .values(**values)
        .execution_options(synchronize_session=False)
    )
    if held.rowcount == 0:  # type: ignore[attr-defined]
        raise LeaseLostError(f"job {lease.job_id} is no longer held")
