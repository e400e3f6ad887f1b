"""The worker: takes jobs one after another and does them, until it is told to stop."""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Engine

from app.config import Settings
from app.database import unit_of_work
from app.domain.refusals import BusyError, RefusalError
from app.jobs.work import Work
from app.language.sentences import Sentence, sentence
from app.services import queue
from app.services.queue import Lease, LeaseLostError
from models.vocabulary import JobKind

log = logging.getLogger("chaski.jobs")
PAUSE_SECONDS = 1.0
BEAT_SECONDS = 5.0
# Reports take turns at the presses, so more at a time would make none of them ready sooner.
AT_A_TIME = 3
WENT_WRONG = sentence("The report could not be made. Ask for it again, or tell the administrator.")

Task = Callable[[Work], None]


def work_until(
    stop: threading.Event,
    engine: Engine,
    settings: Settings,
    tasks: Mapping[JobKind, Task],
    *,
    plan: Callable[[], object] = lambda: None,
) -> None:
    """Work until ``stop`` is set; the job at hand is finished first.

    ``plan`` puts the jobs that are due by the calendar; it is called before each look for work.
    """
    while not stop.is_set():
        try:
            plan()
            worked = work_once(engine, settings, tasks)
        except BusyError:
            log.warning("others are writing; no job could be taken")
            worked = False
        if not worked:
            stop.wait(PAUSE_SECONDS)


def work_together(
    stop: threading.Event,
    engine: Engine,
    settings: Settings,
    tasks: Mapping[JobKind, Task],
    *,
    plan: Callable[[], object] = lambda: None,
) -> None:
    """As ``work_until``, at several jobs at a time: no letter waits until a long report is made."""
    others = [
        threading.Thread(target=work_until, args=(stop, engine, settings, tasks))
        for _ in range(AT_A_TIME - 1)
    ]
    for other in others:
        other.start()
    try:
        work_until(stop, engine, settings, tasks, plan=plan)
    finally:
        stop.set()
        for other in others:
            other.join()


def work_once(engine: Engine, settings: Settings, tasks: Mapping[JobKind, Task]) -> bool:
    """Take one job and do it. False when none was waiting; BusyError when none could be taken."""
    with unit_of_work(engine) as session:
        lease = queue.take(session, at=_now())
    if lease is None:
        return False
    started = time.monotonic()
    try:
        with _heartbeat(engine, lease):
            tasks[lease.kind](Work(engine, settings, lease))
        log.info("job %s done in %.1f s", lease.job_id, time.monotonic() - started)
    except LeaseLostError:
        log.warning("job %s was taken over or cancelled", lease.job_id)
    except BusyError:
        log.warning("job %s found no room to write", lease.job_id)
        _fail(engine, lease, error=WENT_WRONG, retry=True)
    except RefusalError as refusal:
        _fail(engine, lease, error=refusal.message, retry=False)
    except Exception:  # the one broad handler: whatever a job does, the worker lives on
        log.exception("job %s failed", lease.job_id)
        _fail(engine, lease, error=WENT_WRONG, retry=True)
    return True


@contextmanager
def _heartbeat(engine: Engine, lease: Lease) -> Iterator[None]:
    """Keep the lease alive from a second thread while the work goes on."""
    done = threading.Event()

    def beat() -> None:
        while not done.wait(BEAT_SECONDS):
            try:
                with unit_of_work(engine) as session:
                    queue.extend(session, lease, at=_now())
            except LeaseLostError:
                return
            except BusyError:
                # While nobody can write, nobody can take the job either.
                log.warning("job %s could not be held on to; trying again", lease.job_id)

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


def _fail(engine: Engine, lease: Lease, *, error: Sentence, retry: bool) -> None:
    try:
        with unit_of_work(engine) as session:
            queue.fail(session, lease, error=error, at=_now(), retry=retry)
    except LeaseLostError:
        log.warning("job %s was taken over or cancelled", lease.job_id)
    except BusyError:
        log.warning("job %s is taken again when its lease runs out", lease.job_id)


def _now() -> datetime:
    return datetime.now(UTC)
