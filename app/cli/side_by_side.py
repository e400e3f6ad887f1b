"""Programs kept running side by side until one signal stops them all, leaving none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Event
from types import FrameType

import click

STOP_SECONDS = 15.0
LOOK_EVERY_SECONDS = 0.2
SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Program:
    """One program to run. A ``vital`` one takes the others with it when it ends."""

    name: str
    command: Sequence[str]
    vital: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0


@dataclass
class SideBySide:
    """Programs of one folder and environment.

    Each runs in a session of its own, so that Ctrl-C reaches only this process, which then stops
    them in order. A program that is not vital is started again when it ends, at most once in
    ``again_after`` seconds.
    """

    programs: Sequence[Program]
    folder: str
    environment: Mapping[str, str]
    again_after: float = 2.0
    stopping: Event = field(default_factory=Event)

    def start(self) -> None:
        """Start every program; from now on the signals stop all of them."""
        for number in SIGNALS:
            signal.signal(number, self._asked_to_stop)
        for program in self.programs:
            self._start(program)

    def wait(self) -> int:
        """Watch until asked to stop (0) or until a vital program ended by itself (1)."""
        try:
            while not self.stopping.wait(LOOK_EVERY_SECONDS):
                if not self._all_well():
                    return 1
            return 0
        finally:
            self.stop()

    def stop(self) -> None:
        """Ask every program to end; what has not ended after a while is killed."""
        running = [each.process for each in self.programs if each.process]
        for process in running:
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, deadline - time.monotonic()))
            # Its group holds what it started: a program that was killed could not end those.
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def _asked_to_stop(self, _number: int, _frame: FrameType | None) -> None:
        self.stopping.set()

    def _all_well(self) -> bool:
        for program in self.programs:
            if program.process is None or program.process.poll() is None:
                continue
            click.echo(f"{program.name} ended by itself ({program.process.returncode}).", err=True)
            if program.vital:
                return False
            if not self.stopping.wait(program.started_at + self.again_after - time.monotonic()):
                self._start(program)
        return True

    def _start(self, program: Program) -> None:
        program.started_at = time.monotonic()
        program.process = subprocess.Popen(
            program.command,
            cwd=self.folder,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent if _LIBC else None,  # noqa: PLW1509 - no threads here
        )


def _end_with_parent() -> None:
    """Have Linux stop the program when this process is killed without a chance to do so itself."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
