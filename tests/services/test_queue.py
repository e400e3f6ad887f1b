"""The embedded job queue."""

from datetime import UTC, datetime, timedelta

import pytest

from app.database import unit_of_work
from app.language.kept_sentences import restored
from app.language.sentences import sentence
from app.services import queue
from app.services.actor import OPERATOR
from app.services.queue import LEASE, MOST_ATTEMPTS, RETRY_AFTER, LeaseLostError
from models import Job
from models.vocabulary import JobKind, JobState

NOON = datetime(2026, 9, 30, 12, tzinfo=UTC)
WRONG = sentence("It went wrong.")


def put(session, *, at=NOON):
    job = queue.put(
        session,
        kind=JobKind.QUARTERLY_REPORT,
        arguments={"issue_id": 1},
        all_steps=10,
        by=OPERATOR,
    )
    job.run_after = at
    session.flush()
    return job


def test_a_job_put_in_a_transaction_that_fails_never_existed(engine):
    def put_and_fail():
        with unit_of_work(engine) as session:
            put(session)
            raise OSError("power cut")

    with pytest.raises(OSError, match="power cut"):
        put_and_fail()
    with unit_of_work(engine) as session:
        assert queue.take(session, at=NOON) is None


def test_the_oldest_job_is_taken_first_and_only_once(session):
    first, second = put(session), put(session)
    assert queue.take(session, at=NOON).job_id == first.id
    assert queue.take(session, at=NOON).job_id == second.id
    assert queue.take(session, at=NOON) is None


def test_a_job_of_a_dead_worker_is_taken_again_when_its_lease_runs_out(session):
    put(session)
    dead = queue.take(session, at=NOON)
    assert queue.take(session, at=NOON + LEASE) is None
    alive = queue.take(session, at=NOON + LEASE + timedelta(seconds=1))
    assert alive.job_id == dead.job_id
    assert alive.number > dead.number


def test_a_worker_that_keeps_saying_it_lives_keeps_its_job(session):
    put(session)
    lease = queue.take(session, at=NOON)
    queue.extend(session, lease, at=NOON + LEASE)
    assert queue.take(session, at=NOON + LEASE + timedelta(seconds=5)) is None


def test_a_worker_back_from_the_dead_cannot_write_any_more(session):
    put(session)
    dead = queue.take(session, at=NOON)
    later = NOON + 2 * LEASE
    alive = queue.take(session, at=later)
    for write in (
        lambda: queue.extend(session, dead, at=later),
        lambda: queue.advance(session, dead, done=1, of=2, at=later),
        lambda: queue.finish(session, dead, at=later),
        lambda: queue.fail(session, dead, error=WRONG, at=later, retry=False),
    ):
        with pytest.raises(LeaseLostError):
            write()
    queue.finish(session, alive, at=later)


def test_progress_is_seen_by_who_asks(session):
    job = put(session)
    lease = queue.take(session, at=NOON)
    queue.advance(session, lease, done=3, of=12, at=NOON)
    session.refresh(job)
    assert (job.done_steps, job.all_steps) == (3, 12)


def test_a_finished_job_is_whole_and_never_taken_again(session):
    job = put(session)
    queue.finish(session, queue.take(session, at=NOON), at=NOON)
    session.refresh(job)
    assert (job.state, job.done_steps) == (JobState.DONE, job.all_steps)
    assert queue.take(session, at=NOON + timedelta(days=1)) is None


def test_a_failed_attempt_is_repeated_after_a_pause_until_it_has_been_tried_enough(session):
    job, at = put(session), NOON
    for _attempt in range(MOST_ATTEMPTS):
        lease = queue.take(session, at=at)
        queue.fail(session, lease, error=WRONG, at=at, retry=True)
        assert queue.take(session, at=at) is None
        at += RETRY_AFTER
    session.refresh(job)
    assert job.state is JobState.FAILED
    assert restored(job.error) == WRONG


def test_a_refusal_is_not_repeated(session):
    job = put(session)
    queue.fail(session, queue.take(session, at=NOON), error=WRONG, at=NOON, retry=False)
    session.refresh(job)
    assert job.state is JobState.FAILED
    assert queue.take(session, at=NOON + timedelta(days=1)) is None


def test_a_job_that_kills_its_worker_every_time_is_given_up(session):
    job, at = put(session), NOON
    for _attempt in range(MOST_ATTEMPTS):
        assert queue.take(session, at=at)
        at += 2 * LEASE
    assert queue.take(session, at=at) is None
    session.refresh(job)
    assert job.state is JobState.FAILED
    assert "stopped three times" in job.error["template"]


def test_a_cancelled_job_stops_its_worker_at_the_next_step(session):
    job = put(session)
    lease = queue.take(session, at=NOON)
    assert queue.cancel(session, job, at=NOON)
    with pytest.raises(LeaseLostError):
        queue.advance(session, lease, done=1, of=2, at=NOON)
    session.refresh(job)
    assert job.state is JobState.CANCELLED
    assert not queue.cancel(session, job, at=NOON)


def test_two_workers_never_hold_the_same_job(engine):
    with unit_of_work(engine) as session:
        for _n in range(6):
            put(session)
    taken = []
    for _round in range(4):
        with unit_of_work(engine) as one:
            taken.append(queue.take(one, at=NOON))
        with unit_of_work(engine) as other:
            taken.append(queue.take(other, at=NOON))
    ids = [lease.job_id for lease in taken if lease]
    assert len(ids) == len(set(ids)) == 6
    with unit_of_work(engine, writes=False) as session:
        assert session.query(Job).filter_by(state=JobState.RUNNING).count() == 6
