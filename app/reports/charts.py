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
    text_width,
)
from models.vocabulary import Arm, Direction

BLUE, DARK_BLUE, PALE_BLUE = "#006EB5", "#1F5A95", "#EAF3FB"
INK, GREY, LIGHT, WHITE = "#232E3D", "#55606E", "#D4D6D8", "#FFFFFF"
MARKED_POINTS = 40
# The room a day takes on the axis, and the least between two.
TICK_ROOM, TICK_GAP = 44, 4.0

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


SIZE = 9.0
SIGNS = {Direction.INCREASE: "≥", Direction.DECREASE: "≤"}


@dataclass(frozen=True)
class Canvas:
    """The size of a picture; ``gutter`` is the most its labels may take at either side."""

    width: float
    height: float
    gutter: float

    def fits(self, text: str) -> bool:
        """Whether a label can be written whole."""
        return text_width(text, SIZE) <= self.gutter - 8


WIDE = Canvas(300, 136, 104)
SMALL = Canvas(196, 88, 74)


@dataclass(frozen=True)
class Frame:
    """The plot's edges inside the picture."""

    left: float
    right: float
    top: float
    bottom: float


def metric_chart(series: Series, speaker: Speaker, canvas: Canvas = WIDE) -> Markup:
    """A metric over a true time axis, with its lines labelled at their ends.

    A number too long for the canvas is left out, never cut: small pictures stand beside theirs.
    """
    title, desc = described(series, speaker)
    drawn = _plot(series, speaker, canvas) if series.values() else _blank(speaker, canvas)
    return picture(
        *drawn,
        width=canvas.width,
        height=canvas.height,
        kind="metric-chart",
        title=title,
        desc=desc,
    )


def _blank(speaker: Speaker, canvas: Canvas) -> list[str]:
    frame = Frame(0, canvas.width, 0, canvas.height)
    wide, high = canvas.width - 1, canvas.height - 1
    return [
        element("rect", x=0.5, y=0.5, width=wide, height=high, fill="none", stroke=LIGHT),
        _note(speaker.say(sentence("No readings, baseline or target yet")), frame),
    ]


def _note(text: str, frame: Frame) -> str:
    x, y = (frame.left + frame.right) / 2, (frame.top + frame.bottom) / 2
    return label(text, x, y, size=9, text_anchor="middle", fill=GREY, class_="chart-note")


def _plot(series: Series, speaker: Speaker, canvas: Canvas) -> list[str]:
    compared = bool(series.of(Arm.COMPARISON))
    top, bottom = (26.0 if compared else 10.0), canvas.height - 22
    values = value_scale(series.values(), bottom=bottom, top=top)
    ticks = [
        _first_fitting(canvas, series.number(tick), speaker.power_of_ten(tick))
        for tick in values.ticks
    ]
    ends = _ends(series, values, speaker, canvas)
    left = max(text_width(tick, SIZE) for tick in ticks) + 8
    gutter = max((text_width(end.text, SIZE) for end in ends), default=0.0) + 12
    frame = Frame(left, canvas.width - min(gutter, canvas.gutter), top, bottom)
    days = _days(series, frame)
    return [
        *_way(series, values, left=frame.left, right=frame.right),
        *_value_axis(values, ticks, frame),
        *_marks(series, values, left=frame.left, right=frame.right),
        *(_day_axis(days, frame, speaker, canvas) if days else ()),
        *(_courses(series, days, values, marked=True) if days else ()),
        *_end_labels(ends, frame),
        *(_legend(speaker) if compared else ()),
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
        drawn.append(label(text, frame.left - 6, y + 3, size=SIZE, text_anchor="end", fill=GREY))
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


def _day_axis(days: DayScale, frame: Frame, speaker: Speaker, canvas: Canvas) -> list[str]:
    """Ticks with their days; a day that would run into the one before it stays unwritten."""
    ticks = calendar_ticks(days, at_most=max(2, int((days.right - days.left) / TICK_ROOM)))
    drawn, taken = [], -TICK_GAP
    for day, text in zip(ticks, tick_words(ticks, speaker), strict=True):
        x = days.at(day)
        drawn.append(_tick(x, frame))
        half = text_width(text, SIZE) / 2
        middle = min(max(x, half), canvas.width - half)
        if middle - half >= taken + TICK_GAP:
            y = frame.bottom + 14
            drawn.append(label(text, middle, y, size=SIZE, text_anchor="middle", fill=GREY))
            taken = middle + half
    return drawn


def _tick(x: float, frame: Frame) -> str:
    return element(
        "path",
        class_="chart-tick",
        d=path([(x, frame.bottom), (x, frame.bottom + 4)]),
        fill="none",
        stroke=GREY,
        stroke_width=0.8,
    )


@dataclass(frozen=True)
class End:
    """A label at the right end of a line."""

    y: float
    text: str
    fill: str
    is_bold: bool = False


def _ends(series: Series, values: ValueScale, speaker: Speaker, canvas: Canvas) -> list[End]:
    ends = []
    if series.baseline is not None:
        value = series.number(series.baseline)
        words = speaker.say(sentence("Baseline %(value)s", value=value))
        ends.append(End(values.at(series.baseline), _first_fitting(canvas, words, value), GREY))
    if series.target is not None:
        value = f"{SIGNS[series.direction]} {series.number(series.target)}"
        words = speaker.say(sentence("Target %(value)s", value=value))
        ends.append(End(values.at(series.target), _first_fitting(canvas, words, value), INK))
    for arm, fill in ((Arm.COMPARISON, GREY), (Arm.TREATMENT, DARK_BLUE)):
        if points := series.of(arm):
            value = _first_fitting(canvas, series.number(points[-1].value))
            ends.append(End(values.at(points[-1].value), value, fill, is_bold=True))
    return ends


def _first_fitting(canvas: Canvas, *texts: str) -> str:
    return next(filter(canvas.fits, texts), "")


def _end_labels(ends: list[End], frame: Frame) -> list[str]:
    heights = spread([end.y for end in ends], apart=10.5, top=frame.top, bottom=frame.bottom)
    return [
        label(
            end.text,
            frame.right + 6,
            y + 3,
            size=SIZE,
            fill=end.fill,
            font_weight="bold" if end.is_bold else "normal",
        )
        for end, y in zip(ends, heights, strict=True)
    ]


def _legend(speaker: Speaker) -> list[str]:
    """Which sign is which group; only where both are drawn."""
    drawn, x = [], 4.0
    for arm in Arm:
        text = speaker.word(arm)
        drawn.append(sign(arm, x, 8))
        drawn.append(label(text, x + 7, 11, size=SIZE, fill=INK))
        x += text_width(text, SIZE) + 20
    return drawn
