"""The web server and the job workers start together, and stop together without leaving a trace."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.request import urlopen

import psutil
import pytest

from app.config import ROOT

PATIENCE = 60.0


def until(what: Callable[[], object], message: str) -> None:
    """Wait for something to become true; machines under load take their time."""
    deadline = time.monotonic() + PATIENCE
    while not what():
        assert time.monotonic() < deadline, message
        time.sleep(0.05)


class Served:
    """`flask serve` in an instance folder of its own."""

    def __init__(self, folder: Path, *options: str, port: int | None = None) -> None:
        self.port = port or free_port()
        self.log = folder / "serve.log"
        environment = os.environ | {"CHASKI_INSTANCE": str(folder / "instance"), "CHASKI_DEMO": "0"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "serve", "--port", str(self.port), *options],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def said(self) -> str:
        return self.log.read_text()

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.said()
        return "Chaski is at" in self.said()

    def family(self) -> list[psutil.Process]:
        """Every process it started, and theirs."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def workers(self) -> list[psutil.Process]:
        """The job workers that run at this moment."""
        return [each for each in self.family() if lives(each) and "jobs" in each.cmdline()]

    def answers(self) -> int:
        with urlopen(f"http://127.0.0.1:{self.port}/healthz", timeout=PATIENCE) as answer:
            return int(answer.status)


def lives(process: psutil.Process) -> bool:
    """Whether it still runs; one that ended and waits for its parent to notice does not."""
    try:
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path, "--prepare")
    until(served.is_ready, "it did not start")
    yield served
    if served.process.poll() is None:
        served.process.terminate()
        served.process.wait(PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "term"])
def test_one_signal_stops_both_and_leaves_no_process(
    served: Served, number: signal.Signals
) -> None:
    assert served.answers() == 200
    family = served.family()
    assert len(family) >= 3  # the server, its process, a worker
    served.process.send_signal(number)
    assert served.process.wait(PATIENCE) == 0
    assert [each for each in family if lives(each)] == []


def test_a_worker_that_dies_is_followed_by_another(served: Served) -> None:
    until(served.workers, "no worker started")
    dead = served.workers()[0]
    dead.kill()
    until(lambda: served.workers() not in ([], [dead]), "no other worker started")
    assert served.answers() == 200
    assert "A job worker ended by itself" in served.said()


def test_a_server_that_ends_takes_the_workers_with_it(served: Served) -> None:
    family = served.family()
    next(each for each in family if "granian" in each.cmdline()).kill()
    assert served.process.wait(PATIENCE) == 1
    assert "The web server ended by itself" in served.said()
    until(lambda: not any(lives(each) for each in family), "a process was left behind")


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_even_a_kill_leaves_no_process(served: Served) -> None:
    family = served.family()
    served.process.kill()
    served.process.wait(PATIENCE)
    until(lambda: not any(lives(each) for each in family), "a process was left behind")


def test_a_port_in_use_is_said_in_one_sentence_before_anything_is_touched(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        served = Served(tmp_path, "--prepare", port=other.getsockname()[1])
        assert served.process.wait(PATIENCE) == 1
    assert served.said().count("\n") == 1
    assert f"Port {served.port} of 127.0.0.1 cannot be used" in served.said()
    assert not list((tmp_path / "instance").glob("chaski.sqlite3.*"))


def test_a_database_that_is_not_set_up_is_not_served(tmp_path: Path) -> None:
    served = Served(tmp_path)
    assert served.process.wait(PATIENCE) == 1
    assert served.said() == "The database is not set up: run flask db upgrade.\n"


def test_a_second_start_changes_no_data(tmp_path: Path) -> None:
    contents = []
    for _start in range(2):
        served = Served(tmp_path, "--prepare")
        until(served.is_ready, "it did not start")
        served.process.terminate()
        assert served.process.wait(PATIENCE) == 0
        contents.append((tmp_path / "instance" / "chaski.sqlite3").read_bytes())
    assert contents[0] == contents[1]
