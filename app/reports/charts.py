"""A metric in pictures, as SVG text: the same on screen and in print, always the same bytes.

Readable in greyscale: what differs in colour differs in shape, dash or words as well.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from markupsafe import Markup

from app.language.sentences import Sentence, sentence
from app.language.speaker import Speaker
from app.reports.axis import (
    DayScale,
    ValueScale,
    calendar_ticks,
    day_scale,
    spread,
    tick_words,
    value_scale,
)
from app.reports.svg import (
    element,
    label,
    path,
    picture,
    shortened,
    text_width,
)
from models.vocabulary import Arm, Direction

BLUE, DARK_BLUE, PALE_BLUE = "#006EB5", "#1F5A95", "#EAF3FB"
INK, GREY, LIGHT, WHITE = "#232E3D", "#55606E", "#D4D6D8", "#FFFFFF"
MARKED_POINTS = 40
TICK_ROOM = 44

Number = Callable[[Decimal], str]


@dataclass(frozen=True)
class Point:
    """One reading: a day, a value in the metric's own terms, and the group it was taken in."""

    on: date
    value: Decimal
    arm: Arm = Arm.TREATMENT


@dataclass(frozen=True)
class Series:
    """What a metric's picture shows. ``number`` writes a value as the reader should see it."""

    name: str
    points: Sequence[Point]
    direction: Direction
    number: Number
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    target_on: date | None = None

    def of(self, arm: Arm) -> list[Point]:
        """The points of one group, in time."""
        return sorted((p for p in self.points if p.arm is arm), key=lambda point: point.on)

    def values(self) -> list[Decimal]:
        """Every value the scale must reach."""
        marks = [mark for mark in (self.baseline, self.target) if mark is not None]
        return [point.value for point in self.points] + marks

    def days(self) -> list[date]:
        """Every day the axis must reach."""
        marks = (
            self.baseline_on if self.baseline is not None else None,
            self.target_on if self.target is not None else None,
        )
        return [point.on for point in self.points] + [day for day in marks if day is not None]


def described(series: Series, speaker: Speaker) -> tuple[str, str]:
    """The picture in words: one sentence that says it all, and the readings one by one."""
    said = [series.name, *map(speaker.say, (*_marks_in_words(series), *_ends_in_words(series)))]
    return "; ".join(said) + ".", _readings_in_words(series, speaker)


def _marks_in_words(series: Series) -> Iterator[Sentence]:
    if series.baseline is not None:
        yield sentence("baseline %(value)s", value=series.number(series.baseline))
    if series.target is not None:
        yield sentence("target %(value)s", value=series.number(series.target))
    if not series.points:
        yield sentence("no readings yet")


def _ends_in_words(series: Series) -> Iterator[Sentence]:
    for arm in Arm:
        if points := series.of(arm):
            last = points[-1]
            value = series.number(last.value)
            yield sentence("%(group)s: %(value)s on %(day)s", group=arm, value=value, day=last.on)


def _readings_in_words(series: Series, speaker: Speaker) -> str:
    return "; ".join(
        f"{speaker.date(point.on)}: {series.number(point.value)}"
        for arm in Arm
        for point in series.of(arm)
    )


def sparkline(series: Series, speaker: Speaker) -> Markup:
    """A metric in the size of a word, 120 × 30: its course, baseline, target and latest reading."""
    width, height = 120.0, 30.0
    values = value_scale(series.values(), bottom=height - 5, top=5)
    days = day_scale(series.days() or [date.min], left=5, right=width - 5)
    title, desc = described(series, speaker)
    return picture(
        *_way(series, values, left=0, right=width),
        *_marks(series, values, left=0, right=width),
        *_courses(series, days, values, marked=False),
        width=width,
        height=height,
        kind="sparkline",
        title=title,
        desc=desc,
    )


def _way(series: Series, values: ValueScale, *, left: float, right: float) -> list[str]:
    """The way from baseline to target, shaded."""
    if series.baseline is None or series.target is None:
        return []
    upper, lower = sorted((values.at(series.baseline), values.at(series.target)))
    return [
        element(
            "rect",
            class_="chart-way",
            x=left,
            y=upper,
            width=right - left,
            height=lower - upper,
            fill=PALE_BLUE,
        )
    ]


