"""What a quarterly report costs: laid out whole, part by part, and printed by a browser.

Run it from the repository's root: ``python -m benchmarks.reports 10 100``; each number is how
many experiments. Every way is a fresh process that is warm when it begins, as a worker is; all of
a size are measured in one run, so that a loaded machine slows them alike: read the ratios. CPU
seconds and memory (what they hold together, shared parts once, at its highest) are those of all
processes together.

``whole``     the reference: one document
``cold``      part by part, nothing kept
``one``       one experiment changed, the other parts kept
``unchanged`` all parts kept; an unchanged snapshot is not even bound again: its file is handed out
``chromium``  a headless browser prints the same HTML: no page numbers in the contents
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import sync_playwright

from app.language.speaker import Speaker
from app.reports.layout import Layout, Way
from app.reports.pdf import ASSETS
from app.reports.presses import Presses
from app.reports.render import Rendering
from app.reports.snapshot import QuarterlySnapshot
from models.vocabulary import Language
from tests.browser import chromium
from tests.reports import samples

WAYS = ("whole", "cold", "one", "unchanged", "chromium")
TICKS = os.sysconf("SC_CLK_TCK")
Print = Callable[[Rendering], bytes]


def main() -> None:
    """Measure each way at each size, and print a line of JSON for each."""
    if sys.argv[1:2] == ["--make"]:
        _make(sys.argv[2], int(sys.argv[3]), Path(sys.argv[4]))
        return
    for count in map(int, sys.argv[1:] or ("10", "100")):
        with TemporaryDirectory() as folder:
            costs = {way: _measured(way, count, folder) for way in WAYS}
        whole = costs["whole"]
        for way, cost in costs.items():
            ratios = {
                "cheaper": round(whole["cpu"] / cost["cpu"], 2),
                "faster": round(whole["wall"] / cost["wall"], 2),
                "file": round(cost["kb"] / whole["kb"], 2),
            }
            print(json.dumps({"experiments": count, "way": way} | cost | ratios), flush=True)


def _measured(way: str, count: int, folder: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.reports", "--make", way, str(count), folder]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process, _watched(process) as highest:
        told = process.stdout.read() if process.stdout else b""
    return json.loads(told) | {"mb": round(highest[0] / 1024)}


@contextmanager
def _watched(process: subprocess.Popen[bytes]) -> Iterator[list[int]]:
    """The most memory in KB that the process and all below it hold together."""
    highest, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            highest[0] = max(highest[0], sum(map(_held, _family(process.pid))))

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield highest
    finally:
        done.set()
        watcher.join()


def _make(way: str, count: int, folder: Path) -> None:
    """Make the report in this process and those below it, and print what it took."""
    snapshot = samples.many_experiments(count)
    if way == "one":
        snapshot = _changed(snapshot)
    printing = _browser() if way == "chromium" else _presses(way, folder)
    with printing as made_by:
        made_by(Rendering(samples.one_experiment(), Speaker(Language.ES)))
        before, started = _cpu(), time.monotonic()
        pdf = made_by(Rendering(snapshot, Speaker(Language.ES)))
        cost = {"cpu": _cpu() - before, "wall": time.monotonic() - started, "kb": len(pdf) / 1024}
    print(json.dumps({name: round(value, 2) for name, value in cost.items()}))


def _changed(snapshot: QuarterlySnapshot) -> QuarterlySnapshot:
    first, *rest = snapshot.experiments
    other = first.model_copy(update={"what_happened": "Terminó de otro modo."})
    return snapshot.model_copy(update={"experiments": (other, *rest)})


@contextmanager
def _presses(way: str, folder: Path) -> Iterator[Print]:
    # The reference outgrows the limits of a press at some thousand experiments.
    with Presses(seconds=3600, memory=16 * 1024**3) as presses:
        is_whole = way == "whole"
        yield Layout(folder, way=Way.WHOLE if is_whole else Way.PARTS, presses=presses).pdf


@contextmanager
def _browser() -> Iterator[Print]:
    styles = "".join(
        path.read_text() for name, (path, _kind) in ASSETS.items() if name.endswith(".css")
    )
    for name, (path, _kind) in ASSETS.items():
        styles = styles.replace(name, path.as_uri())
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.path(), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        page = browser.new_page()
        page.set_default_timeout(0)

        def printed(rendering: Rendering) -> bytes:
            html = rendering.whole().replace("</head>", f"<style>{styles}</style></head>")
            page.set_content(html)
            return page.pdf(prefer_css_page_size=True, tagged=True, outline=True)

        yield printed


def _cpu() -> float:
    """CPU seconds of this process and all below it."""
    stats = [_text(Path(f"/proc/{pid}/stat")).rpartition(") ")[2] for pid in _family(os.getpid())]
    # utime, stime, and those of children that ended: fields 14 to 17 of proc(5).
    return sum(sum(map(int, stat.split()[11:15])) for stat in stats if stat) / TICKS


def _family(pid: int) -> list[int]:
    threads = Path(f"/proc/{pid}/task").glob("*/children")
    below = [int(each) for path in threads for each in _text(path).split()]
    return [pid, *(one for each in below for one in _family(each))]


def _held(pid: int) -> int:
    lines = _text(Path(f"/proc/{pid}/smaps_rollup")).splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


if __name__ == "__main__":
    main()
