"""The whole thing as operators start it: `flask serve` in an instance folder of its own."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import psutil

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

    def __init__(
        self, folder: Path, *options: str, port: int | None = None, demo: bool = False
    ) -> None:
        self.port = port or free_port()
        self.log = folder / "serve.log"
        environment = os.environ | {
            "CHASKI_INSTANCE": str(folder / "instance"),
            "CHASKI_DEMO": str(int(demo)),
        }
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "flask", "serve", "--port", str(self.port), *options],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def url(self) -> str:
        """The address of the first page, without the last stroke."""
        return f"http://127.0.0.1:{self.port}"

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

    def stop(self) -> int:
        """Stop it as an operator would, and answer its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(PATIENCE)

    def answers(self) -> int:
        with urlopen(f"{self.url}/healthz", timeout=PATIENCE) as answer:
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