def _marks(series: Series, values: ValueScale, *, left: float, right: float) -> list[str]:
    """The baseline, dashed, and the target, solid."""
    drawn = []
    if series.baseline is not None:
        drawn.append(_level(values.at(series.baseline), left, right, "baseline"))
    if series.target is not None:
        drawn.append(_level(values.at(series.target), left, right, "target"))
    return drawn


def _level(y: float, left: float, right: float, kind: str) -> str:
    dashed = kind == "baseline"
    return element(
        "path",
        class_=f"chart-{kind}",
        d=path([(left, y), (right, y)]),
        fill="none",
        stroke=GREY if dashed else INK,
        stroke_width=1,
        stroke_dasharray="2 3" if dashed else None,
    )


def _courses(series: Series, days: DayScale, values: ValueScale, *, marked: bool) -> list[str]:
    """Both groups' lines, the comparison beneath, with a sign on each or only the last reading."""
    drawn = []
    for arm in (Arm.COMPARISON, Arm.TREATMENT):
        places = [(days.at(p.on), values.at(p.value)) for p in series.of(arm)]
        if len(places) > 1:
            drawn.append(_course(arm, places))
        shown = places if marked and len(places) <= MARKED_POINTS else places[-1:]
        drawn.extend(sign(arm, x, y) for x, y in shown)
    return drawn


def _course(arm: Arm, places: list[tuple[float, float]]) -> str:
    treated = arm is Arm.TREATMENT
    return element(
        "path",
        class_=f"chart-line chart-{arm.value}",
        d=path(places),
        fill="none",
        stroke=BLUE if treated else GREY,
        stroke_width=2 if treated else 1.5,
        stroke_dasharray=None if treated else "5 3",
        stroke_linejoin="round",
        stroke_linecap="round",
    )


def sign(arm: Arm, x: float, y: float) -> str:
    """The sign of a group: a full circle with the intervention, an open square without."""
    if arm is Arm.TREATMENT:
        return element("circle", class_="chart-sign chart-treatment", cx=x, cy=y, r=3, fill=BLUE)
    return element(
        "rect",
        class_="chart-sign chart-comparison",
        x=x - 2.7,
        y=y - 2.7,
        width=5.4,
        height=5.4,
        fill=WHITE,
        stroke=GREY,
        stroke_width=1.4,
    )


WIDTH, HEIGHT = 300.0, 136.0
SIZE = 9.0
GUTTER = 104.0
SIGNS = {Direction.INCREASE: "≥", Direction.DECREASE: "≤"}


@dataclass(frozen=True)
class Frame:
    """The plot's edges inside the picture."""

    left: float
    right: float
    top: float
    bottom: float


def metric_chart(series: Series, speaker: Speaker) -> Markup:
    """A metric over a true time axis, 300 × 136, with its lines labelled at their ends."""
    title, desc = described(series, speaker)
    return picture(
        *(_plot(series, speaker) if series.values() else _nothing_to_plot(speaker)),
        width=WIDTH,
        height=HEIGHT,
        kind="metric-chart",
        title=title,
        desc=desc,
    )


def _nothing_to_plot(speaker: Speaker) -> list[str]:
    return [
        element(
            "rect", x=0.5, y=0.5, width=WIDTH - 1, height=HEIGHT - 1, fill="none", stroke=LIGHT
        ),
        _note(
            speaker.say(sentence("No readings, baseline or target yet")),
            Frame(0, WIDTH, 0, HEIGHT),
        ),
    ]


def _note(text: str, frame: Frame) -> str:
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    return label(text, x, y, size=9, text_anchor="middle", fill=GREY, class_="chart-note")


def _plot(series: Series, speaker: Speaker) -> list[str]:
    compared = bool(series.of(Arm.COMPARISON))
    top, bottom = (26.0 if compared else 10.0), HEIGHT - 22
    values = value_scale(series.values(), bottom=bottom, top=top)
    ticks = [series.number(tick) for tick in values.ticks]
    margin = min(max(text_width(tick, SIZE) for tick in ticks) + 8, GUTTER)
    ends = _ends(series, values, speaker)
    gutter = min(max((text_width(end.text, SIZE) for end in ends), default=0.0) + 12, GUTTER)
    frame = Frame(margin, WIDTH - gutter, top, bottom)
    days = _days(series, frame)
    return [
        *_way(series, values, left=frame.left, right=frame.right),
        *_value_axis(values, ticks, frame),
        *_marks(series, values, left=frame.left, right=frame.right),
        *(_day_axis(days, frame, speaker) if days else ()),
        *(_courses(series, days, values, marked=True) if days else ()),
        *_end_labels(ends, frame),
        *(_legend(frame, speaker) if compared else ()),
        *(() if series.points else [_note(speaker.say(sentence("No readings yet")), frame)]),
    ]


