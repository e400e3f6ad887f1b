"""What every picture is made of: colours, lines of text, signs, axes, and the table beside it.

A picture is 340 units wide and grows downwards; names stand above what they name, so that it is
readable on a telephone and in a printed column alike.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports.axis import ValueScale
from app.reports.svg import element, label, path, picture, shortened, text_width, words

BLUE, DARK_BLUE, PALE_BLUE = "#006EB5", "#1F5A95", "#EAF3FB"
INK, GREY, LIGHT, PALE, WHITE = "#232E3D", "#55606E", "#D4D6D8", "#EDEFF0", "#FFFFFF"
GOOD, BAD = "#1D5714", "#A32000"
# Blue over paper, from least to most; only the last is dark enough for white words.
SHADES = (0.08, 0.18, 0.3, 0.45, 1.0)

WIDTH, MARGIN = 340.0, 4.0
LEFT, RIGHT = MARGIN, WIDTH - MARGIN
SIZE, BOLD = 9.5, 1.09
MOST_ROWS = 20
GAP = 6.0

Number = Callable[[Decimal], str]
Sign = Callable[[float, float], str]


@dataclass(frozen=True)
class Table:
    """The numbers of a picture as a template prints them: a heading for each column, then rows."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Drawn:
    """Part of a picture, where it ends (y grows downwards), and its lanes.

    A lane is a height, from and to, where nothing is written: grid lines run there only.
    """

    parts: tuple[str, ...]
    bottom: float
    lanes: tuple[tuple[float, float], ...] = ()


def decimal_of(value: float | Decimal | None) -> Decimal | None:
    """A number ready for a scale; None for what is unknown, endless or not a number."""
    if value is None:
        return None
    if isinstance(value, float):
        return Decimal(repr(value)) if math.isfinite(value) else None
    exact = Decimal(value)
    return exact if exact.is_finite() else None


def decimals_of(*values: float | Decimal | None) -> list[Decimal]:
    """Those of the values that can stand on a scale."""
    return [exact for value in values if (exact := decimal_of(value)) is not None]


def plate(
    drawn: Drawn, table: Table, speaker: Speaker, *, kind: str, ident: str, title: str
) -> Markup:
    """A whole picture; its description is its table read out. ``ident`` is unique on its page."""
    return picture(
        *drawn.parts,
        width=WIDTH,
        height=drawn.bottom + MARGIN,
        kind=kind,
        title=title,
        desc=read_out(table, speaker),
        ident=ident,
    )


def heads(speaker: Speaker, *labels: str) -> tuple[str, ...]:
    """The headings of a table, in the reader's language."""
    return tuple(speaker.say(label) for label in labels)


def read_out(table: Table, speaker: Speaker) -> str:
    """A table row by row, each cell after its heading; of a long one the first rows."""
    rows = [
        ", ".join(
            f"{head} {cell}" if n else cell
            for n, (head, cell) in enumerate(zip(table.columns, row, strict=True))
            if cell
        )
        for row in table.rows[:MOST_ROWS]
    ]
    more = len(table.rows) - MOST_ROWS
    return "; ".join([*rows, *([more_words(more, speaker)] if more > 0 else [])])


def headline(name: str, *said: str) -> str:
    """A picture's title: its name and what it says first."""
    return "; ".join([name, *said[:5]]) + ("…" if len(said) > 5 else ".")


def more_words(n: int, speaker: Speaker) -> str:
    """How many rows stand in the table only."""
    return speaker.plural("and %(n)s more in the table", "and %(n)s more in the table", n)


def listed(rows: Sequence[Callable[[float], Drawn]], speaker: Speaker, *, top: float) -> Drawn:
    """Rows one below the other, or that there is nothing."""
    if not rows:
        text = speaker.say(sentence("Nothing to show yet"))
        note = line(text, WIDTH / 2, top + 14, anchor="middle", fill=GREY)
        return Drawn((note,), top + 20)
    drawn: list[Drawn] = []
    for row in rows:
        drawn.append(row(top))
        top = drawn[-1].bottom
    return together(*drawn)


