"""What a picture costs: CPU milliseconds and bytes, as ratios to a trivial SVG string.

    python benchmarks/charts.py            a table; --json prints one document

Floor and pictures are measured in turn in the same run; medians of the rounds. pygal is compared
where somebody has installed it; nothing here asks for it.
"""

import argparse
import json
import statistics
import sys
import time
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.language.speaker import Speaker
from app.reports import charts
from bin.gallery import Gallery
from models.vocabulary import Language

ROUNDS, REPEATS = 31, 10


def floor() -> str:
    """The least an SVG string can cost: one f-string with 20 points."""
    points = " ".join(f"{n},{n % 7}" for n in range(20))
    return f'<svg xmlns="http://www.w3.org/2000/svg"><polyline points="{points}"/></svg>'


def pictures() -> dict[str, Callable[[], str]]:
    """Each picture of the gallery as a call that draws it from ready values."""
    gallery, speaker = Recording(Speaker(Language.ES)), Speaker(Language.ES)
    list(gallery.pictures())
    calls: dict[str, Callable[[], str]] = {}
    for key, values, chart in gallery.seen:
        calls[key] = lambda chart=chart, values=values: chart(values, speaker, ident="x")
    _key, series, _chart = next(seen for seen in gallery.seen if seen[0] == "internet")
    calls["sparkline"] = lambda: charts.sparkline(series, speaker)
    return calls


class Recording(Gallery):
    """A gallery that remembers what it draws with what."""

    def __init__(self, speaker: Speaker) -> None:
        super().__init__(speaker)
        self.seen: list[tuple[str, object, Callable[..., str]]] = []

    def shown(self, key, values, chart, table, *sources):  # type: ignore[no-untyped-def]
        """Note the call, then draw as always."""
        self.seen.append((key, values, chart))
        return super().shown(key, values, chart, table, *sources)


def pygal_line() -> str:
    """The same twenty points by pygal."""
    chart = import_module("pygal").Line(width=340, height=190)
    chart.add("x", [n % 7 for n in range(20)])
    return str(chart.render(is_unicode=True))


def measured(calls: dict[str, Callable[[], str]]) -> dict[str, float]:
    """CPU milliseconds of one call, measured in turn."""
    spent: dict[str, list[float]] = {name: [] for name in calls}
    for _round in range(ROUNDS):
        for name, call in calls.items():
            start = time.process_time_ns()
            for _repeat in range(REPEATS):
                call()
            spent[name].append((time.process_time_ns() - start) / REPEATS / 1e6)
    return {name: statistics.median(times) for name, times in spent.items()}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", action="store_true")
    as_json = parser.parse_args().json
    calls = {"floor": floor, **pictures()}
    if find_spec("pygal"):
        calls["pygal line"] = pygal_line
    spent = measured(calls)
    rows = [
        {
            "picture": name,
            "ms": round(spent[name], 4),
            "ratio": round(spent[name] / spent["floor"], 1),
            "bytes": len(call().encode()),
        }
        for name, call in calls.items()
    ]
    if as_json:
        print(json.dumps({"rounds": ROUNDS, "repeats": REPEATS, "pictures": rows}))
        return
    print(f"{'picture':<12} {'CPU ms':>8} {'× floor':>8} {'bytes':>7}")
    for row in rows:
        print(f"{row['picture']:<12} {row['ms']:>8.3f} {row['ratio']:>8.0f} {row['bytes']:>7}")


if __name__ == "__main__":
    main()