def _days(series: Series, frame: Frame) -> DayScale | None:
    days = series.days()
    return day_scale(days, left=frame.left + 6, right=frame.right - 6) if days else None


def _value_axis(values: ValueScale, ticks: list[str], frame: Frame) -> list[str]:
    drawn = []
    for value, text in zip(values.ticks, ticks, strict=True):
        y = values.at(value)
        drawn.append(_grid(y, frame))
        fitting = shortened(text, frame.left - 6, SIZE)
        drawn.append(label(fitting, frame.left - 6, y + 3, size=SIZE, text_anchor="end", fill=GREY))
    return drawn


def _grid(y: float, frame: Frame) -> str:
    return element(
        "path",
        class_="chart-grid",
        d=path([(frame.left, y), (frame.right, y)]),
        fill="none",
        stroke=LIGHT,
        stroke_width=0.6,
    )


def _day_axis(days: DayScale, frame: Frame, speaker: Speaker) -> list[str]:
    ticks = calendar_ticks(days, at_most=max(2, int((days.right - days.left) / TICK_ROOM)))
    drawn = []
    for day, text in zip(ticks, tick_words(ticks, speaker.language), strict=True):
        x = days.at(day)
        drawn.append(
            element(
                "path",
                class_="chart-tick",
                d=path([(x, frame.bottom), (x, frame.bottom + 4)]),
                fill="none",
                stroke=GREY,
                stroke_width=0.8,
            )
        )
        drawn.append(_day_label(text, x, frame))
    return drawn


def _day_label(text: str, x: float, frame: Frame) -> str:
    half = text_width(text, SIZE) / 2
    x = min(max(x, half), WIDTH - half)
    return label(text, x, frame.bottom + 14, size=SIZE, text_anchor="middle", fill=GREY)


@dataclass(frozen=True)
class End:
    """A label at the right end of a line."""

    y: float
    words: str
    value: str
    fill: str
    is_bold: bool = False

    @property
    def text(self) -> str:
        """The words where there is room for them, else the bare value."""
        return self.words if text_width(self.words, SIZE) <= GUTTER - 8 else self.value


def _ends(series: Series, values: ValueScale, speaker: Speaker) -> list[End]:
    ends = []
    if series.baseline is not None:
        value = series.number(series.baseline)
        words = speaker.say(sentence("Baseline %(value)s", value=value))
        ends.append(End(values.at(series.baseline), words, value, GREY))
    if series.target is not None:
        value = f"{SIGNS[series.direction]} {series.number(series.target)}"
        words = speaker.say(sentence("Target %(value)s", value=value))
        ends.append(End(values.at(series.target), words, value, INK))
    for arm, fill in ((Arm.COMPARISON, GREY), (Arm.TREATMENT, DARK_BLUE)):
        if points := series.of(arm):
            value = series.number(points[-1].value)
            ends.append(End(values.at(points[-1].value), value, value, fill, is_bold=True))
    return ends


def _end_labels(ends: list[End], frame: Frame) -> list[str]:
    heights = spread([end.y for end in ends], apart=10.5, top=frame.top, bottom=frame.bottom)
    return [
        label(
            shortened(end.text, GUTTER - 8, SIZE),
            frame.right + 6,
            y + 3,
            size=SIZE,
            fill=end.fill,
            font_weight="bold" if end.is_bold else "normal",
        )
        for end, y in zip(ends, heights, strict=True)
    ]


def _legend(frame: Frame, speaker: Speaker) -> list[str]:
    """Which sign is which group; only where both are drawn."""
    drawn, x = [], frame.left + 4
    for arm in Arm:
        text = speaker.word(arm)
        drawn.append(sign(arm, x, 8))
        drawn.append(label(text, x + 7, 11, size=SIZE, fill=INK))
        x += text_width(text, SIZE) + 26
    return drawn