def foot(all_rows: int, speaker: Speaker, *, top: float) -> Drawn:
    """How many rows stand in the table only, where there are any."""
    more = all_rows - MOST_ROWS
    if more <= 0:
        return Drawn((), top)
    return Drawn(
        (line(more_words(more, speaker), LEFT, top + 10, fill=GREY, kind="chart-more"),), top + 14
    )


def together(*drawn: Drawn) -> Drawn:
    """Parts of one picture, the later over the earlier."""
    return Drawn(
        tuple(part for each in drawn for part in each.parts),
        max(each.bottom for each in drawn),
        tuple(lane for each in drawn for lane in each.lanes),
    )


# --- Text ------------------------------------------------------------------------------------


def wide(text: str, *, bold: bool = False, size: float = SIZE) -> float:
    """About how wide a text is."""
    return text_width(text, size) * (BOLD if bold else 1)


def line(
    text: str,
    x: float,
    y: float,
    *,
    room: float = RIGHT - LEFT,
    anchor: str | None = None,
    fill: str = INK,
    bold: bool = False,
    kind: str | None = None,
) -> str:
    """One line of text; what does not fit its room ends in "…" and is whole in its ``<title>``."""
    shown = shortened(text, room / (BOLD if bold else 1), SIZE)
    looks = {"text_anchor": anchor, "fill": fill, "class_": kind}
    looks["font_weight"] = "bold" if bold else None
    drawn = label(shown, x, y, size=SIZE, **{k: v for k, v in looks.items() if v is not None})
    return drawn if shown == text else element("g", element("title", words(text)), drawn)


def fitting(room: float, *texts: str) -> str:
    """The first text that fits whole: numbers are left out before they are cut."""
    return next((text for text in texts if wide(text) <= room), "")


def ends(
    left: str, right: str, y: float, *, fill: str = INK, bold: bool = False
) -> tuple[str, ...]:
    """A name at the left and, as far as it fits whole, what is said of it at the right."""
    room = RIGHT - LEFT
    right = right if wide(right, bold=bold) <= room * 0.66 else ""
    taken = wide(right, bold=bold) + 10 if right else 0.0
    name = line(left, LEFT, y, room=room - taken)
    if not right:
        return (name,)
    return (name, line(right, RIGHT, y, room=room, anchor="end", fill=fill, bold=bold))


# --- Lines and signs -------------------------------------------------------------------------


def rule(
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    stroke: str = INK,
    width: float = 1.0,
    dash: str | None = None,
) -> str:
    """A straight line."""
    return element(
        "path",
        d=path([start, end]),
        fill="none",
        stroke=stroke,
        stroke_width=width,
        stroke_dasharray=dash,
    )


def box(
    x: float,
    y: float,
    width: float,
    height: float,
    *,
    fill: str = BLUE,
    stroke: str | None = None,
    opacity: float | None = None,
) -> str:
    """A rectangle."""
    return element(
        "rect",
        x=x,
        y=y,
        width=width,
        height=height,
        fill=fill,
        fill_opacity=None if opacity is None else f"{opacity:g}",
        stroke=stroke,
    )


def shape(*points: tuple[float, float], fill: str = INK, stroke: str | None = None) -> str:
    """A closed shape through points."""
    return element("path", d=path(list(points)) + "Z", fill=fill, stroke=stroke)


def circle(
    x: float,
    y: float,
    r: float = 3.5,
    *,
    fill: str = BLUE,
    stroke: str | None = None,
    dash: str | None = None,
) -> str:
    """A circle around a point."""
    return element("circle", cx=x, cy=y, r=r, fill=fill, stroke=stroke, stroke_dasharray=dash)


def square(x: float, y: float, side: float = 7.0, *, fill: str = INK) -> str:
    """A square around a point."""
    return box(x - side / 2, y - side / 2, side, side, fill=fill)


