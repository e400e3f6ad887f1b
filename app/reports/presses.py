"""Processes that lay documents out side by side, and what each may take.

Reports that are made at the same time take turns document by document, so a short one need not
wait until a long one is done.
"""

import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Timer
from typing import Final, Protocol, Self

from app.reports.pdf import RefusedAddressError
from app.reports.press_process import Kind, read_frame, write_frame

ROOT = Path(__file__).resolve().parents[2]
# An ordinary section takes a tenth of a second, a 40,000-word one some ten seconds.
MOST_SECONDS: Final = 180.0
MOST_BYTES: Final = 3 * 1024**3
# The engine keeps a little of every document for good.
MOST_DOCUMENTS: Final = 300
# How many documents of one report wait for each process: enough to keep it busy, and few, so
# that another report's come soon.
AHEAD: Final = 2


OnDone = Callable[[int], None]


class PrintAll(Protocol):
    """Lays documents out, telling how many are done; ``Presses.print_all`` is one."""

    def __call__(self, documents: Sequence[str], *, on_done: OnDone) -> Sequence[bytes]:
        """The PDF of each."""
        ...


class LayoutError(Exception):
    """A document that could not be laid out: it took too long, too much memory, or a fault."""


class Presses:
    """So many processes; the first are started with the first document."""

    def __init__(
        self, count: int = 2, *, seconds: float = MOST_SECONDS, memory: int = MOST_BYTES
    ) -> None:
        self._count = count
        self._threads = ThreadPoolExecutor(count)
        self._idle: SimpleQueue[_Process] = SimpleQueue()
        for _ in range(count):
            self._idle.put(_Process(seconds, memory))

    def __enter__(self) -> Self:
        """The processes, to be ended when they are left."""
        return self

    def __exit__(self, *_raised: object) -> None:
        """End them."""
        self.close()

    def print_all(
        self, documents: Sequence[str], *, on_done: OnDone = lambda _n: None
    ) -> list[bytes]:
        """The PDF of each; ``on_done`` is told how many are done, and what it raises stops it.

        Raises LayoutError, or RefusedAddressError, for the first that cannot be laid out.
        """
        made: list[bytes] = []
        rest = iter(documents)
        waiting = deque(map(self._submit, islice(rest, AHEAD * self._count)))
        try:
            while waiting:
                made.append(waiting.popleft().result())
                on_done(len(made))
                waiting.extend(map(self._submit, islice(rest, 1)))
        finally:
            for one in waiting:
                one.cancel()
        return made

    def close(self) -> None:
        """End the processes, when what they have at hand is done."""
        self._threads.shutdown()
        for _ in range(self._count):
            self._idle.get().end()

    def _submit(self, document: str) -> Future[bytes]:
        return self._threads.submit(self._printed, document)

    def _printed(self, document: str) -> bytes:
        process = self._idle.get()
        try:
            return process.pdf(document)
        finally:
            self._idle.put(process)


class _Process:
    """One process; another takes its place when it dies, is killed, or has done its share."""

    def __init__(self, seconds: float, memory: int) -> None:
        self._seconds, self._memory = seconds, memory
        self._running: subprocess.Popen[bytes] | None = None
        self._done = 0

    def pdf(self, document: str) -> bytes:
        """One document laid out; see ``Presses.print_all``."""
        running = self._running or self._start()
        if running.stdin is None or running.stdout is None:
            raise LayoutError("the process has no pipes")
        with self._within_limits(running):
            write_frame(running.stdin, Kind.DOCUMENT, document.encode())
            kind, content = read_frame(running.stdout)
        self._done += 1
        if self._done >= MOST_DOCUMENTS:
            self.end()
        if kind is Kind.REFUSED_ADDRESS:
            raise RefusedAddressError(content.decode())
        if kind is Kind.FAULT:
            raise LayoutError(content.decode())
        return content

    def end(self) -> None:
        """End the process, if one runs."""
        if self._running:
            self._running.kill()
            self._running.communicate()
        self._running, self._done = None, 0

    def _start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "app.reports.press_process", str(self._memory)]
        self._running = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
        )
        return self._running

    @contextmanager
    def _within_limits(self, running: subprocess.Popen[bytes]) -> Iterator[None]:
        killer = Timer(self._seconds, running.kill)
        killer.start()
        try:
            yield
        except (EOFError, OSError) as gone:
            self.end()
            raise LayoutError("it took too long or too much memory") from gone
        finally:
            killer.cancel()
