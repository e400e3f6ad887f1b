"""Which planned readings were taken: a strip of signs, one for each wave."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from markupsafe import Markup

from app.domain.integrity import Taken
from app.language.sentences import N_, sentence
from app.language.speaker import Speaker
from app.reports.charts.drawing import (
    BAD,
    BLUE,
    GREY,
    INK,
    LEFT,
    LIGHT,
    MOST_ROWS,
    RIGHT,
    WHITE,
    Drawn,
    Sign,
    Table,
    box,
    circle,
    cross,
    ends,
    foot,
    headline,
    heads,
    legend,
    line,
    listed,
    plate,
    shape,
    together,
    wide,
)
from app.reports.svg import element, path

MOST_WAVES = 24
ROW = 36.0


TAKEN_WORDS = {
    Taken.DONE: N_("done"),
    Taken.EARLY: N_("early"),
    Taken.LATE: N_("late"),
    Taken.MISSING: N_("missing"),
    Taken.NOT_DUE: N_("not due yet"),
}


@dataclass(frozen=True)
class WaveRow:
    """A metric and what became of its readings, wave by wave; None where none was planned."""

    name: str
    taken: Sequence[Taken | None]


@dataclass(frozen=True)
class Waves:
    """Metrics by waves: ``waves`` names them in their order, one for each of a row's readings."""

    name: str
    waves: Sequence[str]
    rows: Sequence[WaveRow]


def waves_chart(waves: Waves, speaker: Speaker, *, ident: str) -> Markup:
    """The picture: a tick for done, an arrow back or on for early or late, a cross for missing."""
    said = [f"{row.name}: {_words(row, speaker)}" for row in waves.rows]
    return plate(
        _drawn(waves, speaker),
        waves_table(waves, speaker),
        speaker,
        kind="waves-chart",
        ident=ident,
        title=headline(waves.name, *said),
    )


def _drawn(waves: Waves, speaker: Speaker) -> Drawn:
    shown = waves.rows[:MOST_ROWS]
    names = waves.waves[:MOST_WAVES]
    step = min((RIGHT - LEFT) / max(len(names), 1), 64.0)
    body = listed(
        [partial(_row, row, len(names), step, speaker) for row in shown], speaker, top=2.0
    )
    if not shown:
        return body
    heading = Drawn(tuple(_names(names, step, body.bottom)), body.bottom + 14)
    happened = Counter(taken for row in waves.rows for taken in row.taken if taken)
    key = legend(_key(happened, speaker), heading.bottom)
    more = max(len(waves.rows) - MOST_ROWS, len(waves.waves) - MOST_WAVES, 0)
    return together(body, heading, key, foot(more + MOST_ROWS, speaker, top=key.bottom))


def _row(row: WaveRow, waves: int, step: float, speaker: Speaker, top: float) -> Drawn:
    parts = list(ends(row.name, _words(row, speaker), top + 11, fill=GREY))
    side = min(step - 1.5, 18.0)
    for n, taken in enumerate(row.taken[:waves]):
        if taken is not None:
            x = LEFT + (n + 0.5) * step
            parts.append(_cell(taken, x, top + 24, max(step - 1.5, side), side))
    return Drawn(tuple(parts), top + ROW)


def _cell(taken: Taken, x: float, y: float, width: float, side: float) -> str:
    ground = {Taken.DONE: BLUE, Taken.EARLY: BLUE, Taken.LATE: LIGHT}.get(taken, WHITE)
    cell = box(x - width / 2, y - 8, width, 16, fill=ground, stroke=GREY)
    return cell + _sign(taken, x, y, side / 18)


def _sign(taken: Taken, x: float, y: float, size: float = 1.0) -> str:
    r = 5 * size
    match taken:
        case Taken.DONE:
            tick = [(x - r, y), (x - r / 3, y + r * 0.8), (x + r, y - r)]
            return element("path", d=path(tick), fill="none", stroke=WHITE, stroke_width=1.8)
        case Taken.EARLY:
            return shape((x - r, y), (x + r, y - r), (x + r, y + r), fill=WHITE)
        case Taken.LATE:
            return shape((x + r, y), (x - r, y - r), (x - r, y + r), fill=INK)
        case Taken.MISSING:
            return cross(x, y, r=4 * size, stroke=BAD)
        case Taken.NOT_DUE:
            return circle(x, y, 1.2, fill=GREY)


def _key_cell(x: float, y: float, *, taken: Taken) -> str:
    return _cell(taken, x, y, 11.0, 11.0)


def _names(names: Sequence[str], step: float, top: float) -> list[str]:
    """The waves' names under their cells, as many as can stand side by side."""
    every = next((n for n in (1, 2, 3, 4, 6, 12) if _fit(names[::n], step * n)), len(names) or 1)
    # A name of several waves begins under the first.
    shift, anchor = (0.5, "middle") if every == 1 else (0.0, "start")
    places = [LEFT + (n + shift) * step for n in range(0, len(names), every)]
    return [
        line(
            name,
            x,
            top + 9,
            room=min(step * every - 2, RIGHT - x if every > 1 else step),
            anchor=anchor,
            fill=GREY,
            kind="chart-tick-word",
        )
        for x, name in zip(places, names[::every], strict=True)
    ]


def _fit(names: Sequence[str], step: float) -> bool:
    return all(wide(name) <= step - 2 for name in names)


def _key(happened: Counter[Taken], speaker: Speaker) -> list[tuple[Sign, str]]:
    return [
        (
            partial(_key_cell, taken=taken),
            f"{speaker.say(TAKEN_WORDS[taken])}: {speaker.number(happened[taken])}",
        )
        for taken in Taken
        if happened[taken]
    ]


def _words(row: WaveRow, speaker: Speaker) -> str:
    count = Counter(row.taken)
    due = sum(count[taken] for taken in Taken if taken is not Taken.NOT_DUE)
    recorded = due - count[Taken.MISSING]
    return speaker.say(sentence("%(recorded)s of %(due)s due", recorded=recorded, due=due))


def waves_table(waves: Waves, speaker: Speaker) -> Table:
    """Every metric by wave in words, how many of the due ones there are, and each word's count."""
    rows = [
        (row.name, *_cells(row, len(waves.waves), speaker), _words(row, speaker))
        for row in waves.rows
    ]
    happened = Counter(taken for row in waves.rows for taken in row.taken if taken)
    words = [text for _sign, text in _key(happened, speaker)]
    if rows:
        blanks = ("",) * len(waves.waves)
        rows.append((speaker.say(sentence("All together")), *blanks, " · ".join(words)))
    columns = (*heads(speaker, N_("Metric")), *waves.waves, *heads(speaker, N_("Recorded")))
    return Table(columns, tuple(rows))


def _cells(row: WaveRow, waves: int, speaker: Speaker) -> list[str]:
    said = ["" if taken is None else speaker.say(TAKEN_WORDS[taken]) for taken in row.taken]
    return (said + [""] * waves)[:waves]
