"""The web server and the job workers start together, and stop together without leaving a trace."""

import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.served import PATIENCE, Served, lives, until


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    served = Served(tmp_path, "--prepare")
    until(served.is_ready, "it did not start")
    yield served
    served.stop()


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
        assert served.stop() == 0
        contents.append((tmp_path / "instance" / "chaski.sqlite3").read_bytes())
    assert contents[0] == contents[1]
