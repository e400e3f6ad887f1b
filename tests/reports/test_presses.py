"""Processes that lay documents out: side by side, within limits, and never left behind."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.reports.pdf import RefusedAddressError
from app.reports.presses import LayoutError, Presses

ROOT = Path(__file__).resolve().parents[2]


def page(text: str) -> str:
    return f'<!DOCTYPE html><html lang="en"><head><title>{text}</title></head><p>{text}</p></html>'


ENDLESS = page("word " * 2_000_000)


@pytest.fixture
def presses() -> Iterator[Presses]:
    with Presses(2) as made:
        yield made


def test_documents_come_back_in_the_order_they_were_given(presses: Presses) -> None:
    told: list[int] = []
    documents = [page(f"Number {n}") for n in range(5)]
    made = presses.print_all(documents, on_done=told.append)
    assert told == [1, 2, 3, 4, 5]
    with Presses(1) as alone:
        assert made == alone.print_all(documents)
    assert len(set(made)) == 5


def test_an_outside_address_is_refused_as_in_this_process(presses: Presses) -> None:
    with pytest.raises(RefusedAddressError, match="outside"):
        presses.print_all([page('<img alt="x" src="https://example.org/outside.png">')])
    assert presses.print_all([page("Still at work")])[0].startswith(b"%PDF-")


def test_what_takes_too_long_is_given_up_and_the_next_document_is_printed() -> None:
    with Presses(1, seconds=4) as presses:
        assert presses.print_all([page("Warm")])
        with pytest.raises(LayoutError, match="too long"):
            presses.print_all([ENDLESS])
        assert presses.print_all([page("After it")])[0].startswith(b"%PDF-")


def test_what_takes_too_much_memory_is_given_up() -> None:
    with Presses(1, memory=400 * 1024**2) as presses:
        with pytest.raises(LayoutError):
            presses.print_all([ENDLESS])
        assert presses.print_all([page("After it")])[0].startswith(b"%PDF-")


def test_whoever_is_told_may_stop_the_work(presses: Presses) -> None:
    def stop(done: int) -> None:
        raise InterruptedError

    with pytest.raises(InterruptedError):
        presses.print_all([page(f"Number {n}") for n in range(50)], on_done=stop)
    assert presses.print_all([page("After it")])[0].startswith(b"%PDF-")


def test_a_short_report_need_not_wait_for_a_long_one() -> None:
    ended: list[str] = []

    def make(name: str, length: int) -> None:
        presses.print_all([page(f"{name} {n}") for n in range(length)])
        ended.append(name)

    with Presses(1) as presses:
        presses.print_all([page("Warm")])
        long = threading.Thread(target=make, args=("long", 60))
        long.start()
        make("short", 2)
        long.join()
    assert ended == ["short", "long"]


HOLDS = """
import time
from app.reports.presses import Presses
presses = Presses(1)
presses.print_all(["<!DOCTYPE html><html lang=en><title>x</title><p>x</p></html>"])
print(presses._idle.get()._running.pid, flush=True)
time.sleep(60)
"""


def test_a_killed_worker_leaves_no_process_behind() -> None:
    worker = subprocess.Popen(
        [sys.executable, "-c", HOLDS], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert worker.stdout
    with worker.stdout:
        pid = int(worker.stdout.readline())
        worker.send_signal(signal.SIGKILL)
        worker.wait()
    for _ in range(100):
        if not is_running(pid):
            return
        time.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    pytest.fail("the press outlived who started it")


def is_running(pid: int) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False
