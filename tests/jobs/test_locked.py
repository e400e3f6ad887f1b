"""Somebody else holds the one place for a writer: nothing crashes, and nothing is lost."""

import threading
import time
from contextlib import contextmanager

import pysqlite3
import pytest

from app import database
from app.clock import now
from app.database import unit_of_work
from app.domain.refusals import BusyError
from app.jobs import work, worker
from app.jobs.worker import work_once, work_until
from app.services import queue, reporting
from app.services.actor import OPERATOR
from models import Job
from models.vocabulary import JobKind, JobState
from tests.factories import an_experiment

KIND = JobKind.QUARTERLY_REPORT


@pytest.fixture
def engine(sqlite_template, tmp_path, monkeypatch):
    """SQLite alone, with little patience: PostgreSQL has no single writer."""
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.1)
    engine = sqlite_template.copy_to(tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def job(engine):
    with unit_of_work(engine) as session:
        return queue.put(session, kind=KIND, arguments={}, all_steps=4, by=OPERATOR)


@pytest.fixture
def locked(engine):
    """``with locked():`` another program writes for as long."""

    @contextmanager
    def hold():
        other = pysqlite3.connect(engine.url.database, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            other.close()

    return hold


def state_of(engine, job):
    with unit_of_work(engine, writes=False) as session:
        return session.get_one(Job, job.id)


def eventually(holds):
    deadline = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def finish(work):
    with work.finishing():
        pass


def test_a_writer_that_gets_no_place_is_told_so_and_reading_goes_on(engine, job, locked):
    with locked():
        with pytest.raises(BusyError), unit_of_work(engine) as session:
            session.get(Job, job.id)
        assert state_of(engine, job).state is JobState.WAITING
    with unit_of_work(engine) as session:
        assert session.get(Job, job.id)


def test_a_worker_that_can_take_nothing_waits_and_takes_it_later(
    engine, settings, job, locked, monkeypatch, caplog
):
    monkeypatch.setattr(worker, "PAUSE_SECONDS", 0.05)
    stop = threading.Event()
    thread = threading.Thread(target=work_until, args=(stop, engine, settings, {KIND: finish}))
    with locked():
        thread.start()
        eventually(lambda: "no job could be taken" in caplog.text)
    eventually(lambda: state_of(engine, job).state is JobState.DONE)
    stop.set()
    thread.join(10)
    assert not thread.is_alive()


def test_a_result_waits_for_its_turn_and_is_not_made_twice(engine, settings, job, locked):
    def task(work):
        with locked():
            finishing = threading.Thread(target=finish, args=(work,))
            finishing.start()
            time.sleep(0.5)
        finishing.join(10)

    work_once(engine, settings, {KIND: task})
    assert state_of(engine, job).state is JobState.DONE
    assert state_of(engine, job).attempts == 1


def test_a_result_that_found_no_turn_is_made_again_when_the_lease_has_run_out(
    engine, settings, job, locked, monkeypatch
):
    monkeypatch.setattr(work, "PATIENT_TRIES", 1)

    def task(work):
        with locked():
            worker._fail(engine, work.lease, error=worker.WENT_WRONG, retry=True)
            finish(work)

    assert work_once(engine, settings, {KIND: task})
    with unit_of_work(engine) as session:
        assert queue.take(session, at=now() + queue.LEASE + queue.RETRY_AFTER)


def test_the_heartbeat_outlives_a_locked_database(
    engine, settings, job, locked, monkeypatch, caplog
):
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.02)

    def task(work):
        with locked():
            eventually(lambda: "could not be held on to" in caplog.text)
            before = state_of(engine, job).leased_until
        eventually(lambda: state_of(engine, job).leased_until > before)
        finish(work)

    work_once(engine, settings, {KIND: task})
    assert state_of(engine, job).state is JobState.DONE


def test_how_far_it_is_may_stay_unsaid(engine, settings, job, locked):
    def task(work):
        with locked():
            work.advance(1, 4)
        finish(work)

    work_once(engine, settings, {KIND: task})
    assert state_of(engine, job).state is JobState.DONE


def test_the_command_line_says_it_in_one_sentence(app, job, locked):
    with locked():
        for command in (["jobs", "work", "--once"], ["offices", "add", "CL", "--name", "Chile"]):
            refused = app.test_cli_runner().invoke(args=command)
            assert refused.exit_code == 1
            assert "Others are saving at this moment" in refused.stderr


def test_a_report_of_the_command_line_keeps_nobody_waiting_while_it_is_laid_out(
    app, engine, cast, tmp_path, monkeypatch
):
    def lay_out(_frozen, layout):
        with unit_of_work(engine) as session:
            an_experiment(session, session.merge(cast.peru), session.merge(cast.markets))
        return b"%PDF-"

    monkeypatch.setattr(reporting, "lay_out", lay_out)
    options = ["--quarter", "2026-Q3", "--office", "PE", "-o", str(tmp_path / "q.pdf")]
    done = app.test_cli_runner().invoke(args=["reports", "quarterly", *options])
    assert done.exit_code == 0, done.output
    assert (tmp_path / "q.pdf").read_bytes() == b"%PDF-"


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "The tracker is not available right now"), ("es", "El sistema no está disponible")],
)
def test_a_form_sent_meanwhile_is_answered_with_what_was_typed(
    client_of, cast, engine, locked, language, said
):
    with unit_of_work(engine) as session:
        session.merge(cast.head).language = language
    head = client_of(cast.head)
    head.get("/reports")
    typed = {"quarter": "2026-Q3", "introduction": "A quiet quarter."}
    with locked():
        answer = head.post("/reports", data=typed)
        assert head.get("/reports").status_code == 200
    assert answer.status_code == 503
    assert said in answer.text
    assert "A quiet quarter." in answer.text