def diamond(x: float, y: float, *, r: float = 4.5, fill: str = INK, stroke: str = INK) -> str:
    """A diamond around a point."""
    return shape((x, y - r), (x + r, y), (x, y + r), (x - r, y), fill=fill, stroke=stroke)


def triangle(x: float, y: float, *, r: float = 4.0, fill: str = INK, stroke: str = INK) -> str:
    """A triangle around a point, its tip below."""
    return shape((x - r, y - r), (x + r, y - r), (x, y + r), fill=fill, stroke=stroke)


def cross(x: float, y: float, *, r: float = 3.5, stroke: str = INK) -> str:
    """Two strokes across a point."""
    one = rule((x - r, y - r), (x + r, y + r), stroke=stroke, width=1.6)
    return one + rule((x - r, y + r), (x + r, y - r), stroke=stroke, width=1.6)


def arrowhead(x: float, y: float, *, towards: int, fill: str = INK) -> str:
    """The tip of an arrow that ends at a point; ``towards`` is 1 (right) or -1 (left)."""
    back = x - 7 * towards
    return shape((x, y), (back, y - 3.5), (back, y + 3.5), fill=fill)


def upright(x: float, y: float, *, stroke: str = INK, dash: str | None = None) -> str:
    """A short upright line through a point, as a legend shows one."""
    return rule((x, y - 5), (x, y + 5), stroke=stroke, width=1.4, dash=dash)


def legend(entries: Sequence[tuple[Sign, str]], top: float, *, width: float = WIDTH) -> Drawn:
    """Signs with their words, in as many lines as they need."""
    drawn, x, y = [], LEFT, top + 6
    for sign, text in entries:
        taken = wide(text) + 14
        if x > LEFT and x + taken > width - MARGIN:
            x, y = LEFT, y + 13
        drawn.append(sign(x + 5, y))
        drawn.append(line(text, x + 13, y + 3.2, room=width - MARGIN - x - 13, fill=GREY))
        x += taken + 10
    return Drawn(tuple(drawn), y + 8 if entries else top)


# --- Axes ------------------------------------------------------------------------------------


def across(scale: ValueScale, texts: Sequence[str], body: Drawn) -> Drawn:
    """Upright grid lines in the lanes of a body and their words beneath it.

    A word that would touch another is left out.
    """
    places = [(scale.at(value), text) for value, text in zip(scale.ticks, texts, strict=True)]
    return gridded(sorted(places), body)


def gridded(places: Sequence[tuple[float, str]], body: Drawn) -> Drawn:
    """Grid lines at places from left to right, with their words."""
    parts, taken = [], -GAP
    lanes = (*body.lanes, (body.bottom - 2, body.bottom + 2))
    for x, text in places:
        parts.append(uprights(x, lanes, stroke=LIGHT, width=0.6))
        half = wide(text) / 2
        middle = min(max(x, half), WIDTH - half)
        if middle - half >= taken + GAP and 2 * half <= WIDTH:
            parts.append(tick_word(text, middle, body.bottom + 12, anchor="middle"))
            taken = middle + half
    return Drawn(tuple(parts), body.bottom + 17)


def uprights(
    x: float,
    lanes: Sequence[tuple[float, float]],
    *,
    stroke: str,
    width: float = 1.0,
    dash: str | None = None,
) -> str:
    """One upright line, drawn in the lanes only."""
    strokes = "".join(path([(x, top), (x, bottom)]) for top, bottom in lanes)
    return element(
        "path", d=strokes, fill="none", stroke=stroke, stroke_width=width, stroke_dasharray=dash
    )


def tick_word(text: str, x: float, y: float, *, anchor: str) -> str:
    """A word of an axis; it names a place and is no finding."""
    return line(text, x, y, anchor=anchor, fill=GREY, kind="chart-tick-word")


def shade_of(share: float) -> tuple[float, str]:
    """How opaque a cell is for its share (0 to 1) of the largest, and the ink readable on it."""
    step = min(int(max(share, 0.0) * len(SHADES)), len(SHADES) - 1)
    return SHADES[step], WHITE if step == len(SHADES) - 1 else INK
