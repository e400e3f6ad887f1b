"""The worker: one job after another, whatever happens to it."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest

from app.clock import now
from app.config import ROOT
from app.database import unit_of_work
from app.domain.refusals import NotReadyError
from app.jobs import worker
from app.jobs.worker import work_once, work_until
from app.language.sentences import sentence
from app.services import queue
from app.services.actor import OPERATOR
from models import Job
from models.vocabulary import JobKind, JobState

KIND = JobKind.QUARTERLY_REPORT


@pytest.fixture
def job(engine):
    with unit_of_work(engine) as session:
        return queue.put(session, kind=KIND, arguments={}, all_steps=4, by=OPERATOR)


def state_of(engine, job):
    with unit_of_work(engine, writes=False) as session:
        return session.get_one(Job, job.id)


def test_it_does_a_waiting_job_and_says_when_there_is_none(engine, settings, job):
    done = []

    def task(work):
        with work.finishing():
            done.append(work.arguments)

    assert work_once(engine, settings, {KIND: task})
    assert not work_once(engine, settings, {KIND: task})
    assert len(done) == 1
    assert state_of(engine, job).state is JobState.DONE


def test_a_refusal_is_kept_as_a_sentence_and_not_tried_again(engine, settings, job):
    def task(_work):
        raise NotReadyError(sentence("The quarter has not begun."))

    work_once(engine, settings, {KIND: task})
    failed = state_of(engine, job)
    assert failed.state is JobState.FAILED
    assert failed.error["template"] == "The quarter has not begun."


def test_a_failure_puts_the_job_back_and_the_worker_lives_on(engine, settings, job):
    def task(_work):
        raise OSError("disk full")

    work_once(engine, settings, {KIND: task})
    waiting = state_of(engine, job)
    assert waiting.state is JobState.WAITING
    assert waiting.run_after > now()


def test_the_result_and_the_end_of_the_job_are_stored_together_or_not_at_all(engine, settings, job):
    def task(work):
        with work.finishing() as session:
            session.add(Job(kind=KIND, state=JobState.DONE, arguments={"result": True}))
            session.flush()
            raise OSError("power cut")

    work_once(engine, settings, {KIND: task})
    with unit_of_work(engine, writes=False) as session:
        assert session.query(Job).count() == 1


def test_a_long_job_keeps_its_lease_by_its_heartbeat(engine, settings, job, monkeypatch):
    monkeypatch.setattr(worker, "BEAT_SECONDS", 0.05)
    leases = []

    def task(work):
        for _look in range(2):
            time.sleep(0.2)
            leases.append(state_of(engine, job).leased_until)
        with work.finishing():
            pass

    work_once(engine, settings, {KIND: task})
    assert leases[1] > leases[0]


def test_it_stops_when_told_and_finishes_the_job_at_hand(engine, settings, job):
    stop, started = threading.Event(), threading.Event()

    def task(work):
        started.set()
        stop.set()
        with work.finishing():
            pass

    thread = threading.Thread(target=work_until, args=(stop, engine, settings, {KIND: task}))
    thread.start()
    assert started.wait(10)
    thread.join(10)
    assert not thread.is_alive()
    assert state_of(engine, job).state is JobState.DONE


def test_a_letter_goes_out_while_a_long_report_is_made(engine, settings, job):
    with unit_of_work(engine) as session:
        queue.put(session, kind=JobKind.MAIL, arguments={}, all_steps=1, by=OPERATOR)
    stop, sent = threading.Event(), threading.Event()

    def make_report(work):
        was_sent = sent.wait(20)
        with work.finishing():
            stop.set()
        assert was_sent

    def send(work):
        with work.finishing():
            sent.set()

    worker.work_together(stop, engine, settings, {KIND: make_report, JobKind.MAIL: send})
    assert sent.is_set()
    assert state_of(engine, job).state is JobState.DONE


def test_a_worker_process_ends_cleanly_when_asked(engine, settings):
    settings.instance.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "CHASKI_DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "CHASKI_INSTANCE": str(settings.instance),
    }
    command = [sys.executable, "-m", "flask", "jobs", "work"]
    with subprocess.Popen(command, cwd=ROOT, env=environment, stderr=subprocess.PIPE) as process:
        assert b"Waiting for work" in process.stderr.readline()
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
