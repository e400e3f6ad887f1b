"""Small pictures of a place in a cycle, a share of a whole, a part of a way: SVG text."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from markupsafe import Markup

from app.language.sentences import sentence
from app.language.speaker import Speaker
from app.reports.svg import element, label, path, picture, shortened, text_width
from models.vocabulary import Stage

BLUE, GREY, LIGHT, PALE, WHITE = "#006EB5", "#55606E", "#D4D6D8", "#EDEFF0", "#FFFFFF"


def stage_path(stage: Stage, speaker: Speaker) -> Markup:
    """The learning cycle as four steps, 320 × 22, the present one filled and in bold."""
    step, height = 80.0, 22.0
    steps = [
        _step(speaker.word(member), n * step, step, height, is_present=member is stage)
        for n, member in enumerate(Stage)
    ]
    title = speaker.say(sentence("Stage: %(stage)s", stage=stage))
    return picture(
        *steps, width=step * len(Stage), height=height, kind="stage-path", title=title, desc=""
    )


def _step(text: str, x: float, step: float, height: float, *, is_present: bool) -> str:
    nose = 7.0
    outline = [
        (x, 0.0),
        (x + step - nose - 2, 0.0),
        (x + step - 2, height / 2),
        (x + step - nose - 2, height),
        (x, height),
        (x + (nose if x else 0.0), height / 2),
    ]
    shape = element(
        "path",
        class_="chart-step chart-present" if is_present else "chart-step",
        d=path(outline) + "Z",
        fill=BLUE if is_present else PALE,
    )
    words = label(
        shortened(text, step - 2 * nose, 10.5),
        x + step / 2,
        height / 2 + 3.7,
        size=10.5,
        text_anchor="middle",
        fill=WHITE if is_present else GREY,
        font_weight="bold" if is_present else "normal",
    )
    return shape + words


@dataclass(frozen=True)
class Slice:
    """One part of a bar: its word, its count and its fill."""

    word: str
    count: int
    fill: str
    ink: str = WHITE


def share_bar(slices: Sequence[Slice], *, title: str) -> Markup:
    """A whole and its parts as one bar, 520 × 26, each part with its count where there is room."""
    width, height = 520.0, 26.0
    whole = sum(part.count for part in slices)
    drawn, x = [], 0.0
    for part in slices:
        if part.count:
            wide = width * part.count / whole
            drawn.append(_slice(part, x, wide, height))
            x += wide
    if not drawn:
        drawn = [element("rect", x=0, y=0, width=width, height=height, fill=PALE)]
    desc = "; ".join(f"{part.word}: {part.count}" for part in slices)
    return picture(*drawn, width=width, height=height, kind="share-bar", title=title, desc=desc)


def _slice(part: Slice, x: float, wide: float, height: float) -> str:
    shown = max(wide - 1.5, 0.5)
    body = element(
        "rect", class_="chart-slice", x=x, y=0, width=shown, height=height, fill=part.fill
    )
    text = str(part.count)
    if text_width(text, 10) > wide - 6:
        return body
    place = x + (wide - 1.5) / 2
    return body + label(
        text, place, 16.6, size=10, text_anchor="middle", fill=part.ink, font_weight="bold"
    )


def way_bar(share: Decimal, text: str) -> Markup:
    """How far from baseline to target, 60 × 8; beyond either end the bar is empty or full."""
    width, height = 60.0, 8.0
    done = float(min(max(share, Decimal(0)), Decimal(1))) * width
    return picture(
        element("rect", class_="chart-rest", x=0, y=0, width=width, height=height, fill=LIGHT),
        element("rect", class_="chart-done", x=0, y=0, width=done, height=height, fill=BLUE),
        width=width,
        height=height,
        kind="way-bar",
        title=text,
        desc="",
    )
